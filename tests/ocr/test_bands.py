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


def test_a_number_cut_by_a_dash_that_runs_into_it_is_one_line_of_the_column():
    """A dash from the left went on through a 2 and a 9; their halves were two lines, and all numbers below shifted."""
    grey = np.full((1800, 900), 200, np.uint8)
    for line in range(4):
        y = 300 + 200 * line
        for x in (250, 360, 470):
            cv2.ellipse(grey, (x, y), (34, 50), 0, 0, 360, 40, 7)
    for x in (250, 470):
        cv2.line(grey, (x, 560), (x, 440), 40, 7)
    cv2.line(grey, (20, 500), (540, 500), 40, 9)
    middles = [row.number.middle for row in find_bands(grey)]
    assert len(middles) == 4
    assert np.abs(np.array(middles) - (300, 500, 700, 900)).max() < 30
