"""Underscore and dotted blanks outside tables: where a number is written on a line of text."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.boxes import Box
from ocr.grid import tabled
from ocr.packed import Packed
from ocr.pieces import pieces_of
from ocr.segments import Pixels, stretches

MIN_BLANK = 0.03
"""Shortest blank as a share of the sheet's long side: room for two digits."""
MIN_PIECE = 0.012
MAX_BLANK = 0.6
TABLE = 12
"""Fewer cells than this are loops of digits or of a seal, not a table that owns its lines."""
MAX_THICKNESS = 0.0035
"""An underscore is thin; a line of bold letters, joined by a filter, is not."""
SHORT = 0.07
"""A blank shorter than this, as a share of the sheet's long side, may be what a dark first digit left of it. Longer
ones are whole, and the label beside them must not be taken for a digit."""
DIGIT = 0.0135
"""Height of the lowest digits as a share of the sheet's long side; a line of print, from ascender to descender, is
lower. History: 2026-11-24, measured against the writing room instead, labels of dense lines were taken for digits."""
AS_HIGH = 0.66
"""Print beside a number is lower than its digits; a first piece at least this high against the rest is a digit."""
ROOM = 0.030
"""Writing room above the line where no other line limits it."""


def find_blanks(ink: Pixels, cells: Sequence[Box]) -> list[Box]:
    """Boxes of the writing room above lone thin horizontal lines, in reading order.

    Args:
        ink: (H, W) uint8, 255 on dark strokes.
        cells: table cells; lines in and around them are not blanks.
    """
    size = max(ink.shape)
    free = ink.copy()
    pad = round(0.006 * size)
    for cell in tabled(cells, pad) if len(cells) >= TABLE else ():
        free[max(0, cell.y0 - pad) : cell.y1 + pad, max(0, cell.x0 - pad) : cell.x1 + pad] = 0
    joined = [line for line in _joined(_thin_lines(free, size), free) if line[2] >= MIN_BLANK * size]
    lines = _completed(joined, free)
    blanks = [_with_overhang(_clear_of_print(_room_above(line, lines, size), free), free) for line in lines]
    return sorted(_one_per_line(blanks))


def _one_per_line(blanks: list[Box]) -> list[Box]:
    """Join boxes on one height that overlap or nearly touch: pieces of one blank."""
    out: list[Box] = []
    for blank in sorted(blanks, key=lambda box: box.x0):
        home = next(
            (
                i
                for i, other in enumerate(out)
                if other.overlap_y(blank) > 0.7
                and blank.x0 - other.x1 <= 0.6 * max(blank.height, other.height)
            ),
            None,
        )
        if home is None:
            out.append(blank)
        else:
            out[home] = out[home].hull(blank)
    return out


def _thin_lines(ink: Pixels, size: int) -> list[tuple[int, int, int]]:
    """(left, y, width) of straight thin lines."""
    length = round(0.012 * size)
    joined = np.asarray(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, 5), np.uint8)), np.uint8)
    tall = Packed.of(joined).opened(round(MAX_THICKNESS * size) + 1).mask()
    opened = cv2.morphologyEx(cv2.subtract(joined, tall), cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    # Nearly all rows of a page are empty by now; a few are kept between lines, so that what was apart stays apart.
    rows = np.flatnonzero(cv2.dilate(opened.max(axis=1, keepdims=True), np.ones((5, 1), np.uint8)))
    opened = opened[rows]
    if not len(rows):
        return []
    # Digits that cross the line leave gaps in it; what lies on one height is one line.
    bridged = cv2.morphologyEx(opened, cv2.MORPH_CLOSE, np.ones((3, round(0.02 * size)), np.uint8))
    pieces = pieces_of(np.asarray(bridged, np.uint8))
    labels = pieces.labels()
    lines = []
    for index, (left, top, width, height) in enumerate(zip(*pieces.boxes(), strict=True), start=1):
        if not MIN_PIECE * size <= width <= MAX_BLANK * size or height > 0.012 * size:
            continue
        window = (slice(top, top + height), slice(left, left + width))
        drawn = ((opened[window] > 0) & (labels[window] == index)).any(axis=0).mean()
        if drawn >= 0.55:
            lines.append((int(left), int(rows[top] + height / 2), int(width)))
    return lines


def _joined(lines: list[tuple[int, int, int]], ink: Pixels) -> list[tuple[int, int, int]]:
    """Pieces of one line, parted by digits that stand on it, become one."""
    size = max(ink.shape)
    out: list[tuple[int, int, int]] = []
    for line in sorted(lines, key=lambda one: one[0]):
        home = next((i for i, before in enumerate(out) if _continues(before, line, ink, size)), None)
        if home is None:
            out.append(line)
        else:
            left, y, width = out[home]
            out[home] = (left, (y + line[1]) // 2, max(width, line[0] + line[2] - left))
    return out


def _continues(before: tuple[int, int, int], line: tuple[int, int, int], ink: Pixels, size: int) -> bool:
    """True if a piece goes on where another ends: at once, or after ink at the height of the line."""
    end, gap = before[0] + before[2], line[0] - before[0] - before[2]
    if abs(before[1] - line[1]) > 0.004 * size or not -0.01 * size <= gap <= 0.09 * size:
        return False
    if gap <= 0.012 * size:
        return True
    between = ink[min(before[1], line[1]) - 4 : max(before[1], line[1]) + 4, end : line[0]]
    # The threshold loses a faint line close under dark digits, so a short gap needs less proof than a long one.
    return bool((between > 0).any(axis=0).mean() >= (0.4 if gap <= 0.05 * size else 0.8))


def _with_overhang(blank: Box, ink: Pixels) -> Box:
    """Widen a blank over writing that runs past its ends, so that no digit is cut in two."""
    height = blank.height
    reach = 6 * height
    left_edge, right_edge = max(0, blank.x0 - reach), min(ink.shape[1], blank.x1 + reach)
    body = (ink[blank.y0 : blank.y1 - height // 4, left_edge:right_edge] > 0).sum(axis=0) >= 2
    right = _run_on(body[blank.x1 - left_edge - height // 3 :], height // 2)
    strip = ink[blank.y0 : blank.y1, left_edge : blank.x1]
    left = blank.x0 - left_edge
    size = max(ink.shape)
    if blank.width < SHORT * size:
        left = _first_digit(strip, left, round(DIGIT * size), round(MAX_THICKNESS * size))
    return Box(
        blank.y0,
        left_edge + left,
        blank.y1,
        min(right_edge, blank.x1 - height // 3 + max(right, height // 3)),
    )


def _first_digit(strip: Pixels, start: int, lowest: int, scrap: int) -> int:
    """The column from which on writing as high as digits goes on to ``start``: a dark digit hides the line under it.

    Print is lower than digits (``lowest``, pixels), so the end of the label is not taken in; what is no higher than
    ``scrap`` pixels is a piece of the line.
    """
    height = strip.shape[0]
    pieces = stretches(np.asarray((strip > 0).any(axis=0)))
    for left, right in reversed(pieces):
        if left >= start:
            continue
        extent = _extent(strip[:, left:right])
        if extent <= scrap:  # of the line itself, which the threshold breaks up beside dark digits
            continue
        if start - right > height // 2 or extent < lowest:
            break
        start = max(0, left - 3)
    return start


def _run_on(columns: NDArray[np.bool_], gap: int) -> int:
    """How far ink goes on from the start, over gaps of at most ``gap`` columns; 0 if there is none at once."""
    drawn = np.flatnonzero(columns)
    if not len(drawn) or drawn[0] > gap:
        return 0
    jumps = np.flatnonzero(np.diff(drawn) > gap)
    return int(drawn[jumps[0]] if len(jumps) else drawn[-1]) + gap // 2


def _clear_of_print(blank: Box, ink: Pixels) -> Box:
    """Move the left end past the last words of the label, if the line begins under them."""
    body = ink[blank.y0 : blank.y1, blank.x0 : blank.x1]
    lines = cv2.morphologyEx(body, cv2.MORPH_OPEN, np.ones((1, 25), np.uint8))
    strokes = np.asarray(cv2.subtract(body, cv2.dilate(lines, np.ones((5, 1), np.uint8))), np.uint8)
    drawn = np.flatnonzero((strokes > 0).sum(axis=0) >= 2)
    gap = max(8, blank.height // 2)
    if not len(drawn) or drawn[0] > gap // 2:
        return blank
    jumps = np.flatnonzero(np.diff(drawn) >= gap)
    if not len(jumps):
        return blank
    first, rest = strokes[:, : drawn[jumps[0]] + 1], strokes[:, drawn[jumps[0] + 1] :]
    if blank.width < SHORT * max(ink.shape) and _extent(first) >= max(
        AS_HIGH * _extent(rest), DIGIT * max(ink.shape)
    ):
        return (
            blank  # the first digit of the number, not the end of the label: cutting it off would go unseen
        )
    start = int(drawn[jumps[-1] + 1]) if len(jumps) == 1 else int(drawn[jumps[0]] + gap // 2)
    return Box(blank.y0, blank.x0 + max(0, start - gap // 2), blank.y1, blank.x1)


def _extent(strokes: Pixels) -> int:
    """Height of what is drawn, pixels."""
    rows = np.flatnonzero(strokes.any(axis=1))
    return int(rows[-1] - rows[0] + 1) if len(rows) else 0


def _completed(lines: list[tuple[int, int, int]], ink: Pixels) -> list[tuple[int, int, int]]:
    """Blanks cut short by a seal or a digit get the ends that at least three others share.

    Only where something is drawn at the height of the line: clean paper there means that the line ends.
    """
    size = max(ink.shape)
    reach = 0.012 * size
    out = []
    for left, y, width in lines:
        alike = [
            other
            for other in lines
            if other[0] - reach <= left and left + width <= other[0] + other[2] + reach and other[2] > width
        ]
        common = [
            one
            for one in alike
            if sum(abs(one[0] - o[0]) + abs(one[2] - o[2]) < 2 * reach for o in alike) >= 3
        ]
        start, _, length = common[0] if common else (left, y, width)
        begins = abs(start - left) <= reach
        # One that only ends like the others may be another: the hour's blanks stand under the signatures' lines.
        ends = abs(start + length - left - width) <= reach
        least = 0.15 if begins else 0.6 if ends else 0.7
        whole = (start, y, length) if width >= least * length else (left, y, width)
        drawn = (ink[max(0, y - 3) : y + 4, whole[0] : whole[0] + whole[2]] > 0).any(axis=0).mean()
        out.append(whole if drawn >= 0.8 else (left, y, width))
    # Two pieces of one line have become the same blank.
    kept: list[tuple[int, int, int]] = []
    for line in sorted(out, key=lambda item: (item[1], item[0])):
        if not any(abs(line[1] - o[1]) < 0.006 * size and abs(line[0] - o[0]) < reach for o in kept):
            kept.append(line)
    return kept


def _room_above(line: tuple[int, int, int], lines: list[tuple[int, int, int]], size: int) -> Box:
    """The writing room of a blank: up to the next line above it, at most 3 % of the sheet."""
    left, y, width = line
    above = [
        other_y
        for other_left, other_y, other_width in lines
        if other_y < y - 0.008 * size
        # A short line above (an arc of the seal, a crossed digit) does not limit the room of a long blank.
        and min(left + width, other_left + other_width) - max(left, other_left) >= 0.4 * width
    ]
    room = min(ROOM * size, y - max(above, default=0) - 2)
    return Box(max(0, round(y - room)), left, y + round(0.006 * size), left + width)
