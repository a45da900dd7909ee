"""Digit boxes as one grid: what the rows of a column know of their walls together.

A digit drawn over a wall, a wall that the scanner lost, or ink that closes a box of its own leaves a row with fewer or
other boxes than its neighbours have. All rows of a column are printed alike, so the rows whose boxes were all found
say where the walls of the others stand; ink says which lines between two rules are rows of the column at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np

from ocr.boxes import Box, hull_of
from ocr.boxfit import LIKE, Grid, box_columns, fit_grid
from ocr.boxrows import beside_boxes
from ocr.rowtypes import Row, RowKind
from ocr.segments import Floats, Pixels, ink_mask, stretches

STRAY, NEAR = 0.2, 0.12
"""How far, in pitches, a wall may stand from where its neighbours above and below say; to tell whether there is one,
one looks nearer."""
FOUND = 0.55
"""Share of a wall's height that must be ink for the wall to be taken where the ink is."""
SHOWN = 0.3
"""Share of a further wall beside the grid from which on boxes may have been missed: 0.43 and 0.57 where they were, at
most 0.07 beside the last box of 24 other sheets (generated, seeds from 1900000)."""
DRAWN, CLEAR = 0.34, 0.55
"""Mean over the walls of a line from which on it is a row of boxes: as high as a known row, or of any height. Worn
scans leave 0.35 to 0.75 of each wall; words written across the same place hit some walls and miss others."""
END = 0.45
"""Share of its upper or of its lower quarter that every wall of a row must show."""
WEAKER = 0.15
"""A line of words shows so much less of its walls than the boxes above it, whose label stands beside both."""
RULE = 0.7
"""Share of the column's width that a rule above or below its boxes covers."""
BEYOND = 0.16
"""A row that was not found stands at most this far from a known one, as a share of the sheet's height."""
DARK = 0.6
"""Share of ink from which on a place is a bar code or a shaded bar, not paper that was written on."""


def on_grid(rows: Sequence[Row], cells: Sequence[Box], grey: Pixels) -> list[Row]:
    """The same rows with all their boxes, and those rows of a column of boxes that were not found.

    Args:
        rows: from :func:`ocr.rows.find_rows`.
        cells: closed cells of the sheet.
        grey: (H, W) uint8, the sheet.
    """
    grids = [grid for group in box_columns(rows) if (grid := fit_grid(group)) is not None]
    if not grids:
        return list(rows)
    ink = ink_mask(grey, 11)
    out = list(rows)
    for grid in grids:
        out = [kept for row in out if (kept := _on_walls(row, grid, ink)) is not None]
        further = _further_walls(out, grid, ink)
        out = _to_the_ends(out, grid, further)
        found = _lines(grid, out, cells, ink)
        out = [row for row in out if not any(_replaces(new, row) for new in found)] + found
        out = _one_a_label(out, grid, ink)
        if max(further) >= SHOWN:
            out = [replace(row, cut_short=True) if _is_of(row, grid) else row for row in out]
    return sorted(out, key=lambda row: (row.number.y0, row.number.x0))


def _is_whole(row: Row, grid: Grid) -> bool:
    return len(row.boxes) == grid.count and all(
        LIKE[0] <= box.width / grid.pitch <= LIKE[1] for box in row.boxes
    )


def _belongs(row: Row, grid: Grid) -> bool:
    """True for boxes of the column, and for a cell in their place: digits drawn over the walls have joined some."""
    walls, reach = grid.walls_at(row.number.middle), 0.5 * grid.pitch
    left, right = abs(row.number.x0 - walls[0]) <= reach, abs(row.number.x1 - walls[-1]) <= reach
    inside = row.number.x0 >= walls[0] - 1.5 * grid.pitch and row.number.x1 <= walls[-1] + reach
    return inside and (left or (right and row.kind is RowKind.BOXES))


def _on_walls(row: Row, grid: Grid, ink: Pixels) -> Row | None:
    """The row with a box for each of the grid's, if it is one of its rows; None if it shows no wall inside."""
    if row.kind not in (RowKind.BOXES, RowKind.CELL) or _is_whole(row, grid) or not _belongs(row, grid):
        return row
    top, bottom = row.number.y0, row.number.y1
    inner = grid.walls_at(row.number.middle)[1:-1]
    if max(_end(top, bottom, x, grid, ink) for x in inner) < END:
        return row if row.kind is RowKind.CELL else None
    boxes = _boxes(top, bottom, grid, ink)
    return replace(row, number=hull_of(boxes), kind=RowKind.BOXES, boxes=boxes)


def _further_walls(rows: Sequence[Row], grid: Grid, ink: Pixels) -> tuple[float, float]:
    """How much of a further wall the known rows show one box to the left and one to the right of the grid, 0..1."""
    middles = [middle for middle, _ in grid.rows]
    known = [row.number for row in rows if row.number.middle in middles]
    left, right = (
        [
            _wall(box.y0, box.y1, grid.walls_at(box.middle)[k] + step, STRAY * grid.pitch, ink)[1]
            for box in known
        ]
        for k, step in ((0, -grid.pitch), (-1, grid.pitch))
    )
    return (float(np.median(left)), float(np.median(right))) if known else (0.0, 0.0)


def _to_the_ends(rows: Sequence[Row], grid: Grid, further: tuple[float, float]) -> list[Row]:
    """Rows that end with their boxes, where the paper beside the column shows no further wall."""
    left, right = (drawn < FOUND for drawn in further)
    return [
        _ended(row, left, right) if _is_whole(row, grid) and _belongs_whole(row, grid) else row
        for row in rows
    ]


def _is_of(row: Row, grid: Grid) -> bool:
    """True for a row of boxes of this column."""
    return row.kind is RowKind.BOXES and _belongs(row, grid)


def _belongs_whole(row: Row, grid: Grid) -> bool:
    walls = grid.walls_at(row.number.middle)
    own = hull_of(row.boxes)
    return abs(own.x0 - walls[0]) <= 0.5 * grid.pitch and abs(own.x1 - walls[-1]) <= 0.5 * grid.pitch


def _ended(row: Row, left: bool, right: bool) -> Row:
    own = hull_of(row.boxes)
    x0, x1 = own.x0 if left else row.number.x0, own.x1 if right else row.number.x1
    return replace(row, number=Box(row.number.y0, x0, row.number.y1, x1))


def _boxes(top: int, bottom: int, grid: Grid, ink: Pixels) -> tuple[Box, ...]:
    """The boxes of one line, their walls where ink shows them near the place that the neighbours give."""
    wanted = grid.walls_at((top + bottom) / 2)
    seen = [_wall(top, bottom, x, STRAY * grid.pitch, ink) for x in wanted]
    shifts = [at - x for (at, drawn), x in zip(seen, wanted, strict=True) if drawn >= FOUND]
    shift = float(np.median(shifts)) if shifts else 0.0
    walls = [at if drawn >= FOUND else x + shift for (at, drawn), x in zip(seen, wanted, strict=True)]
    half = grid.wall / 2
    return tuple(Box(top, round(a + half), bottom, round(b - half)) for a, b in pairwise(walls))


def _wall(top: int, bottom: int, x: float, stray: float, ink: Pixels) -> tuple[float, float]:
    """Where within ``stray`` pixels of ``x`` a line holds most of an upright rule, and how much of it, 0..1."""
    inset, reach = max(2, (bottom - top) // 12), max(2, round(stray))
    left = max(1, round(x) - reach)
    window = ink[top + inset : bottom - inset, left - 1 : round(x) + reach + 2] > 0
    if window.shape[0] < 4 or window.shape[1] < 4:
        return x, 0.0
    drawn: Floats = (window[:, :-2] | window[:, 1:-1] | window[:, 2:]).mean(axis=0)
    # Of equally good places, the one nearest to where it should be: a stem beside the wall is as black.
    away = np.abs(np.arange(len(drawn)) + left - x) / max(1.0, 5 * stray)
    best = int(np.argmax(drawn - 0.5 * away))
    return float(left + best), float(drawn[best])


def _drawn(top: int, bottom: int, grid: Grid, ink: Pixels) -> float:
    """How much of its walls a line shows, 0..1; 0 if one of them does not reach one of the rules."""
    walls = grid.walls_at((top + bottom) / 2)[:-1]
    seen = [_wall(top, bottom, x, NEAR * grid.pitch, ink) for x in walls]
    ends = min(_end(top, bottom, x, grid, ink) for x in walls)
    return float(np.mean([drawn for _, drawn in seen])) if ends >= END else 0.0


def _end(top: int, bottom: int, x: float, grid: Grid, ink: Pixels) -> float:
    """How much of a wall's upper or lower quarter is there, 0..1: print between two rules touches neither."""
    quarter, near = (bottom - top) // 4, NEAR * grid.pitch
    ends = ((top, top + quarter), (bottom - quarter, bottom))
    return max(_wall(first, last, x, near, ink)[1] for first, last in ends)


def _lines(grid: Grid, rows: Sequence[Row], cells: Sequence[Box], ink: Pixels) -> list[Row]:
    """Rows of the column that have no row yet: two rules as far apart as those of a known row, with walls between."""
    known = [row.number for row in rows if _is_of(row, grid)]
    heights = [box.height for box in known]
    beyond = round(BEYOND * ink.shape[0])
    spans = [span for span in _spans(grid, ink) if span[0] >= _least(span, heights)]
    inmost = [s for s in spans if not any(s[1] <= o[1] and o[2] <= s[2] for o in spans if o is not s)]
    out: list[Row] = []
    for _, top, bottom in sorted(inmost, reverse=True):
        line = Box(top, 0, bottom, 1)
        if any(line.overlap_y(box) > 0.2 for box in known):
            continue
        if any(top - box.y1 <= beyond and box.y0 - bottom <= beyond for box in known):
            boxes = _boxes(top, bottom, grid, ink)
            out.append(beside_boxes(boxes, hull_of(boxes), cells))
            known.append(hull_of(boxes))
    return out


def _spans(grid: Grid, ink: Pixels) -> list[tuple[float, int, int]]:
    """(drawn, top, bottom) of every place between two rules that is as high as boxes may be."""
    return [
        (_drawn(top, bottom, grid, ink), top, bottom)
        for upper, lower in combinations(_rules(grid, ink), 2)
        for top, bottom in ((upper + 3, lower - 3),)
        if 0.6 * grid.pitch <= bottom - top <= 3 * grid.pitch and not _is_dark(top, bottom, grid, ink)
    ]


def _least(span: tuple[float, int, int], heights: Sequence[int]) -> float:
    _, top, bottom = span
    return DRAWN if any(0.85 <= (bottom - top) / height <= 1.15 for height in heights) else CLEAR


def _is_dark(top: int, bottom: int, grid: Grid, ink: Pixels) -> bool:
    walls = grid.walls_at((top + bottom) / 2)
    inside = ink[top:bottom, max(0, round(walls[0])) : max(1, round(walls[-1]))]
    return inside.size == 0 or float((inside > 0).mean()) > DARK


def _rules(grid: Grid, ink: Pixels) -> list[int]:
    """Heights at which a rule runs across the column."""
    lefts, rights = [walls[0] for _, walls in grid.rows], [walls[-1] for _, walls in grid.rows]
    strip = ink[:, max(0, round(max(lefts)) + 2) : max(1, round(min(rights)) - 2)] > 0
    if strip.shape[1] < 8:
        return []
    thick = strip.copy()
    thick[1:] |= strip[:-1]
    thick[:-1] |= strip[1:]
    return [(a + b) // 2 for a, b in stretches(thick.mean(axis=1) >= RULE) if b - a <= 14]


def _replaces(new: Row, old: Row) -> bool:
    """True if an old row took part of the new one's label or boxes for its number."""
    return new.number.overlap_y(old.number) > 0.5 and (
        old.number.overlap_x(new.number) > 0.3
        or any(old.number.overlap_x(label) > 0.5 for label in new.labels)
    )


def _one_a_label(rows: Sequence[Row], grid: Grid, ink: Pixels) -> list[Row]:
    """Without lines of words: they stand beside the label of a row whose walls are better drawn."""
    own = [row for row in rows if row.kind is RowKind.BOXES and row.labels and _belongs(row, grid)]
    drawn = {row.number: _drawn(row.number.y0, row.number.y1, grid, ink) for row in own}
    losers = {
        row.number
        for row in own
        if any(
            row.labels[0].overlap_y(other.number) > 0.8 and drawn[row.number] < drawn[other.number] - WEAKER
            for other in own
            if other is not row
        )
    }
    return [row for row in rows if row.number not in losers]
