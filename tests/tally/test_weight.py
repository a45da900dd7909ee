"""A margin that is told wrong sends a lawyer to court with one misread digit."""

from __future__ import annotations

import dataclasses
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tally.election import load_election
from tally.model import Mark, PageReading, Reading, Status
from tally.rules.weight import fewest_adding_up
from tests.tally import milp
from tests.tally.building import ELECTION, full, page, typed_body
from tests.tally.test_reconcile import coded, district, findings, snapshot


@pytest.fixture(scope="module")
def election():
    return load_election(ELECTION)


def brute(sheets, code, margin):
    """Every change of every cell of every sheet, tried one after the other."""
    best: dict[int, int] = {0: 0}  # votes taken away -> fewest wrong cells
    for sheet in sheets:
        names = list(sheet)
        holds = 2 * sheet["ballots_valid"] == sum(sheet.values())
        here: dict[int, int] = {}
        ranges = [range(max(sheet["ballots_valid"], value) + 1) for value in sheet.values()]
        for values in itertools.product(*ranges):
            new = dict(zip(names, values, strict=True))
            if holds and 2 * new["ballots_valid"] != sum(values):
                continue
            wrong = sum(new[name] != sheet[name] for name in names)
            drop = sheet[code] - new[code]
            here[drop] = min(wrong, here.get(drop, wrong))
        best = {
            drop: min(best[d] + here[drop - d] for d in best if drop - d in here)
            for drop in {a + b for a in best for b in here}
        }
    fitting = [wrong for drop, wrong in best.items() if drop >= margin]
    return min(fitting) if fitting else None


def priced(sheets, code, margin):
    holds = [2 * sheet["ballots_valid"] == sum(sheet.values()) for sheet in sheets]
    single = [sheet[code] for sheet, fits in zip(sheets, holds, strict=True) if not fits]
    double = [sheet[code] for sheet, fits in zip(sheets, holds, strict=True) if fits]
    return fewest_adding_up(single, double, margin)


@st.composite
def small_sheets(draw):
    sheets = []
    for _ in range(draw(st.integers(1, 3))):
        votes = draw(st.lists(st.integers(0, 3), min_size=2, max_size=2))
        valid = sum(votes) + draw(st.sampled_from([0, 0, 1]))
        sheets.append({"votes.1": votes[0], "votes.2": votes[1], "ballots_valid": valid})
    return sheets


@settings(max_examples=30, deadline=None)
@given(small_sheets(), st.integers(1, 8))
def test_the_fewest_wrong_cells_are_those_of_brute_force(sheets, margin):
    assert priced(sheets, "votes.1", margin) == brute(sheets, "votes.1", margin)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.lists(st.integers(0, 400), min_size=1, max_size=4), st.sampled_from([0, 0, 0, 1, -1, 90])
        ),
        min_size=1,
        max_size=7,
    ),
    st.integers(1, 1500),
)
def test_the_fewest_wrong_cells_are_those_of_an_integer_programme(drawn, margin):
    sheets = [
        {f"votes.{i}": v for i, v in enumerate(votes, 1)} | {"ballots_valid": max(0, sum(votes) + off)}
        for votes, off in drawn
    ]
    assert priced(sheets, "votes.1", margin) == milp.adding_up(sheets, "votes.1", margin)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 6), min_size=1, max_size=5), st.integers(0, 20))
def test_the_margin_is_the_fewest_votes_that_must_be_misread(votes, official):
    """Every way to lower the cells, tried: the least that removes the finding is the margin."""
    sheets = [page(n, full([v, 40 + 7 * n], unused=n)) for n, v in enumerate(votes, 1)]
    found = coded(findings(sheets, load_election(ELECTION), snapshot(altaev=official)), "D1")
    drops = (
        sum(drop)
        for drop in itertools.product(*(range(v + 1) for v in votes))
        if sum(votes) - sum(drop) <= official
    )
    fewest = min(drops)
    assert [one.margin for one in found] == ([fewest] if fewest else [])
    if found:
        wrong = (
            sum(bool(d) for d in drop)
            for drop in itertools.product(*(range(v + 1) for v in votes))
            if sum(votes) - sum(drop) <= official
        )
        assert found[0].details["fewest_cells"] == min(wrong)


def test_62_votes_are_one_cell_of_one_sheet_and_two_if_the_sheet_shall_add_up(election):
    (one,) = coded(findings(district(35178, 32251), election), "D1")
    assert one.details["fewest_cells"] == 1
    assert one.details["fewest_cells_adding_up"] == 2
    (cell,) = one.details["cells"]
    assert cell["field"] == "votes.1"
    assert cell["value"] >= one.margin


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 90), st.sampled_from([0, 0, 0, 1])), min_size=2, max_size=14), st.data()
)
def test_the_cells_of_real_sheets_cost_what_an_integer_programme_says(drawn, data):
    """Through photos, totals and rules, also beyond a dozen sheets; a relation that is broken as read costs one."""
    sheets, plain = [], []
    for number, (votes, off) in enumerate(drawn, 1):
        fields = full([votes, 40 + 7 * number], unused=number)
        fields["ballots_valid"] += off
        sheets.append(page(number, fields))
        shown = {code: fields[code] for code in ("votes.1", "votes.2", "against_all", "ballots_valid")}
        plain.append(shown)
    official = data.draw(st.integers(0, sum(votes for votes, _ in drawn) - 1))
    (one,) = coded(findings(sheets, load_election(ELECTION), snapshot(altaev=official)), "D1")
    assert one.details["fewest_cells_adding_up"] == milp.adding_up(plain, "votes.1", one.margin)


def test_each_choice_of_copies_has_its_own_sum(election):
    marks = {"seal": True, "signatures": 3}
    later = dataclasses.replace(page(1, full([40, 50])), marks=marks)
    sheets = [page(1, full([100, 50])), later, page(2, full([7, 9]))]
    (one,) = coded(findings(sheets, election, snapshot(altaev=50)), "D1")
    sums = {name: chosen["protocols"] for name, chosen in one.details["policies"].items()}
    assert sums == {"least_favourable": 47, "earliest": 107, "signed_and_sealed": 40}
    assert [chosen["exceeds"] for chosen in one.details["policies"].values()] == [False, True, False]
    assert not one.robust


def test_what_two_people_typed_alike_is_counted(election):
    rows = [
        typed_body(1, {"altaev": 2000}, sha256="a" * 64, reader="aida"),
        typed_body(1, {"altaev": 2000}, sha256="a" * 64, reader="bolat"),
    ]
    sheet: PageReading = page(1, full([2000, 5]), sha256="a" * 64, status=Status.REVIEW)
    (one,) = coded(findings([sheet], election, snapshot(altaev=1000), typed=rows), "D1")
    assert one.details["cells_twice"] == 1
    assert "typed alike by two people: 1" in one.text["en"]


# What is left for the others.


def small(election, total, complete=False):
    contest = dataclasses.replace(
        election.contest("smd-27"), precincts_total=total, candidates_complete=complete
    )
    return dataclasses.replace(election, contests=(contest,))


def test_more_votes_elsewhere_than_voters_on_the_lists(election):
    sheets = [page(1, full([100, 50]))]  # 155 valid of 168 voters
    official = {"altaev": 500, "qyryqbaev": 500, "voters_listed": 1000}
    (one,) = coded(findings(sheets, election, snapshot(**official, ballots_valid=988)), "D4")
    assert (one.details["residual"], one.details["room"], one.margin) == (833, 832, 1)
    assert one.verdict == "difference"
    assert not coded(findings(sheets, election, snapshot(**official, ballots_valid=987)), "D4")


def test_more_votes_than_precincts_may_have_voters(election):
    two = small(election, 2)
    sheets = [page(1, full([100, 50]))]
    (one,) = coded(findings(sheets, two, snapshot(altaev=500, ballots_valid=3156)), "D5")
    assert (one.margin, one.verdict, one.details["missing"]) == (1, "difference", 1)
    assert not coded(findings(sheets, two, snapshot(altaev=500, ballots_valid=3155)), "D5")
    assert not coded(findings(sheets, election, snapshot(altaev=500, ballots_valid=9999)), "D5")


def test_first_place_is_open_until_the_rest_cannot_change_it(election):
    known = small(election, 10, complete=True)
    sheets = [page(1, full([100, 50], against_all=0))]
    official = {"altaev": 101, "qyryqbaev": 140}
    (one,) = coded(findings(sheets, known, snapshot(**official, ballots_valid=241)), "W1")
    assert (one.verdict, one.details["able"], one.details["room"]) == (
        "statement",
        ["altaev", "qyryqbaev"],
        91,
    )
    (one,) = coded(findings(sheets, known, snapshot(**official, ballots_valid=190)), "W2")
    assert (one.verdict, one.details["able"]) == ("difference", ["altaev"])


# Marks beside the numbers.


@pytest.mark.parametrize(
    ("marks", "codes"),
    [
        ({"seal": False}, ["S3"]),
        ({"seal": {"present": False, "confidence": 0.9}}, ["S3"]),
        ({"seal": None, "time": None}, []),
        ({"seal": True, "time": "19:59"}, ["S4"]),
        ({"time": {"value": "14:05"}}, ["S4"]),
        ({"time": "20:00"}, []),
        ({"time": "02:30"}, []),
        ({"time": "soon", "unknown": [1]}, []),
    ],
)
def test_marks_are_indicators_and_what_was_not_seen_is_none(election, marks, codes):
    sheet = dataclasses.replace(page(1, full([10, 20])), marks=marks)
    found = findings([sheet], election)
    assert [(one.code, one.verdict) for one in found] == [(code, "indicator") for code in codes]


def test_figures_that_are_settled_and_other_words_are_a_finding_and_weak_or_like_words_are_none(election):
    said = {"votes.1": (12, 0.99), "votes.2": (20, 0.99), "against_all": (7, 0.97)}
    marks = {"words": {code: {"value": n, "confidence": p} for code, (n, p) in said.items()}}
    sheet = dataclasses.replace(page(1, full([10, 20])), marks=marks)
    (found,) = findings([sheet], election)
    assert (found.code, found.verdict, found.subject) == ("S5", "indicator", "altaev")
    assert (found.details["figures"], found.details["words"]) == (10, 12)
    assert "цифрами написано 10, прописью — 12" in found.text["ru"]


def test_figures_that_are_still_open_are_not_set_against_words(election):
    marks = {"words": {"votes.1": {"value": 12, "confidence": 0.99}}}
    open_cell = Reading(Mark.READ, 10, confidence=0.5, anchored=True)
    sheet = dataclasses.replace(
        page(1, {**full([10, 20]), "votes.1": open_cell}), marks=marks, status=Status.REVIEW
    )
    assert not coded(findings([sheet], election), "S5")


def test_contradictions_come_first(election):
    sheets = [page(1, full([100, 50])), page(1, full([90, 50])), page(2, full([1, 2]), district=14)]
    found = findings(sheets, election, snapshot(altaev=50, qyryqbaev=500))
    assert [one.code for one in found][:2] == ["D1", "C1"]


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(5)))
def test_the_order_of_photos_changes_no_number(order):
    election = load_election(ELECTION)
    sheets = [page(n, full([90 + n, 50])) for n in range(1, 5)] + [page(2, full([60, 50]))]
    was = findings(sheets, election, snapshot(altaev=100, qyryqbaev=150))
    now = findings([sheets[i] for i in order], election, snapshot(altaev=100, qyryqbaev=150))
    assert sorted(
        (o.code, o.subject, o.protocols, o.margin, o.robust) for o in was if o.code != "C1"
    ) == sorted((o.code, o.subject, o.protocols, o.margin, o.robust) for o in now if o.code != "C1")
