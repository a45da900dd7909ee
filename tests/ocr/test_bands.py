"""A column cut out of a sheet: every number whole, whatever hangs on it."""

from __future__ import annotations

import cv2
import numpy as np

from ocr.bands import find_bands


def column(*, hanging: bool) -> np.ndarray:
    """Two numbers of three rings under each other; ``hanging`` ties the last two below to the digit above them."""
    grey = np.full((900, 620), 200, np.uint8)
    for y in (300, 420):
        for x in (150, 230, 310):
            cv2.ellipse(grey, (x, y), (26, 34), 0, 0, 360, 40, 5)
    if hanging:
        cv2.line(grey, (320, 330), (300, 392), 40, 5)
        cv2.line(grey, (250, 415), (290, 415), 40, 5)
    return grey


def test_a_number_whose_last_digits_hang_on_the_line_above_is_whole():
    first, second = (row.number for row in find_bands(column(hanging=True)))
    assert second.x0 < 120
    assert second.x1 > 340
    assert second.y0 > 360
    assert first.x0 < 120
    assert first.x1 > 340


def test_bands_of_a_plain_column_hold_their_numbers_and_no_more():
    for row, y in zip(find_bands(column(hanging=False)), (300, 420), strict=True):
        assert row.number.x0 > 60
        assert row.number.x1 < 420
        assert row.number.y0 > y - 60
        assert row.number.y1 < y + 60
