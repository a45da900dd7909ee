"""A 1 that the readers take for a 7 is known by the writer's other ones; nothing is made sure that is not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr.hand import SURE, WEIGHT, weigh_hand
from ocr.prepared import Grey, prepare
from ocr.readings import DOUBTED, CellReading
from tally.model import Mark

Strokes = list[tuple[tuple[int, int], tuple[int, int]]]
FLAGGED: Strokes = [((2, 14), (18, 2)), ((18, 2), (18, 34))]
BARRED: Strokes = [((2, 3), (20, 2)), ((20, 2), (10, 34)), ((6, 19), (22, 17))]
ROUND: Strokes = [((4, 4), (18, 4)), ((18, 4), (18, 34)), ((18, 34), (4, 34)), ((4, 34), (4, 4))]


def written(*digits: Strokes) -> Grey:
    """A cell in which these digits stand side by side, as the readers take it."""
    cell = np.full((52, 60 + 34 * len(digits), 3), 235, np.uint8)
    for place, strokes in enumerate(digits):
        left = 30 + 34 * place
        for (x0, y0), (x1, y1) in strokes:
            cv2.line(cell, (left + x0, 8 + y0), (left + x1, 8 + y1), (60, 40, 40), 3, cv2.LINE_AA)
    return prepare(np.asarray(cv2.GaussianBlur(cell, (0, 0), 0.7), np.uint8))


def read(text: str, confidence: float, *others: tuple[int, float]) -> CellReading:
    return CellReading(Mark.READ, int(text), confidence, others, True, text)


KNOWN = [written(FLAGGED, ROUND), written(BARRED, ROUND), written(ROUND, BARRED)]
KNOWN_READ = [read("10", 0.99), read("70", 0.99), read("07", 0.99)]


def weighed(picture: Grey, cell: CellReading, *, lone: bool = True) -> CellReading:
    return weigh_hand([*KNOWN, picture], [*KNOWN_READ, cell], [False] * len(KNOWN) + [lone])[-1]


def test_a_one_that_all_readers_took_for_a_seven_goes_to_a_person():
    """District 21 was accepted as 27 at 0.983, on a sheet whose sevens all had a bar."""
    assert weighed(written(ROUND, FLAGGED), read("07", 0.983)).confidence == DOUBTED


def test_a_number_that_a_sum_covers_is_left_as_it_is():
    cell = read("07", 0.983)
    assert weighed(written(ROUND, FLAGGED), cell, lone=False) == cell


def test_a_clear_one_is_surer_by_what_its_twin_lost_and_by_no_more():
    cell = weighed(written(ROUND, FLAGGED), read("01", 0.94, (7, 0.05), (91, 0.005)))
    assert cell.confidence == pytest.approx(0.94 + 0.05 * (1 - 1 / WEIGHT))
    assert dict(cell.alternatives) == pytest.approx({7: 0.05 / WEIGHT, 91: 0.005})


def test_a_number_with_a_digit_more_is_no_twin():
    cell = read("1", 0.94, (71, 0.05))
    assert weighed(written(FLAGGED), cell).confidence == cell.confidence


def test_unsure_numbers_say_nothing_about_the_hand():
    unsure = [read("10", SURE - 0.1), read("70", SURE - 0.1), read("07", SURE - 0.1)]
    cell = read("07", 0.983)
    assert weigh_hand([*KNOWN, written(ROUND, FLAGGED)], [*unsure, cell], [False] * 3 + [True])[-1] == cell


def test_a_seven_is_doubted_where_the_sheet_has_only_ones_that_look_like_it():
    ones, shown = [written(FLAGGED, ROUND), written(ROUND, FLAGGED)], [read("10", 0.99), read("01", 0.99)]
    (*_, cell) = weigh_hand([*ones, written(FLAGGED)], [*shown, read("7", 0.983)], [False, False, True])
    assert cell.confidence == DOUBTED


def test_ink_that_does_not_fall_into_its_digits_is_no_evidence():
    cell = read("017", 0.95, (11, 0.04))
    assert weighed(written(ROUND, FLAGGED), cell) == cell
