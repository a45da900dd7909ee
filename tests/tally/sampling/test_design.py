"""Photos of volunteers that pass for a sample, and a sample of which only the welcome part is in hand."""

from __future__ import annotations

from datetime import date

import pytest

from tally.election import load_election
from tally.errors import UsageError
from tally.model import Status
from tally.sampling.design import design_of
from tally.sampling.report import sampled
from tally.totals import totals
from tests.tally.building import ELECTION, folded, full, page, unsure

GOOD = {
    "contest": "smd-27",
    "a": "altaev",
    "b": "qyryqbaev",
    "selection": "random",
    "procedure": "urn before witnesses",
    "drawn_on": date(2023, 3, 17),
    "stratum": [{"name": "all", "precincts": 50, "drawn": [4, 2, 9]}],
}


def design(**changes):
    return design_of(GOOD | changes, load_election(ELECTION))


def found(sheets, **changes):
    election = load_election(ELECTION)
    contest = next(c for c in totals(folded(sheets), election).contests if c.contest.id == "smd-27")
    return sampled(design(**changes), contest)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"selection": "volunteers"}, "volunteers"),
        ({"selection": None}, "not 'random'"),
        ({"procedure": " "}, "procedure"),
        ({"drawn_on": None}, "drawn_on"),
        ({"drawn_on": date(2023, 3, 19)}, "not before the vote"),
        ({"contest": "smd-99"}, "no contest"),
        ({"b": "altaev"}, "one candidate"),
        ({"b": "nobody"}, "no candidate"),
        ({"stratum": []}, "stratum"),
        ({"stratum": [{"precincts": 2, "drawn": [1, 2, 3]}]}, "no more than there are"),
        ({"stratum": [{"precincts": 9, "drawn": [1]}]}, "2 precincts at least"),
        ({"stratum": [{"precincts": 9, "drawn": [1, 1]}]}, "twice"),
        ({"stratum": [{"precincts": 9, "drawn": [1, True]}]}, "list of precinct numbers"),
    ],
)
def test_what_is_no_random_sample_is_refused(changes, said):
    with pytest.raises(UsageError, match=said):
        design(**changes)


def test_volunteers_are_told_why():
    with pytest.raises(UsageError) as caught:
        design(selection="volunteers")
    assert "not a random sample" in caught.value.advice


def test_a_whole_sample_gives_shares_and_an_e_value_and_other_protocols_play_no_part():
    sheets = [page(4, full([100, 50])), page(2, full([90, 60])), page(9, full([80, 40]))]
    one = found(sheets)
    more = found([*sheets, page(7, full([900, 1]))])
    assert (more.shares, more.e_value, more.not_drawn) == (one.shares, one.e_value, 1)
    assert one.shares["a"].share == pytest.approx(270 / 435)
    assert one.shares["lead"].share == pytest.approx(120 / 435)
    assert (one.in_hand, one.missing, one.open, one.e_draws) == (3, (), (), 3)
    assert any("sample" in text["en"] for text in one.sentences)


def test_a_missing_precinct_takes_the_estimate_away_and_ends_the_draws_that_count():
    one = found([page(4, full([100, 50])), page(9, full([80, 40]))])
    assert (one.shares, one.missing, one.e_draws) == ({}, (2,), 1)


def test_an_uncertain_number_takes_the_estimate_away_and_counts_least_favourably():
    sheets = [page(4, full([100, 50])), page(2, full([90, 60])), page(9, full([80, 40]))]
    doubtful = [*sheets[:2], page(9, full([80, 40]) | {"votes.1": unsure(80)}, status=Status.REVIEW)]
    one = found(doubtful)
    assert (one.shares, one.open) == ({}, (9,))
    assert one.e_value < found(sheets).e_value
