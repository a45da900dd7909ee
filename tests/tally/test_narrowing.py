"""Reading one more cell may only narrow a range: never move it, never widen it, never take a contradiction back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tally.election import Election, load_election
from tally.model import Mark, Reading, Status
from tally.reconcile import diff
from tally.totals import CaseTotals, totals
from tests.tally.building import ELECTION, folded, full, page

KAZAKHSTAN: Election = load_election(ELECTION)
VOTES = st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900)), min_size=1, max_size=5)
CODES = ("votes.1", "votes.2", "against_all", "ballots_valid", "ballots_found")


def _totals(votes: list[tuple[int, int]], unread: frozenset[tuple[int, str]]) -> CaseTotals:
    pages = []
    for number, pair in enumerate(votes):
        fields = {
            code: Mark.ILLEGIBLE if (number, code) in unread else value
            for code, value in full(list(pair)).items()
        }
        pages.append(page(number + 1, fields, status=Status.REVIEW, sha256=f"{number:064d}"))
    return totals(folded(pages), KAZAKHSTAN)


@settings(max_examples=40, deadline=None)
@given(VOTES, st.data())
def test_one_more_cell_only_narrows_every_range(votes: list[tuple[int, int]], data: st.DataObject) -> None:
    cells = st.tuples(st.integers(0, len(votes) - 1), st.sampled_from(CODES))
    unread = data.draw(st.frozensets(cells, min_size=1, max_size=6))
    more = unread - {data.draw(st.sampled_from(sorted(unread)))}

    before, after = _totals(votes, unread), _totals(votes, more)

    for subject, old in before.contests[0].sums.items():
        new = after.contests[0].sums[subject]
        assert old.span.low <= new.span.low <= new.span.high <= old.span.high
    told = {(f.code, f.subject) for f in diff(before, KAZAKHSTAN) if f.verdict == "contradiction"}
    assert told <= {(f.code, f.subject) for f in diff(after, KAZAKHSTAN) if f.verdict == "contradiction"}


@pytest.mark.parametrize("by_words", [True, False])
def test_a_number_that_words_alone_tell_makes_no_other_number_sure(by_words: bool) -> None:
    """Words may be misread, and nobody has looked: an equality holds between numbers read in figures alone."""
    numbers = full([149, 130])
    fields = {code: Reading(Mark.READ, value, 0.92, anchored=True) for code, value in numbers.items()}
    reader = "words sha256:ab and digits 1" if by_words else "digits 1"
    fields["ballots_valid"] = Reading(Mark.READ, numbers["ballots_valid"], 0.5, anchored=True, reader=reader)

    sums = totals(folded([page(5, fields, status=Status.REVIEW)]), KAZAKHSTAN).contests[0].sums

    exact = [subject for subject in ("altaev", "qyryqbaev", "against_all") if sums[subject].span.is_exact]
    assert exact == ([] if by_words else ["altaev", "qyryqbaev", "against_all"])
    assert not sums["ballots_valid"].span.is_exact
