"""Turnout by the hour, with the register as a variable.

Voters are added to the lists on the day, so a national count and its percentage at one hour tell only which
registers they allow. Hours that share a register form a stage. A register that grows a little from stage to
stage is lawful and explains why regional percentages, weighted with the final register, miss the national
counts of earlier hours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from tally.audit.build import hours_of
from tally.audit.model import PERCENT, REGISTERED, SERIES, Key, Numbers, Table
from tally.audit.relations import Custom, Relation
from tally.audit.rounding import Bases, common, implied

_GROWTH = Fraction(101, 100)
"""The greatest register over the least: ballots are printed for 1 % more voters than are listed."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Hours in a row whose counts and percentages allow a common register."""

    hours: tuple[int, ...]
    register: Bases


@dataclass(frozen=True, slots=True)
class Hours:
    """The parts of a table that the turnout series needs."""

    table: Table
    hours: tuple[int, ...]
    """Hours with a count and a percentage of the whole."""

    def count(self, hour: int) -> Key:
        """National count at an hour."""
        return self.table.key((), f"{SERIES}{hour}")

    def percent(self, hour: int) -> Key:
        """National percentage at an hour."""
        return self.table.key((), f"{SERIES}{hour}{PERCENT}")

    def stages(self, n: Numbers) -> list[Stage]:
        """Hours grouped from the first on, each as long as one register fits."""
        found: list[Stage] = []
        for hour in self.hours:
            percent = self.percent(hour)
            allowed = implied(n[self.count(hour)], n[percent], self.table.cells[percent].half)
            joined = common((found[-1].register, allowed)) if found else allowed
            if found and not joined.empty:
                found[-1] = Stage((*found[-1].hours, hour), joined)
            else:
                found.append(Stage((hour,), allowed))
        return found

    def lawful(self, n: Numbers) -> bool:
        """True if a register that never shrinks, and grows by 1 % at most, fits all hours."""
        stages = [stage.register for stage in self.stages(n)]
        if any(stage.empty or stage.high is None for stage in stages):
            return False
        floor_so_far = 0
        for stage in stages:
            floor_so_far = max(floor_so_far, stage.low)
            if stage.high is not None and stage.high < floor_so_far:
                return False
        return floor_so_far <= (stages[0].high or 0) * _GROWTH

    def regional(self, hour: int) -> tuple[tuple[Key, Key], ...]:
        """(register, percentage) of every region at an hour; empty if one of them is not printed."""
        column = f"{SERIES}{hour}{PERCENT}"
        regions = self.table.children(())
        if not regions or not all(self.table.has(r.path, REGISTERED, column) for r in regions):
            return ()
        return tuple((self.table.key(r.path, REGISTERED), self.table.key(r.path, column)) for r in regions)

    def weighted(self, hour: int, n: Numbers) -> tuple[int, int]:
        """The least and the greatest count that the regional percentages allow on the printed registers."""
        pairs = [(n[reg], n[pct], self.table.cells[pct].half) for reg, pct in self.regional(hour)]
        low = sum((reg * max(Fraction(), pct - half) for reg, pct, half in pairs), Fraction())
        high = sum((reg * (pct + half) for reg, pct, half in pairs), Fraction())
        return floor(low / 100), ceil(high / 100)

    def agrees(self, hour: int, n: Numbers) -> bool:
        """True if the national count fits the regional percentages on the printed registers."""
        low, high = self.weighted(hour, n)
        return low <= n[self.count(hour)] <= high

    def explained(self, hour: int, n: Numbers) -> bool:
        """True if it fits once the register is the one that the hour's own percentage allows.

        Which regions' lists grew is not printed: each may have, so the voters who were not listed yet are
        taken off at the least or at the greatest regional turnout.
        """
        if self.agrees(hour, n):
            return True
        stage = next(stage.register for stage in self.stages(n) if hour in stage.hours)
        printed = sum((n[reg] for reg, _ in self.regional(hour)), Fraction())
        low, high = self.weighted(hour, n)
        turnouts = [n[pct] / 100 for _, pct in self.regional(hour)]
        not_yet = max(Fraction(), printed - stage.low)
        surely_not = max(Fraction(), printed - (stage.high if stage.high is not None else printed))
        if not_yet > printed * (_GROWTH - 1):
            return False
        return low - not_yet * max(turnouts) <= n[self.count(hour)] <= high - surely_not * min(turnouts)


def hours(table: Table) -> Hours | None:
    """The national series of a table, or ``None`` if fewer than two hours have count and percentage."""
    both = set(hours_of(table, ())) & set(hours_of(table, (), PERCENT))
    return Hours(table, tuple(sorted(both))) if len(both) > 1 else None


def series_relations(table: Table) -> list[Relation]:
    """One register for all hours, and every hour's regions against the whole."""
    found = hours(table)
    if found is None:
        return []
    national = tuple(key for hour in found.hours for key in (found.percent(hour), found.count(hour)))
    return [
        Custom("T9", national, found.lawful, {"hours": found, "hour": None}),
        *(_regions(found, hour) for hour in found.hours if found.regional(hour)),
    ]


def _regions(found: Hours, hour: int) -> Relation:
    percents = tuple(pct for _, pct in found.regional(hour))
    cells = (found.count(hour), *percents, found.percent(hour))
    return Custom("T9", cells, lambda n: found.explained(hour, n), {"hours": found, "hour": hour})


def missed(found: Hours, n: Numbers) -> Sequence[int]:
    """Hours at which the printed registers do not fit, but the register of the hour does."""
    return [
        hour
        for hour in found.hours
        if found.regional(hour) and not found.agrees(hour, n) and found.explained(hour, n)
    ]
