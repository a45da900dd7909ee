"""An interval that promises 95 % and covers half of it, or evidence out of nothing because somebody stopped in time."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import combinations, permutations
from math import inf, sqrt
from statistics import mean, variance

import pytest

from tally.sampling.estimate import Drawn, ratio
from tally.sampling.evalue import wealth


def country(seed: int, precincts: int, *, centre: float = 0.45) -> list[tuple[int, int]]:
    """(votes for a, valid votes) of precincts that differ in size and leaning, as real ones do."""
    chance = random.Random(seed)
    sizes = [int(min(2900, 60 + chance.lognormvariate(6.2, 0.7))) for _ in range(precincts)]
    return [(round(n * min(0.97, max(0.02, chance.gauss(centre, 0.11)))), n) for n in sizes]


def test_by_hand():
    """r = 60/200; e = 10 − 0.3·50 = −5 and 50 − 0.3·150 = 5; s² = 50; var = (1 − 2/10)·50/(2·100²)."""
    found = ratio([Drawn(10, [(10, 50), (50, 150)])])
    assert found.share == pytest.approx(0.3)
    assert found.standard_error == pytest.approx(sqrt(0.8 * 50 / 2) / 100)
    assert found.high - found.low == pytest.approx(2 * 12.7062 * found.standard_error, rel=1e-4)


def test_a_census_has_no_error_and_one_stratum_is_the_simple_case():
    votes = country(1, 40)
    census = ratio([Drawn(40, votes)])
    assert census.share == pytest.approx(sum(a for a, _ in votes) / sum(n for _, n in votes))
    assert census.standard_error == 0
    one, other = [Drawn(400, votes[:20]), Drawn(30, votes[20:])]
    both = ratio([one, other])
    assert (
        min(ratio([one]).share, ratio([other]).share)
        <= both.share
        <= max(ratio([one]).share, ratio([other]).share)
    )
    with pytest.raises(ValueError, match="two"):
        ratio([Drawn(5, [(1, 2)])])


def test_the_variance_is_that_of_all_samples_that_there_are():
    """Where all precincts have one size the ratio is a mean, and the formula is exact on average."""
    votes = [(12, 100), (55, 100), (31, 100), (80, 100), (44, 100), (18, 100), (67, 100)]
    samples = [ratio([Drawn(7, pairs)]) for pairs in combinations(votes, 3)]
    true = sum((Fraction(a, 100) - Fraction(307, 700)) ** 2 for a, _ in votes) / 6 * (1 - Fraction(3, 7)) / 3
    assert mean(one.standard_error**2 for one in samples) == pytest.approx(float(true))
    assert variance(one.share for one in samples) * (len(samples) - 1) / len(samples) == pytest.approx(
        float(true)
    )


@pytest.mark.parametrize("strata", [1, 2])
def test_the_interval_covers_as_often_as_it_says(strata):
    parts = [country(2, 300), country(3, 150, centre=0.2)][:strata]
    truth = sum(a for part in parts for a, _ in part) / sum(n for part in parts for _, n in part)
    chance = random.Random(4)
    covered = naive = 0
    runs = 600
    for _ in range(runs):
        samples = [Drawn(len(part), chance.sample(part, 40)) for part in parts]
        found = ratio(samples)
        covered += found.low <= truth <= found.high
        share, votes = found.share, sum(n for one in samples for _, n in one.pairs)
        naive += abs(share - truth) <= 1.96 * sqrt(share * (1 - share) / votes)
    assert 0.92 <= covered / runs <= 0.98
    assert naive / runs < 0.6  # taking votes for the sample size promises 95 % and gives this


def test_evidence_out_of_nothing_whenever_one_stops():
    """Exactly tied: wealth ever reaches 20 in at most one run of twenty."""
    votes = [(a, n - a) for a, n in country(5, 100, centre=0.5)]
    tied = [*votes, *((b, a) for a, b in votes)]
    chance = random.Random(6)
    runs = 500
    reached = sum(max(wealth(chance.sample(tied, 150), 200, 3000)) >= 20 for _ in range(runs))
    assert reached / runs <= 0.05


def test_the_expected_wealth_never_grows_under_the_hypothesis():
    """All orders of a small tied country: the mean of the wealth after each draw is at most 1."""
    tied = [(30, 10), (10, 30), (25, 20), (20, 25), (40, 40)]
    paths = [wealth(order, 5, 100) for order in permutations(tied)]
    assert all(mean(path[t] for path in paths) <= 1 + 1e-9 for t in range(5))
    assert min(min(path) for path in paths) > 0


def test_a_clear_lead_is_found_and_one_that_cannot_be_caught_up_is_certain():
    votes = [(a, n - a) for a, n in country(7, 300, centre=0.65)]
    chance = random.Random(8)
    found = [max(wealth(chance.sample(votes, 150), 300, 3000)) >= 20 for _ in range(60)]
    assert sum(found) / len(found) > 0.9
    assert wealth([(100, 0)] * 4, 5, 100)[-1] == inf
    assert wealth([(100, 0), (100, 0), (0, 100), (0, 100)], 4, 100)[-1] < 20
    with pytest.raises(ValueError, match="do not fit"):
        wealth([(60, 50)], 5, 100)
