"""One page, from pixels to a protocol: the conductor of all reading steps."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from ocr import crops
from ocr.anchor import Anchor
from ocr.beside import look_beside
from ocr.company import has_company
from ocr.focus import focus
from ocr.hand import weigh_hand
from ocr.layout import Layout, complete, find_layout
from ocr.marks import find_marks
from ocr.names import CandidateNames, recognise
from ocr.photo import Photo
from ocr.prepared import Grey, prepare
from ocr.readings import CellReading, read_cells, read_prepared, reader_name
from ocr.rowtypes import Row, RowKind
from ocr.seals import Seal, find_seal
from ocr.spelled import Spelled, read_spelled, weigh_words, words_reader
from ocr.tint import read_pen_alone
from ocr.unbox import read_without_walls
from ocr.unseal import washer, weigh
from tally.acceptance import CELL_THRESHOLD, decide
from tally.arbitration import arbitrate
from tally.checks import covered_fields, run_checks, spans_of, suggest
from tally.form import Field, Form
from tally.model import Mark, PageReading, Quad, Reading, Status

MIN_MATCH = 0.34
"""Share of a form's required rows that must be found by label for the page to be one of that form."""


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


def _transcribe(photo: Photo, layout: Layout, names: CandidateNames | None) -> PageReading:
    form, match = layout.match.form, layout.match
    seal = find_seal(layout.sheet)
    header, fields, spelled = _readings(photo, layout, seal)
    present = [code for code in fields if code.startswith("votes.")]
    for code in form.codes_for(len(present)):
        fields.setdefault(code, Reading(Mark.ABSENT))
    fields = {code: fields[code] for code in form.codes_for(len(present))}
    n_votes = len(present) or None
    fields, arbitrated = arbitrate(form, fields, CELL_THRESHOLD, n_votes)
    marks = find_marks(photo.pixels, layout.sheet, layout.blanks, match, fields, seal)
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
        marks=marks | {"words": {code: words.to_dict() for code, words in spelled.items()}},
        quality=layout.quality.to_dict(),
        reader=f"{reader_name()} {words_reader()}" if spelled else reader_name(),
        arbitrated=arbitrated,
    )
    status, reasons = decide(form, page)
    rows = [anchor.row for anchor in match.fields.values()]
    if match.crowded or layout.sheet.neighbour or has_company(layout.sheet.grey, rows):
        status = Status.REVIEW
        reasons = ("more than one sheet in the photo: photograph each alone", *reasons)
    return replace(page, status=status, reasons=reasons + layout.quality.warnings if reasons else ())


def _readings(
    photo: Photo, layout: Layout, seal: Seal
) -> tuple[dict[str, Reading], dict[str, Reading], dict[str, Spelled]]:
    """Header and field readings, and words beside figures; crops go through the networks together."""
    size = (photo.pixels.shape[1], photo.pixels.shape[0])
    anchors = {**layout.match.header, **layout.match.fields}
    quads = {code: crops.quad_of(layout.sheet, anchor.row.number, size) for code, anchor in anchors.items()}
    form = layout.match.form
    places = [anchor.row.number for anchor in anchors.values()]
    pictures = [crops.cut(photo.pixels, quads[code]) for code in anchors]
    asked = [form.field(code) for code in anchors]
    cleared = list(pictures)
    shown = [prepare(focus(picture)) for picture in pictures]
    seen = read_prepared(shown, asked)
    stamped = washer(layout.sheet, seal, dict(zip(places, pictures, strict=True)))
    if stamped is not None:
        wash, under = stamped
        at = [index for index, place in enumerate(places) if place in under]
        for index in at:
            cleared[index] = wash(pictures[index])
        washed = read_cells([focus(cleared[index]) for index in at], [asked[index] for index in at])
        for index, cell in zip(at, washed, strict=True):
            seen[index] = weigh(seen[index], cell)
    rows = [anchor.row for anchor in anchors.values()]
    seen = read_pen_alone(pictures, asked, seen, [row.kind is not RowKind.BOXES for row in rows])
    seen = read_without_walls(rows, cleared, asked, seen)
    covered = covered_fields(form, list(layout.match.fields))
    seen = _by_hand(rows, shown, seen, [code not in covered for code in anchors])
    seen = [_of_all_boxes(row, field, cell) for row, field, cell in zip(rows, asked, seen, strict=True)]
    if form.layout.words:
        for index, (cell, quad) in look_beside(photo.pixels, layout.sheet, rows, asked, seen).items():
            seen[index], quads[list(anchors)[index]] = cell, quad
    spelled = read_spelled(photo.pixels, layout.sheet, rows, asked, form)
    for index, words in spelled.items():
        seen[index] = weigh_words(seen[index], words.said)
    readings: dict[str, Reading] = {}
    for (code, anchor), cell in zip(anchors.items(), seen, strict=True):
        banded = anchor.row.kind is RowKind.BAND  # cut out of a column: its own edges are the picture's edges
        cropped = not banded and crops.leaves_photo(layout.sheet, anchor.row.number, size)
        readings[code] = _reading(cell, anchor, quads[code], cropped)
    header = {code: readings[code] for code in layout.match.header}
    codes = list(anchors)
    fields = {code: readings[code] for code in layout.match.fields}
    return header, fields, {codes[index]: words for index, words in spelled.items()}


def _of_all_boxes(row: Row, field: Field, cell: CellReading) -> CellReading:
    """In doubt if boxes may have been missed: fewer were found than the form has digits, and a wall follows them."""
    return cell.doubted() if row.cut_short and len(row.boxes) < field.digits else cell


def _by_hand(
    rows: Sequence[Row], shown: Sequence[Grey], seen: Sequence[CellReading], lone: Sequence[bool]
) -> list[CellReading]:
    """What was seen, weighed by the writer's hand; not in digit boxes, whose walls would pass for ones."""
    out = list(seen)
    free = [k for k, row in enumerate(rows) if row.kind is not RowKind.BOXES]
    held = weigh_hand([shown[k] for k in free], [seen[k] for k in free], [lone[k] for k in free])
    for k, cell in zip(free, held, strict=True):
        out[k] = cell
    return out


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


__all__ = ["read_page"]
