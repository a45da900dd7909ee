"""Which way a page is straightened: lines drawn here and seen through a known homography."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr.segments import Floats, Pixels, Segments, sides_of
from ocr.sheet import straighten
from ocr.vanishing import rectifying_homography
from ocr.view import project, seen
from tests.ocr.drawing import blank_sheet, ruled, write

SIZE = (1200, 1600)
"""Width and height of the pictures."""
SEEN = np.array([[0.93, 0.06, 20.0], [-0.03, 0.95, 60.0], [3e-5, -4e-5, 1.0]])
"""A sheet as a phone sees it: turned, sheared, and its lines converge."""


def leaning(to_sheet: Floats, at: tuple[float, float], along: tuple[float, float]) -> float:
    """Degrees off the nearest axis that a short line of the picture has on the sheet."""
    ends = project(to_sheet, np.array([np.subtract(at, along), np.add(at, along)]))
    run, rise = ends[1] - ends[0]
    return float((np.degrees(np.arctan2(rise, run)) + 45) % 90 - 45)


def steepest(to_photo: Floats, to_flat: Floats) -> float:
    """The largest lean of an upright or level line of the flat drawing, at nine places of it."""
    both = np.linalg.inv(to_photo) @ to_flat
    places = [(x, y) for x in (150.0, 600.0, 1050.0) for y in (200.0, 800.0, 1400.0)]
    return max(abs(leaning(both, at, along)) for at in places for along in ((40.0, 0.0), (0.0, 40.0)))


def lines_of_text(angle: float) -> Pixels:
    """A page of words, turned."""
    page = blank_sheet(SIZE[::-1])
    for y in range(200, 1500, 60):
        cv2.putText(page, "words of a line of text", (150, y), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 40, 2)
    turn = cv2.getRotationMatrix2D((SIZE[0] / 2, SIZE[1] / 2), angle, 1.0)
    return np.asarray(cv2.warpAffine(page, turn, SIZE, borderValue=(235,)), np.uint8)


def level(count: int = 12) -> list[list[float]]:
    return [[150.0, y, 1050.0, y] for y in np.linspace(300, 1300, count)]


def straightened(ends: list[list[float]]) -> Floats:
    page = lines_of_text(0.0)
    return rectifying_homography(Segments(np.array(ends), np.zeros((0, 4, 2))), page)


def upright(x: float, lean: float) -> list[list[float]]:
    """Pieces of one ruled line of a table, at every row; ``lean`` is to the right, per pixel down."""
    return [[x - lean * 30, y, x + lean * 30, y + 60] for y in np.linspace(300, 1240, 12)]


def test_a_column_with_a_bent_line_does_not_shear_the_page():
    """Two lines of one column that were seen to meet just beyond the photo drew its left edge aside by ten degrees."""
    upright_lines = upright(930, 0.0) + upright(1040, -0.03)
    found = straightened([*level(), *upright_lines])
    assert abs(leaning(found, (150, 800), (0, 40))) < 2
    assert abs(leaning(found, (985, 800), (0, 40))) < 2


def test_scraps_of_a_seal_are_no_upright_lines():
    scraps = [[900.0, 1400.0, 908.0, 1418.0], [950.0, 1400.0, 958.0, 1418.0], [700.0, 1440.0, 708.0, 1458.0]]
    found = straightened([*level(), *scraps])
    assert abs(leaning(found, (600, 800), (0, 40))) < 0.5


def test_scraps_of_signatures_do_not_turn_the_page():
    scraps = [[600.0, y, 630.0, y + 8] for y in (1300.0, 1340.0, 1380.0)]
    assert np.allclose(straightened(scraps), np.eye(3))


def test_the_lines_of_one_column_still_tell_its_direction():
    found = straightened([*level(), *upright(950, -0.05), *upright(1000, -0.05), *upright(1050, -0.05)])
    assert abs(leaning(found, (1000, 800), (-0.05 * 40, 40))) < 0.5


@pytest.mark.parametrize("widths", [(760, 240), (60, 700, 240)])
def test_a_wide_low_table_is_straightened_to_half_a_degree(widths):
    """A corner lies anywhere on its round: short sides drawn from one to the next lean by two to four degrees."""
    flat = blank_sheet(SIZE[::-1])
    for number, line in enumerate(ruled(flat, 300, 100, [44] * 20, widths)):
        write(flat, "label of a row", line[-2], 0.8)
        write(flat, str(number * 13), line[-1], 0.8)
    photo = seen(flat, SEEN, SIZE)
    sheet = straighten(np.asarray(cv2.cvtColor(photo, cv2.COLOR_GRAY2BGR), np.uint8))
    assert steepest(sheet.to_photo, SEEN) < 0.5


@pytest.mark.parametrize("turn", [0.0, 3.0, -7.0])
def test_sides_of_a_cell_do_not_lean_with_its_rounded_corners(turn):
    angle = np.radians(turn)
    turned = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    outline = np.array(
        [[12, 0], [388, 0], [396, 2], [400, 6], [400, 30], [390, 36], [3, 36], [0, 34], [0, 8.0]]
    )
    sides = sides_of(outline @ turned.T, turn)
    assert len(sides) == 4
    leans = [np.degrees(np.arctan2(y1 - y0, x1 - x0)) - turn for x0, y0, x1, y1 in sides]
    assert all(abs((lean + 45) % 90 - 45) < 2.5 for lean in leans)


def test_a_page_of_tables_keeps_its_perspective():
    """Lines all over the page do tell where they meet."""
    flat = np.array([*level(), *(line for x in (150, 500, 900, 1050) for line in upright(x, 0.0))])
    ends = np.hstack([project(SEEN, flat[:, :2]), project(SEEN, flat[:, 2:])])
    found = rectifying_homography(Segments(ends, np.zeros((0, 4, 2))), lines_of_text(2.0))
    assert steepest(np.linalg.inv(found), SEEN) < 0.1
