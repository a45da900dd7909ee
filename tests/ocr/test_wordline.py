from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr.segments import Pixels
from ocr.wordline import LONGEST, line_of


def cell(height: int = 60, width: int = 360) -> Pixels:
    return np.full((height, width), 230, np.uint8)


def word(picture: Pixels, x: int, y: int, ink: int = 40) -> None:
    """Eight letters of an o, 16 pixels high."""
    for k in range(8):
        cv2.ellipse(picture, (x + 16 * k, y), (5, 8), 0, 0, 360, ink, 2, cv2.LINE_AA)


def test_blank_paper_and_borders_alone_are_empty():
    picture = cell()
    assert line_of(picture) is None
    cv2.rectangle(picture, (1, 1), (358, 58), 60, 2)
    assert line_of(picture) is None


def test_a_line_is_cut_to_its_writing_at_the_readers_height():
    picture = cell()
    word(picture, 100, 30)
    line = line_of(picture)
    assert line is not None
    assert line.shape[0] == 32
    assert line.dtype == np.uint8
    assert line.shape[1] < 32 * 11


def test_borders_do_not_make_the_writing_smaller():
    bare, framed = cell(), cell()
    word(bare, 100, 30)
    word(framed, 100, 30)
    cv2.rectangle(framed, (1, 1), (358, 58), 60, 2)
    sizes = [line.shape[1] for picture in (bare, framed) if (line := line_of(picture)) is not None]
    assert sizes[1] == pytest.approx(sizes[0], rel=0.1)


def test_a_pale_pen_beside_a_black_rule_keeps_its_first_letters():
    plain, beside = cell(), cell()
    word(plain, 30, 30, ink=150)
    word(beside, 30, 30, ink=150)
    cv2.line(beside, (352, 0), (352, 60), 0, 5)
    widths = [line.shape[1] for picture in (plain, beside) if (line := line_of(picture)) is not None]
    assert widths[1] == pytest.approx(widths[0], rel=0.1)


def test_two_lines_are_laid_end_to_end():
    one, two = cell(80), cell(80)
    word(one, 40, 40)
    word(two, 40, 22)
    word(two, 40, 58)
    single, double = line_of(one), line_of(two)
    assert single is not None
    assert double is not None
    assert double.shape[1] > 1.7 * single.shape[1]


def test_colour_and_grey_give_the_same_line_and_a_long_one_is_squeezed():
    picture = cell(40, 900)
    for x in range(20, 860, 140):
        word(picture, x, 20)
    grey = line_of(picture)
    colour = line_of(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR))
    assert grey is not None
    assert np.array_equal(grey, colour)
    assert grey.shape[1] <= LONGEST * grey.shape[0]
