"""A number read rightly and tied to the label above or below it is the gravest error there is."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr.anchor import ANCHOR_SCORE
from ocr.boxes import Box
from ocr.direction import text_slope
from ocr.matching import is_heading, similarity, speaks_for_one
from ocr.pipeline import read_file
from ocr.rowtypes import Row, RowKind
from samples.generic import some_sample

OUTSIDE = ["в том числе проголосовавших вне помещения для голосования"]
ABSENTEE = ["в том числе по открепительным удостоверениям", "оның ішінде есептен шығару куәлігі бойынша"]
HEADING = ["Число голосов, поданных за каждого кандидата", "Кандидат"]


@pytest.mark.parametrize("seed", [300103, 300026])
def test_no_row_of_a_sheet_seen_from_the_side_is_tied_to_its_neighbours_label(seed):
    sample = some_sample(seed)
    page = read_file(sample.jpeg, "photo.jpg", sample.truth["form"])[0]
    for code, reading in page.fields.items():
        if not reading.anchored or reading.quad_px is None:
            continue
        quad = np.array(sample.truth["cells"][code]["quad_px"], dtype=np.float64)
        height = quad[2:, 1].mean() - quad[:2, 1].mean()
        assert abs(np.mean(reading.quad_px, axis=0)[1] - quad[:, 1].mean()) < 0.75 * height, code


def test_a_label_with_the_words_of_two_rows_speaks_for_neither():
    both = f"4. {OUTSIDE[0]} 5. {ABSENTEE[0]}"
    assert not speaks_for_one(both, OUTSIDE, [ABSENTEE], True, bare=False)
    assert not speaks_for_one(both, ABSENTEE, [OUTSIDE], True, bare=False)


def test_a_label_in_two_languages_speaks_for_its_one_row():
    assert speaks_for_one(" / ".join(ABSENTEE), ABSENTEE, [OUTSIDE], True, bare=True)


def test_an_unknown_name_before_a_label_on_bare_paper_makes_it_doubtful():
    label = "15. Кандидат Шестой Иван Иванович 16. Против всех"
    assert not speaks_for_one(label, ["Против всех"], [], True, bare=True)
    assert speaks_for_one("16. Против всех", ["Против всех"], [], True, bare=True)


def test_a_party_of_two_letters_still_has_a_label():
    assert speaks_for_one("4 LP", ["LP"], [["LABOUR PARTY"]], False, bare=True)


def test_a_heading_is_told_from_a_candidate():
    assert is_heading("Числө гөлосов, поданных за каждого кандидата", HEADING, True)
    assert not is_heading("Кандидат 1 / Үміткер 1", HEADING, True)


def test_a_cell_of_the_next_block_is_not_the_number_of_a_label_on_bare_paper():
    row = Row(Box(0, 400, 40, 780), (Box(0, 10, 40, 390),), RowKind.CELL)
    assert not row.is_one_block
    assert Row(row.number, row.labels, RowKind.CELL, ruled=True).is_one_block
    assert Row(Box(0, 400, 40, 480), row.labels, RowKind.CELL).is_one_block


@pytest.mark.parametrize(("top", "bottom"), [(0.0, 0.0), (0.0, 0.08), (-0.04, 0.04), (0.05, 0.05)])
def test_lines_of_text_that_fan_out_are_measured(top, bottom):
    page = np.full((1400, 1000), 235, np.uint8)
    for y in range(100, 1320, 45):
        slope = top + (bottom - top) * y / 1400
        for x in range(120, 880, 26):
            at = (x, round(y + slope * (x - 500)))
            cv2.putText(page, "n", at, cv2.FONT_HERSHEY_SIMPLEX, 0.8, (30,), 2)
    slope, fan = text_slope(page)
    assert slope == pytest.approx((top + bottom) / 2, abs=0.012)
    assert fan * 1400 == pytest.approx(bottom - top, abs=0.025)


def test_one_letter_in_a_misread_line_is_no_party():
    assert similarity("political e a r ч /", ["A"], cyrillic=False) == 0.0
    assert similarity("1 a", ["A"], cyrillic=False) == 1.0


def test_latin_capitals_read_as_their_cyrillic_twins():
    assert similarity("арм", ["APM"], cyrillic=False) >= ANCHOR_SCORE
    assert similarity("арс", ["APM"], cyrillic=False) < ANCHOR_SCORE
