"""Rows, columns, blanks and boxes on drawings made here: nothing may rely on a coordinate of one form."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
import pytest

from ocr.bands import find_bands
from ocr.blanks import find_blanks
from ocr.boxes import Box, hull_of
from ocr.boxrows import rows_by_boxes
from ocr.direction import text_slope
from ocr.focus import focus
from ocr.photo import open_photos
from ocr.rows import find_rows, worth_a_label
from ocr.rowtypes import Row, RowKind
from ocr.rules import find_rules
from ocr.sheet import straighten
from samples.generic import some_sample
from tests.ocr.drawing import SHEET, blank_sheet, near, ruled, underscore, write


def rows_on(sheet: np.ndarray) -> list[Row]:
    rules = find_rules(sheet)
    return find_rows(rules.cells, rules.blanks, sheet)


# Boxes:


def test_boxes_know_how_much_they_share():
    one, other = Box(0, 0, 10, 10), Box(5, 5, 15, 25)
    assert one.overlap_y(other) == 0.5
    assert one.overlap_x(other) == 0.5
    assert one.overlap_y(Box(10, 0, 20, 10)) == 0.0
    assert one.hull(other) == Box(0, 0, 15, 25) == hull_of([one, other])
    assert (one.width, one.height, one.middle) == (10, 10, 5.0)
    assert other.as_xyxy() == (5.0, 5.0, 25.0, 15.0)


# Tables:


@pytest.mark.parametrize("left", [60, 150])
@pytest.mark.parametrize("widths", [(60, 700, 180), (700, 180), (60, 560, 160, 300)])
def test_the_number_column_is_found_wherever_it_stands(left, widths):
    sheet = blank_sheet()
    cells = ruled(sheet, 300, left, [60] * 12, widths)
    place = len(widths) - 1 if len(widths) < 4 else 2
    for number, line in enumerate(cells):
        write(sheet, "label of a row", line[place - 1])
        write(sheet, str(number * 13), line[place])
    found = rows_on(sheet)
    assert len(found) == len(cells)
    assert all(near(row.number, line[place]) for row, line in zip(found, cells, strict=True))
    assert {row.kind for row in found} == {RowKind.CELL}


def test_rows_of_different_heights_are_all_found():
    sheet = blank_sheet()
    cells = ruled(sheet, 250, 100, [50, 90, 60, 120, 50, 50, 80, 60], (760, 200))
    found = rows_on(sheet)
    assert [near(row.number, line[1]) for row, line in zip(found, cells, strict=True)] == [True] * 8


def test_labels_are_left_of_their_numbers():
    sheet = blank_sheet()
    cells = ruled(sheet, 300, 100, [60] * 10, (60, 650, 200))
    for row, line in zip(rows_on(sheet), cells, strict=True):
        assert row.labels
        assert all(label.x1 <= row.number.x0 + 12 for label in row.labels)
        assert row.labels[0].overlap_y(line[1]) > 0.8


def test_digit_boxes_are_one_number():
    sheet = blank_sheet()
    cells = ruled(sheet, 300, 90, [60] * 10, (700, 56, 56, 56, 56))
    for number, line in enumerate(cells):
        for digit, box in zip(f"{number * 117:04d}", line[1:], strict=True):
            write(sheet, digit, box)
    found = rows_on(sheet)
    assert len(found) == 10
    for row, line in zip(found, cells, strict=True):
        assert row.kind is RowKind.BOXES
        assert near(row.number, hull_of(line[1:]), 16)


def test_a_seal_over_two_cells_does_not_lose_their_rows():
    sheet = blank_sheet()
    cells = ruled(sheet, 300, 100, [60] * 14, (60, 700, 200))
    seal = (cells[6][2].x1 - 40, cells[6][2].y1)
    for radius in (60, 64, 95, 99):
        cv2.circle(sheet, seal, radius, 60, 2)
    found = rows_on(sheet)
    for line in cells:
        assert any(row.number.overlap_y(line[2]) > 0.8 for row in found)


def test_two_tables_under_one_another_are_both_found():
    sheet = blank_sheet()
    first = ruled(sheet, 200, 100, [60] * 6, (800, 200))
    second = ruled(sheet, 900, 100, [60] * 6, (60, 700, 240))
    found = rows_on(sheet)
    wanted = [line[1] for line in first] + [line[2] for line in second]
    assert all(any(near(row.number, box) for row in found) for box in wanted)


def test_rows_come_from_top_to_bottom_and_once_each():
    sheet = blank_sheet()
    ruled(sheet, 300, 100, [60] * 12, (60, 700, 200))
    found = rows_on(sheet)
    tops = [row.number.y0 for row in found]
    assert tops == sorted(set(tops))


@pytest.mark.parametrize("scale", [0.7, 1.4])
def test_size_does_not_matter(scale):
    sheet = blank_sheet()
    ruled(sheet, 300, 100, [60] * 12, (60, 700, 200))
    other = cv2.resize(sheet, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    assert len(rows_on(np.asarray(other, np.uint8))) == 12


# Lines with blanks:


def lined(count: int, *, gap: int = 70, left: int = 760, right: int = 960) -> tuple[np.ndarray, list[int]]:
    sheet = blank_sheet()
    heights = [400 + gap * i for i in range(count)]
    for y in heights:
        write(sheet, "label of this line", Box(y - 40, 90, y + 6, 500), 0.8)
        underscore(sheet, y, left, right)
    return sheet, heights


def test_every_underscore_is_a_row_with_its_label_before_it():
    sheet, heights = lined(12)
    found = rows_on(sheet)
    assert len(found) == 12
    for row, y in zip(found, heights, strict=True):
        assert row.kind is RowKind.BLANK
        assert row.number.y0 < y <= row.number.y1 + 4
        assert row.labels[0].x1 <= row.number.x0


def test_room_above_a_line_ends_at_the_line_above():
    sheet, _ = lined(10, gap=40)
    found = rows_on(sheet)
    for upper, lower in pairwise(found):
        assert lower.number.y0 >= upper.number.y1 - 16


def test_a_number_that_crosses_its_line_does_not_break_the_row():
    sheet, heights = lined(8)
    for y in heights:
        cv2.putText(sheet, "478", (800, y + 8), cv2.FONT_HERSHEY_SIMPLEX, 1.3, 30, 3, cv2.LINE_AA)
    found = rows_on(sheet)
    assert len(found) == 8
    assert all(row.number.x0 <= 800 and row.number.x1 >= 870 for row in found)


@pytest.mark.parametrize("figure", ["5-7", "777", "747", "1+1"])
def test_strokes_of_a_number_are_not_lines_of_their_own(figure):
    sheet, heights = lined(8)
    for y in heights:
        cv2.putText(sheet, figure, (790, y - 6), cv2.FONT_HERSHEY_SIMPLEX, 1.5, 30, 4, cv2.LINE_AA)
    assert len(rows_on(sheet)) == 8


def test_signature_lines_below_are_not_read_as_rows_of_the_column():
    sheet, heights = lined(10)
    for i in range(4):
        underscore(sheet, heights[-1] + 150 + 60 * i, 420, 640)
    kept = worth_a_label(rows_on(sheet))
    assert len(kept) == 10


def test_header_blanks_above_a_table_are_kept_and_signatures_below_are_not():
    sheet = blank_sheet()
    underscore(sheet, 200, 420, 560)
    ruled(sheet, 300, 100, [60] * 10, (60, 700, 200))
    for i in range(4):
        underscore(sheet, 1100 + 60 * i, 420, 640)
    kept = worth_a_label(rows_on(sheet))
    assert [row.kind for row in kept].count(RowKind.BLANK) == 1
    assert kept[0].kind is RowKind.BLANK


# Nothing there:


@pytest.mark.parametrize("level", [0, 128, 255])
def test_an_even_picture_has_no_rows(level):
    assert rows_on(np.full(SHEET, level, np.uint8)) == []


def test_noise_has_no_table():
    noise = np.random.default_rng(1).integers(0, 256, SHEET, np.uint8).astype(np.uint8)
    assert all(row.kind is RowKind.BLANK for row in rows_on(noise))


# A number column without labels:


def test_bands_of_writing_are_found_in_a_bare_column():
    column = np.full((900, 300), 225, np.uint8)
    heights = [100, 280, 460, 640]
    for number, y in enumerate(heights):
        cv2.putText(column, str(120 + 37 * number), (60, y + 50), cv2.FONT_HERSHEY_SIMPLEX, 2, 40, 5)
        cv2.line(column, (5, y + 110), (295, y + 110), 60, 2)
    bands = find_bands(column)
    assert len(bands) == 4
    for band, y in zip(bands, heights, strict=True):
        assert band.number.y0 <= y + 20
        assert band.number.y1 >= y + 45
        assert band.kind is RowKind.BAND


# Writing in a long blank:


def long_blank(text: str, at: int, width: int = 700) -> np.ndarray:
    crop = np.full((60, width, 3), 230, np.uint8)
    cv2.putText(crop, text, (at, 45), cv2.FONT_HERSHEY_SIMPLEX, 1.3, (60, 40, 30), 3, cv2.LINE_AA)
    return crop


@pytest.mark.parametrize("at", [10, 300, 550])
@pytest.mark.parametrize("text", ["1", "48", "1203", "1  1"])
def test_focus_never_cuts_a_digit_away(text, at):
    crop = long_blank(text, at)
    seen = focus(crop)
    assert (crop < 150).sum() == (seen < 150).sum()
    assert seen.shape[1] <= crop.shape[1]


def test_focus_leaves_a_faint_watermark_out():
    crop = long_blank("48", 40)
    cv2.putText(crop, "SAMPLE", (420, 50), cv2.FONT_HERSHEY_SIMPLEX, 1.6, (205, 205, 205), 5, cv2.LINE_AA)
    assert focus(crop).shape[1] < 350


def test_focus_leaves_a_short_crop_and_an_empty_blank_alone():
    short, empty = long_blank("48", 10, 200), np.full((60, 700, 3), 230, np.uint8)
    assert focus(short) is short
    assert focus(empty).shape == empty.shape


def blank_with_a_dark_first_digit(letters_high: int) -> tuple[np.ndarray, int]:
    """Ink of an underscore whose beginning is lost under a dark digit, with print before it."""
    ink = np.zeros((1800, 1270), np.uint8)
    ink[500:502, 400:510] = 255  # what the threshold leaves of the line, which began at 300
    ink[460:496, 410:420] = 255
    ink[460:496, 440:450] = 255
    ink[460:496, 340:370] = 255  # the first digit
    for left in range(200, 280, 12):
        ink[498 - letters_high : 498, left : left + 8] = 255
    return ink, 340


def test_the_first_digit_of_a_number_on_an_underscore_is_not_cut_off():
    """640 became 40, with both readers sure: the threshold loses a faint line under a dark digit."""
    ink, digit = blank_with_a_dark_first_digit(letters_high=14)
    (blank,) = find_blanks(ink, [])
    assert blank.x0 <= digit
    assert blank.x0 > 280, "the end of the label is not part of the number"


def test_a_tilted_sheet_of_digit_boxes_does_not_put_numbers_beside_the_labels_above():
    (photo,) = open_photos(some_sample(620013, layout="boxes").jpeg, "tilted.jpg")
    slope, _ = text_slope(straighten(photo.pixels).grey)
    assert abs(slope) < 0.012


def test_a_fold_through_a_label_beside_digit_boxes_does_not_cut_the_label():
    def line(top, *label):
        boxes = [Box(top, 1000 + 50 * k, top + 40, 1050 + 50 * k) for k in range(3)]
        return [*(Box(top, x0, top + 90, x1) for x0, x1 in label), *boxes]

    whole, folded = line(100, (50, 375)), line(300, (53, 226), (226, 374))
    first, second = rows_by_boxes([*whole, *folded])
    assert first.labels == (Box(100, 50, 190, 375),)
    assert second.labels == (Box(300, 53, 390, 374),)
    parted = [
        *line(100, (50, 226), (226, 375)),
        *folded,
    ]  # two columns in every row: the wider one is the label
    assert [row.labels[0].width for row in rows_by_boxes(parted)] == [176, 173]
