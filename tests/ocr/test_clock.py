"""The blank for the time of signing, which is often found together with the print before it."""

from __future__ import annotations

import cv2
import numpy as np

from ocr.boxes import Box
from ocr.clock import halves_of
from ocr.segments import Pixels

HOUR, MINUTE = (300, 360), (384, 444)


def sheet(*lines: tuple[int, int], ink: int = 90) -> Pixels:
    grey = np.full((200, 700), 225, np.uint8)
    for left, right in lines:
        cv2.line(grey, (left, 120), (right, 120), ink, 2)
    cv2.putText(grey, "20 march, at", (90, 117), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 60, 2)
    cv2.putText(grey, "22", (HOUR[0] + 8, 114), cv2.FONT_HERSHEY_SIMPLEX, 1.1, 50, 2)
    cv2.putText(grey, "03", (MINUTE[0] + 8, 114), cv2.FONT_HERSHEY_SIMPLEX, 1.1, 50, 2)
    return grey


def holds(half: Box, line: tuple[int, int]) -> bool:
    return half.x0 <= line[0] + 2 and half.x1 >= line[1] - 2


def test_hour_and_minute_are_found_where_the_blank_was_taken_together_with_the_print_before_it():
    hour, minute = halves_of(sheet(HOUR, MINUTE), Box(80, 90, 124, 446))
    assert holds(hour, HOUR)
    assert holds(minute, MINUTE)
    assert hour.x0 > HOUR[0] - 12  # the print before the hour stays outside
    assert hour.x1 < minute.x0  # and so does the colon


def test_a_blank_of_the_two_lines_alone_is_parted_between_them():
    hour, minute = halves_of(sheet(HOUR, MINUTE), Box(80, 296, 124, 448))
    assert holds(hour, HOUR)
    assert holds(minute, MINUTE)


def test_pale_lines_are_lines():
    hour, _ = halves_of(sheet(HOUR, MINUTE, ink=205), Box(80, 90, 124, 446))
    assert holds(hour, HOUR)


def test_one_long_line_is_cut_in_the_middle():
    hour, minute = halves_of(sheet((300, 440)), Box(80, 300, 124, 440))
    assert (hour.x0, minute.x1) == (300, 440)
    assert hour.x1 < 370 < minute.x0


def test_a_signature_line_is_not_taken_for_the_hours():
    hour, minute = halves_of(sheet((90, 270), HOUR, MINUTE), Box(80, 90, 124, 446))
    assert holds(hour, HOUR)
    assert holds(minute, MINUTE)


def test_a_blank_at_the_edge_of_the_sheet_is_no_error():
    hour, minute = halves_of(np.full((60, 12), 220, np.uint8), Box(40, 2, 60, 12))
    assert hour.x0 < minute.x1
