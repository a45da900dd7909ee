from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr import tint
from ocr.readings import DOUBTED, CellReading
from ocr.tint import find_pen, read_pen_alone, weighed
from tally.form import load_form
from tally.model import Mark

FIELD = load_form("ng-2023-ec8a").field("votes.LP")
PAPER = (226, 232, 230)
ORANGE, BLACK, BLUE = (120, 160, 236), (52, 48, 50), (150, 70, 48)


def cell(text: str, pen: tuple[int, int, int], printed: bool = True) -> np.ndarray:
    """A number cell, 60 px high, with the ring of a watermark through its right half."""
    light = np.ones((60, 300, 3))
    if printed:
        ring = np.zeros((60, 300), np.uint8)
        for x in range(170, 290, 16):
            cv2.ellipse(ring, (x, 30 + (x % 3) * 6), (4, 9), 15, 0, 360, 255, -1, cv2.LINE_AA)
        light *= 1 - (1 - np.array(ORANGE) / 255) * (ring / 255)[..., None]
    stroke = np.zeros((60, 300), np.uint8)
    cv2.putText(stroke, text, (90, 45), cv2.FONT_HERSHEY_SIMPLEX, 1.4, 255, 3, cv2.LINE_AA)
    light *= 1 - (1 - np.array(pen) / 255) * (stroke / 255)[..., None]
    return np.asarray(np.round(np.array(PAPER) * light), np.uint8)


def seen(mark: Mark, value: int | None, confidence: float) -> CellReading:
    return CellReading(mark, value, confidence, (), True, str(value or ""))


@pytest.mark.parametrize("pen", [BLACK, BLUE])
def test_orange_print_goes_and_the_pen_stays(pen):
    cells = [cell(text, pen) for text in ("245", "13", "", "7", "")]
    found = find_pen(cells)
    assert found is not None
    assert found.print_ is not None
    assert int(found.alone(cells[2]).min()) > 225  # nothing is left of the print
    number = found.alone(cells[0]).min(axis=2)
    bare = cell("245", pen, printed=False).min(axis=2)
    assert number[bare < 90].mean() < 120


def test_grey_print_far_weaker_than_the_pen_goes_too():
    cells = [cell(text, BLACK, printed=False) for text in ("245", "13", "", "7")]
    faint = cell("8", (205, 210, 208), printed=False)
    found = find_pen([*cells, faint])
    assert found is not None
    assert int(found.alone(faint).min()) > 225


def test_a_page_without_ink_has_no_pen():
    assert find_pen([cell("", BLACK, printed=False)] * 3) is None
    assert find_pen([]) is None


def test_a_number_that_only_print_shows_is_not_read():
    found = weighed(seen(Mark.READ, 8, 0.57), seen(Mark.BLANK, None, 0.99))
    assert (found.mark, found.value) == (Mark.BLANK, None)
    assert found.confidence <= DOUBTED


def test_a_number_that_reads_otherwise_without_the_print_never_counts_by_itself():
    found = weighed(seen(Mark.STRUCK, None, 0.23), seen(Mark.READ, 13, 0.999))
    assert found.value == 13
    assert found.confidence <= DOUBTED
    assert not found.agreed
    found = weighed(seen(Mark.READ, 25, 0.8), seen(Mark.READ, 245, 0.7))
    assert found.value == 25
    assert found.confidence <= DOUBTED
    assert not found.agreed


def test_a_surer_dash_is_not_made_a_number():
    dash = seen(Mark.DASH, None, 0.91)
    assert weighed(dash, seen(Mark.READ, 11, 0.6)) is dash


def test_a_faint_leading_one_is_not_lost_to_a_little_surer_reading():
    found = weighed(seen(Mark.READ, 12, 0.6), seen(Mark.READ, 2, 0.7))
    assert found.value == 12
    assert found.confidence <= DOUBTED


def test_digit_boxes_are_not_looked_at_again(monkeypatch):
    shown = []
    monkeypatch.setattr(tint, "read_cells", lambda pictures, fields: shown.extend(pictures) or [])
    cells, doubtful = [cell("245", BLACK), cell("13", BLACK)], [seen(Mark.READ, 24, 0.3)] * 2
    assert read_pen_alone(cells, [FIELD] * 2, doubtful, [False, False]) == doubtful
    assert not shown
