"""Rows found from their labels alone: several blocks on a page, no closed tables, writing half a row too high."""

from __future__ import annotations

import cv2
import numpy as np

from ocr.anchor import match_form, with_rows
from ocr.boxes import Box
from ocr.labelrows import holds_print, labelled_fields, rows_by_labels
from ocr.matching import similarity
from ocr.words import Word, lines_of, read_words
from tally.form import load_form
from tests.ocr.drawing import INK, PAPER, Line, anchored, printed_labels, rows_of

FORM = load_form("kz-2023-majilis-smd")
FIELDS = {"found": ["ballots found in the box"], "invalid": ["invalid ballots"], "issued": ["ballots issued"]}


def print_words(text: str, x: int, y: int) -> list[Word]:
    """Words of 9 px a letter, 16 px high, from (x, y) on."""
    out = []
    for token in text.split():
        out.append(Word(token, Box(y, x, y + 16, x + 9 * len(token)), 0.9))
        x += 9 * len(token) + 7
    return out


def page(numbers: list[tuple[str, int, int]]) -> np.ndarray:
    sheet = np.full((900, 1270), PAPER, np.uint8)
    for text, x, y in numbers:
        cv2.putText(sheet, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, 1.0, INK, 3, cv2.LINE_AA)
    return sheet


def middle(box: Box) -> tuple[float, float]:
    return (box.x0 + box.x1) / 2, box.middle


def test_two_blocks_side_by_side_keep_their_own_numbers():
    words = [*print_words("ballots found in the box", 80, 300), *print_words("invalid ballots", 700, 300)]
    sheet = page([("412", 370, 318), ("7", 900, 318)])
    rows = rows_by_labels(FIELDS, words, [], sheet, False)
    assert set(rows) == {"found", "invalid"}
    assert 370 <= middle(rows["found"].row.number)[0] <= 430
    assert 890 <= middle(rows["invalid"].row.number)[0] <= 930
    assert not any(anchor.anchored for anchor in rows.values())


def test_writing_half_a_row_too_high_goes_to_the_nearer_label():
    words = [
        *print_words("ballots issued", 80, 300),
        *print_words("ballots found in the box", 80, 360),
        *print_words("invalid ballots", 80, 420),
    ]
    sheet = page([("58", 420, 305), ("61", 420, 367), ("3", 420, 425)])
    rows = rows_by_labels(FIELDS, words, [], sheet, False)
    heights = [rows[code].row.number.middle for code in ("issued", "found", "invalid") if code in rows]
    assert heights == sorted(heights)
    for code, y in (("issued", 294), ("found", 356), ("invalid", 414)):
        assert code not in rows or abs(rows[code].row.number.middle - y) < 12


def test_a_wording_printed_twice_is_taken_for_neither_place():
    words = [*print_words("invalid ballots", 80, 300), *print_words("invalid ballots", 80, 500)]
    assert "invalid" not in rows_by_labels(FIELDS, words, [], page([("7", 300, 318), ("9", 300, 518)]), False)


def test_one_number_between_two_labels_belongs_to_neither():
    words = [*print_words("ballots issued", 80, 300), *print_words("invalid ballots", 80, 312)]
    assert rows_by_labels(FIELDS, words, [], page([("7", 300, 322)]), False) == {}


def test_the_cell_beside_the_label_is_taken_not_the_words_after_it():
    words = [*print_words("ballots issued", 80, 300), *print_words("hundred twelve", 520, 300)]
    cells = [Box(290, 70, 330, 230), Box(290, 234, 330, 500), Box(290, 504, 330, 800)]
    rows = rows_by_labels(FIELDS, words, cells, page([("112", 300, 318)]), False)
    assert rows["issued"].row.number == cells[1]


def test_a_label_without_anything_beside_it_is_no_row():
    assert rows_by_labels(FIELDS, print_words("ballots issued", 80, 300), [], page([]), False) == {}


def test_numbers_stand_too_far_off_to_become_part_of_a_label():
    (line, number) = lines_of([*print_words("ballots issued", 80, 300), *print_words("112", 400, 300)])
    assert (line.text, number.text) == ("ballots issued", "112")


def test_a_cell_full_of_print_is_no_place_for_a_number():
    words = print_words("invalid ballots found", 80, 300)
    assert holds_print(Box(290, 70, 330, 400), words)
    assert not holds_print(Box(290, 450, 330, 700), words)


def test_print_of_other_blocks_in_a_label_never_anchors_it():
    given = [Line(label) for label in printed_labels(FORM)]
    foreign = "другая колонка с длинным печатным текстом и её собственным числом 299 " * 4
    given[0] = Line(foreign + given[0].label)
    match = match_form(FORM, *rows_of(given))
    assert "voters_listed" not in anchored(match)


def test_rows_found_by_label_only_never_count_as_anchored():
    given = [Line(label) for label in printed_labels(FORM)]
    rows, labels = rows_of(given)
    whole = match_form(FORM, rows, labels)
    part = match_form(FORM, rows[3:], labels[3:])
    extra = {code: anchor for code, anchor in whole.fields.items() if code not in part.fields}
    loose = {
        code: type(anchor)(anchor.row, anchor.label, anchor.score, False) for code, anchor in extra.items()
    }
    joined = with_rows(part, loose)
    assert list(joined.fields) == list(whole.fields)
    assert anchored(joined) == anchored(part)
    assert part.score < joined.score < 1.0


def test_a_row_found_by_label_never_takes_the_place_of_an_anchored_row():
    rows, labels = rows_of([Line(label) for label in printed_labels(FORM)])
    match = match_form(FORM, rows[1:], labels[1:])
    taken = next(iter(match.fields.values()))
    assert "voters_listed" not in with_rows(match, {"voters_listed": taken}).fields


def test_fields_without_a_wording_are_not_looked_for():
    assert "votes" not in labelled_fields([f for f in FORM.fields if not f.labels])


def test_figures_that_touch_those_of_the_next_line_stay_with_their_own_label():
    words = [*print_words("ballots issued", 80, 300), *print_words("invalid ballots", 80, 334)]
    sheet = page([("393", 420, 324), ("89", 420, 352), ("1", 1200, 880)])
    cv2.line(sheet, (430, 318), (430, 340), INK, 3)  # a tail runs into the number below
    rows = rows_by_labels(FIELDS, words, [], sheet, False)
    assert rows["issued"].row.number.y1 <= 334
    assert rows["invalid"].row.number.y0 >= 316


def test_a_number_of_the_next_block_is_not_taken_across_its_rule():
    words = print_words("ballots issued", 80, 300)
    sheet = page([("393", 420, 318)])
    cv2.line(sheet, (380, 200), (380, 420), INK, 2)
    assert "issued" not in rows_by_labels(FIELDS, words, [], sheet, False)


def test_of_two_groups_of_writing_none_is_taken():
    words = print_words("ballots issued", 80, 300)
    assert "issued" in rows_by_labels(FIELDS, words, [], page([("393", 300, 318), ("1", 1200, 880)]), False)
    both = page([("393", 300, 318), ("4", 470, 318), ("1", 1200, 880)])
    assert "issued" not in rows_by_labels(FIELDS, words, [], both, False)


def test_a_printed_page_is_read_word_by_word_and_figures_stay_out_of_labels():
    sheet = np.full((400, 900), 255, np.uint8)
    for text, x, y in (("total number of ballots", 60, 100), ("invalid ballots", 60, 150), ("303", 480, 100)):
        cv2.putText(sheet, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 30, 1, cv2.LINE_AA)
    words = read_words(sheet)
    lines = {line.text: line.box for line in lines_of(words)}
    label = next(
        box for text, box in lines.items() if similarity(text, ["total number of ballots"], False) > 0.8
    )
    assert abs(label.x0 - 60) < 12
    assert label.x1 < 480
    assert any(similarity(text, ["invalid ballots"], False) > 0.8 for text in lines)


def test_a_page_without_print_has_no_words():
    assert read_words(np.full((400, 900), 255, np.uint8)) == []


def test_a_number_read_into_a_label_does_not_move_its_end():
    (line,) = lines_of([*print_words("ballots issued", 80, 300), *print_words("303", 215, 300)])
    assert line.lettered.x1 < 215 <= line.box.x1
