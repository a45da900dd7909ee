from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr.boxes import Box
from ocr.readings import DOUBTED, CellReading
from ocr.seals import Seal
from ocr.sheet import Sheet
from ocr.unseal import told_apart, washer, weigh, without_seal
from tally.model import Mark

PAPER = (236, 238, 238)
BLACK, BLUE_SEAL, BLUE_PEN = (48, 42, 40), (168, 74, 58), (150, 62, 38)
SEAL = Seal(True, 0.99, (450.0, 300.0, 110.0), "blue")


def sheet(pen: tuple[int, int, int]) -> tuple[Sheet, dict[Box, np.ndarray]]:
    """Five numbers one below the other and a seal over the second."""
    picture = np.full((900, 900, 3), PAPER, np.uint8)
    light = np.ones((900, 900, 3))
    for y in (300, 460, 560, 660, 760):
        stroke = np.zeros((900, 900), np.uint8)
        cv2.putText(stroke, "374", (400, y + 18), cv2.FONT_HERSHEY_SIMPLEX, 1.4, 255, 4, cv2.LINE_AA)
        light *= 1 - (1 - np.array(pen) / 255) * (stroke / 255)[..., None]
    ring = np.zeros((900, 900), np.uint8)
    for r in (110, 100, 72, 60, 48, 36):
        cv2.circle(ring, (450, 300), r, 255, 4, cv2.LINE_AA)
    light *= 1 - (1 - np.array(BLUE_SEAL) / 255) * 0.7 * (ring / 255)[..., None]
    picture = np.asarray(np.round(picture * light), np.uint8)
    boxes = [Box(y - 30, 360, y + 30, 540) for y in (300, 460, 560, 660, 760)]
    seen = Sheet(np.zeros((900, 900), np.uint8), picture, np.eye(3))
    return seen, {box: picture[box.y0 : box.y1, box.x0 : box.x1].copy() for box in boxes}


def darkness(picture: np.ndarray) -> np.ndarray:
    return 255 - picture.min(axis=2).astype(int)


def test_a_blue_seal_goes_and_black_digits_stay():
    picture, cells = sheet(BLACK)
    found = washer(picture, SEAL, cells)
    assert found is not None
    wash, under = found
    (box,) = under
    alone = darkness(sheet(BLACK)[1][Box(630, 360, 690, 540)])  # the same number without a seal
    before, after = darkness(cells[box]), darkness(wash(cells[box]))
    digits, stamp = alone > 150, (alone < 30) & (before > 90)
    assert after[digits].mean() > 0.9 * alone[digits].mean()
    assert after[stamp].mean() < 0.5 * before[stamp].mean()


def test_digits_in_the_seal_s_own_colour_are_left_alone():
    picture, cells = sheet(BLUE_PEN)
    assert washer(picture, SEAL, cells) is None


@pytest.mark.parametrize(
    "seal",
    [
        Seal(False, 0.9),
        Seal(True, 0.9, (450.0, 300.0, 110.0), "grey"),
        Seal(True, 0.9, (90.0, 90.0, 40.0), "blue"),
    ],
)
def test_without_a_coloured_seal_over_a_cell_nothing_is_washed(seal):
    picture, cells = sheet(BLACK)
    assert washer(picture, seal, cells) is None


def test_any_cell_can_be_washed():
    one, other = np.array([0.3, 0.6, 0.74]), np.array([0.58, 0.58, 0.57])
    assert told_apart(one, other)
    for shape in ((1, 1), (3, 40), (128, 9)):
        for level in (0, 200, 255):
            assert without_seal(np.full((*shape, 3), level, np.uint8), one, other).shape == (*shape, 3)


def cell(mark: Mark, value: int | None, confidence: float) -> CellReading:
    return CellReading(mark, value, confidence, (), True, "" if value is None else str(value))


def test_a_number_that_only_one_picture_shows_is_never_settled():
    struck, washed = cell(Mark.STRUCK, None, 0.99), cell(Mark.READ, 58, 1.0)
    told = weigh(struck, washed)
    assert (told.value, told.agreed) == (58, False)
    assert told.confidence <= DOUBTED


def test_two_numbers_make_a_doubt_and_one_number_twice_makes_it_sure():
    assert weigh(cell(Mark.READ, 58, 0.99), cell(Mark.READ, 53, 0.8)).confidence <= DOUBTED
    assert weigh(cell(Mark.READ, 58, 0.99), cell(Mark.READ, 53, 0.2)).confidence == 0.99
    assert weigh(cell(Mark.READ, 58, 0.4), cell(Mark.READ, 58, 0.97)).confidence == 0.97
    assert weigh(cell(Mark.READ, 58, 0.99), cell(Mark.BLANK, None, 1.0)).value == 58
