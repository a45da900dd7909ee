"""Which cell is the label of a line, where labels are as high as two lines."""

from __future__ import annotations

from ocr.boxes import Box
from ocr.labelcells import label_boxes

NUMBER = Box(100, 1058, 140, 1204)
LABEL = Box(100, 58, 190, 381)
WORDS = Box(146, 389, 190, 1105)
LINE, BELOW = (100, 140), (146, 190)


def test_a_narrow_label_parted_from_its_number_by_a_black_bar_is_its_label():
    assert label_boxes(58, NUMBER, [LABEL, NUMBER], [LINE]) == (LABEL,)


def test_writing_that_looks_like_boxes_in_the_line_for_the_words_does_not_take_the_label_away():
    scraps = [Box(146, 1105, 190, 1159), Box(146, 1159, 190, 1204)]
    assert label_boxes(58, NUMBER, [LABEL, NUMBER, WORDS, *scraps], [LINE, BELOW]) == (LABEL,)


def test_two_numbers_beside_one_tall_cell_have_lost_the_rule_between_their_labels():
    assert label_boxes(58, NUMBER, [LABEL, NUMBER], [LINE, BELOW]) == (Box(100, 58, 140, 1058),)


def test_a_group_of_lines_with_labels_of_their_own_is_not_labelled_by_the_group():
    own = Box(100, 389, 140, 1050)
    assert LABEL not in label_boxes(58, NUMBER, [LABEL, own, NUMBER], [LINE, BELOW])


def test_a_group_whose_first_line_has_lost_its_own_rules_is_no_label_of_it():
    second = Box(146, 389, 190, 1050)
    assert LABEL not in label_boxes(58, NUMBER, [LABEL, second, NUMBER], [LINE, BELOW])


def test_an_ordinal_number_is_no_label():
    assert label_boxes(58, NUMBER, [Box(100, 58, 190, 120), NUMBER], [LINE]) == (Box(100, 58, 140, 1058),)


def test_without_room_before_the_number_there_is_none():
    assert label_boxes(1050, NUMBER, [LABEL], [LINE]) == ()
