"""One page, from pixels to a protocol: the conductor of all reading steps."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ocr import crops
from ocr.anchor import Anchor, Match, expanded, with_rows
from ocr.bands import find_bands
from ocr.beside import look_beside
from ocr.boxes import Box
from ocr.contrast import clear_print
from ocr.focus import focus
from ocr.identify import LOST, Print, best_match, look_again, read_print
from ocr.labelrows import holds_print, labelled_fields, rows_by_labels
from ocr.marks import find_marks
from ocr.names import CandidateNames, recognise
from ocr.photo import Photo
from ocr.quality import Quality, measure
from ocr.readings import CellReading, read_cells, reader_name
from ocr.rows import find_rows, worth_a_label
from ocr.rowtypes import Row, RowKind
from ocr.rules import find_rules
from ocr.seals import Seal, find_seal
from ocr.sheet import Sheet, straighten
from ocr.tint import look_again as look_again_at_cells
from ocr.unseal import washer, weigh
from ocr.words import read_words
from tally.acceptance import CELL_THRESHOLD, decide
from tally.arbitration import arbitrate
from tally.checks import run_checks, spans_of, suggest
from tally.form import Form
from tally.model import Mark, PageReading, Quad, Reading, Status

MISSING = 0.15
"""Share of a form's required rows without a place from which on the words of the whole page are read."""
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
    cells: tuple[Box, ...] = ()
    legible: bool = True
    """False where the print reader saw texture, not print."""


def read_page(photo: Photo, forms: Sequence[Form], names: CandidateNames | None = None) -> PageReading:
    """Read one upright page.

    Args:
        photo: the decoded page.
        forms: the forms that it may be; the best match is taken.
        names: candidates' spellings of the contest, if it is known.
    """
    started = time.monotonic()
    layout = complete(find_layout(photo, forms))
    elapsed = round((time.monotonic() - started) * 1000)
    if not layout.match.fields or layout.match.score < MIN_MATCH:
        return _rejected(photo, layout, elapsed)
    page = _transcribe(photo, layout, names)
    return replace(page, elapsed_ms=round((time.monotonic() - started) * 1000))


def find_layout(photo: Photo, forms: Sequence[Form]) -> Layout:
    """Straighten the page the right way up and tie its rows to the best fitting form."""
    if forms[0].layout.kind == "column":
        return _column_layout(straighten(photo.pixels), photo, forms[0])
    tried: list[tuple[Layout, Print]] = []
    for sheet in _turns(photo):
        tried.append(_first_look(sheet, photo, forms))
        if tried[-1][0].match.score >= LOST:
            break
    # If no way up fits, the print reader may be at a loss: Tesseract sees the two that look most like print.
    tried.sort(key=lambda look: (look[0].match.score, look[1].confidence), reverse=True)
    best: Layout | None = None
    for layout, seen in tried[:2]:
        second = replace(layout, match=look_again(seen, forms, layout.match))
        if best is None or second.match.score > best.match.score:
            best = second
        if best.match.score >= LOST:
            break
    assert best is not None
    return best


def complete(layout: Layout) -> Layout:
    """Look for rows that are still missing by the words of the whole page, if there are enough of them."""
    form = layout.match.form
    named = labelled_fields([f for f in expanded(form) if f.required])
    missing = {code: texts for code, texts in named.items() if code not in layout.match.fields}
    if (
        not layout.legible
        or not named
        or form.layout.anchor == "order"
        or len(missing) < max(2, MISSING * len(named))
    ):
        return layout
    grey = layout.sheet.grey
    words = read_words(clear_print(grey))
    cyrillic = any(code in ("rus", "kaz") for code in form.languages)
    # All wordings compete for the print, also those of rows that are known already.
    found = rows_by_labels(named, words, layout.cells, grey, cyrillic)
    kept = {c: a for c, a in layout.match.fields.items() if not holds_print(a.row.number, words)}
    return replace(layout, match=with_rows(replace(layout.match, fields=kept), found))


def _turns(photo: Photo) -> Iterator[Sheet]:
    """The sheet as it is, upside down, and lying on either side."""
    for quarters in (0, 1):
        sheet = straighten(photo.pixels, quarters)
        yield sheet
        yield sheet.upside_down()


def _first_look(sheet: Sheet, photo: Photo, forms: Sequence[Form]) -> tuple[Layout, Print]:
    rules = find_rules(sheet.grey)
    rows = worth_a_label(find_rows(rules.cells, rules.blanks))
    seen = read_print(sheet.grey, rows)
    quality = measure(sheet.grey, photo.pixels)
    found = Layout(
        sheet, tuple(rows), best_match(seen, forms), quality, rules.blanks, rules.cells, seen.legible
    )
    return found, seen


def _column_layout(sheet: Sheet, photo: Photo, form: Form) -> Layout:
    """Rows by order alone: never anchored, so never accepted without a person."""
    rows = find_bands(sheet.grey)
    codes = form.codes_for(0)
    fields = {code: Anchor(row, "", 0.0, False) for code, row in zip(codes, rows, strict=False)}
    match = Match(form, {}, fields, min(1.0, len(rows) / max(1, len(codes))))
    return Layout(sheet, tuple(rows), match, measure(sheet.grey, photo.pixels))


def _transcribe(photo: Photo, layout: Layout, names: CandidateNames | None) -> PageReading:
    form, match = layout.match.form, layout.match
    seal = find_seal(layout.sheet.colour)
    header, fields = _readings(photo, layout, seal)
    present = [code for code in fields if code.startswith("votes.")]
    for code in form.codes_for(len(present)):
        fields.setdefault(code, Reading(Mark.ABSENT))
    fields = {code: fields[code] for code in form.codes_for(len(present))}
    n_votes = len(present) or None
    fields, arbitrated = arbitrate(form, fields, CELL_THRESHOLD, n_votes)
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
        marks=find_marks(photo.pixels, layout.sheet, layout.blanks, match, fields, seal),
        quality=layout.quality.to_dict(),
        reader=reader_name(),
        arbitrated=arbitrated,
    )
    status, reasons = decide(form, page)
    if match.crowded or layout.sheet.neighbour:
        status = Status.REVIEW
        reasons = ("more than one sheet in the photo: photograph each alone", *reasons)
    return replace(page, status=status, reasons=reasons + layout.quality.warnings if reasons else ())


def _readings(photo: Photo, layout: Layout, seal: Seal) -> tuple[dict[str, Reading], dict[str, Reading]]:
    """Header and field readings; all crops of the page go through the networks together."""
    size = (photo.pixels.shape[1], photo.pixels.shape[0])
    anchors = {**layout.match.header, **layout.match.fields}
    quads = {code: crops.quad_of(layout.sheet, anchor.row.number, size) for code, anchor in anchors.items()}
    form = layout.match.form
    places = [anchor.row.number for anchor in anchors.values()]
    pictures = [crops.cut(photo.pixels, quads[code]) for code in anchors]
    asked = [form.field(code) for code in anchors]
    seen = read_cells([focus(picture) for picture in pictures], asked)
    stamped = washer(layout.sheet.colour, seal, dict(zip(places, pictures, strict=True)))
    if stamped is not None:
        wash, under = stamped
        at = [index for index, place in enumerate(places) if place in under]
        washed = read_cells([focus(wash(pictures[index])) for index in at], [asked[index] for index in at])
        for index, cell in zip(at, washed, strict=True):
            seen[index] = weigh(seen[index], cell)
    seen = look_again_at_cells(pictures, asked, seen)
    if form.layout.words:
        rows = [anchor.row for anchor in anchors.values()]
        for index, (cell, quad) in look_beside(photo.pixels, layout.sheet, rows, asked, seen).items():
            seen[index], quads[list(anchors)[index]] = cell, quad
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
        rivals=cell.rivals,
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
