"""Take the walls of digit boxes out of a strip, and weigh what is read without them against what is read with them.

To a reader a wall is as good as a 1, and a small pale 1 between dark walls is as good as nothing: the light is evened
and the strip is cut to what is dark in it. Without the walls the digits are what is dark. With them, the reader sees
where the boxes end. Neither way is right alone, so a cell is read both ways; where they differ, a person looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import cv2
import numpy as np

from ocr.boxes import Box
from ocr.crops import MARGIN
from ocr.focus import focus
from ocr.quantiles import percentile
from ocr.readings import CellReading, read_cells
from ocr.rowtypes import Row, RowKind
from ocr.segments import Floats, Pixels
from tally.form import Field
from tally.model import Mark

THICKEST = 0.11
"""A wall is thinner than this share of a box; ink that is wider across stays, be it on a wall."""
STRAY = 0.16
"""A wall stands this near, in boxes, to where the grid has it."""
SLANTS = (0, -1, 1, -2, 2, -3, 3)
"""Pixels by which a wall may lean over the height of the strip."""
DRAWN = 0.4
"""Share of its height over which a wall must be seen to be taken out."""
FAINTEST, FAINT = 0.2, 0.35
"""A stroke is darker than this share of the paper's light, and than this share of its strip's darkest ink."""
BESIDE, STROKE = 0.1, 0.2
"""What lies this near to a wall, in boxes, is not counted; a stroke is this long, in heights of the box."""
UNSETTLED = 0.45
"""Confidence that two ways of reading one cell differently leave at most; below every threshold."""


def read_without_walls(
    rows: Sequence[Row], pictures: Sequence[Pixels], asked: Sequence[Field], seen: Sequence[CellReading]
) -> list[CellReading]:
    """What was seen, weighed for rows of digit boxes against what is read with the walls taken out.

    Args:
        rows: the rows of the page; all others go with them.
        pictures: (H, W, 3) uint8 BGR crops of their numbers, from :func:`ocr.crops.cut`.
        asked: the field of each.
        seen: what was read in each, walls and all.
    """
    out = list(seen)
    walls = {i: found for i, row in enumerate(rows) if (found := walls_of(row, pictures[i].shape[1]))}
    bare = {i: without_walls(pictures[i], found) for i, found in walls.items()}
    read = read_cells([focus(picture) for picture in bare.values()], [asked[i] for i in bare])
    for (i, picture), cell in zip(bare.items(), read, strict=True):
        out[i] = weigh_ways(seen[i], cell, written_boxes(picture, walls[i]))
    return out


def walls_of(row: Row, width: int) -> list[float]:
    """Where the walls stand, x in pixels, in a strip that is ``width`` pixels wide, cut by :func:`ocr.crops.quad_of`.

    Empty unless the row has digit boxes that fill its place for the number.
    """
    if row.kind is not RowKind.BOXES or not _fills(row.boxes, row.number):
        return []
    pad = MARGIN * row.number.height
    scale = width / (row.number.width + 2 * pad)
    edges = (row.boxes[0].x0, *((a.x1 + b.x0) / 2 for a, b in pairwise(row.boxes)), row.boxes[-1].x1)
    return [(x - row.number.x0 + pad) * scale for x in edges]


def _fills(boxes: Sequence[Box], number: Box) -> bool:
    usual = sum(box.width for box in boxes) / max(1, len(boxes))
    return (
        len(boxes) >= 2
        and abs(boxes[0].x0 - number.x0) <= 0.4 * usual
        and abs(boxes[-1].x1 - number.x1) <= 0.4 * usual
        and all(0.6 <= box.width / usual <= 1.6 for box in boxes)
    )


def without_walls(strip: Pixels, walls: Sequence[float]) -> Pixels:
    """The strip, (H, W, 3) uint8 BGR, as it would look without its walls; digits that cross them stay.

    Args:
        walls: from :func:`walls_of`; a wall that is not drawn there is left alone.
    """
    height, width = strip.shape[:2]
    pitch = (walls[-1] - walls[0]) / (len(walls) - 1)
    thick = max(5, round(THICKEST * pitch) | 1)
    # Closing fills what is dark and narrow from left to right: walls and upright strokes, but no stroke across.
    kernel = np.ones((1, thick), np.uint8)
    closed = cv2.morphologyEx(strip, cv2.MORPH_CLOSE, kernel, borderType=cv2.BORDER_REFLECT)
    depth = _grey(np.asarray(closed, np.uint8)) - _grey(strip)
    out, half = strip.copy(), (thick + 1) // 2
    for wall in walls:
        line = _line(depth, wall, max(3.0, STRAY * pitch))
        if line is None:
            continue
        for part in range(3):
            x = line[0] + (line[1] - line[0]) * part / 2
            rows = slice(height * part // 3, height * (part + 1) // 3)
            columns = slice(max(0, round(x) - half), min(width, round(x) + half + 1))
            out[rows, columns] = closed[rows, columns]
    return out


def _grey(picture: Pixels) -> Floats:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), dtype=np.float64)


def _line(depth: Floats, x: float, stray: float) -> tuple[float, float] | None:
    """Where the wall near ``x`` stands at the top and at the bottom; None where none is drawn."""
    height, width = depth.shape
    left, right = max(0, round(x - stray)), min(width, round(x + stray) + 1)
    if right - left < 3:
        return None
    near = cv2.blur(depth[:, left:right], (3, 1))
    dark = near > max(8.0, 0.5 * percentile(near, 95))
    rows, down = np.arange(height), np.linspace(0.0, 1.0, height)
    best, found = DRAWN, None
    for slant in SLANTS:
        shift = np.round(slant * (down - 0.5)).astype(int)
        tops = np.arange(max(0, -int(shift.min())), min(dark.shape[1], dark.shape[1] - int(shift.max())))
        if not len(tops):
            continue
        shares = dark[rows[:, None], shift[:, None] + tops].mean(axis=0)
        scores = shares - 0.015 * np.abs(tops + left - x) - 0.01 * abs(slant)
        at = int(np.argmax(scores))
        if scores[at] > best:
            top = left + int(tops[at])
            best, found = float(scores[at]), (top - slant / 2, top + slant / 2)
    return found


def written_boxes(bare: Pixels, walls: Sequence[float]) -> int:
    """How many boxes of a strip without walls hold a stroke, (H, W, 3) uint8 BGR."""
    grey = _grey(bare)
    height = grey.shape[0]
    side = max(9, (height // 3) | 1)
    paper = cv2.blur(cv2.dilate(grey, np.ones((side, side))), (side, side))
    depth = 1.0 - grey / np.maximum(paper, 1.0)
    edge = max(2, height // 10)
    left, right = max(0, round(walls[0]) + 2), max(1, round(walls[-1]) - 2)
    inside = depth[edge : height - edge, left:right]
    if inside.size == 0:
        return 0
    dark = (depth > max(FAINTEST, FAINT * percentile(inside, 99.5))).astype(np.uint8)
    joined = np.asarray(
        cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((max(3, height // 12), 3), np.uint8)), np.uint8
    )
    return sum(_holds_stroke(joined[edge : height - edge], a, b) for a, b in pairwise(walls))


def _holds_stroke(dark: Pixels, left: float, right: float) -> bool:
    inset = BESIDE * (right - left)
    box = dark[:, max(0, round(left + inset)) : max(1, round(right - inset))]
    if box.size == 0:
        return False
    count, _, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(box), connectivity=8)
    sizes = [max(int(tall), int(wide)) for _, _, wide, tall, _ in stats[1:count]]
    return bool(max(sizes, default=0) >= STROKE * dark.shape[0])


def accounts_for(text: str, written: int) -> bool:
    """True if a transcript can stand in this many written boxes: one digit each, fillers one or several."""
    fillers = sum(c in "-x~" for c in text)
    return len(text) <= written if fillers else len(text) == written


def _granted(cell: CellReading, value: int | None) -> float:
    """Probability that a reading leaves to another value."""
    return sum(probability for other, probability in cell.alternatives if other == value)


def weigh_ways(walled: CellReading, bare: CellReading, written: int) -> CellReading:
    """One reading of a cell that was read with its walls and without them.

    Both ways alike: the surer one. Otherwise the one that accounts for every written box, or else the one for which
    both together say most, with the other as its rival. Where the ways differ, or leave a written box unread, nothing
    is settled.

    Args:
        written: how many boxes hold a stroke.
    """
    first, second = sorted(
        (walled, bare),
        key=lambda cell: (
            accounts_for(cell.text, written),
            cell.mark is not Mark.ILLEGIBLE,
            cell.confidence + _granted(bare if cell is walled else walled, cell.value),
        ),
        reverse=True,
    )
    alike = (first.mark, first.value) == (second.mark, second.value)
    if alike and accounts_for(first.text, written):
        return first
    others, rivals = dict(first.alternatives), first.rivals
    if second.value is not None and not alike:
        others[second.value] = max(others.get(second.value, 0.0), 0.5 * second.confidence)
        rivals = tuple(dict.fromkeys((*rivals, second.value)))
    confidence = min(first.confidence, UNSETTLED)
    ranked = sorted(((v, min(p, confidence)) for v, p in others.items()), key=lambda item: -item[1])
    return replace(first, confidence=confidence, agreed=False, rivals=rivals, alternatives=tuple(ranked[:3]))
