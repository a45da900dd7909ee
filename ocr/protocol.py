"""One page, from pixels to a protocol: the conductor of all reading steps."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from ocr import crops
from ocr.anchor import Anchor
from ocr.company import has_company
from ocr.layout import Layout, complete, find_layout
from ocr.marks import find_marks
from ocr.names import CandidateNames, recognise
from ocr.photo import Photo
from ocr.readings import CellReading, reader_name
from ocr.rowtypes import RowKind
from ocr.seals import find_seal
from ocr.spelled import languages_of, words_reader
from ocr.witnesses import Witnessed, hear_witnesses
from tally.acceptance import CELL_THRESHOLD, decide
from tally.arbitration import arbitrate
from tally.checks import run_checks, spans_of, suggest
from tally.form import Form
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
    witnessed = hear_witnesses(photo, layout, seal)
    readings = _readings(photo, layout, witnessed)
    present = [code for code in match.fields if code.startswith("votes.")]
    codes = form.codes_for(len(present))
    fields = {code: readings.get(code, Reading(Mark.ABSENT)) for code in codes}
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
        header={code: readings[code] for code in match.header},
        fields=fields,
        checks=run_checks(form, spans_of(form, fields), n_votes),
        suggestions=suggest(form, fields, n_votes),
        candidates=recognise(
            {code: match.fields[code].label for code in present if match.fields[code].anchored}, names
        ),
        marks=marks | {"words": {code: words.to_dict() for code, words in witnessed.spelled.items()}},
        quality=layout.quality.to_dict(),
        reader=f"{reader_name()} {words_reader(languages_of(form))}" if witnessed.spelled else reader_name(),
        arbitrated=arbitrated,
    )
    status, reasons = decide(form, page)
    rows = [anchor.row for anchor in match.fields.values()]
    if match.crowded or layout.sheet.neighbour or has_company(layout.sheet.grey, rows):
        status = Status.REVIEW
        reasons = ("more than one sheet in the photo: photograph each alone", *reasons)
    return replace(page, status=status, reasons=reasons + layout.quality.warnings if reasons else ())


def _readings(photo: Photo, layout: Layout, witnessed: Witnessed) -> dict[str, Reading]:
    """What was seen in each cell, with its place; by field code."""
    size = (photo.pixels.shape[1], photo.pixels.shape[0])
    readings: dict[str, Reading] = {}
    for code, anchor in {**layout.match.header, **layout.match.fields}.items():
        banded = anchor.row.kind is RowKind.BAND  # cut out of a column: its own edges are the picture's edges
        cropped = not banded and crops.leaves_photo(layout.sheet, anchor.row.number, size)
        cell = witnessed.cells[code]
        reader = reader_name()
        if cell.by_words:
            reader = f"{words_reader(languages_of(layout.match.form))} and {reader}"
        readings[code] = _reading(cell, anchor, witnessed.quads[code], reader, cropped=cropped)
    return readings


def _reading(cell: CellReading, anchor: Anchor, quad: Quad, reader: str, *, cropped: bool) -> Reading:
    if cropped:
        return Reading(
            Mark.CROPPED,
            reader=reader,
            quad_px=quad,
            anchored=anchor.anchored,
            text=cell.text,
            label=anchor.label,
        )
    return Reading(
        mark=cell.mark,
        value=cell.value,
        confidence=cell.confidence,
        reader=reader,
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
