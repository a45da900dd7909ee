"""Acceptance: a sheet counts without a person only if nothing at all speaks against it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tally.acceptance import (
    CELL_THRESHOLD,
    LONE_CELL_ALONE_THRESHOLD,
    LONE_CELL_THRESHOLD,
    WITNESSED_THRESHOLD,
    WORDS_DOUBT,
    decide,
    is_settled,
    margin,
    words_differ,
)
from tally.checks import covered_fields, run_checks, spans_of
from tally.form import load_form, shipped_forms
from tally.model import Mark, Outcome, PageReading, Reading, Status
from tests.tally.building import FORM, full, page

SMD = load_form(FORM)
CODES = tuple(full([10, 20]))
LONE = ("voters_listed", "voted_outside", "voted_absentee")
COVERED = tuple(code for code in CODES if code not in LONE)


def sheet(cells: Mapping[str, int | Mark | Reading] | None = None, **changes: object) -> PageReading:
    """A sheet without any fault, with some cells replaced and its checks run as the reader does."""
    fields = {**full([10, 20]), **(cells or {})}
    one = dataclasses.replace(page(100, fields), **changes)
    return dataclasses.replace(one, checks=run_checks(SMD, spans_of(SMD, one.fields), 2))


def with_cell(code: str, **changes: object) -> PageReading:
    """The faultless sheet with something else known about one cell."""
    fault = dataclasses.replace(sheet().fields[code], **changes)
    return sheet({code: fault})


def verdict(one: PageReading) -> Status:
    return decide(SMD, one)[0]


def why(one: PageReading) -> str:
    return "; ".join(decide(SMD, one)[1])


def test_a_sheet_without_any_fault_is_accepted():
    assert decide(SMD, sheet()) == (Status.ACCEPTED, ())


def test_where_sums_cover_a_cell_they_tell_a_7_from_a_1():
    cell = Reading(Mark.READ, 711, confidence=0.93, anchored=True, agreed=True, alternatives=((111, 0.06),))
    assert is_settled(cell, covered=True)


def test_an_unsure_district_is_asked_about_and_a_missing_one_is_not():
    one = sheet()
    unsure = Reading(Mark.READ, 17, confidence=0.75, anchored=True, agreed=True)
    missing = {code: reading for code, reading in one.header.items() if code != "district"}
    assert "district: read as 17" in why(dataclasses.replace(one, header={**one.header, "district": unsure}))
    assert "district" not in why(dataclasses.replace(one, header=missing))


def test_the_fields_that_no_equality_covers_are_the_ones_that_the_law_leaves_alone():
    assert {code for code in CODES if code not in covered_fields(SMD, CODES)} == set(LONE)


# Each condition, taken away alone:


@pytest.mark.parametrize("code", CODES)
def test_one_row_that_is_not_tied_to_its_label_stops_the_sheet(code):
    one = with_cell(code, anchored=False)
    assert verdict(one) is Status.REVIEW
    assert code in why(one)


@pytest.mark.parametrize("code", CODES)
def test_one_cell_below_the_threshold_stops_the_sheet(code):
    one = with_cell(code, agreed=False, confidence=CELL_THRESHOLD - 0.001)
    assert verdict(one) is Status.REVIEW
    assert code in why(one)


@pytest.mark.parametrize("code", COVERED)
def test_both_readers_and_the_sums_together_settle_a_faint_cell(code):
    assert verdict(with_cell(code, agreed=True, confidence=WITNESSED_THRESHOLD)) is Status.ACCEPTED
    below = with_cell(code, agreed=True, confidence=WITNESSED_THRESHOLD - 0.001)
    assert verdict(below) is Status.REVIEW
    assert code in why(below)


def test_without_the_sums_a_faint_cell_settles_nothing():
    one = with_cell("votes.1", agreed=True, confidence=WITNESSED_THRESHOLD, value=1)
    assert verdict(one) is Status.REVIEW
    assert "votes.1" in why(one)


@pytest.mark.parametrize("code", LONE)
def test_a_cell_that_no_sum_covers_needs_the_stricter_threshold_and_a_stricter_one_if_the_readers_differ(
    code,
):
    assert verdict(with_cell(code, agreed=True, confidence=LONE_CELL_THRESHOLD)) is Status.ACCEPTED
    assert verdict(with_cell(code, agreed=True, confidence=LONE_CELL_THRESHOLD - 0.001)) is Status.REVIEW
    assert verdict(with_cell(code, agreed=False, confidence=LONE_CELL_ALONE_THRESHOLD)) is Status.ACCEPTED
    assert (
        verdict(with_cell(code, agreed=False, confidence=LONE_CELL_ALONE_THRESHOLD - 1e-4)) is Status.REVIEW
    )


@pytest.mark.parametrize("code", COVERED)
def test_a_cell_inside_a_sum_that_holds_needs_only_the_lower_threshold(code):
    assert verdict(with_cell(code, agreed=False, confidence=CELL_THRESHOLD)) is Status.ACCEPTED


@pytest.mark.parametrize("mark", [Mark.ILLEGIBLE, Mark.STRUCK, Mark.CROPPED])
@pytest.mark.parametrize("code", CODES)
def test_one_unread_cell_stops_the_sheet(code, mark):
    one = sheet({code: mark})
    assert verdict(one) is Status.REVIEW
    assert mark.value in why(one)


@pytest.mark.parametrize("code", COVERED)
def test_a_row_that_was_not_found_stops_the_sheet(code):
    one = sheet({code: Reading(Mark.ABSENT)})
    assert verdict(one) is Status.REVIEW
    assert code in why(one) or "could not be checked" in why(one)


@pytest.mark.parametrize("code", ["voted_outside", "voted_absentee"])
def test_a_row_that_a_sheet_need_not_have_may_be_missing(code):
    assert verdict(sheet({code: Reading(Mark.ABSENT)})) is Status.ACCEPTED


@pytest.mark.parametrize("code", COVERED)
def test_one_number_that_breaks_a_sum_stops_the_sheet(code):
    one = sheet({code: full([10, 20])[code] + 1})
    assert verdict(one) is Status.REVIEW
    assert "does not hold" in why(one)


def test_a_warning_that_does_not_hold_stops_the_sheet_too():
    one = sheet({"voters_listed": 5})  # fewer voters than ballots: lawful, but a person should see it
    assert {c.id for c in one.checks if c.outcome is Outcome.BROKEN and c.severity == "warn"}
    assert verdict(one) is Status.REVIEW


def test_without_the_ballots_found_row_nothing_is_accepted():
    fields = full([10, 20])
    del fields["ballots_found"]
    bare = dataclasses.replace(page(100, fields))
    one = dataclasses.replace(bare, checks=run_checks(SMD, spans_of(SMD, bare.fields), 2))
    assert verdict(one) is Status.REVIEW


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"precinct": Reading(Mark.ILLEGIBLE, confidence=0.99, anchored=True)},
        {"precinct": Reading(Mark.READ, 7, confidence=0.99, anchored=False, agreed=True)},
        {"precinct": Reading(Mark.READ, 7, confidence=CELL_THRESHOLD - 0.01, anchored=True, agreed=True)},
        {"precinct": Reading(Mark.READ, 7, confidence=CELL_THRESHOLD, anchored=True, agreed=False)},
        {"precinct": Reading(Mark.DASH, confidence=0.999, anchored=True, agreed=True)},
    ],
)
def test_a_sheet_of_an_unknown_precinct_is_not_accepted(header):
    one = dataclasses.replace(sheet(), header=header)
    assert verdict(one) is Status.REVIEW
    assert "precinct" in why(one)


@pytest.mark.parametrize("mark", [Mark.STRUCK, Mark.ILLEGIBLE, Mark.CROPPED])
def test_a_district_that_was_written_and_could_not_be_read_goes_to_a_person(mark):
    one = sheet()
    header = {**one.header, "district": Reading(mark, confidence=0.9, anchored=True)}
    assert "district: not read" in why(dataclasses.replace(one, header=header))


def test_a_district_that_was_not_read_does_not_stop_the_sheet():
    one = sheet()
    without = {code: cell for code, cell in one.header.items() if code != "district"}
    assert verdict(dataclasses.replace(one, header=without)) is Status.ACCEPTED


def test_checks_that_were_never_run_accept_nothing():
    assert verdict(dataclasses.replace(sheet(), checks=())) is Status.REVIEW


def test_a_sheet_without_cells_is_not_accepted():
    one = dataclasses.replace(sheet(), fields={}, checks=run_checks(SMD, {}, 2))
    assert verdict(one) is Status.REVIEW


def test_a_dash_in_a_sum_leaves_the_sum_open_and_stops_the_sheet():
    assert verdict(sheet({"against_all": Mark.DASH})) is Status.REVIEW  # the form does not say that it is 0


def test_a_form_without_a_sum_accepts_nothing():
    loose = dataclasses.replace(SMD, checks=tuple(c for c in SMD.checks if c.relation != "=="))
    one = sheet()
    kept = tuple(check for check in one.checks if check.id in {c.id for c in loose.checks})
    status, reasons = decide(loose, dataclasses.replace(one, checks=kept))
    assert status is Status.REVIEW
    assert "control sum" in " ".join(reasons)


# Whatever comes:


@given(
    st.dictionaries(
        st.sampled_from(CODES),
        st.one_of(
            st.sampled_from([Mark.BLANK, Mark.DASH, Mark.CROSSED, Mark.ILLEGIBLE, Mark.STRUCK, Mark.CROPPED]),
            st.integers(0, 3000),
            st.builds(
                Reading,
                st.just(Mark.READ),
                st.integers(0, 60),
                confidence=st.floats(0, 1),
                anchored=st.booleans(),
                agreed=st.booleans(),
            ),
        ),
        max_size=4,
    )
)
def test_whatever_was_read_an_accepted_sheet_satisfies_every_equality(cells):
    one = sheet(cells)
    status, reasons = decide(SMD, one)
    assert (status is Status.ACCEPTED) == (not reasons)
    if status is Status.ACCEPTED:
        equalities = {check.id for check in SMD.checks if check.relation == "=="}
        assert {c.outcome for c in one.checks if c.id in equalities} == {Outcome.HOLDS}
        assert all(cell.anchored for cell in one.fields.values())


@given(st.floats(0, 1), st.floats(0, 1), st.booleans(), st.booleans())
def test_more_confidence_never_unsettles_a_cell(first, second, covered, agreed):
    low, high = sorted((first, second))
    weak, strong = (
        is_settled(Reading(Mark.READ, 1, confidence=c, anchored=True, agreed=agreed), covered=covered)
        for c in (low, high)
    )
    assert strong or not weak


def test_the_lone_threshold_is_the_stricter_one():
    assert 0.5 < CELL_THRESHOLD < LONE_CELL_THRESHOLD < LONE_CELL_ALONE_THRESHOLD < 1.0


@given(st.floats(0, 1), st.booleans(), st.booleans())
def test_the_margin_says_the_same_as_the_verdict_on_the_cell(confidence, covered, agreed):
    cell = Reading(Mark.READ, 1, confidence=confidence, anchored=True, agreed=agreed)
    assert (margin(cell, covered=covered) >= 0) is is_settled(cell, covered=covered)


@pytest.mark.parametrize(
    "cell", [Reading(Mark.READ, 1, confidence=1.0), Reading(Mark.STRUCK, anchored=True, confidence=1.0)]
)
def test_no_shift_of_thresholds_settles_what_is_not_anchored_or_not_read(cell):
    assert margin(cell, covered=True) == float("-inf")


def test_deciding_changes_nothing():
    one = with_cell("votes.1", confidence=0.1)
    before = one.to_dict()
    decide(SMD, one)
    assert one.to_dict() == before


@pytest.mark.parametrize("form", shipped_forms(), ids=lambda form: form.id)
def test_an_empty_reading_of_any_form_is_never_accepted(form):
    nothing = PageReading("x.jpg", 1, "00" * 32, form.id, 1.0, Status.REVIEW, checks=run_checks(form, {}, 2))
    assert decide(form, nothing)[0] is Status.REVIEW


# Figures and words.


def spelled(code: str, words: int, confidence: float) -> PageReading:
    """The faultless sheet with a number in words beside one of its figures."""
    return dataclasses.replace(sheet(), marks={"words": {code: {"value": words, "confidence": confidence}}})


def test_a_sheet_that_says_another_number_in_words_goes_to_a_person_though_its_sums_hold():
    status, reasons = decide(SMD, spelled("votes.1", 12, WORDS_DOUBT))
    assert status is Status.REVIEW
    assert reasons == ("votes.1: 10 in figures, 12 in words",)


def test_what_the_checks_chose_does_not_hide_other_words():
    one = dataclasses.replace(spelled("votes.1", 12, 0.99), arbitrated=("votes.1",))
    assert why(one) == "votes.1: 10 in figures, 12 in words"


def test_words_that_agree_or_are_not_sure_or_stand_beside_no_number_change_nothing():
    assert verdict(spelled("votes.1", 10, 0.9999)) is Status.ACCEPTED
    assert verdict(spelled("votes.1", 12, WORDS_DOUBT - 0.001)) is Status.ACCEPTED
    assert not words_differ(Mark.ILLEGIBLE, None, 40, 0.99)


def test_a_number_in_words_beside_a_dash_is_asked_about():
    dash = Reading(Mark.DASH, confidence=0.99, anchored=True, agreed=True)
    one = dataclasses.replace(
        sheet({"votes.2": dash}), marks={"words": {"votes.2": {"value": 40, "confidence": 0.99}}}
    )
    assert "votes.2: no number in figures, 40 in words" in why(one)
