"""Digit boxes read with their walls and without them, on drawings made here."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.boxes import Box
from ocr.prepared import flatten, tighten
from ocr.readings import CellReading, classify
from ocr.rowtypes import Row, RowKind
from ocr.unbox import UNSETTLED, walls_of, weigh_ways, without_walls, written_boxes
from tally.acceptance import CELL_THRESHOLD, LONE_CELL_THRESHOLD, WITNESSED_THRESHOLD

WALLS = (4.0, 64.0, 124.0, 184.0)


def strip(*, wall: int = 30) -> NDArray[np.uint8]:
    """Three empty boxes, 60 px wide."""
    picture = np.full((70, 188, 3), 235, np.uint8)
    for x in WALLS:
        cv2.line(picture, (int(x), 0), (int(x), 70), (wall,) * 3, 2)
    return picture


def reading(text: str, confidence: float) -> CellReading:
    mark, value = classify(text, 3)
    return CellReading(mark, value, confidence, (), agreed=True, text=text)


def test_walls_go_and_a_stroke_across_stays():
    picture = strip()
    cv2.line(picture, (40, 35), (90, 35), (60, 40, 40), 5)
    bare = without_walls(picture, WALLS)
    assert bare[5:28, :, 0].min() > 200
    assert bare[35, 42:88, 0].max() < 100


def test_a_stroke_in_the_middle_of_a_box_is_no_wall():
    picture = strip()
    cv2.line(picture, (34, 12), (34, 60), (60, 40, 40), 3)
    assert without_walls(picture, WALLS)[14:58, 34, 0].max() < 100


def test_a_number_that_leaves_a_written_box_unread_never_counts_by_itself():
    picture = strip()
    for x in (34, 94):
        cv2.line(picture, (x, 18), (x, 55), (120, 110, 110), 1)
    cv2.putText(picture, "5", (140, 55), cv2.FONT_HERSHEY_SIMPLEX, 1.4, (30, 30, 30), 4)
    written = written_boxes(without_walls(picture, WALLS), WALLS)
    assert written == 3
    both = weigh_ways(reading("15", 0.99), reading("15", 0.99), written)
    assert both.confidence <= UNSETTLED
    assert not both.agreed


def test_the_way_that_reads_every_written_box_is_preferred():
    assert weigh_ways(reading("15", 0.98), reading("115", 0.9), 3).value == 115


def test_two_ways_that_differ_are_never_settled():
    cell = weigh_ways(reading("104", 0.99), reading("164", 0.97), 3)
    assert cell.confidence <= UNSETTLED < min(CELL_THRESHOLD, LONE_CELL_THRESHOLD, WITNESSED_THRESHOLD)
    assert not cell.agreed
    assert {cell.value, *cell.rivals} == {104, 164}


def test_the_number_for_which_both_ways_together_say_most_is_proposed():
    walled = replace(reading("740", 0.63), alternatives=((240, 0.36),))
    assert weigh_ways(walled, reading("240", 0.62), 3).value == 240


def test_crossed_boxes_before_a_digit_are_one_group():
    assert weigh_ways(reading("x4", 0.97), reading("x4", 0.98), 3).confidence == 0.98


def test_empty_boxes_hold_no_strokes():
    assert written_boxes(without_walls(strip(), WALLS), WALLS) == 0


def test_a_number_beyond_its_boxes_is_read_with_its_walls_only():
    boxes = tuple(Box(0, x, 40, x + 48) for x in (100, 150, 200))
    assert walls_of(Row(Box(0, 50, 40, 248), (), RowKind.BOXES, boxes), 200) == []
    assert len(walls_of(Row(Box(0, 100, 40, 248), (), RowKind.BOXES, boxes), 200)) == 4


def test_a_dotted_stroke_is_not_cut_away():
    cell = np.full((80, 140), 255, np.uint8)
    for y in range(25, 60, 5):
        cv2.circle(cell, (25, y), 1, 60, -1)
    cv2.putText(cell, "5", (90, 58), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 20, 3)
    assert tighten(flatten(cell)).shape[1] > 85
