"""Precincts whose turnout or share is a whole percentage, against how many there would be by chance.

After Kobak, Shpilkin and Pshenichnikov, Annals of Applied Statistics 10 (2016) 54-73. Their Monte Carlo is
replaced by the exact binomial sum: given a precinct's own turnout and share, each ballot falls independently.
Only for tables published by precinct in full: observers choose where they stand.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

FEWEST_VOTERS = 100
HIGHEST_PERCENT = 99
_SPREADS = 9
"""Standard deviations either side of a precinct's own value; beyond lies less than 1e-18 of the chance."""


@dataclass(frozen=True, slots=True)
class Station:
    """One precinct. ``votes`` are the leader's; ``cast`` is the base of the share."""

    voters: int
    cast: int
    votes: int


@dataclass(frozen=True, slots=True)
class Excess:
    """Precincts with a whole percentage: how many there are, and how many chance would give."""

    what: str
    """``turnout``, ``result`` or ``result or turnout``."""
    stations: int
    observed: int
    expected: float
    sd: float

    @property
    def anomaly(self) -> float:
        """Observed − expected."""
        return self.observed - self.expected

    @property
    def z(self) -> float:
        """The anomaly in standard deviations."""
        return self.anomaly / self.sd if self.sd > 0 else 0.0

    def to_dict(self) -> dict[str, Any]:
        """Stable keys; tails are floats and are rounded here."""
        return {
            "what": self.what,
            "stations": self.stations,
            "observed": self.observed,
            "expected": round(self.expected, 3),
            "anomaly": round(self.anomaly, 3),
            "sd": round(self.sd, 3),
            "z": round(self.z, 3),
        }


def is_whole(part: int, base: int) -> bool:
    """True if 100 × part / base is within 0.05 of a whole number, exactly."""
    remainder = 100 * part % base
    return 20 * min(remainder, base - remainder) <= base


def usable(stations: Iterable[Station]) -> list[Station]:
    """At least 100 voters, turnout and share at most 99 %, ballots cast at all."""
    return [
        s
        for s in stations
        if s.voters >= FEWEST_VOTERS
        and s.cast > 0
        and 0 <= s.votes <= s.cast
        and 100 * s.cast <= HIGHEST_PERCENT * s.voters
        and 100 * s.votes <= HIGHEST_PERCENT * s.cast
    ]


def integer_excess(stations: Iterable[Station]) -> tuple[Excess, ...]:
    """The three counts of the paper: result or turnout, result, turnout."""
    kept = usable(stations)
    turnout = chances([(s.cast, s.voters) for s in kept])
    result = chances([(s.votes, s.cast) for s in kept])
    either = [1 - (1 - a) * (1 - b) for a, b in zip(turnout, result, strict=True)]
    hit_t = [is_whole(s.cast, s.voters) for s in kept]
    hit_r = [is_whole(s.votes, s.cast) for s in kept]
    hit_e = [a or b for a, b in zip(hit_t, hit_r, strict=True)]
    return (
        _excess("result or turnout", hit_e, either),
        _excess("result", hit_r, result),
        _excess("turnout", hit_t, turnout),
    )


def _excess(what: str, hits: Sequence[bool], chance: Sequence[float]) -> Excess:
    spread = math.sqrt(math.fsum(p * (1 - p) for p in chance))
    return Excess(what, len(hits), sum(hits), math.fsum(chance), spread)


def chances(pairs: Sequence[tuple[int, int]]) -> list[float]:
    """For each (part, base): the chance that Binomial(base, part / base) gives a whole percentage."""
    from scipy.stats import binom

    owner: list[int] = []
    ks: list[int] = []
    bases: list[int] = []
    shares: list[float] = []
    for index, (part, base) in enumerate(pairs):
        for k in _whole_counts(part, base):
            owner.append(index)
            ks.append(k)
            bases.append(base)
            shares.append(part / base)
    found = [0.0] * len(pairs)
    for index, chance in zip(owner, binom.pmf(ks, bases, shares).tolist() if ks else [], strict=True):
        found[index] += chance
    return found


def _whole_counts(part: int, base: int) -> Iterator[int]:
    """The counts near ``part`` that are a whole percentage of ``base``."""
    spread = _SPREADS * (math.isqrt(part * (base - part) // base) + 1)
    low, high = max(0, part - spread), min(base, part + spread)
    seen = low - 1
    for percent in range(100 * low // base, 100 * high // base + 2):
        # |100 k / base - percent| <= 0.05  <=>  (20 percent - 1) base <= 2000 k <= (20 percent + 1) base
        first = max(seen + 1, -(-(20 * percent - 1) * base // 2000), low)
        last = min((20 * percent + 1) * base // 2000, high)
        yield from range(first, last + 1)
        seen = max(seen, last)
