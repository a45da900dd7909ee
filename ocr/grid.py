"""Repair of cells that handwriting has cut in two, by what the rest of the table's columns say."""

from __future__ import annotations

from collections.abc import Sequence

from ocr.boxes import Box

SAME_EDGE = 0.007
"""Two edges within this share of the sheet's long side are one column rule (paper bends)."""
MIN_SUPPORT = 3
"""A column rule separates at least this many rows; a lone separator is a pen stroke."""


def merge_split_cells(cells: Sequence[Box], size: int) -> list[Box]:
    """Join neighbours in a row whose shared edge no other row has.

    Args:
        cells: closed cells in reading order.
        size: the sheet's long side in pixels.
    """
    reach = SAME_EDGE * size
    merged = list(cells)
    changed = True
    while changed:
        changed = False
        for index, cell in enumerate(merged):
            partner = _split_partner(cell, merged, reach)
            if partner is not None:
                merged[index] = cell.hull(partner)
                merged.remove(partner)
                changed = True
                break
    return sorted(merged)


def _split_partner(cell: Box, cells: Sequence[Box], reach: float) -> Box | None:
    """The right neighbour from which only a stroke separates this cell, if there is one."""
    for other in cells:
        gap = other.x0 - cell.x1
        if not (0 <= gap <= reach * 1.5 and _same_row(cell, other)):
            continue
        middle = (cell.x1 + other.x0) / 2
        support = sum(abs(box.x1 - middle) <= reach for box in cells)
        if support < MIN_SUPPORT and _is_wide_elsewhere(cell, other, cells):
            return other
    return None


def _same_row(first: Box, second: Box) -> bool:
    return first.overlap_y(second) >= 0.7 and 0.6 <= first.height / second.height <= 1.7


def _is_wide_elsewhere(cell: Box, other: Box, cells: Sequence[Box]) -> bool:
    """True if some other row has one undivided cell across this place."""
    whole = cell.hull(other)
    middle = (cell.x1 + other.x0) / 2
    return any(
        box.x0 < middle - whole.width * 0.15
        and box.x1 > middle + whole.width * 0.15
        and box.overlap_x(whole) >= 0.9
        and box.width <= 1.3 * whole.width
        for box in cells
        if box not in (cell, other)
    )
