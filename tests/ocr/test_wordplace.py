"""Where the words of a row stand, and where they end: a number cut off at a border is another number."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr.boxes import Box
from ocr.rowtypes import Row, RowKind
from ocr.segments import Pixels
from ocr.wordplace import place_below, place_beside, share_written

NUMBER = Box(100, 800, 140, 900)
SHARE = 0.5


def row(beside: Box | None = None) -> Row:
    return Row(NUMBER, (), RowKind.BOXES, beside=beside)


def room(*words: tuple[int, int], rule: bool = True) -> Pixels:
    """(60, 800, 3): two places side by side, and words of (left, right) in pixels across them."""
    picture = np.full((60, 800), 235, np.uint8)
    if rule:
        cv2.line(picture, (400, 0), (400, 59), 60, 2)
    for left, right in words:
        for x in np.linspace(left + 6, right - 6, max(2, (right - left) // 14)):
            cv2.ellipse(picture, (round(x), 32), (5, 9), 0, 0, 360, 40, 2, cv2.LINE_AA)
    return cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR)


def test_beside_the_figures_the_room_goes_on_to_the_right_as_far_as_the_sheet():
    place = place_beside(row(Box(100, 900, 140, 1100)), 1250)
    assert place is not None
    assert place.box == Box(100, 900, 140, 1100)
    assert (place.room.x0, place.room.x1) == (900, 1250)
    wide = place_beside(row(Box(100, 900, 140, 1100)), 3000)
    assert wide is not None
    assert wide.room.x1 < 1500


def test_below_the_figures_the_place_ends_where_the_figures_begin_and_its_room_at_the_border():
    cell = Box(145, 200, 185, 900)
    place = place_below(row(), [NUMBER, cell])
    assert place is not None
    assert (place.box.x1, place.room) == (800, cell)


@pytest.mark.parametrize(
    "cell",
    [
        Box(145, 700, 185, 900),  # no wider than a label beside the next number
        Box(190, 200, 230, 900),  # a line further down
        Box(145, 200, 300, 900),  # a block of text
        Box(145, 200, 185, 1200),  # goes on beyond the figures
    ],
)
def test_other_cells_are_no_place_for_words(cell):
    assert place_below(row(), [cell]) is None


def test_words_that_end_in_their_place_leave_the_name_behind_the_border_alone():
    assert share_written(room((20, 300), (420, 700)), SHARE) == SHARE


def test_an_empty_place_stays_what_it_is():
    assert share_written(room(), SHARE) == SHARE


@pytest.mark.parametrize("rule", [True, False])
def test_words_that_run_over_the_border_are_followed_to_their_end(rule):
    share = share_written(room((20, 392), (404, 520), rule=rule), SHARE)
    assert share is not None
    assert 520 / 800 <= share < 560 / 800


def test_a_name_after_a_wide_gap_is_not_taken_along():
    share = share_written(room((20, 392), (404, 520), (600, 760)), SHARE)
    assert share is not None
    assert share < 590 / 800


def test_words_that_run_on_beyond_the_room_say_nothing():
    assert share_written(room((20, 392), (404, 800)), SHARE) is None
