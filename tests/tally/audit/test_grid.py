"""Back-computed counts: the bound holds for every unimodal law, and the test is quiet where it should be."""

from __future__ import annotations

import random
from fractions import Fraction
from math import ceil, comb, floor, log10

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tally.audit.grid import PLACEBOS, Counted, bound, cells_of, hits, log_tail, try_grid

GRID = Fraction(1, 10000)


@pytest.mark.parametrize(
    ("count", "percent"),
    [(80_773, "17.58"), (57_157, "12.44"), (55_503, "12.08"), (18_608, "4.05"), (14_840, "3.23")],
)
def test_jambyl_by_hand(count, percent):
    """459,458 valid votes; 3.23 % is 14,840.49 and so 14,840."""
    assert hits(count, 459_458, GRID)
    assert not hits(count + 1, 459_458, GRID)
    assert floor(Fraction(percent) * 459_458 / 100 + Fraction(1, 2)) == count


@given(st.integers(1, 10**7), st.integers(0, 10**4), st.sampled_from(["round", "floor", "ceil"]))
def test_every_point_of_a_grid_is_hit(base, k, how):
    value = Fraction(k * base, 10**4)
    point = {"round": floor(value + Fraction(1, 2)), "floor": floor(value), "ceil": ceil(value)}[how]
    assert hits(point, base, GRID, how)


@given(st.integers(3, 60), st.lists(st.integers(0, 50), min_size=1, max_size=80), st.integers(0, 500))
def test_no_unimodal_law_hits_more_often_than_the_bound(spacing, steps, start):
    """Any steps, added up and down again, make a unimodal law; the grid may lie anywhere under it."""
    rising = [sum(steps[: i + 1]) for i in range(len(steps))]
    law = [*rising, *reversed(rising)]
    total = sum(law)
    if total:
        struck = sum(p for x, p in enumerate(law, start) if x % spacing == 0)
        assert Fraction(struck, total) <= Fraction(1, spacing) + Fraction(max(law), total)


@given(st.integers(1, 400), st.integers(1, 400))
def test_the_peak_of_a_binomial_is_below_the_bound(count, others):
    base = count + others
    peak = comb(base, count) * count**count * others**others / base**base
    cell = Counted(count, base * 10_000, base)  # the grid itself then adds next to nothing
    assert peak <= bound(cell, GRID)


def test_the_greatest_category_is_left_out_and_the_rest_shrinks():
    assert list(cells_of([10, 70, 20], 100)) == [Counted(20, 100, 100), Counted(10, 100, 80)]


def test_the_tail_is_summed_and_not_cut_off():
    chances = [0.04] * 140
    exact = sum(comb(140, k) * Fraction(1, 25) ** k * Fraction(24, 25) ** (140 - k) for k in range(124, 141))
    assert log_tail(chances, 124) == pytest.approx(log10(exact), abs=1e-6)
    assert log_tail(chances, 3) == 0.0
    assert log_tail([0.1] * 5000, 5000) == -300.0
    with pytest.raises(ValueError, match="of 3 trials"):
        log_tail([0.1] * 3, 4)


def test_more_trials_than_are_summed_give_a_weaker_bound_and_never_a_stronger():
    few = log_tail([0.05] * 2000, 200)
    assert few < log_tail([0.05] * 2001, 200) < 0


def counted(seed: int) -> dict[str, list[Counted]]:
    """Twenty regions, each the sum of 300 precincts with their own leanings."""
    source = random.Random(seed)
    units = {}
    for region in range(20):
        votes = [0] * 8
        for _ in range(300):
            size = source.randint(200, 1800)
            weights = [source.uniform(0.2, 1) * w for w in (50, 11, 9, 8, 7, 5, 4, 2)]
            for i, weight in enumerate(weights):
                votes[i] += round(size * weight / sum(weights) + source.gauss(0, 3))
        units[f"r{region}"] = list(cells_of(votes, sum(votes)))
    return units


@pytest.mark.parametrize("seed", range(5))
def test_counts_that_were_added_up_raise_no_alarm(seed):
    for grid in (GRID, Fraction(1, 1000), *PLACEBOS[:3]):
        assert try_grid(counted(seed), "valid", grid, "round").log10_p > -3


def test_counts_that_were_multiplied_out_do():
    units = {
        unit: [
            Counted(
                floor(round(c.count * 10_000 / c.base) * Fraction(c.base, 10_000) + Fraction(1, 2)),
                c.base,
                c.rest,
            )
            for c in cells
        ]
        for unit, cells in counted(1).items()
    }
    test = try_grid(units, "valid", GRID, "round")
    assert test.hits == test.cells == 140
    assert test.log10_p < -100
    assert test.log10_p_narrow < -50
    assert try_grid(units, "valid", PLACEBOS[0], "round", placebo=True).log10_p > -3


def test_a_grid_finer_than_three_votes_is_skipped():
    assert try_grid({"small": list(cells_of([500, 300, 200], 1000))}, "valid", GRID, "round").cells == 0
