"""The words beside the figures: what they confirm, what they put in doubt, what they must never do."""

from __future__ import annotations

import dataclasses
from functools import lru_cache

import numpy as np
import pytest

from ocr import spelled, witnesses
from ocr.boxes import Box
from ocr.inwords import InWords
from ocr.pipeline import read_file
from ocr.readings import DOUBTED, CellReading
from ocr.rowtypes import Row, RowKind
from ocr.sheet import Sheet
from ocr.spelled import languages_of, read_in_figures_place, read_spelled, told_by_words, weigh_words
from samples.generic import some_plan
from samples.sample import render
from tally.acceptance import (
    CELL_THRESHOLD,
    LONE_CELL_THRESHOLD,
    WORDS_CONFIRM,
    WORDS_DOUBT,
    WORDS_TELL,
    is_settled,
    margin,
)
from tally.form import load_form
from tally.model import Mark, PageReading, Reading, Status
from tests.ocr.committed import FORM, WORDS, read, truths

PHOTO = np.full((300, 900, 3), 230, np.uint8)
SHEET = Sheet(PHOTO[..., 0], PHOTO, np.eye(3))
SEED = 5_300_001


def figures(value: int = 11, confidence: float = 0.69, **more: object) -> CellReading:
    return dataclasses.replace(
        CellReading(Mark.READ, value, confidence, ((17, 0.3),), False, str(value)), **more
    )


def none_read(mark: Mark) -> CellReading:
    return CellReading(mark, None, 0.97, (), True, "")


def as_reading(cell: CellReading) -> Reading:
    return Reading(
        cell.mark,
        value=cell.value,
        confidence=cell.confidence,
        anchored=True,
        agreed=cell.agreed,
        rivals=cell.rivals,
    )


def test_words_that_say_the_same_confirm_a_number_that_was_not_sure():
    cell = weigh_words(figures(), InWords(11, 0.99, (), "ru"))
    assert (cell.value, cell.agreed) == (11, True)
    assert LONE_CELL_THRESHOLD < cell.confidence < 1


def test_a_number_in_doubt_for_what_stands_at_its_place_needs_surer_words():
    doubted = figures(confidence=0.99).doubted()
    weak = weigh_words(doubted, InWords(11, WORDS_CONFIRM, (), "ru")).confidence
    strong = weigh_words(doubted, InWords(11, 0.9999, (), "ru")).confidence
    assert weak < LONE_CELL_THRESHOLD <= strong


@pytest.mark.parametrize(
    "said", [InWords(11, WORDS_CONFIRM - 0.01), InWords(None, 0.99), InWords(17, WORDS_DOUBT - 0.01)]
)
def test_weak_words_change_nothing(said):
    assert weigh_words(figures(), said) == figures()


def test_agreement_never_makes_a_number_less_sure():
    assert weigh_words(figures(confidence=0.9998), InWords(11, 0.96)).confidence >= 0.9998


def test_words_that_surely_say_another_number_leave_the_figures_in_place_and_in_doubt():
    cell = weigh_words(figures(54, 0.9998, agreed=True), InWords(254, WORDS_DOUBT))
    assert (cell.value, cell.agreed) == (54, False)
    assert cell.confidence == DOUBTED < CELL_THRESHOLD
    assert cell.alternatives[0] == (254, DOUBTED)
    assert 254 not in cell.rivals  # no sum may choose it against figures that are sure
    assert 254 in weigh_words(figures(54, CELL_THRESHOLD - 0.01), InWords(254, 0.94)).rivals


@pytest.mark.parametrize("said", [InWords(11, 0.99), InWords(254, 0.99)])
def test_the_probabilities_of_a_cell_beside_words_are_at_most_one(said):
    cell = weigh_words(figures(11, 0.6, alternatives=((17, 0.3), (1, 0.1))), said)
    assert cell.confidence + sum(chance for _, chance in cell.alternatives) <= 1 + 1e-9


@pytest.mark.parametrize("mark", [Mark.ILLEGIBLE, Mark.STRUCK])
def test_words_beside_figures_that_are_no_number_confirm_and_doubt_nothing(mark):
    assert weigh_words(none_read(mark), InWords(40, 0.9999)) == none_read(mark)


@pytest.mark.parametrize("mark", [Mark.ILLEGIBLE, Mark.STRUCK])
def test_where_figures_are_no_number_the_words_number_is_proposed_and_never_counts_by_itself(mark):
    cell = told_by_words(none_read(mark), [InWords(40, 0.9999)])
    assert (cell.mark, cell.value, cell.by_words, cell.agreed) == (Mark.READ, 40, True, False)
    assert cell.confidence == DOUBTED
    for covered in (False, True):
        assert not is_settled(as_reading(cell), covered=covered)
        assert margin(as_reading(cell), covered=covered, sums_hold=True) < 0


def test_words_take_the_place_of_unsure_figures_and_keep_them_as_a_rival():
    cell = told_by_words(figures(876, 0.56), [InWords(87, WORDS_TELL)])
    assert (cell.value, cell.by_words) == (87, True)
    assert 876 in cell.rivals
    assert cell.alternatives[0][0] == 876
    assert cell.confidence + sum(chance for _, chance in cell.alternatives) <= 1 + 1e-9


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (figures(876, CELL_THRESHOLD, agreed=True), [InWords(87, 0.9999)]),  # figures that are sure
        (figures(876, 0.56), [InWords(87, WORDS_TELL - 0.01)]),  # words that are not
        (figures(876, 0.56), [InWords(876, 0.9999)]),  # the same number
        (figures(876, 0.56), [InWords(87, 0.99), InWords(86, 0.99)]),  # two statements that differ
        (figures(876, 0.56), []),
    ],
)
def test_words_never_outvote_sure_figures_nor_tell_what_they_do_not_say_surely(cell, said):
    assert told_by_words(cell, said) == cell


def test_the_same_word_in_both_places_is_worth_more_than_one():
    nil = [InWords(0, 0.85, (), "en"), InWords(0, 0.85, (), "en")]
    assert not told_by_words(none_read(Mark.ILLEGIBLE), nil[:1]).by_words
    assert told_by_words(none_read(Mark.ILLEGIBLE), nil).by_words


@pytest.mark.parametrize("mark", [Mark.DASH, Mark.BLANK, Mark.CROSSED])
def test_a_number_in_words_beside_an_empty_cell_is_asked_about_and_zero_is_not(mark):
    assert weigh_words(none_read(mark), InWords(40, 0.99)).confidence == DOUBTED
    assert weigh_words(none_read(mark), InWords(40, 0.99)).value is None
    assert weigh_words(none_read(mark), InWords(0, 0.99)) == none_read(mark)


FIGURES = [figures(54, 0.9998)] * 3


def rows() -> list[Row]:
    return [
        Row(Box(y, 200, y + 40, 400), (), RowKind.CELL, beside=place)
        for y, place in ((40, Box(40, 400, 80, 860)), (90, None))
    ]


@pytest.mark.parametrize(
    ("form", "languages"),
    [
        (FORM, ["ru", "kk"]),
        ("ng-2023-ec8a", ["en"]),
        ("id-2019-c1", ["id"]),
        ("tr-2023-president", ["tr"]),
        ("ke-2022-34a", []),
    ],
)
def test_only_forms_with_words_in_a_known_language_are_asked(form, languages):
    assert languages_of(load_form(form)) == languages


def answering(number: int, shown: list[int]):
    def seen(pictures, languages, ceilings, figures):
        shown.append(len(pictures))
        return [InWords(number, 0.99, (), languages[0])] * len(pictures)

    return seen


def test_words_are_read_where_a_row_has_a_place_for_them(monkeypatch):
    shown: list[int] = []
    monkeypatch.setattr(spelled, "read_in_words", answering(12, shown))
    smd, kenya = load_form(FORM), load_form("ke-2022-34a")
    fields = [smd.field("votes.1")] * 2
    found = read_spelled(PHOTO, SHEET, rows(), [], fields, FIGURES, smd)
    assert set(found) == {0}
    assert min(x for x, _ in found[0].quad) >= 390  # its crop is the place of the words
    assert not read_spelled(PHOTO, SHEET, rows(), [], fields, FIGURES, kenya)
    assert shown == [1]


def test_in_the_figures_place_words_are_sought_only_where_the_figures_are_not_sure(monkeypatch):
    shown: list[int] = []
    monkeypatch.setattr(spelled, "read_in_words", answering(0, shown))
    form = load_form("ng-2023-ec8a")
    quad = ((0, 0), (9, 0), (9, 9), (0, 9))
    seen = [figures(54, 0.9998), none_read(Mark.BLANK), none_read(Mark.ILLEGIBLE), figures(111, 0.38)]
    fields = [form.field("votes.APC")] * len(seen)
    found = read_in_figures_place([PHOTO[:40, :90]] * len(seen), [quad] * len(seen), fields, seen, form)
    assert sorted(found) == [2, 3]
    assert shown == [2]


def test_a_wide_cell_below_one_row_of_many_is_no_place_for_words(monkeypatch):
    shown: list[int] = []
    monkeypatch.setattr(spelled, "read_in_words", answering(12, shown))
    form = load_form("id-2019-c1")
    lines = [Row(Box(y, 600, y + 30, 700), (), RowKind.BOXES) for y in (20, 90, 160)]
    below = [Box(y + 34, 100, y + 60, 700) for y in (20, 90, 160)]
    fields = [form.field(code) for code in ("valid", "invalid", "total")]
    assert not read_spelled(PHOTO, SHEET, lines, below[:1], fields, FIGURES, form)
    assert sorted(read_spelled(PHOTO, SHEET, lines, below, fields, FIGURES, form)) == [0, 1, 2]
    headers = [form.field("precinct")] * 3
    assert not read_spelled(PHOTO, SHEET, lines, below, headers, FIGURES, form)


# Whole pages.


@lru_cache(maxsize=4)
def page_of(code: str = "", words: int = 0) -> PageReading:
    """A generated sheet whose words say ``words`` in the row ``code``, all else alike."""
    plan = some_plan(np.random.default_rng([SEED, 11]))
    plan = dataclasses.replace(plan, words={code: words} if code else {})
    sample = render(plan, SEED, layout="words", severity=0.4)
    (page,) = read_file(sample.jpeg, "sheet.jpg", FORM)
    return page


def test_words_of_a_page_stand_in_its_marks_with_their_places():
    page, truth = read(WORDS), truths()[WORDS]["fields"]
    said = page.marks["words"]
    assert len(said) >= 8
    assert {code: one["value"] for code, one in said.items()} == {code: truth[code] for code in said}
    for code, one in said.items():
        figures_right = max(x for x, _ in page.fields[code].quad_px)
        assert sum(x for x, _ in one["quad_px"]) / 4 > figures_right
    assert " words sha256:" in page.reader


def test_a_sheet_whose_words_say_another_number_is_never_accepted_silently():
    honest = page_of()
    assert honest.status is Status.ACCEPTED, honest.reasons
    code = "votes.1"
    value = honest.fields[code].value
    assert value is not None
    page = page_of(code, value + 100)
    assert page.fields[code].value == value
    assert page.status is Status.REVIEW
    assert f"{code}: {value} in figures, {value + 100} in words" in page.reasons
    assert all(check.outcome != "broken" for check in page.checks)


def test_a_number_that_only_the_words_tell_is_shown_with_its_place_and_goes_to_a_person(monkeypatch):
    honest, code = page_of(), "ballots_valid"
    real = witnesses._of_all_boxes

    def scribbled(row, field, cell):  # the last that is seen of the figures
        return none_read(Mark.ILLEGIBLE) if field.code == code else real(row, field, cell)

    monkeypatch.setattr(witnesses, "_of_all_boxes", scribbled)
    page_of.cache_clear()
    page = page_of()
    page_of.cache_clear()
    told = page.fields[code]
    assert (told.value, told.by_words) == (honest.fields[code].value, True)
    assert told.figures_reader in page.reader
    assert told.reader.split()[1] in page.reader
    assert page.status is Status.REVIEW
    assert f"{code}: figures not clear, {told.value} in words" in page.reasons
    figures, whole = honest.fields[code].quad_px, told.quad_px
    assert figures is not None
    assert whole is not None
    assert max(x for x, _ in whole) > max(x for x, _ in figures) + 50
    assert min(x for x, _ in whole) <= min(x for x, _ in figures) + 2
