"""One page, from pixels to a protocol: the conductor of all reading steps."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ocr import crops
from ocr.anchor import Anchor, Match, match_form
from ocr.bands import find_bands
from ocr.boxes import Box
from ocr.focus import focus
from ocr.labels import read_labels
from ocr.marks import find_marks
from ocr.names import CandidateNames, recognise
from ocr.photo import Photo
from ocr.quality import Quality, measure
from ocr.readings import CellReading, read_cells, reader_name
from ocr.rows import find_rows, main_column, worth_a_label
from ocr.rowtypes import Row, RowKind
from ocr.rules import find_rules
from ocr.sheet import Sheet, straighten
from tally.acceptance import decide
from tally.checks import run_checks, spans_of, suggest
from tally.form import Form
from tally.model import Mark, PageReading, Quad, Reading, Status

GOOD_MATCH = 0.85
"""From here on a second reading of the labels has nothing to add."""
UPRIGHT = 0.6
"""From here on the page is the right way up; below, it is turned and tried again."""
HEADER = 0.15
"""Blanks at most this far above the first row of numbers (shares of the sheet's height) are the header's."""
TITLE = 0.15
"""Share of the sheet's height, above the header, in which the title is sought: its last lines name the form."""
MIN_ROWS = 4
"""Fewer rows than this are not worth reading labels for: the page is turned, or no protocol."""
MIN_MATCH = 0.34
"""Share of a form's required rows that must be found by label for the page to be one of that form."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything is on one straightened page."""

    sheet: Sheet
    rows: tuple[Row, ...]
    match: Match
    quality: Quality
    blanks: tuple[Box, ...] = ()
    """Lines to write on outside of tables; those to sign on are among them."""


def read_page(photo: Photo, forms: Sequence[Form], names: CandidateNames | None = None) -> PageReading:
    """Read one upright page.

    Args:
        photo: the decoded page.
        forms: the forms that it may be; the best match is taken.
        names: candidates' spellings of the contest, if it is known.
    """
    started = time.monotonic()
    layout = find_layout(photo, forms)
    elapsed = round((time.monotonic() - started) * 1000)
    if not layout.match.fields or layout.match.score < MIN_MATCH:
        return _rejected(photo, layout, elapsed)
    page = _transcribe(photo, layout, names)
    return replace(page, elapsed_ms=round((time.monotonic() - started) * 1000))


def find_layout(photo: Photo, forms: Sequence[Form]) -> Layout:
    """Straighten the page the right way up and tie its rows to the best fitting form."""
    best: Layout | None = None
    for quarters in (0, 2, 1, 3):
        layout = _layout(photo, forms, quarters)
        if best is None or layout.match.score > best.match.score:
            best = layout
        if best.match.score >= UPRIGHT or _needs_no_turn(forms):
            break
    assert best is not None
    return best


def _needs_no_turn(forms: Sequence[Form]) -> bool:
    return all(form.layout.anchor == "order" for form in forms)


def _layout(photo: Photo, forms: Sequence[Form], quarters: int) -> Layout:
    sheet = straighten(photo.pixels, quarters)
    quality = measure(sheet.grey, photo.pixels)
    if forms[0].layout.kind == "column":
        return _column_layout(sheet, forms[0], quality)
    rules = find_rules(sheet.grey)
    rows = worth_a_label(find_rows(rules.cells, rules.blanks))
    matches = [
        _best_match(sheet, rows, [form for form in forms if form.languages == languages])
        for languages in dict.fromkeys(form.languages for form in forms)
    ]
    return Layout(sheet, tuple(rows), max(matches, key=lambda match: match.score), quality, rules.blanks)


def _best_match(sheet: Sheet, rows: Sequence[Row], forms: Sequence[Form]) -> Match:
    """The form whose labels fit best; all of one set of languages.

    The last language alone reads most sheets (the Kazakh data knows Russian letters too) in half the time;
    all languages together are asked only if that leaves rows open.
    """
    languages = forms[0].languages if len(rows) >= MIN_ROWS else ()
    best: Match | None = None
    for chosen in dict.fromkeys((languages[-1:], languages)):
        title, *labels = read_labels(sheet.grey, [_title(sheet, rows), *rows], chosen, languages)
        for form in forms:
            match = match_form(form, rows, labels, title.text)
            if best is None or (match.score, match.keywords) > (best.score, best.keywords):
                best = match
        if best is not None and (best.score >= GOOD_MATCH or not any(label.text for label in labels)):
            break
    assert best is not None
    return best


def _title(sheet: Sheet, rows: Sequence[Row]) -> Row:
    """The print above the first row, as a row of its own: there stands which form it is."""
    height, width = sheet.grey.shape
    table = min((row.number.y0 for row in main_column(rows)), default=height)
    first = min(
        (row.number.y0 for row in rows if row.number.y0 >= table - int(HEADER * height)), default=table
    )
    area = Box(max(0, first - int(TITLE * height)), 0, max(1, first), width)
    return Row(area, (area,), RowKind.BLANK)


def _column_layout(sheet: Sheet, form: Form, quality: Quality) -> Layout:
    """Rows by order alone: never anchored, so never accepted without a person."""
    rows = find_bands(sheet.grey)
    codes = form.codes_for(0)
    fields = {code: Anchor(row, "", 0.0, False) for code, row in zip(codes, rows, strict=False)}
    return Layout(
        sheet, tuple(rows), Match(form, {}, fields, min(1.0, len(rows) / max(1, len(codes)))), quality
    )


def _transcribe(photo: Photo, layout: Layout, names: CandidateNames | None) -> PageReading:
    form, match = layout.match.form, layout.match
    header, fields = _readings(photo, layout)
    present = [code for code in fields if code.startswith("votes.")]
    for code in form.codes_for(len(present)):
        fields.setdefault(code, Reading(Mark.ABSENT))
    fields = {code: fields[code] for code in form.codes_for(len(present))}
    n_votes = len(present) or None
    page = PageReading(
        file=photo.name,
        page=photo.page,
        sha256=photo.sha256,
        form=form.id,
        form_confidence=min(match.confidence, 0.5) if layout.sheet.neighbour else match.confidence,
        status=Status.REVIEW,
        header=header,
        fields=fields,
        checks=run_checks(form, spans_of(form, fields), n_votes),
        suggestions=suggest(form, fields, n_votes),
        candidates=recognise(
            {code: match.fields[code].label for code in present if match.fields[code].anchored}, names
        ),
        marks=find_marks(photo.pixels, layout.sheet, layout.blanks, match, fields),
        quality=layout.quality.to_dict(),
        reader=reader_name(),
    )
    status, reasons = decide(form, page)
    if match.crowded or layout.sheet.neighbour:
        status = Status.REVIEW
        reasons = ("more than one sheet in the photo: photograph each alone", *reasons)
    return replace(page, status=status, reasons=reasons + layout.quality.warnings if reasons else ())


def _readings(photo: Photo, layout: Layout) -> tuple[dict[str, Reading], dict[str, Reading]]:
    """Header and field readings; all crops of the page go through the networks together."""
    size = (photo.pixels.shape[1], photo.pixels.shape[0])
    anchors = {**layout.match.header, **layout.match.fields}
    quads = {code: crops.quad_of(layout.sheet, anchor.row.number, size) for code, anchor in anchors.items()}
    form = layout.match.form
    pictures = [focus(crops.cut(photo.pixels, quads[code])) for code in anchors]
    seen = read_cells(pictures, [form.field(code) for code in anchors])
    readings: dict[str, Reading] = {}
    for (code, anchor), cell in zip(anchors.items(), seen, strict=True):
        banded = anchor.row.kind is RowKind.BAND  # cut out of a column: its own edges are the picture's edges
        cropped = not banded and crops.leaves_photo(layout.sheet, anchor.row.number, size)
        readings[code] = _reading(cell, anchor, quads[code], cropped)
    header = {code: readings[code] for code in layout.match.header}
    return header, {code: readings[code] for code in layout.match.fields}


def _reading(cell: CellReading, anchor: Anchor, quad: Quad, cropped: bool) -> Reading:
    if cropped:
        return Reading(
            Mark.CROPPED,
            reader=reader_name(),
            quad_px=quad,
            anchored=anchor.anchored,
            text=cell.text,
            label=anchor.label,
        )
    return Reading(
        mark=cell.mark,
        value=cell.value,
        confidence=cell.confidence,
        reader=reader_name(),
        alternatives=cell.alternatives,
        quad_px=quad,
        anchored=anchor.anchored,
        agreed=cell.agreed,
        text=cell.text,
        label=anchor.label,
    )


def _rejected(photo: Photo, layout: Layout, elapsed: int) -> PageReading:
    """Not one of the forms asked for, or too bad to tell."""
    bad = bool(layout.quality.warnings)
    advice = (
        layout.quality.warnings
        if bad
        else (
            "no rows of the form were found: photograph the whole sheet from above, or choose another form",
        )
    )
    return PageReading(
        file=photo.name,
        page=photo.page,
        sha256=photo.sha256,
        form=None,
        form_confidence=layout.match.score,
        status=Status.UNREADABLE if bad else Status.NOT_A_PROTOCOL,
        reasons=tuple(advice),
        quality=layout.quality.to_dict(),
        reader=reader_name(),
        elapsed_ms=elapsed,
    )


__all__ = ["Layout", "find_layout", "read_page"]
