"""Tables whose rules are broken, crossed, faint or imitated by letters, on drawings made here."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr.anchor import match_form
from ocr.boxes import Box
from ocr.columns import rows_by_columns
from ocr.contrast import clear_print
from ocr.grid import merge_split_cells, split_joined_cells
from ocr.rows import find_rows
from ocr.rowtypes import Row, RowKind
from ocr.rules import find_rules
from ocr.tiles import cut_tiles
from tally.form import load_form
from tests.ocr.drawing import INK, PAPER, SHEET, Line, blank_sheet, near, rows_of, ruled, write


def rows_on(sheet: np.ndarray) -> list[Row]:
    rules = find_rules(sheet)
    return find_rows(rules.cells, rules.blanks, sheet)


def boxed_row(sheet: np.ndarray, top: int, separators: int) -> list[Box]:
    """A label, a black bar and three digit boxes, of whose two inner rules ``separators`` are printed."""
    (line,) = ruled(sheet, top, 100, [44], [300, 500, 150])
    cv2.rectangle(sheet, (line[1].x0, line[1].y0), (line[1].x1, line[1].y1), 15, -1)
    for number in range(separators):
        x = line[2].x0 + 50 * (number + 1)
        cv2.line(sheet, (x, line[2].y0), (x, line[2].y1), INK, 2)
    write(sheet, "votes", line[0], 0.7)
    return line


def test_stems_of_letters_in_tight_rows_are_not_taken_for_rules():
    sheet = blank_sheet()
    cells = ruled(sheet, 300, 100, [26] * 8, (600, 300))
    for line in cells:
        for x in (130, 190, 260, 340):  # the same words begin every label
            cv2.line(sheet, (x, line[0].y0 + 7), (x, line[0].y1 - 5), INK, 3)
    found = find_rules(sheet).cells
    assert len(found) == 16
    assert all(
        any(near(cell, wanted) for wanted in (line[0], line[1]))
        for cell, line in zip(found[::2], cells, strict=True)
    )


def test_a_line_of_words_does_not_cut_a_tall_cell():
    sheet = blank_sheet()
    cells = ruled(sheet, 300, 100, [90] * 5, (700, 200))
    for line in cells:
        for x in range(130, 700, 14):
            cv2.rectangle(sheet, (x, int(line[0].middle) - 4), (x + 8, int(line[0].middle) + 4), INK, -1)
    assert len(find_rules(sheet).cells) == 10


def test_boxes_whose_inner_rule_is_missing_keep_all_their_digits():
    sheet = blank_sheet()
    lines = [boxed_row(sheet, 300 + 110 * n, separators) for n, separators in enumerate((2, 1, 2, 1))]
    found = [row for row in rows_on(sheet) if row.kind is RowKind.BOXES]
    assert len(found) == 4
    assert all(near(row.number, line[2]) for row, line in zip(found, lines, strict=True))
    assert all(near(row.labels[0], line[0]) for row, line in zip(found, lines, strict=True))


def test_a_rule_that_is_printed_in_pieces_still_divides_label_and_number():
    ink = np.zeros((1800, 1270), np.uint8)
    whole = [Box(y, 100, y + 60, 800) for y in (300, 380, 460)]
    numbers = [Box(box.y0, 804, box.y1, 1000) for box in whole]
    joined, corner = Box(540, 100, 600, 1000), Box(540, 40, 600, 96)
    ink[540:600:2, 802:804] = 255
    cells = split_joined_cells([*whole, *numbers, joined, corner], ink)
    assert any(near(cell, Box(540, 802, 600, 1000), 6) for cell in cells)


def numbers_beside_words(divided: dict[int, int]) -> tuple[list[Box], list[Box]]:
    """The cells of 13 rows, label, number and words; and with the numbers of some rows cut, at so many pixels."""
    rows = [
        [Box(y, x0, y + 52, x1) for x0, x1 in ((100, 656), (664, 796), (804, 1120))]
        for y in range(300, 1028, 56)
    ]
    cut = [row[:] for row in rows]
    for number, at in divided.items():
        whole = cut[number].pop(1)
        cut[number] += [
            Box(whole.y0, whole.x0, whole.y1, whole.x0 + at),
            Box(whole.y0, whole.x0 + at + 4, whole.y1, whole.x1),
        ]
    return sorted(cell for row in rows for cell in row), sorted(cell for row in cut for cell in row)


def test_digits_of_a_thick_pen_under_one_another_are_no_rule():
    """They reached both rules in a few rows of 13; the other rows were then cut as well, and 542 read as 54."""
    whole, cut = numbers_beside_words({2: 70, 6: 75, 9: 72})
    assert merge_split_cells(cut, SHEET[0]) == whole


def test_a_rule_that_some_rows_lost_stays_a_rule():
    _, cut = numbers_beside_words({row: 72 for row in range(13) if row % 2})
    assert merge_split_cells(cut, SHEET[0]) == cut


def two_tables(fragments: list[Box]) -> tuple[list[Box], list[Box]]:
    """Cells of a table of eight low rows on one of twelve, with pieces of the upper labels; and the upper numbers."""
    upper = [Box(y, 535, y + 17, 945) for y in range(400, 560, 20)]
    lower = [
        Box(y, x0, y + 27, x1)
        for y in range(566, 926, 30)
        for x0, x1 in ((140, 180), (186, 332), (338, 507), (513, 685), (691, 945))
    ]
    return sorted([*upper, *lower, *fragments]), upper


def test_a_table_above_another_keeps_its_rows_where_a_narrow_column_reaches_up_beside_it():
    """Stems of letters had cut its labels just below one another where the ordinal numbers of the other table stand."""
    cells, upper = two_tables([Box(y, 140, y + 17, 180) for y in range(420, 560, 20)])
    numbers = [row.number for row in rows_by_columns(cells)]
    assert all(any(near(number, box) for number in numbers) for box in upper)


def test_a_piece_of_a_label_is_no_place_for_a_number():
    pieces = [Box(540, 140, 557, 180), Box(540, 186, 557, 332), Box(540, 338, 557, 507)]
    cells, upper = two_tables(pieces)
    numbers = [row.number for row in rows_by_columns(cells)]
    assert not any(near(number, pieces[-1]) for number in numbers)
    assert any(near(number, upper[-1]) for number in numbers)


def test_labels_whose_rules_were_not_found_stand_each_on_its_own_line():
    cells = [Box(y, 600, y + 40, 760) for y in range(300, 732, 48)]
    labels = [Box(y, 100, y + 40, 592) for y in (300, 348, 396, 588, 636, 684)]
    rows = rows_by_columns(sorted([*cells, *labels, Box(444, 100, 580, 592)]))
    assert [row.labels[0].height for row in rows] == [40] * 9


@pytest.mark.parametrize(("gap", "whole"), [(8, True), (45, False)])
def test_a_ruled_label_beside_its_number_is_one_block_with_it_only_if_nothing_lies_between(gap, whole):
    """Labels as wide as the numbers, half of their cells not closed: a narrow column between would have been missed."""
    left = 300 + gap
    numbers = [Box(y, left, y + 40, left + 260) for y in range(300, 732, 48)]
    labels = [Box(y, 100, y + 40, 300) for y in range(300, 540, 48)]
    rows = rows_by_columns(sorted([*numbers, *labels]))
    assert [row.is_one_block for row in rows] == [whole] * 9


def pieces_of_a_table(gap: int) -> list[list[Box]]:
    """Two pieces with a gap between; in the lower one digits cross the rules, and no cell of a number is closed."""
    edges = ((100, 140), (148, 600), (608, 780), (788, 1130))
    upper = [[Box(y, x0, y + 44, x1) for x0, x1 in edges] for y in range(300, 820, 52)]
    below = upper[-1][0].y1 + gap
    lower = [[Box(y, x0, y + 44, x1) for x0, x1 in edges] for y in range(below, below + 260, 52)]
    return [*upper, *lower]


def numbers_found(lines: list[list[Box]], broken: range) -> list[bool]:
    cells = [c for k, line in enumerate(lines) for c in line if k not in broken or c is not line[2]]
    found = find_rows(sorted(cells), [], blank_sheet())
    return [any(near(row.number, line[2]) for row in found) for line in lines]


def test_rows_below_an_open_heading_have_their_numbers_in_the_column_of_the_rows_above():
    """The numbers were sought in the next column, where they stand in words."""
    lines = pieces_of_a_table(gap=50)
    assert numbers_found(lines, range(10, 15)) == [True] * 15


def test_a_table_farther_down_is_another_table():
    lines = pieces_of_a_table(gap=150)
    assert numbers_found(lines, range(10, 15)) == [True] * 10 + [False] * 5


def test_a_heading_across_the_table_gets_no_number_cell():
    ink = np.zeros((1800, 1270), np.uint8)
    whole = [Box(y, 100, y + 60, 800) for y in (300, 380, 460)]
    numbers = [Box(box.y0, 804, box.y1, 1000) for box in whole]
    heading = Box(540, 100, 600, 1000)
    ink[540:600, 802:804] = 255  # a stroke of the seal stands just there
    assert heading in split_joined_cells([*whole, *numbers, heading], ink)


def test_words_at_the_edge_of_a_column_do_not_divide_a_cell():
    ink = np.zeros((1800, 1270), np.uint8)
    whole = [Box(y, 100, y + 60, 800) for y in (300, 380, 460)]
    numbers = [Box(box.y0, 804, box.y1, 1000) for box in whole]
    written, corner = Box(540, 100, 600, 1000), Box(540, 40, 600, 96)
    ink[560:585, 780:830] = 255  # one line of writing: ink in the middle of the height only
    assert written in split_joined_cells([*whole, *numbers, written, corner], ink)


# Print:


def test_faint_print_becomes_as_dark_as_good_print_and_loses_its_rules():
    sheet = np.full((400, 600), 200, np.uint8)
    cv2.putText(sheet, "LP", (60, 100), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 150, 2, cv2.LINE_AA)
    cv2.line(sheet, (20, 130), (500, 130), 150, 2)
    clear = clear_print(sheet)
    assert clear[75:101, 60:90].min() < 150
    assert clear[126:135, 100:450].min() > 220
    assert np.median(clear) == 255


def test_grain_of_the_paper_is_not_raised_to_print():
    rng = np.random.default_rng(7)
    sheet = np.clip(rng.normal(PAPER - 20, 4, (400, 600)), 0, 255).astype(np.uint8)
    assert (clear_print(sheet) < 150).mean() < 0.001


def test_a_row_whose_label_was_not_read_is_shown_but_never_anchored():
    form = load_form("ng-2023-ec8a")
    given = [Line(f.labels["en"][0]) for f in (form.field(c) for c in form.codes_for(0)) if f.labels]
    codes = [c for c in form.codes_for(0) if form.field(c).labels]
    place = codes.index("votes.LP")
    given[place] = Line("")
    match = match_form(form, *rows_of(given))
    assert match.fields["votes.LP"].row.number.y0 == 200 + 60 * (place + 1)
    assert not match.fields["votes.LP"].anchored
    del given[place]
    assert "votes.LP" not in match_form(form, *rows_of(given)).fields


def test_labels_printed_faintly_are_still_print():
    sheet = blank_sheet()
    (line,) = ruled(sheet, 300, 100, [44], [300, 200])
    faint = np.full_like(sheet, PAPER)
    write(faint, "APGA", line[0], 0.8)
    sheet = np.where(faint < PAPER, 185, sheet).astype(np.uint8)  # blurred to a light grey
    label = Box(line[0].y0 + 4, line[0].x0 + 4, line[0].y1 - 4, line[0].x1 - 4)
    row = Row(line[1], (label,), RowKind.CELL)
    assert not cut_tiles(sheet, [row])
    (tile,) = cut_tiles(sheet, [row], faint=True).values()
    assert tile.min() < 100
    blank = np.full_like(sheet, PAPER)
    assert not cut_tiles(blank, [row], faint=True)


def test_numbers_whose_cells_are_broken_stand_right_of_their_labels():
    upper = [Box(100 + 30 * k, 200, 128 + 30 * k, 600) for k in range(6)]  # labels alone are closed
    lower = [
        Box(285 + 50 * k, x0, 331 + 50 * k, x1)
        for k in range(6)
        for x0, x1 in ((200, 260), (264, 420), (424, 600), (604, 1100))
    ]
    rows = find_rows(sorted([*upper, *lower]), [], blank_sheet())
    first = [row for row in rows if row.number.y0 < 280]
    assert len(first) == 6
    assert all(row.number.x0 >= 600 and row.labels[0].x1 <= 600 for row in first)


def test_a_row_without_an_ordinal_number_has_its_whole_label():
    table = [
        Box(300 + 50 * k, x0, 346 + 50 * k, x1)
        for k in range(6)
        for x0, x1 in ((200, 260), (264, 520), (524, 700), (704, 1100))
    ]
    total = [Box(600, 200, 660, 520), Box(600, 524, 660, 700), Box(600, 704, 660, 1100)]
    rows = find_rows([*table, *total], [], blank_sheet())
    assert rows[-1].labels[0].x0 == 200
    assert rows[0].labels[0].x0 == 264


def test_labels_of_numbered_rows_are_not_sought_in_the_margin():
    margin = 420  # another page of the booklet
    table = [
        Box(300 + 50 * k, margin + x0, 346 + 50 * k, margin + x1)
        for k in range(8)
        for x0, x1 in ((0, 46), (50, 250), (254, 450), (454, 700))
    ]
    rows = find_rows(table, [], blank_sheet())
    assert len(rows) == 8
    assert all(row.labels[0].x0 == margin + 50 and row.number.x0 == margin + 254 for row in rows)
    assert all(row.beside is not None and row.beside.x0 == margin + 454 for row in rows)
