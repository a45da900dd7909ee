from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.extra.numpy import array_shapes, arrays

from ocr.lines import LINE_HEIGHT, MAX_WIDTH, even, split_lines
from tests.ocr.printing import tile

KK = "Жарамсыз деп танылған бюллетеньдердің саны"
RU = "Число бюллетеней, признанных недействительными"


def slanted(picture: np.ndarray, slope: float) -> np.ndarray:
    matrix = np.array([[1, 0, 0], [slope, 1, max(0.0, -slope * picture.shape[1])]], np.float32)
    height = picture.shape[0] + int(abs(slope) * picture.shape[1]) + 1
    return cv2.warpAffine(picture, matrix, (picture.shape[1], height), borderValue=(245,))


def test_two_lines_of_a_label_are_not_read_as_one():
    assert len(split_lines(even(tile(KK, RU)))) == 2


@pytest.mark.parametrize("gap", [1.15, 1.3, 1.6])
def test_tight_and_loose_lines_are_told_apart(gap):
    assert len(split_lines(even(tile(KK, RU, KK, gap=gap)))) == 3


@pytest.mark.parametrize("slope", [-0.024, -0.012, 0.012, 0.024])
def test_slanted_lines_of_a_curled_sheet_are_not_mixed(slope):
    assert len(split_lines(even(slanted(tile(KK, RU), slope)))) == 2


def test_a_rule_of_the_table_is_not_a_line_of_print():
    picture = tile(KK).copy()
    picture[3:5] = 60
    picture[-4:-2] = 60
    picture[:, 2:4] = 60
    (line,) = split_lines(even(picture))
    (clean,) = split_lines(even(tile(KK)))
    assert abs(line.picture.shape[1] - clean.picture.shape[1]) <= 0.1 * clean.picture.shape[1]


def test_lines_come_from_top_to_bottom():
    tops = [line.top for line in split_lines(even(tile(KK, RU, KK)))]
    assert tops == sorted(tops)


def test_white_paper_has_no_lines():
    assert split_lines(np.full((60, 400), 255, np.uint8)) == []


@settings(max_examples=60, deadline=None)
@given(arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=120)))
def test_no_texture_breaks_the_splitter(picture):
    for line in split_lines(even(picture)):
        assert line.picture.shape[0] == LINE_HEIGHT
        assert 8 <= line.picture.shape[1] <= MAX_WIDTH
