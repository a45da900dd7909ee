"""Fears about single cells: what all readers together are sure of, and one of them by itself is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ocr.readings import DOUBTED, CellReading
from ocr.witnesses import _of_one_mind, _of_one_shape
from tally.acceptance import LONE_CELL_THRESHOLD, SECOND_THOUGHT, SEVEN_FOR_ONE
from tally.model import Mark

SURE = CellReading(Mark.READ, 237, 0.992, ((277, 0.001),), True, "237", (), 0.0)


def test_a_number_that_one_reader_holds_for_another_is_not_sure():
    cell = _of_one_mind(replace(SURE, second=SECOND_THOUGHT))
    assert (cell.value, cell.confidence, cell.agreed) == (237, DOUBTED, False)
    assert cell.confidence < LONE_CELL_THRESHOLD


@pytest.mark.parametrize("second", [0.0, SECOND_THOUGHT - 0.001])
def test_a_weak_second_thought_changes_nothing(second):
    cell = replace(SURE, second=second)
    assert _of_one_mind(cell) == cell


def test_a_dash_has_no_second_number():
    dash = CellReading(Mark.DASH, None, 0.99, (), True, "-", (), 0.4)
    assert _of_one_mind(dash) == dash


def test_in_digit_boxes_a_flagged_one_may_be_a_seven():
    read = CellReading(Mark.READ, 71, 0.9944, ((77, 0.0029), (11, 0.0024)), True, "71")
    assert _of_one_shape(read).confidence == DOUBTED
    surer = replace(read, alternatives=((77, SEVEN_FOR_ONE / 2), (31, 0.005)))
    assert _of_one_shape(surer) == surer
    assert _of_one_shape(replace(read, mark=Mark.DASH, value=None)).confidence == read.confidence
