"""Forms with figures and words: where a hand wrote the words into the figures' place, the number stands beside it.

A number read there is what the sheet says, but not where the form wants it, so it is proposed to a person and never
counts by itself. Its crop is that of the place where it was read.
"""

from __future__ import annotations

from collections.abc import Sequence

from ocr import crops
from ocr.focus import focus
from ocr.readings import CellReading, read_cells
from ocr.rowtypes import Row
from ocr.segments import Pixels
from ocr.sheet import Sheet
from tally.form import Field
from tally.model import Mark, Quad

SURE = 0.98
"""Confidence, of all numbers that it may be together, from which on what stands in the words' place is one: words come
to 0.2 to 0.9, one of 300 to 0.97."""


def look_beside(
    photo: Pixels, sheet: Sheet, rows: Sequence[Row], asked: Sequence[Field], seen: Sequence[CellReading]
) -> dict[int, tuple[CellReading, Quad]]:
    """Numbers in the words' place of rows whose figures are none, by index; with the place's corners in the photo.

    Args:
        photo: (H, W, 3) uint8 BGR.
        rows: the rows of the page; ``asked`` and ``seen`` go with them.
    """
    at = [i for i, row in enumerate(rows) if row.beside is not None and seen[i].mark is Mark.ILLEGIBLE]
    if not at:
        return {}
    size = (photo.shape[1], photo.shape[0])
    quads = [crops.quad_of(sheet, box, size) for i in at if (box := rows[i].beside) is not None]
    read = read_cells([focus(crops.cut(photo, quad)) for quad in quads], [asked[i] for i in at])
    return {
        i: (cell.doubted(), quad)
        for i, cell, quad in zip(at, read, quads, strict=True)
        if cell.mark is Mark.READ and _any_number(cell) >= SURE
    }


def _any_number(cell: CellReading) -> float:
    """How sure it is that the ink is a number, whichever."""
    return cell.confidence + sum(probability for _, probability in cell.alternatives)
