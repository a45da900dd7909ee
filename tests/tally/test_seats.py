"""A seat that is said to be safe, and is not, sends people to court for nothing."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tally.election import SeatRule, load_election
from tally.model import Span
from tally.reconcile import diff
from tally.seats import FEWEST_PARTIES, Limits, by_votes, outlook, share_out
from tally.totals import totals
from tests.tally.building import ELECTION, folded, typed_body
from tests.tally.test_reconcile import coded, snapshot

NAMES = ("amanat", "auyl", "respublica", "aqjol", "qhp", "jsdp", "baytaq", "against_all")
PARTIES = ("a", "b", "c")


def rule(number: int, percent: int) -> SeatRule:
    return SeatRule(number, Fraction(percent, 100), ("ballots_valid",), "test")


def remainder_by_hand(votes: dict[str, int], seats: int) -> list[dict[str, int]]:
    """All ways to share out: whole quotas first, then one seat each to the largest remainders."""
    whole = sum(votes.values())
    sure = {p: seats * v // whole for p, v in votes.items()}
    left = seats - sum(sure.values())
    rest = {p: Fraction(seats * v, whole) - sure[p] for p, v in votes.items()}
    out = []
    for extra in product((0, 1), repeat=len(votes)):
        given_to = dict(zip(votes, extra, strict=True))
        worst = min((rest[p] for p in votes if given_to[p]), default=1)
        best = max((rest[p] for p in votes if not given_to[p]), default=0)
        if sum(extra) == left and worst >= best:
            out.append({p: sure[p] + given_to[p] for p in votes})
    return out


@given(st.lists(st.integers(0, 60), min_size=1, max_size=4).filter(any), st.integers(1, 9))
def test_seats_go_to_the_largest_remainders_and_a_tie_stays_open(votes, seats):
    named = {str(i): v for i, v in enumerate(votes)}
    ways = remainder_by_hand(named, seats)
    assert ways
    for party, span in share_out(named, seats).items():
        assert (span.low, span.high) == (min(w[party] for w in ways), max(w[party] for w in ways))


def test_the_published_votes_of_2023_give_the_published_seats():
    election = load_election("kz-2023-majilis")
    contest = election.contest("party")
    votes = {f.subject: f.value for f in election.figures("party") if f.kind == "votes"}
    parties = tuple(c.id for c in contest.candidates)
    (ballots,) = (f.value for f in election.figures("party", "total"))
    assert contest.seats is not None
    for base in (0, ballots):
        seats = by_votes(votes, parties, contest.seats, base)
        assert {p: s.low for p, s in seats.items()} == {
            "amanat": 40,
            "auyl": 8,
            "respublica": 6,
            "aqjol": 6,
            "qhp": 5,
            "jsdp": 4,
            "baytaq": 0,
        }
        assert all(s.is_exact for s in seats.values())


@st.composite
def small_limits(draw):
    lines = {}
    for name in (*PARTIES, "against_all"):
        low = draw(st.integers(0, 9))
        lines[name] = Span(low, low + draw(st.integers(0, 4)))
    least, most = sum(s.low for s in lines.values()), sum(s.high for s in lines.values())
    low = draw(st.integers(least, most))
    return Limits(lines, Span(low, draw(st.integers(low, most))))


def every_vote(limits: Limits):
    for votes in product(*(range(s.low, s.high + 1) for s in limits.lines.values())):
        if limits.whole.low <= sum(votes) <= limits.whole.high and sum(votes):
            yield dict(zip(limits.lines, votes, strict=True))


@settings(max_examples=150, deadline=None)
@given(small_limits(), st.integers(1, 12), st.sampled_from([0, 5, 20, 30]))
def test_no_votes_within_the_limits_give_what_was_excluded(limits, number, percent):
    told = outlook(limits, PARTIES, rule(number, percent))
    all_votes = list(every_vote(limits))
    for party in PARTIES:
        over = {v[party] > 0 and 100 * v[party] >= percent * sum(v.values()) for v in all_votes}
        if over:
            assert told[party].passes == (over.pop() if len(over) == 1 else None)
        spans = [s[party] for v in all_votes if (s := by_votes(v, PARTIES, rule(number, percent)))]
        if not spans:
            continue
        least, most = min(s.low for s in spans), max(s.high for s in spans)
        bounds, tried = told[party].seats, told[party].examples
        assert bounds is None or (bounds.low <= least and most <= bounds.high)
        assert tried is None or (least <= tried.low and tried.high <= most)


@given(st.lists(st.integers(0, 500), min_size=3, max_size=3), st.integers(1, 30))
def test_votes_that_are_known_leave_nothing_open_but_ties(votes, number):
    lines = {name: Span.exactly(v) for name, v in zip(PARTIES, votes, strict=True)}
    exact = by_votes(dict(zip(PARTIES, votes, strict=True)), PARTIES, rule(number, 5))
    told = outlook(Limits(lines, Span.exactly(sum(votes))), PARTIES, rule(number, 5))
    for party in PARTIES if exact else ():
        assert told[party].passes is not None
        assert told[party].seats == told[party].examples == exact[party]


def test_a_wider_base_is_asked_before_a_party_is_safe():
    lines = {"a": Span.exactly(50), "b": Span.exactly(900), "against_all": Span.exactly(50)}
    five = rule(10, 5)
    assert outlook(Limits(lines, Span.exactly(1000)), ("a", "b"), five)["a"].passes is True
    assert outlook(Limits(lines, Span.exactly(1000), base=1001), ("a", "b"), five)["a"].passes is None


@pytest.mark.parametrize("votes", [{"a": 100, "b": 1}, {"a": 0, "b": 0}])
def test_with_one_party_over_the_threshold_nothing_is_said_of_seats(votes):
    assert FEWEST_PARTIES == 2
    assert by_votes(votes, ("a", "b"), rule(5, 5)) == {}
    lines = {name: Span.exactly(v) for name, v in votes.items()}
    told = outlook(Limits(lines, Span.exactly(sum(votes.values()))), ("a", "b"), rule(5, 5))
    assert told["a"].seats is None


def told_of(sheets, official, beyond=0):
    """What ``diff`` says of seats: sheets as lists of votes in the order of NAMES, official votes by name.

    The valid votes, on every sheet and in the table, are ``beyond`` what the lines add up to.
    """
    rows = [
        typed_body(
            n,
            dict(zip(NAMES, votes, strict=True)) | {"ballots_valid": sum(votes) + beyond},
            contest="party",
            region="abai",
        )
        for n, votes in enumerate(sheets, 1)
    ]
    election = load_election(ELECTION)
    valid = sum(official.values()) + beyond * len(sheets)
    figures = snapshot(contest="party", **official, ballots_valid=valid)
    found = diff(totals(folded([], (), rows), election), election, [figures])
    return [one for code in ("W3", "W4") for one in coded(found, code)]


SHEETS = ([500, 80, 70, 60, 50, 60, 10, 30], [450, 75, 66, 61, 44, 58, 12, 20])


def test_sheets_that_are_all_there_settle_every_seat_and_the_official_seats_are_those():
    official = {name: a + b for name, a, b in zip(NAMES, *SHEETS, strict=True)}
    (one,) = told_of(SHEETS, official)
    assert (one.code, one.verdict) == ("W4", "statement")
    assert all(p["seats"] == p["official_seats"] == p["examples"] for p in one.details["parties"])
    assert sum(p["seats"]["low"] for p in one.details["parties"]) == 69
    assert "69" in one.text["kk"]


def test_sheets_whose_lines_fall_short_of_their_valid_votes_settle_no_seat():
    """No votes fit all that is written; what would follow for seats from that is nothing."""
    official = {name: a + b for name, a, b in zip(NAMES, *SHEETS, strict=True)}
    assert told_of(SHEETS, official, beyond=33) == []


def test_a_party_moved_below_the_threshold_in_the_official_votes_is_named():
    """Votes are taken from one party and given to another; the valid vote stays as it is."""
    official = {name: a + b for name, a, b in zip(NAMES, *SHEETS, strict=True)}
    official |= {"jsdp": official["jsdp"] - 60, "amanat": official["amanat"] + 60}
    (one,) = told_of(SHEETS, official)
    (party,) = (p for p in one.details["parties"] if p["subject"] == "jsdp")
    assert (one.code, one.verdict, party["over_threshold"]) == ("W4", "difference", "yes")
    assert party["official_seats"] == {"low": 0, "high": 0}
    assert party["seats"]["low"] > 0


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 400), min_size=8, max_size=8), min_size=1, max_size=4),
    st.lists(st.integers(0, 900), min_size=8, max_size=8),
)
def test_honest_official_votes_are_never_said_to_give_other_seats(sheets, elsewhere):
    official = {name: sum(votes) for name, *votes in zip(NAMES, *sheets, elsewhere, strict=True)}
    for one in told_of(sheets, official):
        assert one.verdict == "statement"
        for party in one.details["parties"]:
            if party["seats"] and party["official_seats"]:
                assert party["seats"]["low"] <= party["official_seats"]["low"]
                assert party["official_seats"]["high"] <= party["seats"]["high"]
