"""Repair of cells by what the table's other rows say: handwriting cuts cells in two, broken rules join them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from ocr.boxes import Box
from ocr.segments import Pixels

SAME_EDGE = 0.007
"""Two edges within this share of the sheet's long side are one column rule (paper bends)."""
MIN_SUPPORT = 3
"""A column rule separates at least this many rows; a lone separator is a pen stroke."""
OUTVOTED = 2
"""Nor is it a column rule if this many times as many rows are undivided there: digits of a thick pen stand one below
the other, and 542 was read as 54 in three rows."""

TABLE = 4
"""Fewer cells than these make no table."""
NEAR = 0.15
"""How far above or below, as a share of the long side, a column may continue."""
BROKEN = 0.45
"""Share of a broken rule that must still be drawn where the column's other cells say that it stands."""
LEAST = 0.3
"""The same for each third of its height."""
TIGHT = 0.02
"""In rows lower than this share of the long side stems of letters look like upright rules: nothing is cut there."""


def groups_of(cells: Sequence[Box], reach: int) -> list[list[Box]]:
    """Cells that lie side by side, at most ``reach`` pixels apart, are one group."""
    groups: list[list[Box]] = []
    for cell in cells:
        touching = [group for group in groups if any(_touch(cell, other, reach) for other in group)]
        joined = [cell, *(other for group in touching for other in group)]
        groups = [group for group in groups if group not in touching] + [joined]
    return groups


def _touch(first: Box, second: Box, reach: int) -> bool:
    return (
        first.x0 - reach <= second.x1
        and second.x0 - reach <= first.x1
        and first.y0 - reach <= second.y1
        and second.y0 - reach <= first.y1
    )


def tabled(cells: Sequence[Box], reach: int) -> list[Box]:
    """The cells of tables. Loops of digits and of seals look like cells too, but lie alone."""
    return [cell for group in groups_of(cells, reach) if len(group) >= TABLE for cell in group]


def split_joined_cells(cells: Sequence[Box], ink: Pixels) -> list[Box]:
    """Cut cells where an edge of other rows continues as a broken rule.

    Args:
        cells: closed cells in reading order.
        ink: (H, W) uint8, 255 on dark strokes.
    """
    size = max(ink.shape)
    out: list[Box] = []
    for cell in cells:
        cuts = (
            _cuts(cell, cells, ink, size)
            if cell.height >= TIGHT * size and _has_neighbour(cell, cells)
            else []
        )
        edges = [cell.x0, *cuts, cell.x1]
        out += [Box(cell.y0, left, cell.y1, right) for left, right in pairwise(edges)]
    return sorted(out)


def _has_neighbour(cell: Box, cells: Sequence[Box]) -> bool:
    """True unless the cell spans its whole line, as headings between the rows do."""
    return any(other.overlap_y(cell) >= 0.6 and other.overlap_x(cell) < 0.1 for other in cells)


def _cuts(cell: Box, cells: Sequence[Box], ink: Pixels, size: int) -> list[int]:
    least, reach = round(0.01 * size), round(SAME_EDGE * size / 2)
    edges = sorted(
        (abs(other.middle - cell.middle), other.x0)
        for other in cells
        if cell.x0 + least < other.x0 < cell.x1 - least
        and abs(other.middle - cell.middle) <= NEAR * size
        and other.overlap_y(cell) < 0.5
    )
    cuts: list[int] = []
    for _, x in edges:
        support = sum(abs(x - other) <= reach for _, other in edges)
        if support < 2 or any(abs(x - known) <= least for known in cuts):
            continue
        at = _broken_rule(cell, x, reach, ink)
        if at is not None:
            cuts.append(at)
    return sorted(cuts)


def _broken_rule(cell: Box, x: int, reach: int, ink: Pixels) -> int | None:
    """Where near ``x`` the cell holds enough of an upright rule, in its upper, middle and lower part: words do not."""
    inset = max(2, cell.height // 10)
    window = ink[cell.y0 + inset : cell.y1 - inset, x - reach - 1 : x + reach + 2] > 0
    strips = window[:, :-2] | window[:, 1:-1] | window[:, 2:]
    parts = [part.mean(axis=0) for part in np.array_split(strips, 3, axis=0) if part.size]
    if len(parts) < 3:
        return None
    drawn = np.where(np.min(parts, axis=0) >= LEAST, np.mean(parts, axis=0), 0.0)
    best = int(np.argmax(drawn))
    return x - reach + best if drawn[best] >= BROKEN else None


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
        if _undivided(cell.hull(other), cells, reach) >= OUTVOTED * support:
            return other
    return None


def _same_row(first: Box, second: Box) -> bool:
    return first.overlap_y(second) >= 0.7 and 0.6 <= first.height / second.height <= 1.7


def _undivided(whole: Box, cells: Sequence[Box], reach: float) -> int:
    """How many rows have one cell from where this one begins to where it ends."""
    return sum(abs(box.x0 - whole.x0) <= reach and abs(box.x1 - whole.x1) <= reach for box in cells)


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
