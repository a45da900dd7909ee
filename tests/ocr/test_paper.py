"""What lies beside the sheet is no line of a form."""

from __future__ import annotations

import cv2
import numpy as np

from ocr.boxes import Box
from ocr.layout import find_layout
from ocr.paper import find_paper, rules_on_paper, segments_on_paper
from ocr.photo import open_photos
from ocr.rules import Rules
from ocr.segments import Pixels, Segments
from samples.generic import some_sample
from tally.form import load_form

ON, BESIDE = Box(800, 400, 840, 560), Box(800, 20, 840, 90)
LINES = np.array([[300.0, 700, 700, 700], [20, 300, 90, 300], [110, 500, 130, 500]])


def on_a_table(paper: int = 220, wood: int = 110) -> Pixels:
    picture = np.full((1600, 1200), wood, np.uint8)
    cv2.rectangle(picture, (120, 150), (1100, 1500), paper, -1)
    return picture


def test_only_points_on_the_paper_and_not_at_its_edge_are_on_it():
    paper = find_paper(on_a_table())
    assert paper is not None
    points = np.array([[600.0, 800], [60, 800], [124, 800], [600, 1590], [1199, 1599], [200, 200]])
    assert paper.holds(points).tolist() == [True, False, False, False, False, True]


def test_without_a_sheet_that_stands_out_everything_is_kept():
    even, found = np.full((1600, 1200), 0, np.uint8), Segments(LINES, np.zeros((0, 4, 2)))
    speck = even.copy()
    speck[700:900, 500:700] = 255
    for picture in (even, speck):
        assert find_paper(picture) is None
        assert segments_on_paper(found, picture) is found
        assert rules_on_paper(Rules((ON, BESIDE), ()), picture, np.eye(3)) == Rules((ON, BESIDE), ())


def test_boards_of_a_table_are_left_out():
    kept = rules_on_paper(Rules((ON, BESIDE), (BESIDE, ON)), on_a_table(), np.eye(3))
    assert kept == Rules((ON,), (ON,))
    corners = np.array(
        [[[b.x0, b.y0], [b.x1, b.y0], [b.x1, b.y1], [b.x0, b.y1]] for b in (ON, BESIDE)], np.float64
    )
    found = segments_on_paper(Segments(LINES, corners), on_a_table())
    assert found.ends.tolist() == LINES[:1].tolist()
    assert found.cells.tolist() == corners[:1].tolist()


def test_lines_are_kept_if_hardly_any_lies_on_what_was_taken_for_the_paper():
    beside = Segments(LINES[1:], np.zeros((0, 4, 2)))
    assert segments_on_paper(beside, on_a_table()) is beside


def test_a_sheet_of_underscores_on_grained_wood_is_found():
    """Forty cells of the grain, one on the paper: no row was sought beside its label, and it was no protocol."""
    (photo,) = open_photos(some_sample(3100054).jpeg, "wood.jpg")
    assert find_layout(photo, [load_form("kz-2023-majilis-smd")]).match.score > 0.9
