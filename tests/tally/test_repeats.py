"""One sheet filed under two numbers and taken twice makes a contradiction that does not hold."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from tally.matrix import Matrix
from tally.model import Span
from tally.rules.repeats import Repeats
from tally.versions import Cell

CODES = ("votes.1", "votes.2", "votes.3", "ballots_valid")

spans = st.one_of(
    st.integers(0, 3).map(Span.exactly),
    st.tuples(st.integers(0, 3), st.integers(0, 3)).map(lambda ends: Span(min(ends), max(ends))),
)
sheet = st.dictionaries(st.sampled_from(CODES), spans, min_size=2)


def may_be_one(one, other):
    shared = [(one[code], other[code]) for code in one if code in other]
    equal = sum(a.is_exact and a == b and a.low > 0 for a, b in shared)
    return equal >= 2 and all(a.low <= b.high and b.low <= a.high for a, b in shared)


@settings(max_examples=200, deadline=None)
@given(st.lists(sheet, min_size=2, max_size=40))
def test_the_pairs_are_those_of_comparing_each_with_each(sheets):
    cells = [{code: Cell(span) for code, span in one.items()} for one in sheets]
    wanted: dict[int, set[int]] = {}
    for i, j in combinations(range(len(sheets)), 2):
        whole = all(span.is_exact for n in (i, j) for span in sheets[n].values())
        # Two sheets that are read in full are one sheet only if they print the same rows.
        if may_be_one(sheets[i], sheets[j]) and (not whole or sheets[i] == sheets[j]):
            wanted.setdefault(i, set()).add(j)
            wanted.setdefault(j, set()).add(i)
    repeats = Repeats(Matrix(cells), CODES)
    assert repeats._pairs == wanted
    assert repeats.found == bool(wanted)
    some = range(0, len(sheets), 2)
    assert repeats.among(some)._pairs == Repeats(Matrix(cells[i] for i in some), CODES)._pairs
    for code in CODES:
        lows = {i: sheets[i][code].low for i in wanted if code in sheets[i]}
        assert 0 <= repeats.lost(code) <= sum(lows.values())
