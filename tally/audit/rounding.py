"""Exact interval arithmetic of rounded percentages.

A count v of a whole number N, printed as p % with half unit h, satisfies p - h <= 100 v / N <= p + h. Both
ends are taken as possible (half up, half even and half down round ties differently), so nothing that some
usual rounding allows is ever called a contradiction.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

from tally.audit.model import Cell


class Bases(NamedTuple):
    """Whole numbers N of which some counts are the printed percentages; ``high`` None: no upper end."""

    low: int
    high: int | None

    @property
    def empty(self) -> bool:
        """True if no whole number fits."""
        return self.high is not None and self.high < self.low


def fits(count: Fraction, base: Fraction, percent: Fraction, half: Fraction) -> bool:
    """True if count / base may have been printed as this percentage."""
    return base > 0 and abs(100 * count / base - percent) <= half


def implied(count: Fraction, percent: Fraction, half: Fraction) -> Bases:
    """The bases of which ``count`` is ``percent``, as rounded. A count of 0 tells only if p > h.

    >>> implied(Fraction(153225), Fraction("63.76"), Fraction("0.005"))
    Bases(low=240297, high=240334)
    """
    low = max(1, ceil(count), ceil(100 * count / (percent + half)) if percent + half > 0 else 1)
    return Bases(low, floor(100 * count / (percent - half)) if percent > half else None)


def common(bases: Iterable[Bases]) -> Bases:
    """The bases that fit all; empty (high < low) if there are none."""
    low, high = 1, None
    for one in bases:
        low = max(low, one.low)
        if one.high is not None:
            high = one.high if high is None else min(high, one.high)
    return Bases(low, high)


def counts(base: Fraction, cell: Cell) -> tuple[int, int]:
    """The least and the greatest count that is this percentage of ``base``."""
    return (
        max(0, ceil(base * (cell.number - cell.half) / 100)),
        floor(base * (cell.number + cell.half) / 100),
    )


def percent_of(count: Fraction, base: Fraction, places: int) -> Fraction:
    """The count in percent of the base, rounded half up."""
    scaled = 100 * 10**places * count / base
    return Fraction(floor(scaled + Fraction(1, 2)), 10**places)
