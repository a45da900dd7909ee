"""Back-computed counts: do the votes lie on a grid of round percentages more often than counting allows?

The claim tested is that counts were made by multiplying a rounded percentage by a total. A cell hits the
grid if its count is k*q*V for a whole k, rounded (exact arithmetic; V the base, q such as 1/10000).

The bound needs no uniformity. For any unimodal law on the whole numbers

    P(hit) <= 1/floor(qV) + max pmf,

because every grid point beyond the one nearest the mode is outweighed by the average over the floor(qV)
numbers before it, and of the two points around the mode the lesser is outweighed by the numbers between
them. It is linear in the law, so it holds for mixtures as well. The greatest category of a unit is left
out: it is the natural balancing item. The others are taken one after the other, the greatest first; given
the ones before, a count is at least as spread as a binomial over what is left, whose greatest probability
is below 1/sqrt(2 pi v (1 - v/rest)) (Stirling's formula with Robbins's remainders). Hits are then outnumbered
in distribution by independent trials with these bounds, whose upper tail scipy's Poisson binomial gives.
docs/adr/0010-back-computed-counts.md says what this does and does not show.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor, log, log10, pi, sqrt
from typing import Any

GRIDS = (Fraction(1, 10000), Fraction(1, 1000), Fraction(1, 200), Fraction(1, 100))
PLACEBOS = tuple(Fraction(1, m) for m in (7919, 8501, 8999, 9241, 9601, 9973, 10007, 10501, 11003, 12007))
"""Grids nobody would compute with; they show what the test says where there is nothing to find."""
ROUNDINGS = ("round", "floor", "ceil")
_NARROWER = 10
"""How many times less spread than the binomial the second bound allows the counts to be."""
_LOWEST_LOG = -300.0
_MANY = 2000
"""So many trials are summed exactly; beyond, Hoeffding's bound, which is somewhat greater, has to do."""
_COARSEST = 3
"""A grid with fewer votes between its points says nothing."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One count that may hit: its base, and what is left when greater categories are taken off."""

    count: int
    base: int
    rest: int


@dataclass(frozen=True, slots=True)
class GridTest:
    """The outcome of one grid, rounding and base over many units."""

    base: str
    """What the percentages would be percentages of."""
    grid: Fraction
    rounding: str
    placebo: bool
    cells: int
    hits: int
    expected: float
    """At most so many hits are to be expected from counting."""
    log10_p: float
    """log10 of a bound on the probability of at least so many; 0 if it is no use."""
    log10_p_narrow: float
    """The same if the counts were ten times less spread than the binomial."""
    by_unit: Mapping[str, tuple[int, int]]
    """Unit -> hits, cells."""

    def to_dict(self) -> dict[str, Any]:
        """One entry of ``grids`` in ``audit --json``."""
        return {
            "base": self.base,
            "grid": f"{self.grid.numerator}/{self.grid.denominator}",
            "rounding": self.rounding,
            "placebo": self.placebo,
            "cells": self.cells,
            "hits": self.hits,
            "expected_at_most": round(self.expected, 2),
            "log10_p_at_most": round(self.log10_p, 1),
            "log10_p_at_most_if_ten_times_narrower": round(self.log10_p_narrow, 1),
            "by_unit": {unit: list(pair) for unit, pair in self.by_unit.items()},
        }


def hits(count: int, base: int, grid: Fraction, rounding: str = "round") -> bool:
    """True if the count is a whole multiple of ``grid * base``, rounded to a whole number.

    ``round`` is half up, as ``floor(kqV + 1/2)``.
    """
    step, parts = grid.numerator * base, grid.denominator
    near = count * parts // step
    shift = {"round": parts, "floor": 0, "ceil": 2 * parts - 2}[rounding]
    return any((2 * k * step + shift) // (2 * parts) == count for k in (near, near + 1))


def distance(count: int, base: int, grid: Fraction) -> Fraction:
    """How many votes a count lies from the nearest grid point, exactly."""
    offset = count % (grid * base)
    return min(offset, grid * base - offset)


def cells_of(votes: Sequence[int], base: int) -> Iterator[Counted]:
    """The counts of one unit without its greatest, the greater first."""
    rest = base
    for count in sorted(votes, reverse=True)[1:]:
        yield Counted(count, base, rest)
        rest -= count


def bound(cell: Counted, grid: Fraction, narrower: int = 1) -> float:
    """At most so probable is a hit, for any unimodal law at least ``1/narrower`` as spread as the binomial."""
    spread = 2 * pi * cell.count * (1 - cell.count / cell.rest) if 0 < cell.count < cell.rest else 0.0
    peak = narrower / sqrt(spread) if spread else 1.0
    return min(1.0, 1 / floor(grid * cell.base) + peak)


def try_grid(
    units: Mapping[str, Sequence[Counted]], base: str, grid: Fraction, rounding: str, *, placebo: bool = False
) -> GridTest:
    """One grid over all units. Cells whose grid is finer than three votes are skipped."""
    usable = {
        unit: [c for c in cells if c.base > 0 and floor(grid * c.base) >= _COARSEST]
        for unit, cells in units.items()
    }
    found = {
        unit: sum(hits(c.count, c.base, grid, rounding) for c in cells) for unit, cells in usable.items()
    }
    everything = [cell for cells in usable.values() for cell in cells]
    total = sum(found.values())
    return GridTest(
        base=base,
        grid=grid,
        rounding=rounding,
        placebo=placebo,
        cells=len(everything),
        hits=total,
        expected=sum(bound(cell, grid) for cell in everything),
        log10_p=log_tail([bound(cell, grid) for cell in everything], total),
        log10_p_narrow=log_tail([bound(cell, grid, _NARROWER) for cell in everything], total),
        by_unit={unit: (found[unit], len(cells)) for unit, cells in usable.items() if cells},
    )


def log_tail(chances: Sequence[float], at_least: int) -> float:
    """log10 of a bound on P(at least so many successes) of independent trials; never below -300.

    0, the bound that says nothing, up to the number to be expected.

    The probabilities are summed: the survival function stops at about 1e-16.
    """
    if at_least <= sum(chances):
        return 0.0
    if at_least > len(chances):
        raise ValueError(f"{at_least} successes of {len(chances)} trials")
    if len(chances) > _MANY:
        return _chernoff(sum(chances) / len(chances), at_least, len(chances))
    from scipy.stats import poisson_binom

    tail = float(sum(poisson_binom.pmf(range(at_least, len(chances) + 1), sorted(chances))))
    return max(_LOWEST_LOG, min(0.0, log10(tail))) if tail > 0 else _LOWEST_LOG


def _chernoff(mean: float, at_least: int, trials: int) -> float:
    """log10 of exp(-n KL(k/n, mean)), a bound on the tail (Hoeffding 1963, theorem 1)."""
    part = at_least / trials
    if part <= mean:
        return 0.0
    rest = (1 - part) * log((1 - part) / (1 - mean)) if part < 1 else 0.0
    return max(_LOWEST_LOG, -trials * (part * log(part / mean) + rest) / log(10))
