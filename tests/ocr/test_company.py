"""The fear: two sheets side by side in one photo, one of them read and the other lost without a word."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr.boxes import Box
from ocr.company import ROWS, has_company
from ocr.pipeline import read_file
from ocr.rowtypes import Row, RowKind
from samples.generic import some_plan
from samples.hand import some_writer
from samples.photo import corners_of, photograph
from samples.sheet import draw_sheet
from samples.style import some_style
from tally.model import Status
from tests.ocr.committed import BOXES, FORM, LINES, TABLE, WORDS, read

ALONE = "more than one sheet in the photo: photograph each alone"


def drawn(seed: int, layout: str):
    rng = np.random.default_rng([seed, 1])
    writer, style = some_writer(rng), some_style(rng, layout)
    return draw_sheet(some_plan(np.random.default_rng([seed, 11])), style, writer, seed, None)


def side_by_side(seed: int, first: str, second: str) -> bytes:
    """Two sheets, paper against paper, in one photo."""
    left, right = drawn(seed, first), drawn(seed + 5000, second)
    height = max(left.picture.shape[0], right.picture.shape[0])
    papers = [
        cv2.copyMakeBorder(
            p, 0, height - p.shape[0], 0, 0, cv2.BORDER_CONSTANT, value=[int(v) for v in p[-1, -1]]
        )
        for p in (left.picture, right.picture)
    ]
    wide = left.picture.shape[1]
    cells = [*left.cells.values(), *((a + wide, b, c + wide, d) for a, b, c, d in right.cells.values())]
    both = np.hstack(papers)
    return photograph(both, corners_of(cells), np.random.default_rng([seed, 2]), 0.6, 0).jpeg


@pytest.mark.parametrize(("seed", "first", "second"), [(7001, "boxes", "words"), (7007, "lines", "lines")])
def test_a_second_sheet_beside_the_one_that_was_read_is_told(seed, first, second):
    (page,) = read_file(side_by_side(seed, first, second), "two.jpg", FORM)
    assert page.status is Status.REVIEW
    assert ALONE in page.reasons


@pytest.mark.parametrize("name", [TABLE, WORDS, BOXES, LINES])
def test_a_sheet_on_a_desk_has_no_company(name):
    assert ALONE not in read(name).reasons


# The parts.


def rows(count: int = ROWS) -> list[Row]:
    return [
        Row(Box(y, 500, y + 40, 600), (Box(y, 200, y + 40, 500),), RowKind.CELL)
        for y in range(100, 100 + 60 * count, 60)
    ]


def printed(left: int, right: int) -> np.ndarray:
    grey = np.full((600, 1400), 235, np.uint8)
    for y in range(126, 400, 30):
        cv2.putText(grey, "HEMA KATE MX ATE", (left, y), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 30, 2)
        cv2.putText(grey, "HEMA KATE MX ATE", (right, y), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 30, 2)
    return grey


def test_print_within_the_rows_is_their_own():
    assert not has_company(printed(210, 280), rows())


def test_much_print_beyond_them_on_either_side_is_another_sheets():
    assert has_company(printed(210, 800), rows())
    mirrored = [
        Row(Box(r.number.y0, 1250, r.number.y1, 1350), (Box(r.number.y0, 800, r.number.y1, 1250),), r.kind)
        for r in rows()
    ]
    assert has_company(printed(210, 810), mirrored)


def test_few_rows_say_nothing_of_where_the_sheet_ends():
    assert not has_company(printed(210, 800), rows(ROWS - 1))


def test_a_page_that_ends_with_its_rows_has_nothing_beside_it():
    assert not has_company(np.full((600, 610), 235, np.uint8), rows())
