"""The blank for the time of signing: two short lines, one for the hour and one for the minute, with a colon between."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np

from ocr.boxes import Box
from ocr.segments import Pixels, stretches

LINE = 21
"""Sheet pixels; a level stroke of this length is a line to write on: no stroke of a digit or letter has it."""
DARKER = 10
"""Grey levels by which a line is darker than the paper above and below it."""
BROKEN = 10
"""Pixels of a line that a digit's foot or a pale scan may take away."""
ALIKE = 0.6
"""The shorter of the two lines against the longer."""
APART = 0.9
"""The widest gap between them, in lengths of the longer one."""
OVERHANG = 0.15
"""How far digits may stand out over their line, in its lengths; before the hour, where print ends, half of it."""


def halves_of(grey: Pixels, blank: Box) -> tuple[Box, Box]:
    """The places of hour and minute; the halves of the blank where its two lines are not found.

    Args:
        grey: (H, W) uint8, the straightened sheet.
        blank: as it was found: often with the print before it, when the lines were taken for one.
    """
    lines = _lines(grey, blank)
    fitting = [
        (first, second)
        for first, second in pairwise(lines)
        if min(_long(first), _long(second)) >= ALIKE * max(_long(first), _long(second))
        and second[0] - first[1] <= APART * max(_long(first), _long(second))
    ]
    if not fitting:
        middle = (blank.x0 + blank.x1) // 2
        return Box(blank.y0, blank.x0, blank.y1, middle - 4), Box(blank.y0, middle + 4, blank.y1, blank.x1)
    (left, first_end), (second_start, right) = fitting[-1]
    gap = (first_end + second_start) // 2  # a colon stands there
    spare = round(OVERHANG * (right - second_start))
    hour = Box(blank.y0, left - spare // 2, blank.y1, gap - 3)
    return hour, Box(blank.y0, gap + 4, blank.y1, right + spare)


def _long(line: tuple[int, int]) -> int:
    return line[1] - line[0]


def _lines(grey: Pixels, blank: Box) -> list[tuple[int, int]]:
    """(left, right) of the lines along the lower edge of a blank and a little beyond its ends."""
    slack = max(8, blank.height // 4)
    x0 = max(0, blank.x0 - blank.width // 8)
    strip = grey[max(0, blank.y1 - slack) : blank.y1 + slack, x0 : blank.x1 + blank.width // 8]
    if strip.size == 0 or strip.shape[1] < LINE:
        return []
    paper = cv2.morphologyEx(strip, cv2.MORPH_CLOSE, np.ones((9, 1), np.uint8))
    dark = (cv2.subtract(paper, strip) > DARKER).astype(np.uint8)
    level = cv2.morphologyEx(
        cv2.dilate(dark, np.ones((3, 1), np.uint8)), cv2.MORPH_OPEN, np.ones((1, LINE), np.uint8)
    )
    joined: list[tuple[int, int]] = []
    for start, end in stretches(np.asarray(level.any(0), np.bool_)):
        if joined and start - joined[-1][1] <= BROKEN:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return [(x0 + start, x0 + end) for start, end in joined]
