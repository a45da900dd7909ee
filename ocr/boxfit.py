"""Where the walls of a column of digit boxes stand: what its whole rows say together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np

from ocr.boxes import Box, hull_of
from ocr.rowtypes import Row, RowKind

MIN_WHOLE = 2
"""Rows with all their boxes that make a grid; a single one may be a chance of strokes."""
LIKE = (0.75, 1.33)
"""A single box, in pitches of its column; two boxes whose wall was not found are twice as wide."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A column of digit boxes."""

    rows: tuple[tuple[float, tuple[float, ...]], ...]
    """(middle, walls) of the rows whose boxes were found: y, and x of the middle of each wall, from left to right."""
    pitch: float
    """Width of a box with one of its walls, pixels."""
    wall: float
    """Thickness of a wall, pixels."""
    lean: float
    """Pixels that the walls move to the right per pixel downwards."""

    @property
    def count(self) -> int:
        """How many boxes a row has."""
        return len(self.rows[0][1]) - 1

    def walls_at(self, y: float) -> list[float]:
        """Where the walls stand on a height, from the nearest row of which they are known."""
        middle, walls = min(self.rows, key=lambda row: abs(row[0] - y))
        return [x + self.lean * (y - middle) for x in walls]


def box_columns(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows of boxes under one another that begin or end together."""
    groups: list[list[Row]] = []
    for row in sorted((r for r in rows if r.kind is RowKind.BOXES), key=lambda r: -len(r.boxes)):
        own = hull_of(row.boxes)
        reach = 0.5 * min(box.width for box in row.boxes)
        home = next(
            (
                group
                for group in groups
                if min(
                    abs(own.x0 - hull_of(group[0].boxes).x0),
                    abs(own.x1 - hull_of(group[0].boxes).x1),
                )
                <= reach
            ),
            None,
        )
        if home is None:
            groups.append([row])
        else:
            home.append(row)
    return groups


def fit_grid(group: Sequence[Row]) -> Grid | None:
    """The grid that at least two rows of a column agree upon, the one with most boxes if there are several."""
    widths = sorted(box.width for row in group for box in row.boxes)
    single = [width for width in widths if width <= 1.4 * widths[len(widths) // 10]]
    gaps = sorted(b.x0 - a.x1 for row in group for a, b in pairwise(row.boxes))
    wall = float(gaps[len(gaps) // 2]) if gaps else 0.0
    pitch = single[len(single) // 2] + wall
    rows = [(row, walls) for row in group if (walls := _walls(row.boxes, pitch, wall)) is not None]
    lengths = [len(walls) for _, walls in rows]
    most = max((n for n in set(lengths) if n >= 3 and lengths.count(n) >= MIN_WHOLE), default=0)
    if not most:
        return None
    full = [(row, walls) for row, walls in rows if len(walls) == most]
    whole = [(row, walls) for row, walls in full if len(row.boxes) == most - 1]
    known = sorted((row.number.middle, walls) for row, walls in (whole if len(whole) >= MIN_WHOLE else full))
    far = 2 * max(row.number.height for row, _ in full)
    leans = [
        (x1 - x0) / (lower - upper)
        for (upper, first), (lower, second) in combinations(known, 2)
        if lower - upper >= far
        for x0, x1 in zip(first, second, strict=True)
    ]
    across = float(np.median([walls[-1] - walls[0] for _, walls in known])) / (most - 1)
    return Grid(tuple(known), across, wall, float(np.median(leans)) if leans else 0.0)


def _walls(boxes: Sequence[Box], pitch: float, wall: float) -> tuple[float, ...] | None:
    """Middles of all walls; a box as wide as two or three has lost the ones within. None if one is of no such width."""
    half = wall / 2
    edges = (boxes[0].x0 - half, *((a.x1 + b.x0) / 2 for a, b in pairwise(boxes)), boxes[-1].x1 + half)
    out = [edges[0]]
    for left, right in pairwise(edges):
        units = max(1, round((right - left) / pitch))
        if not LIKE[0] <= (right - left) / units / pitch <= LIKE[1]:
            return None
        out += [left + (right - left) * k / units for k in range(1, units + 1)]
    return tuple(out)
