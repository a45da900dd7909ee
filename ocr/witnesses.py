"""All that speaks for the numbers of one page, one witness after the other: from crops to one reading of each cell.

The networks read every cell first. Then each witness confirms what they saw, or puts it in doubt: the cell without the
seal over it, the pen's ink alone, the cell without its walls, the writer's other digits, the boxes that were found, the
place beside the figures, the number in words. None of them knows a sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ocr import crops
from ocr.beside import look_beside
from ocr.focus import focus
from ocr.hand import weigh_hand
from ocr.layout import Layout
from ocr.photo import Photo
from ocr.prepared import Grey, prepare
from ocr.readings import CellReading, read_cells, read_prepared
from ocr.rowtypes import Row, RowKind
from ocr.seals import Seal
from ocr.segments import Pixels
from ocr.spelled import Spelled, read_in_figures_place, read_spelled, told_by_words, weigh_words
from ocr.tint import read_pen_alone
from ocr.unbox import read_without_walls
from ocr.unseal import washer, weigh
from tally.acceptance import SECOND_THOUGHT, SEVEN_FOR_ONE
from tally.checks import covered_fields
from tally.form import Field
from tally.model import Mark, Quad


@dataclass(frozen=True, slots=True)
class Witnessed:
    """What was seen in the cells of a page; all by field code, header and fields together."""

    cells: dict[str, CellReading]
    quads: dict[str, Quad]
    """Where each number was read, in the photo."""
    spelled: dict[str, Spelled]
    """The words beside figures, or in their place, that say a number."""


def hear_witnesses(photo: Photo, layout: Layout, seal: Seal) -> Witnessed:
    """Read every row that is tied to a field; the crops of a page go through the networks together.

    Raises MissingComponent if weights are missing.
    """
    pixels, sheet, form = photo.pixels, layout.sheet, layout.match.form
    anchors = {**layout.match.header, **layout.match.fields}
    codes, rows = list(anchors), [anchor.row for anchor in anchors.values()]
    asked = [form.field(code) for code in codes]
    covered = covered_fields(form, list(layout.match.fields))
    quads = [crops.quad_of(sheet, row.number, (pixels.shape[1], pixels.shape[0])) for row in rows]
    pictures = [crops.cut(pixels, quad) for quad in quads]
    shown = [prepare(focus(picture)) for picture in pictures]

    seen = read_prepared(shown, asked)
    seen, cleared = _without_seal(layout, seal, rows, asked, pictures, seen)
    seen = read_pen_alone(pictures, asked, seen, [row.kind is not RowKind.BOXES for row in rows])
    seen = read_without_walls(rows, cleared, asked, seen)
    lone = [code not in covered for code in codes]
    seen = _by_hand(rows, shown, seen, lone)
    seen = [
        _by_itself(row, cell) if alone else cell for row, cell, alone in zip(rows, seen, lone, strict=True)
    ]
    seen = [_of_all_boxes(row, field, cell) for row, field, cell in zip(rows, asked, seen, strict=True)]
    figures = list(quads)
    if form.layout.words:
        for at, (cell, quad) in look_beside(pixels, sheet, rows, asked, seen).items():
            seen[at], quads[at] = cell, quad
    spelled = read_spelled(pixels, sheet, rows, layout.cells, asked, seen, form)
    inside = read_in_figures_place(pictures, figures, asked, seen, form)
    for at in sorted({*spelled, *inside}):
        words = [found for one in (spelled, inside) if (found := one.get(at)) is not None]
        told = told_by_words(seen[at], [one.said for one in words])
        if told.by_words:
            seen[at], quads[at] = told, words[0].together
        elif at in spelled:
            seen[at] = weigh_words(seen[at], spelled[at].said)

    return Witnessed(
        dict(zip(codes, seen, strict=True)),
        dict(zip(codes, quads, strict=True)),
        {codes[at]: words for at, words in {**inside, **spelled}.items()},
    )


def _without_seal(
    layout: Layout,
    seal: Seal,
    rows: Sequence[Row],
    asked: Sequence[Field],
    pictures: Sequence[Pixels],
    seen: Sequence[CellReading],
) -> tuple[list[CellReading], list[Pixels]]:
    """What was seen, weighed by the cells under the seal with its ink taken out; and all pictures, those without it."""
    out, cleared = list(seen), list(pictures)
    places = [row.number for row in rows]
    stamped = washer(layout.sheet, seal, dict(zip(places, pictures, strict=True)))
    if stamped is None:
        return out, cleared
    wash, under = stamped
    touched = [at for at, place in enumerate(places) if place in under]
    for at in touched:
        cleared[at] = wash(pictures[at])
    washed = read_cells([focus(cleared[at]) for at in touched], [asked[at] for at in touched])
    for at, cell in zip(touched, washed, strict=True):
        out[at] = weigh(out[at], cell)
    return out, cleared


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


def _by_itself(row: Row, cell: CellReading) -> CellReading:
    """A number that no sum covers, as sure as the readers one by one are."""
    told = _of_one_mind(cell)
    return _of_one_shape(told) if row.kind is RowKind.BOXES else told


def _of_one_mind(cell: CellReading) -> CellReading:
    """In doubt if a reader by itself is of two minds, though all together are sure; of three, two of them."""
    return cell.doubted() if cell.mark is Mark.READ and cell.second >= SECOND_THOUGHT else cell


def _of_one_shape(cell: CellReading) -> CellReading:
    """In doubt if the number is not told for certain from one with ones in the place of sevens, or the other way round.

    In digit boxes, where the writer's other ones and sevens are not compared (``_by_hand``).
    """
    twins = [chance for number, chance in cell.alternatives if _shape(number) == _shape(cell.value)]
    return cell.doubted() if cell.mark is Mark.READ and max(twins, default=0.0) >= SEVEN_FOR_ONE else cell


def _shape(number: int | None) -> str:
    """The digits with sevens as ones: a flagged 1 and a 7 without a bar are one shape in some hands."""
    return str(number).replace("7", "1")


def _of_all_boxes(row: Row, field: Field, cell: CellReading) -> CellReading:
    """In doubt if boxes may have been missed: fewer were found than the form has digits, and a wall follows them."""
    return cell.doubted() if row.cut_short and len(row.boxes) < field.digits else cell
