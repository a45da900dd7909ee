"""One ballot against another of the same day: a region's districts against its party-list ballots.

Voters are handed both ballots at once, so the districts of a region cannot hold many more votes than the
region's party-list ballots (T10), nor more than its voters; far fewer (T11) has lawful reasons and is an
indicator only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tally.audit.model import REGISTERED, TOTAL, VALID, Key, Numbers, Table
from tally.audit.relations import Custom, OneBase, Relation
from tally.audit.rounding import Bases

FAR_FEWER = Fraction(1, 5)
"""From this part of the party-list votes on, a shortfall is told. No law draws this line; it is ours."""


@dataclass(frozen=True, slots=True)
class Region:
    """The districts of one region with their implied bases, and the region's row of the party-list table."""

    id: str
    table: Table
    """The party-list table."""
    districts: tuple[OneBase, ...]
    ballots: Key
    registered: Key | None
    valid: tuple[Key, ...]
    """What adds up to the valid party-list votes."""

    def votes(self, n: Numbers) -> Bases:
        """All district votes of the region; where the rows of a district exclude each other, the widest."""
        bases = [district.widest(n) for district in self.districts]
        highs = [base.high for base in bases]
        high = None if None in highs else sum(h for h in highs if h is not None)
        return Bases(sum(base.low for base in bases), high)

    def party_votes(self, n: Numbers) -> Fraction:
        """Valid party-list votes of the region."""
        return sum((n[key] for key in self.valid), Fraction())

    def within(self, n: Numbers) -> bool:
        """T10: the districts need no more ballots than the party list had."""
        return self.votes(n).low <= n[self.ballots]

    def near(self, n: Numbers) -> bool:
        """T11: the districts do not fall short by a fifth or more."""
        high = self.votes(n).high
        return high is None or high > (1 - FAR_FEWER) * self.party_votes(n)


def regions_of(districts: Table, lists: Table, bases: Sequence[OneBase]) -> Iterator[Region]:
    """Regions all of whose districts print enough to imply how many votes there were."""
    by_unit = {base.pairs[0][0].unit: base for base in bases}
    for row in lists.children(()):
        units = [unit for unit in districts.units if unit.region == row.region]
        if not units or any(unit.path not in by_unit for unit in units):
            continue
        if not lists.has(row.path, TOTAL):
            continue
        votes = (VALID,) if lists.has(row.path, VALID) else lists.categories
        yield Region(
            id=row.region or row.path[-1],
            table=lists,
            districts=tuple(by_unit[unit.path] for unit in units),
            ballots=lists.key(row.path, TOTAL),
            registered=lists.key(row.path, REGISTERED) if lists.has(row.path, REGISTERED) else None,
            valid=tuple(lists.key(row.path, v) for v in votes) if lists.has(row.path, *votes) else (),
        )


def cross_relations(districts: Table, lists: Table, relations: Sequence[Relation]) -> Iterator[Relation]:
    """T10 and T11 of every region that both tables know."""
    bases = [one for one in relations if isinstance(one, OneBase)]
    for region in regions_of(districts, lists, bases):
        cells = tuple(key for district in region.districts for key in district.cells)
        about = {"region": region}
        yield Custom("T10", (region.ballots, *cells), region.within, about)
        if region.valid:
            yield Custom("T11", (*region.valid, *cells), region.near, about)
