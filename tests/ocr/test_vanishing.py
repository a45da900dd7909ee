"""Which way a page is straightened: lines drawn here and seen through a known homography."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from ocr.edges import axis_of, middle_of, sides_of
from ocr.segments import Floats, Pixels, Segments, find_segments
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


@pytest.mark.parametrize("drop", [6, -40])
def test_digits_that_cross_a_rule_do_not_turn_it(drop):
    """A digit at the end of an underscore turned the rectangle around both by up to two degrees."""
    page = blank_sheet(SIZE[::-1])
    heights = range(300, 1300, 100)
    for y in heights:
        cv2.line(page, (400, y), (1000, y), 40, 3)
        cv2.putText(
            page, "478", (880, y + drop + (0 if drop > 0 else 70)), cv2.FONT_HERSHEY_SIMPLEX, 1.5, 40, 4
        )
    turn = cv2.getRotationMatrix2D((600, 800), 3.0, 1.0)
    found = find_segments(np.asarray(cv2.warpAffine(page, turn, SIZE, borderValue=(235,)), np.uint8))
    long = found.lengths > 500
    assert long.sum() == len(heights)
    assert np.abs(found.angles[long] - 177.0).max() < 0.15


def outline_of(draw: Callable[[Pixels], object]) -> cv2.typing.MatLike:
    picture = np.zeros((400, 900), np.uint8)
    draw(picture)
    (outline,), _ = cv2.findContours(picture, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return outline


def test_the_middle_of_a_rule_runs_where_it_is_bare():
    def rule_with_a_digit(picture):
        cv2.line(picture, (50, 100), (850, 130), 255, 3)
        cv2.rectangle(picture, (600, 60), (640, 170), 255, -1)

    middle = middle_of(outline_of(rule_with_a_digit))
    assert middle is not None
    assert middle == pytest.approx([50, 100, 850, 130], abs=9)
    assert (middle[3] - middle[1]) / (middle[2] - middle[0]) == pytest.approx(30 / 800, abs=0.002)
    steep = middle_of(outline_of(lambda picture: cv2.line(picture, (300, 20), (312, 380), 255, 3)))
    assert steep == pytest.approx([300, 20, 312, 380], abs=4)


def test_the_axis_of_a_clean_rule_is_its_middle_and_a_thick_stroke_has_none():
    axis = axis_of(outline_of(lambda picture: cv2.line(picture, (50, 100), (850, 130), 255, 3)))
    assert axis is not None
    assert min(axis.reshape(2, 2).tolist()) == pytest.approx([50, 100], abs=4)
    assert axis_of(outline_of(lambda picture: cv2.line(picture, (50, 100), (150, 100), 255, 15))) is None


def test_an_arc_of_a_seal_has_no_middle_line():
    assert (
        middle_of(outline_of(lambda picture: cv2.ellipse(picture, (450, 40), (300, 60), 0, 20, 160, 255, 3)))
        is None
    )


@pytest.mark.parametrize("length", [0, 12])
def test_a_speck_of_one_pixel_or_of_a_few_has_a_middle_line(length):
    middle = middle_of(outline_of(lambda picture: cv2.line(picture, (300, 20), (300 + length, 20), 255, 1)))
    assert middle is not None
    assert middle.tolist() == [300, 20, 300 + length, 20]
