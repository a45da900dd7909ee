"""The relations between printed numbers that an audit checks. Each knows its cells and whether it holds.

A relation is built only over cells that hold numbers: nothing that is missing counts as zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Protocol

from tally.audit.model import Key, Numbers
from tally.audit.rounding import Bases, common, fits, implied


class Relation(Protocol):
    """What the engine and the search for slips need of a relation."""

    @property
    def code(self) -> str:
        """Rule of docs/rules.md."""

    @property
    def cells(self) -> tuple[Key, ...]:
        """The cells it speaks of, the one that a finding is about first."""

    def holds(self, n: Numbers) -> bool:
        """True if the numbers can all be correct."""


@dataclass(frozen=True, slots=True)
class Adds:
    """A total and its parts: equal, or with ``at_most`` the parts may add up to less."""

    code: str
    total: Key
    parts: tuple[Key, ...]
    at_most: bool = False

    @property
    def cells(self) -> tuple[Key, ...]:
        """Total first."""
        return (self.total, *self.parts)

    def gap(self, n: Numbers) -> Fraction:
        """Parts minus total."""
        return sum((n[part] for part in self.parts), Fraction()) - n[self.total]

    def holds(self, n: Numbers) -> bool:
        """True if nothing is left over."""
        return self.gap(n) <= 0 if self.at_most else self.gap(n) == 0


@dataclass(frozen=True, slots=True)
class Share:
    """A count, its percentage, and the base as sum of ``plus`` less ``minus``."""

    code: str
    count: Key
    percent: Key
    half: Fraction
    plus: tuple[Key, ...]
    minus: tuple[Key, ...] = ()

    @property
    def cells(self) -> tuple[Key, ...]:
        """Percentage first: it is computed last, and so the usual place of a slip."""
        others = tuple(key for key in (*self.plus, *self.minus) if key != self.count)
        return (self.percent, self.count, *others)

    def base(self, n: Numbers) -> Fraction:
        """The number that is 100 %."""
        return sum((n[k] for k in self.plus), Fraction()) - sum((n[k] for k in self.minus), Fraction())

    def holds(self, n: Numbers) -> bool:
        """True if the percentage is the count's, rounded."""
        return fits(n[self.count], self.base(n), n[self.percent], self.half)


@dataclass(frozen=True, slots=True)
class OneBase:
    """Counts and percentages of one unit whose base is not printed: is there one that fits all?"""

    code: str
    pairs: tuple[tuple[Key, Key, Fraction], ...]
    """Count, percentage, half unit."""

    @property
    def cells(self) -> tuple[Key, ...]:
        """Pair after pair."""
        return tuple(key for count, percent, _ in self.pairs for key in (count, percent))

    def rows(self, n: Numbers) -> tuple[Bases, ...]:
        """What each pair implies."""
        return tuple(implied(n[count], n[percent], half) for count, percent, half in self.pairs)

    def base(self, n: Numbers) -> Bases:
        """What all pairs allow."""
        return common(self.rows(n))

    def widest(self, n: Numbers) -> Bases:
        """What all pairs allow or, where they exclude each other, from the least to the greatest."""
        whole = self.base(n)
        if not whole.empty:
            return whole
        highs = [row.high for row in self.rows(n)]
        top = None if None in highs else max(high for high in highs if high is not None)
        return Bases(min(row.low for row in self.rows(n)), top)

    def holds(self, n: Numbers) -> bool:
        """True if some base fits all."""
        return not self.base(n).empty


@dataclass(frozen=True, slots=True)
class Hundred:
    """Percentages of one base: they make up 100 % (``complete``), or no more than that."""

    code: str
    percents: tuple[tuple[Key, Fraction], ...]
    complete: bool
    counts: Mapping[Key, Key] = field(default_factory=dict)
    """Percentage -> its count, where one is printed."""

    @property
    def cells(self) -> tuple[Key, ...]:
        """The percentages, then the counts."""
        return (*(key for key, _ in self.percents), *self.counts.values())

    def total(self, n: Numbers) -> Fraction:
        """The printed percentages added up."""
        return sum((n[key] for key, _ in self.percents), Fraction())

    def room(self) -> Fraction:
        """By how much rounding alone can move the total."""
        return sum((half for _, half in self.percents), Fraction())

    def holds(self, n: Numbers) -> bool:
        """True if rounding can explain the total.

        At the very end of the room every share must lie exactly on its lower end, so that a printed count
        must be a whole number's exact share.
        """
        total, room = self.total(n), self.room()
        if total - room == 100:
            return all(
                n[percent] <= half or (100 * n[count] / (n[percent] - half)).denominator == 1
                for percent, half in self.percents
                if (count := self.counts.get(percent)) is not None
            )
        return total - room < 100 and (not self.complete or total + room >= 100)


@dataclass(frozen=True, slots=True)
class AtMost:
    """One number is no greater than another: ballots and voters, a turnout and the later one."""

    code: str
    small: Key
    great: Key

    @property
    def cells(self) -> tuple[Key, ...]:
        """The smaller first."""
        return (self.small, self.great)

    def holds(self, n: Numbers) -> bool:
        """True if the order is kept."""
        return n[self.small] <= n[self.great]


@dataclass(frozen=True, slots=True)
class Custom:
    """A relation of several units or tables, with the test that belongs to it."""

    code: str
    cells: tuple[Key, ...]
    test: Callable[[Numbers], bool]
    about: Mapping[str, Any] = field(default_factory=dict)
    """What the finding needs to know."""

    def holds(self, n: Numbers) -> bool:
        """True if the test says so."""
        return self.test(n)
