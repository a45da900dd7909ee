"""Equal votes in two precincts: what chance does is no finding, what it hardly does is one."""

from __future__ import annotations

from math import exp, factorial, prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tally.rules.chance import WORTH_A_WORD, Coincidences, highest_probability

COUNTS = st.lists(st.integers(0, 60), min_size=1, max_size=5)


@given(COUNTS, st.lists(st.floats(0.01, 90), min_size=5, max_size=5))
def test_no_expectations_make_the_numbers_likelier_than_the_bound(vector, rates):
    likely = prod(exp(-r) * r**v / factorial(v) for v, r in zip(vector, rates, strict=False))
    assert likely <= highest_probability(vector) * (1 + 1e-9)


@given(st.lists(st.tuples(*[st.integers(0, 40)] * 3), min_size=1, max_size=30))
def test_neighbours_are_counted_as_by_hand(vectors):
    chance = Coincidences(vectors)
    for vector in vectors:
        near = sum(all((a - b) ** 2 <= 9 * (a + b) for a, b in zip(vector, v, strict=True)) for v in vectors)
        assert chance.expected(vector) == pytest.approx((near - 1) * highest_probability(vector))


def test_equal_votes_that_are_nearly_all_for_one_are_chance_and_rich_ones_are_not():
    villages = [(0, 0, 0, n) for n in range(60, 160)]
    towns = [(300 + 7 * n, 200 - 3 * n, 90 + n, 12) for n in range(40)]
    chance = Coincidences([*villages, *towns, villages[7], towns[7]])
    assert chance.expected(villages[7]) > WORTH_A_WORD > chance.expected(towns[7])
