"""Whether a second sheet lies beside the one that was read, paper against paper, with no ground between them to see.

What is not read of it would be lost without a word.
"""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np

from ocr.boxes import Box
from ocr.rowtypes import Row
from ocr.segments import Pixels, ink_mask

MARGIN = 40
"""Sheet pixels beside the rows that still belong to them: frames, the last letters of a label."""
LETTER_HEIGHT, LETTER_WIDTH = (7, 36), (3, 50)
"""Sheet pixels, least and most, of letters and of words whose letters touch."""
LEAST_INK = 12
"""Pixels of ink below which a spot is no letter."""
MANY = 90
"""Letters on one side from which on they are another sheet's. Single sheets had at most 18 (40 generated ones, seeds
from 8000) or 67 (37 real ones: what lay about them); of two sheets the one that was not read had 123 and more."""
ROWS = 5
"""Fewer rows say too little of where the sheet ends."""


def has_company(grey: Pixels, rows: Iterable[Row]) -> bool:
    """True if as much is printed left or right of the rows as only another sheet holds.

    Args:
        grey: (H, W) uint8, the straightened sheet.
        rows: those tied to fields of the form, in its pixels.
    """
    parts = [row for row in rows if row.labels]
    if len(parts) < ROWS:
        return False
    left = min(label.x0 for row in parts for label in row.labels) - MARGIN
    right = max(_end(row).x1 for row in parts) + MARGIN
    band = grey[max(0, min(row.number.y0 for row in parts)) : max(row.number.y1 for row in parts)]
    return any(_letters(side) >= MANY for side in (band[:, : max(0, left)], band[:, right:]))


def _end(row: Row) -> Box:
    return row.beside or row.number


def _letters(grey: Pixels) -> int:
    """How many pieces of ink have the size of letters."""
    if min(grey.shape) < LETTER_HEIGHT[0]:
        return 0
    _, _, found, _ = cv2.connectedComponentsWithStats(ink_mask(grey, 8), connectivity=8)
    widths, heights, sizes = (
        found[1:, cv2.CC_STAT_WIDTH],
        found[1:, cv2.CC_STAT_HEIGHT],
        found[1:, cv2.CC_STAT_AREA],
    )
    fits = (heights >= LETTER_HEIGHT[0]) & (heights <= LETTER_HEIGHT[1])
    fits &= (widths >= LETTER_WIDTH[0]) & (widths <= LETTER_WIDTH[1]) & (sizes >= LEAST_INK)
    return int(np.count_nonzero(fits))


__all__ = ["has_company"]
