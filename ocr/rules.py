"""Printed rules of a straightened sheet and the table cells between them.

Everything is measured against the sheet itself (its size, its own row height), never against a blank form.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ocr.blanks import find_blanks
from ocr.boxes import Box
from ocr.grid import merge_split_cells, split_joined_cells
from ocr.packed import Packed, turned
from ocr.pieces import pieces_of
from ocr.quantiles import median
from ocr.segments import Pixels, ink_mask

MIN_RULE = 0.022
"""Shortest horizontal rule, as a share of the sheet's long side: below that, strokes of letters look alike."""
ENOUGH_CELLS = 32
"""With this many closed cells a second look with a fainter threshold is not worth its 80 ms."""
MIN_UPRIGHT = 0.017
"""Shortest vertical rule: higher than any printed letter, lower than a row of a table."""
MIN_DRAWN = 0.8
"""Share of a rule that is really drawn. A line of text reaches 0.5 to 0.7, stems in tight rows 0.6 to 0.75."""
MIN_CELL_WIDTH = 0.012
MIN_CELL_HEIGHT = 0.007
MAX_CELL_HEIGHT = 0.16
MIN_CELL_FILL = 0.6
"""Share of its box that a cell fills at least."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The ruled network of one sheet."""

    cells: tuple[Box, ...]
    """Closed cells in reading order."""
    blanks: tuple[Box, ...]
    """Underscore or dotted blanks outside tables: the box above the line in which one writes."""


def find_rules(grey: Pixels) -> Rules:
    """Cells and blanks of a straightened sheet, (H, W) uint8 grey. Tries a fainter threshold for faint rules."""
    strict = _find(grey, 11)
    if len(strict.cells) >= ENOUGH_CELLS or (len(strict.blanks) >= 10 and len(strict.cells) < 12):
        return strict
    faint = _find(grey, 6)
    return faint if len(faint.cells) > 1.15 * len(strict.cells) + 2 else strict


def _find(grey: Pixels, strength: int) -> Rules:
    ink = ink_mask(grey, strength)
    size = max(grey.shape)
    horizontal = _long_lines(ink, round(MIN_RULE * size), 6)
    # Turned, so that what runs along a rule lies in one row of the picture's memory.
    standing = _long_lines(turned(ink), round(MIN_UPRIGHT * size), 4)
    vertical = turned(_columns(standing, size))
    mask = np.asarray(cv2.dilate(horizontal | vertical, np.ones((3, 3), np.uint8)), dtype=np.uint8)
    cells = split_joined_cells(merge_split_cells(_cells(mask, vertical, grey), size), ink)
    return Rules(tuple(cells), tuple(find_blanks(ink, cells)))


def _long_lines(ink: Pixels, length: int, part: int) -> Pixels:
    """Keep straight level runs of at least ``length`` pixels; bridges a pixel of slope, and gaps a ``part`` as long."""
    inked = np.asarray(cv2.dilate(ink, np.ones((3, 1), np.uint8)), dtype=np.uint8)
    opened = turned(Packed.of(turned(inked)).closed(max(3, length // part)).opened(length).mask())
    filled, outline = _filled(opened)
    if not cv2.countNonZero(filled):
        return _drawn(opened, inked)
    lines = _drawn(np.asarray(cv2.subtract(opened, filled), dtype=np.uint8), inked)
    return np.asarray(cv2.bitwise_or(lines, outline), dtype=np.uint8)


def _drawn(lines: Pixels, ink: Pixels) -> Pixels:
    """Keep lines most of which is ink, not bridged gaps: words in a row and stems between two close rules are not."""
    pieces = pieces_of(lines)
    return pieces.only(pieces.share_in(ink) >= MIN_DRAWN)


def _filled(lines: Pixels) -> tuple[Pixels, Pixels]:
    """Areas too thick for a rule (black bars, shadows), and their outlines: a bar's edge ends a cell as a rule does."""
    filled = Packed.of(lines).opened(17).mask()
    if not cv2.countNonZero(filled):
        return filled, filled
    outline = cv2.morphologyEx(filled, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    return filled, np.asarray(outline, dtype=np.uint8)


def _columns(standing: Pixels, size: int) -> Pixels:
    """Keep verticals, turned to lie, that stand in a column with others or are long; a tall digit 1 does neither."""
    pieces = pieces_of(standing)
    _, lefts, heights, widths = pieces.boxes()
    centres = lefts + widths / 2
    reach = 0.006 * size
    column = np.array([heights[np.abs(centres - centre) <= reach].sum() for centre in centres])
    return pieces.only((column >= 0.06 * size) & (heights >= MIN_UPRIGHT * size))


def _cells(mask: Pixels, vertical: Pixels, grey: Pixels) -> list[Box]:
    if not cv2.countNonZero(vertical):
        return []
    size = max(grey.shape)
    dark = 0.45 * median(grey[::4])
    boxes = []
    for (left, top, width, height), outline in _holes(mask):
        fits = MIN_CELL_WIDTH * size <= width and MIN_CELL_HEIGHT * size <= height <= MAX_CELL_HEIGHT * size
        if not fits or not _is_closed(mask, left, top, width, height):
            continue
        here = (slice(top, top + height), slice(left, left + width))
        if not _fills(mask[here], outline):
            continue
        if 2 * np.count_nonzero(grey[here] < dark) <= width * height:  # no printed black bars
            boxes.append(Box(top, left, top + height, left + width))
    return sorted(boxes)


def _holes(mask: Pixels) -> list[tuple[tuple[int, int, int, int], cv2.typing.MatLike]]:
    """Left, top, width and height of the empty areas that the mask encloses, and the pixels of the mask around each."""
    outlines, tree = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    if tree is None:
        return []
    rims = [one for one, outer in zip(outlines, tree[0][:, 3].tolist(), strict=True) if outer >= 0]
    boxes = [cv2.boundingRect(rim) for rim in rims]
    return [
        ((left + 1, top + 1, width - 2, height - 2), rim)
        for (left, top, width, height), rim in zip(boxes, rims, strict=True)
    ]


def _fills(mask: Pixels, outline: cv2.typing.MatLike) -> bool:
    """True if an empty area fills most of its box; ``mask`` is cut to the box. Counted only where that is open."""
    least = MIN_CELL_FILL * mask.size
    most = _enclosed(outline)
    return most >= least and (most - cv2.countNonZero(mask) >= least or _area(mask) >= least)


def _enclosed(outline: cv2.typing.MatLike) -> float:
    """How many pixels an outline encloses, islands included (Pick, 1899)."""
    points = outline.reshape(-1, 2)
    steps = np.abs(points - np.concatenate((points[-1:], points[:-1])))
    around = np.maximum(steps[:, 0], steps[:, 1]).sum()
    return float(cv2.contourArea(outline) - around / 2 + 1)


def _area(mask: Pixels) -> int:
    """Pixels of the empty area that reaches all four sides of a cut of the mask."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(255 - mask, connectivity=4)
    whole = (stats[1:, cv2.CC_STAT_HEIGHT] == mask.shape[0]) & (stats[1:, cv2.CC_STAT_WIDTH] == mask.shape[1])
    return int(stats[1:, cv2.CC_STAT_AREA][whole].max(initial=0))


def _is_closed(mask: Pixels, left: int, top: int, width: int, height: int) -> bool:
    """True if rules run along most of all four sides, so that paper between two texts is not a cell."""
    bottom, right = top + height, left + width
    if top < 2 or left < 2 or bottom + 2 > mask.shape[0] or right + 2 > mask.shape[1]:
        return False
    pad = 4
    sides = (
        mask[max(0, top - pad) : top + pad, left:right].max(axis=0),
        mask[bottom - pad : bottom + pad, left:right].max(axis=0),
        mask[top:bottom, max(0, left - pad) : left + pad].max(axis=1),
        mask[top:bottom, right - pad : right + pad].max(axis=1),
    )
    return all(np.count_nonzero(side) / side.size >= 0.7 for side in sides)
