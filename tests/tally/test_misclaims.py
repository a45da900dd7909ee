"""Ways in which two documents, or one sheet, could be said to contradict each other while we merely misread."""

from __future__ import annotations

import dataclasses

import pytest

from tally.acceptance import decide
from tally.election import load_election
from tally.form import load_form
from tally.model import Mark, Reading, Span, Status
from tally.totals import totals
from tests.tally.building import ELECTION, FORM, folded, full, page, typed_body, unsure
from tests.tally.test_reconcile import coded, findings, snapshot

CEILING = load_form(FORM).field("votes.1").ceiling


@pytest.fixture(scope="module")
def election():
    return load_election(ELECTION)


def read(value: int, confidence: float = 0.93, *, agreed: bool = False) -> Reading:
    """A number that is sure enough only with an equality beside it."""
    return Reading(Mark.READ, value, confidence=confidence, anchored=True, agreed=agreed)


def contest_of(sheets, election, typed=()):
    return totals(folded(sheets, typed=typed), election).contests[0]


def reasons(sheets, election, typed=()):
    return [one["reason"] for one in contest_of(sheets, election, typed).to_dict()["not_counted"]]


# Sheets that do not count have no say.


def test_a_sheet_of_another_district_never_silences_or_hardens_a_finding(election):
    broken = full([100, 50]) | {"ballots_valid": 180}
    alike = [page(n, full([40, 30, 20])) for n in (2, 3)]
    sheets = [page(1, broken, status=Status.REVIEW)]
    stranger = page(1, full([900, 5, 5, 5, 5]), district=14, candidates={"votes.1": "qyryqbaev"})
    for base in (sheets, alike):
        before = findings(base, election, snapshot(altaev=60, qyryqbaev=500))
        after = findings([*base, stranger], election, snapshot(altaev=60, qyryqbaev=500))
        for code in ("S1", "C2"):
            assert [f.details for f in coded(after, code)] == [f.details for f in coded(before, code)]
        strong = {(f.code, f.subject) for f in before if f.robust}
        assert {(f.code, f.subject) for f in after if f.robust} <= strong
        assert (len(coded(after, "P1")), len(coded(after, "P2"))) == (0, 1)


def test_a_sheet_of_another_district_never_narrows_the_one_of_the_same_number(election):
    mine = page(1, full([10, 20]) | {"votes.1": Mark.ILLEGIBLE}, status=Status.REVIEW)
    other = page(1, full([10, 20]), district=14)
    found = contest_of([mine, other], election)
    assert found.sums["altaev"].span == Span(0, CEILING + 10)
    assert found.with_protocol == 1


def test_one_long_sheet_gives_the_others_no_unread_line(election):
    sheets = [page(n, full([10 + n, 20])) for n in range(1, 4)] + [page(9, full([1, 2, 3]))]
    found = contest_of(sheets, election)
    assert found.positions.rows == 2
    assert "votes.3" not in found.sums
    assert found.sums["altaev"].span == Span(36, 36 + CEILING)  # nobody knows whose lines the long sheet has


def test_a_line_too_many_is_not_called_a_mistake_of_the_sheet(election):
    sheets = [page(n, full([10 + n, 20])) for n in (1, 2)]
    sheets.append(page(9, full([1, 2, 300]), status=Status.REVIEW))
    assert not coded(findings(sheets, election), "S1")


def test_an_accepted_sheet_with_fewer_lines_keeps_its_own_sums(election):
    sheets = [page(n, full([10 + n, 20, 7])) for n in (1, 2)]
    short = full([100, 50]) | {"ballots_valid": 999}
    found = findings([*sheets, page(3, short)], election)
    assert "K2" in {one.subject for one in coded(found, "S1")}
    assert contest_of([*sheets, page(3, full([1, 2]))], election).sums["votes.3"].span == Span(
        14, 14 + CEILING
    )


def test_face_values_of_sheets_that_do_not_count_raise_nothing(election):
    sheets = [page(1, full([10, 20])), page(2, full([500, 20]), district=14)]
    assert not coded(findings(sheets, election, snapshot(altaev=100, qyryqbaev=500)), "D1")


# District and form.


def test_a_sheet_whose_district_was_not_read_proves_nothing(election):
    nameless = page(1, full([500, 20]), district=None, candidates={})
    assert reasons([nameless], election) == ["district_unread"]
    assert contest_of([page(2, full([1, 2])), nameless], election).sums["altaev"].span == Span(1, 501)
    assert not coded(findings([nameless], election, snapshot(altaev=100, qyryqbaev=500)), "D1")


def test_a_recognised_name_or_a_person_stands_for_an_unread_district(election):
    assert reasons([page(1, full([500, 20]), district=None)], election) == []
    nameless = page(1, full([500, 20]), district=None, candidates={})
    typed = [typed_body(1, {"votes.1": 500}, sha256=nameless.sha256)]
    assert reasons([nameless], election, typed) == []


def test_rows_of_what_may_be_another_form_are_not_believed(election):
    doubtful = dataclasses.replace(page(1, full([500, 20]), status=Status.REVIEW), form_confidence=0.5)
    found = contest_of([page(2, full([3, 4])), doubtful], election)
    assert reasons([doubtful], election) == ["form_unsure"]
    assert (found.sums["altaev"].span, found.sums["altaev"].as_read) == (Span(3, 3 + CEILING), 3)
    assert not coded(findings([doubtful], election, snapshot(altaev=1, qyryqbaev=500)), "D1")
    typed = [typed_body(1, full([500, 20]), sha256=doubtful.sha256)]
    assert reasons([doubtful], election, typed) == []


def test_a_broken_sum_on_what_may_be_another_form_is_no_mistake_of_the_sheet(election):
    wrong = full([100, 50]) | {"ballots_valid": 999}
    doubtful = dataclasses.replace(page(1, wrong, status=Status.REVIEW), form_confidence=0.69)
    assert not coded(findings([doubtful], election), "S1")


# One sheet under two numbers.


def test_one_sheet_under_two_numbers_carries_nothing_with_two_candidates(election):
    sheets = [page(n, full([100, 50])) for n in (1, 2)]
    found = findings(sheets, election, snapshot(altaev=150, qyryqbaev=500))
    (one,) = coded(found, "D1")
    assert (one.verdict, one.robust) == ("difference", False)
    assert len(coded(found, "C2")) == 1


def test_one_sheet_under_two_numbers_carries_nothing_with_an_open_cell(election):
    sheets = [
        page(1, full([100, 50, 20])),
        page(2, full([100, 50, 20]) | {"votes.2": unsure(50)}, status=Status.REVIEW),
    ]
    found = findings(sheets, election, snapshot(altaev=150, qyryqbaev=500))
    (one,) = coded(found, "D1")
    assert (one.robust, one.details["repeated"]) == (False, 100)
    assert not coded(found, "C2")  # not strictly equal, so nothing is said of it


def test_an_unreadable_sheet_does_not_make_two_different_sheets_one(election):
    open_votes = dict.fromkeys(("votes.1", "votes.2", "ballots_valid"), Mark.ILLEGIBLE)
    sheets = [page(1, full([100, 50])), page(2, full([90, 60]))]
    sheets.append(page(3, full([90, 60]) | open_votes, status=Status.REVIEW))
    (one,) = coded(findings(sheets, election, snapshot(altaev=189, qyryqbaev=500)), "D1")
    assert (one.robust, one.details["repeated"]) == (True, 0)


# We may have misread; the sheet errs.


def test_a_sum_that_does_not_hold_is_no_witness_for_its_cells(election):
    numbers = full([100, 50])
    misread = numbers | {"votes.1": read(700), "votes.2": read(50)}
    found = contest_of([page(1, misread, status=Status.REVIEW)], election)
    assert found.sums["altaev"].span == Span(0, CEILING)
    assert not coded(findings([page(1, misread, status=Status.REVIEW)], election), "S1")
    sound = numbers | {"votes.1": read(100)}
    assert contest_of([page(1, sound, status=Status.REVIEW)], election).sums["altaev"].span == Span.exactly(
        100
    )


def test_a_broken_relation_over_unsettled_cells_is_only_an_indicator(election):
    # K2 holds and settles its cells; the other equalities that they stand in are broken.
    numbers = full([100, 50]) | {"ballots_found": 400, "ballots_valid": read(155)}
    found = coded(findings([page(1, numbers, status=Status.REVIEW)], election), "S1")
    about_valid = [one for one in found if "ballots_valid" in one.details["values"]]
    assert about_valid
    assert {(one.verdict, one.robust) for one in about_valid} == {("indicator", False)}
    assert "not every number is read with certainty" in about_valid[0].text["en"]


def test_a_sheet_finding_is_robust_only_when_a_person_confirmed_it(election):
    wrong = full([100, 50]) | {"ballots_valid": 180}
    sheet = page(1, wrong, status=Status.REVIEW)
    (by_machine,) = [f for f in coded(findings([sheet], election), "S1") if f.subject == "K2"]
    assert (by_machine.verdict, by_machine.robust) == ("sheet", False)
    assert "as read; no person has confirmed these readings yet" in by_machine.text["en"]
    typed = [typed_body(1, wrong, sha256=sheet.sha256)]
    (by_person,) = [f for f in coded(findings([sheet], election, typed=typed), "S1") if f.subject == "K2"]
    assert (by_person.verdict, by_person.robust, by_person.confirmed) == ("sheet", True, True)


def test_copies_that_differ_in_unsettled_cells_are_only_an_indicator(election):
    one = full([100, 50]) | {"votes.1": read(100)}
    two = full([70, 50]) | {"votes.1": read(70), "ballots_valid": read(125), "ballots_found": read(128)}
    two["voters_listed"] = full([100, 50])["voters_listed"]
    two |= {c: read(two[c]) for c in ("ballots_received", "ballots_issued", "ballots_cancelled")}
    sheets = [page(1, fields, status=Status.REVIEW) for fields in (one, two)]
    (found,) = coded(findings(sheets, election), "C1")
    assert (found.verdict, found.robust) == ("indicator", False)
    (settled,) = coded(findings([page(1, full([100, 50])), page(1, full([70, 50]))], election), "C1")
    assert (settled.verdict, settled.robust) == ("copies", False)


# D7.


def test_complete_is_said_only_when_nothing_is_left_over(election):
    contest = dataclasses.replace(election.contest("smd-27"), precincts_total=2)
    small = dataclasses.replace(election, contests=(contest,))
    official = snapshot(altaev=500, qyryqbaev=500)
    sheets = [page(1, full([100, 50])), page(2, full([80, 20]))]
    assert coded(findings(sheets, small, official), "D7")
    unplaced = page(3, full([1, 2]), form=None)
    copy = page(1, full([70, 50]))
    assert not coded(findings([*sheets, unplaced], small, official), "D7")
    assert not coded(findings([*sheets, copy], small, official), "D7")
    alike = [page(n, full([100, 50])) for n in (1, 2)]
    assert not coded(findings(alike, small, official), "D7")


# Words.


def test_a_doubt_is_never_shown_as_certainty():
    def why(confidence: float, agreed: bool) -> str:
        fields = full([10, 20]) | {"voters_listed": read(43, confidence, agreed=agreed)}
        return "; ".join(decide(load_form(FORM), page(1, fields))[1])

    assert "voters_listed: read as 43, but the readers differ" in why(0.9989, False)
    assert "1.00" not in why(0.9989, False)
    assert "not sure enough (0.94)" in why(0.9449, True)
