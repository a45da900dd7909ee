"""The shipped disputes must add up to what was published, and err only where they say so."""

from __future__ import annotations

import math

import pytest

from samples.dispute_plans import DISPUTES, candidates_of, plans, second_version, split
from samples.plan import MAX_VOTERS, SheetPlan

SHEETS = {district: plans(dispute) for district, dispute in DISPUTES.items()}
PUBLISHED = {
    4: (101, {"boqaev": 4459, "stambekov": 2825, "malinovskii": 3426}),
    14: (40, {"ahmediarov": 14816, "quspan": 8922}),
    27: (60, {"altaev": 35178, "qyryqbaev": 32251}),
}
ALL = [plan for sheets in SHEETS.values() for plan in sheets]
SOUND = [plan for plan in ALL if plan.planted is None]


def holds(plan: SheetPlan) -> bool:
    v = plan.values
    return (
        v["ballots_received"] == v["ballots_issued"] + v["ballots_cancelled"]
        and v["ballots_found"] == v["ballots_valid"] + v["ballots_invalid"]
        and v["ballots_valid"] == sum(plan.vector)
        and v["ballots_found"] <= v["ballots_issued"]
    )


@pytest.mark.parametrize("district", PUBLISHED)
def test_the_sheets_add_up_to_the_published_sums(district: int) -> None:
    count, sums = PUBLISHED[district]
    ids = [key for key, _ in candidates_of(DISPUTES[district])]

    totals = {key: sum(plan.vector[ids.index(key)] for plan in SHEETS[district]) for key in sums}

    assert len(SHEETS[district]) == count
    assert totals == sums


@pytest.mark.parametrize("district", PUBLISHED)
def test_every_precinct_is_there_once_and_is_no_real_one_with_published_numbers(district: int) -> None:
    precincts = [plan.precinct for plan in SHEETS[district]]

    assert len(set(precincts)) == len(precincts)
    assert not set(precincts) & DISPUTES[district].known_precincts
    assert all(plan.district == district for plan in SHEETS[district])


@pytest.mark.parametrize("district", PUBLISHED)
def test_no_two_sheets_have_the_same_votes(district: int) -> None:
    vectors = [plan.vector for plan in SHEETS[district]]

    assert len(set(vectors)) == len(vectors)


def test_sheets_without_a_planted_mistake_are_consistent() -> None:
    assert [plan.precinct for plan in SOUND if not holds(plan)] == []


def test_every_precinct_is_lawful() -> None:
    for plan in SOUND:
        v = plan.values
        assert all(count >= 0 for count in v.values())
        assert v["ballots_issued"] <= v["voters_listed"] <= MAX_VOTERS
        assert v["ballots_received"] == math.ceil(1.01 * v["voters_listed"] - 1e-9)
        assert v["voted_outside"] + v["voted_absentee"] <= v["ballots_issued"]


@pytest.mark.parametrize("district", PUBLISHED)
def test_planted_mistakes_spare_the_candidates(district: int) -> None:
    planted = [plan for plan in SHEETS[district] if plan.planted is not None]

    assert 2 <= len(planted) <= 3
    for plan in planted:
        assert plan.planted is not None
        assert not plan.planted.field.startswith("votes")
        assert plan.values[plan.planted.field] == plan.planted.written != plan.planted.implied
        assert not holds(plan)


def test_a_row_with_a_dash_counts_zero() -> None:
    marked = [(plan, code) for plan in ALL for code in plan.marks]

    assert marked
    assert all(plan.values[code] == 0 for plan, code in marked)


def test_the_second_version_differs_but_not_for_the_disputants() -> None:
    for district, sheets in SHEETS.items():
        for first in (plan for plan in sheets if plan.planted is None):
            second = second_version(first)
            known = len(DISPUTES[district].sums)
            assert first.vector[:known] == second.vector[:known]
            assert first.vector != second.vector
            assert holds(second)


def test_splitting_keeps_the_total() -> None:
    import numpy as np

    assert sum(split(4459, np.linspace(0.1, 3, 101))) == 4459
    assert split(3, np.array([1.0, 1.0])) == [2, 1]
