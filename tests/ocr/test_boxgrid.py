"""Columns of digit boxes of worn scans, on drawings made here."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.boxes import Box
from ocr.rows import find_rows
from ocr.rowtypes import Row, RowKind
from ocr.rules import find_rules
from tests.ocr.drawing import INK, PAPER, blank_sheet, near, ruled, write

BOX = 50
TOPS = (300, 400, 500, 600)


def boxed(sheet: NDArray[np.uint8], top: int, walls: tuple[int, ...] = (0, 1, 2)) -> Box:
    """A label, a bar and three digit boxes, of whose left and inner walls only some are printed; their place."""
    (line,) = ruled(sheet, top, 100, [44], [300, 500, 3 * BOX])
    bar, place = line[1], line[2]
    cv2.rectangle(sheet, (bar.x0, bar.y0), (bar.x1 - 3, bar.y1), 15, -1)
    for wall in range(3):
        x = place.x0 + BOX * wall
        colour = INK if wall in walls else PAPER
        cv2.line(sheet, (x, place.y0 + 2), (x, place.y1 - 2), colour, 2)
    if 0 not in walls:
        cv2.rectangle(sheet, (bar.x1 - 3, place.y0 + 2), (place.x0 + 2, place.y1 - 2), PAPER, -1)
    write(sheet, "votes", line[0], 0.7)
    return place


def box_rows(sheet: NDArray[np.uint8]) -> list[Row]:
    rules = find_rules(sheet)
    return [row for row in find_rows(rules.cells, rules.blanks, sheet) if row.kind is RowKind.BOXES]


def test_every_row_gets_all_its_boxes_although_walls_are_missing():
    sheet = blank_sheet()
    places = [
        boxed(sheet, top, walls)
        for top, walls in zip(TOPS, ((0, 1, 2), (0, 2), (0, 1, 2), (0, 1)), strict=True)
    ]
    rows = box_rows(sheet)
    assert len(rows) == 4
    for row, place in zip(rows, places, strict=True):
        assert len(row.boxes) == 3
        assert near(row.number, place)
        for k, box in enumerate(row.boxes):
            assert abs(box.x0 - (place.x0 + k * BOX)) <= 5


def test_a_row_whose_walls_are_worn_away_in_part_is_not_lost():
    sheet = blank_sheet()
    for top in (300, 500, 600):
        boxed(sheet, top)
    place = boxed(sheet, 400)
    cv2.rectangle(sheet, (place.x0 - 3, place.y0 + 20), (place.x1 - 4, place.y1 - 4), PAPER, -1)
    rows = box_rows(sheet)
    assert len(rows) == 4
    assert any(near(row.number, place) for row in rows)


def test_words_below_the_boxes_are_no_row_of_boxes():
    sheet = blank_sheet()
    places = [boxed(sheet, top) for top in TOPS]
    for place in places:
        below = Box(place.y1, 100, place.y1 + 44, place.x1)
        cv2.rectangle(sheet, (below.x0, below.y0), (below.x1, below.y1), INK, 2)
        write(
            sheet, "one hundred and seventeen illlil", Box(below.y0, place.x0 - 300, below.y1, place.x1), 0.9
        )
    assert [row.number.y0 // 50 for row in box_rows(sheet)] == [place.y0 // 50 for place in places]


def test_boxes_that_were_missed_at_the_end_of_every_row_are_not_forgotten():
    """On two of 76 sheets only half of the boxes were found in every row, and 929 was read as 9, surely."""
    sheet = blank_sheet()
    for top in TOPS:
        place = boxed(sheet, top)
        further = place.x1 + BOX - 3
        cv2.line(sheet, (further, place.y0 + 2), (further, place.y1 - 2), INK, 2)  # its rules are not closed
    rows = box_rows(sheet)
    assert len(rows) == 4
    assert all(row.cut_short for row in rows)


def test_boxes_with_clean_paper_beside_them_are_all_there_are():
    sheet = blank_sheet()
    for top in TOPS:
        place = boxed(sheet, top)
        cv2.rectangle(sheet, (place.x0 - 200, place.y0 + 3), (place.x0 - 6, place.y1 - 3), PAPER, -1)
    rows = box_rows(sheet)
    assert len(rows) == 4
    assert not any(row.cut_short for row in rows)
