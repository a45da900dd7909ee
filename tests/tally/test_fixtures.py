"""Worked numbers that other people published: if we say something else, one of us is wrong."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from tally.election import load_election
from tally.model import Span
from tally.reconcile import diff
from tally.sums import Sum
from tally.totals import totals
from tests.tally.building import ELECTION, folded, full, page
from tests.tally.test_reconcile import coded, snapshot

FIXTURES = Path(__file__).parents[3] / "shared" / "seeds" / "stat_fixtures.json"


@pytest.fixture(scope="module")
def venezuela() -> dict:
    if not FIXTURES.exists():
        pytest.skip("the folder of fixtures is not beside the repository")
    return json.loads(FIXTURES.read_text())["venezuela_2024"]


def in_hand(seen: dict, official: dict):
    """The rules over sums of a country, without its 24,532 sheets: altaev stands for EG, qyryqbaev for NM."""
    election = load_election(ELECTION)
    case = totals(folded([page(1, full([1, 2]))]), election)
    votes = {"altaev": seen["EG"], "qyryqbaev": seen["NM"], "ballots_valid": seen["valid"]}
    sums = {subject: Sum(Span.exactly(v), v, 0, seen["rows"], 0, 0) for subject, v in votes.items()}
    contest = dataclasses.replace(case.contests[0], sums=sums)
    figures = {"altaev": official["EG"], "qyryqbaev": official["NM"]}
    figures["ballots_valid"] = official["valid"]
    return diff(dataclasses.replace(case, contests=(contest,)), election, [snapshot(**figures)])


@pytest.mark.shared
def test_venezuela_2024_beside_its_second_bulletin(venezuela):
    found = in_hand(venezuela["actas_csv"], venezuela["bulletin2"])
    (above,) = coded(found, "D1")
    assert (above.subject, above.verdict, above.margin) == (
        "altaev",
        "contradiction",
        venezuela["contradiction_EG"],
    )
    (rest,) = coded(found, "D3")
    assert rest.subject == "qyryqbaev"
    assert rest.details["residual"] == venezuela["residual_NM"]
    assert rest.details["room"] == venezuela["residual_valid"]


@pytest.mark.shared
def test_venezuela_2024_beside_its_first_bulletin(venezuela):
    first = venezuela["bulletin1"]
    found = in_hand(venezuela["actas_csv"], first | {"valid": first["total"]})
    (valid,) = (one for one in coded(found, "D2") if one.subject == "ballots_valid")
    assert (valid.verdict, valid.margin) == ("contradiction", 600_354)
