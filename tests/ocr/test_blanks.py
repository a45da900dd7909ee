"""Blanks whose line the threshold breaks up: no digit may be lost, and the header stays above the table."""

from __future__ import annotations

import numpy as np
import pytest

from ocr.blanks import find_blanks
from ocr.boxes import Box
from ocr.rows import find_rows, worth_a_label
from ocr.rowtypes import Row, RowKind


def test_a_scrap_of_the_line_between_two_dark_digits_does_not_hide_the_first():
    """26 became precinct 6, with all readers sure: one pixel of the line lay between the digits."""
    ink = np.zeros((1800, 1270), np.uint8)
    ink[500:502, 400:510] = 255  # what the threshold leaves of the line, which began at 300
    ink[460:496, 410:450] = 255
    ink[460:496, 345:380] = 255  # the first digit
    ink[500:501, 388:390] = 255  # the scrap
    (blank,) = find_blanks(ink, [])
    assert blank.x0 <= 345


def test_a_blank_that_ends_like_the_others_begins_like_them_where_ink_goes_on():
    """263 became 3: the left half of the first blank lay under dark digits, the others showed where it begins."""
    ink = np.zeros((1800, 1270), np.uint8)
    for top in (500, 560, 620, 680):
        ink[top : top + 2, 700:920] = 255
    ink[470:502, 700:785] = 255  # digits stand on the first line and hide its beginning
    (first, *_) = find_blanks(ink, [])
    assert first.x0 <= 705


def test_a_loop_of_a_digit_beside_a_table_of_wood_grain_does_not_hide_the_line_under_it():
    """27 became 7 and 1097 109: grain beside the paper made twelve cells, and loops of digits took their lines away."""
    ink = np.zeros((1800, 1270), np.uint8)
    ink[500:502, 700:920] = 255
    grain = [Box(top, left, top + 18, left + 60) for top in (20, 44) for left in range(100, 700, 100)]
    grain = [Box(cell.y0, cell.x0, cell.y1, cell.x0 + 96) for cell in grain]
    loop = Box(478, 760, 495, 790)
    assert find_blanks(ink, [*grain, loop]) == find_blanks(ink, grain)
    (blank,) = find_blanks(ink, [*grain, loop])
    assert blank.x0 <= 705
    assert blank.x1 >= 915


def test_grain_of_a_wooden_table_taken_for_cells_does_not_hide_a_page_of_blanks():
    """One page of underscores in thirty was sent back as no protocol: its blanks were taken for lines to sign on."""
    grain = [_cell(top, 20) for top in (10, 32, 54, 1720, 1742, 1764)]
    blanks = [_blank(top) for top in range(200, 1400, 65)]
    assert set(blanks) <= set(worth_a_label([*grain[:3], *blanks, *grain[3:]]))


@pytest.mark.parametrize("height", [14, 51])
def test_letters_of_the_title_taken_for_cells_do_not_hide_the_precinct(height):
    """The header's blanks were passed over on one sheet in ten, because some cell stood still higher."""
    table = [_cell(top, 44) for top in range(400, 1000, 50)]
    speck, precinct, signature = _cell(28, height), _blank(260), _blank(1200)
    assert worth_a_label([speck, precinct, *table, signature]) == [speck, precinct, *table]


def _cell(top: int, height: int) -> Row:
    number = Box(top, 700, top + height, 860)
    return Row(number, (Box(top, 100, top + height, 700),), RowKind.CELL)


def _blank(top: int) -> Row:
    return Row(Box(top, 300, top + 60, 440), (Box(top, 0, top + 60, 300),), RowKind.BLANK)


@pytest.mark.parametrize("lower", [18, 40])
def test_an_arc_of_the_seal_does_not_hide_the_label_of_the_last_row(lower):
    """Without its label the last row was none, and no candidate above it had proof of its place."""
    last, arc = Box(1347, 944, 1412, 1117), Box(1347 + lower, 797, 1412 + lower, 862)
    (row,) = (r for r in find_rows([], [arc, last], np.full((1800, 1270), 230, np.uint8)) if r.number == last)
    assert row.labels == (Box(1347, 0, 1412, 944),)


def test_of_two_blanks_on_one_line_each_keeps_its_own_label():
    first, second = Box(239, 411, 304, 554), Box(243, 965, 308, 1107)
    rows = find_rows([], [first, second], np.full((1800, 1270), 230, np.uint8))
    assert [row.labels for row in rows] == [(Box(239, 0, 304, 411),), (Box(243, 554, 308, 965),)]
