"""Sums of a case per contest: every sum is a range, and says how much of it a person has confirmed.

Linear in the number of protocols. Recomputed from the readings every time; a stored total is never trusted.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import compress, count
from typing import Any

from tally.broken import Broken, broken_checks
from tally.coverage import Coverage, coverage
from tally.election import Contest, Election, form_of
from tally.errors import UsageError
from tally.matrix import Matrix
from tally.positions import Positions
from tally.sheets import Unassigned, assign
from tally.state import CaseState, Listed
from tally.sums import Sum, add_up
from tally.undisturbed import undisturbed
from tally.versions import Protocol, gather


@dataclass(frozen=True)
class ContestTotals:
    """Sums and coverage of one contest."""

    contest: Contest
    positions: Positions
    protocols: tuple[Protocol, ...]
    matrix: Matrix
    """Their cells, one row per protocol in the same order."""
    sums: Mapping[str, Sum]
    """By candidate id (``votes.N`` where the candidate is not known) and by field code."""
    broken: tuple[Broken, ...] = ()
    unplaced: int = 0
    """Pages of the case that look like protocols, count nowhere, and so may belong to this contest."""
    coverage: Coverage | None = None
    """Its precincts against the register of the case; ``None`` without a register."""
    places: Sequence[int] = ()
    """Of a part of a contest: the place of each of its protocols in the whole."""

    @cached_property
    def with_protocol(self) -> int:
        """Precincts, known by number, of which at least one sheet counts."""
        return sum(self.counts)

    @cached_property
    def counts(self) -> Sequence[bool]:
        """Protocol by protocol whether it counts, or only widens the range."""
        return [protocol.countable for protocol in self.protocols]

    @cached_property
    def counted(self) -> Mapping[int, int]:
        """Row of every protocol that counts -> its number among them."""
        return {row: i for i, row in enumerate(compress(count(), self.counts))}

    @property
    def missing(self) -> int | None:
        """Precincts without a protocol; ``None`` if nobody knows how many there are."""
        if self.coverage is not None:
            return len(self.coverage.missing)
        total = self.contest.precincts_total
        return None if total is None else max(0, total - self.with_protocol)

    @property
    def total(self) -> int | None:
        """Precincts that there are: by the register, else by the election file."""
        return self.contest.precincts_total if self.coverage is None else len(self.coverage.listed)

    @property
    def is_complete(self) -> bool:
        """True if every precinct has a protocol and no protocol is of a precinct that should not be there."""
        return self.missing == 0 and not (self.coverage and self.coverage.unlisted)

    @property
    def candidates(self) -> tuple[str, ...]:
        """Subjects that are lines of candidates, from top to bottom of the ballot."""
        return tuple(name for name in map(self.positions.subject, self.positions.lines) if name in self.sums)

    def not_counted(self) -> tuple[Protocol, ...]:
        """Protocols that only widen the range: precinct, district or form not known, or another district."""
        if all(self.counts):
            return ()
        return tuple(p for p, counts in zip(self.protocols, self.counts, strict=True) if not counts)

    @property
    def regions(self) -> Collection[str]:
        """Ids of the regions of which there are protocols; empty where a protocol's is not known."""
        return self._rows_by_region.keys()

    def within(self, region: str) -> ContestTotals:
        """The part of the contest that lies in one region.

        How many precincts the region has is known only if every precinct of the contest has a protocol.
        """
        known = self._parts.get(region)
        if known is None:
            known = self._parts[region] = self._within(region)
        return known

    @cached_property
    def _parts(self) -> dict[str, ContestTotals]:
        return {}

    @cached_property
    def _rows_by_region(self) -> dict[str, list[int]]:
        groups: dict[str, list[int]] = {}
        for row, protocol in enumerate(self.protocols):
            groups.setdefault(protocol.key.region, []).append(row)
        return groups

    def _within(self, region: str) -> ContestTotals:
        rows = self._rows_by_region.get(region, [])
        protocols = tuple([self.protocols[row] for row in rows])
        whole = sum(self.counts[row] for row in rows) if self.missing == 0 else None
        contest = replace(self.contest, precincts_total=whole)
        matrix = self.matrix.part(rows)
        sums = _sums(self.positions, matrix)
        part = self.coverage.within(region) if self.coverage else None
        return ContestTotals(
            contest,
            self.positions,
            protocols,
            matrix,
            sums,
            unplaced=self.unplaced,
            coverage=part,
            places=rows,
        )

    def to_dict(self) -> dict[str, Any]:
        """One entry of ``contests`` in ``totals --json``."""
        return {
            "contest": self.contest.id,
            "district": self.contest.district,
            "precincts": {
                "with_protocol": self.with_protocol,
                "total": self.total,
                "missing": self.missing,
                "missing_precincts": [one.to_dict() for one in self.coverage.missing]
                if self.coverage
                else None,
                "unlisted_precincts": [one.to_dict() for one in self.coverage.unlisted]
                if self.coverage
                else None,
            },
            "sums": {subject: total.to_dict() for subject, total in self.sums.items()},
            "sheets": self._sheets(),
            "not_counted": [_listed(protocol) for protocol in self.not_counted()],
        }

    def _sheets(self) -> dict[str, int]:
        states = [_status(protocol) for protocol in self.protocols]
        return {
            "accepted": states.count("accepted"),
            "confirmed": states.count("confirmed"),
            "confirmed_single": sum(
                s == "confirmed" and _once(p) for s, p in zip(states, self.protocols, strict=True)
            ),
            "review": states.count("review"),
            "inconsistent": len(
                {b.protocol.key for b in self.broken if b.check.severity == "error" and b.settled}
            ),
            "differing_copies": sum(len(protocol.versions) > 1 for protocol in self.protocols),
            "photos": len({s.source for p in self.protocols for v in p.versions for s in v.sheets if s.page}),
        }


@dataclass(frozen=True, slots=True)
class CaseTotals:
    """The sums of all contests of a case that have sheets, and what could not be placed."""

    election: str
    contests: tuple[ContestTotals, ...]
    unassigned: tuple[Unassigned, ...] = field(default=())

    def to_dict(self) -> dict[str, Any]:
        """The object of ``totals --json``."""
        return {
            "election": self.election,
            "contests": [contest.to_dict() for contest in self.contests],
            "unassigned": [page.to_dict() for page in self.unassigned],
        }


@undisturbed
def totals(state: CaseState, election: Election, district: int | None = None) -> CaseTotals:
    """Add up a case, or one ``district``; raises :class:`UsageError` if the case lacks that."""
    scope = [
        contest
        for contest in election.contests
        if contest.district is None or not state.districts or contest.district in state.districts
    ]
    if district is not None and all(contest.district != district for contest in scope):
        raise UsageError(f"district {district} is not part of this case.", advice="See `hattama status`.")
    assigned = assign(state, election, scope)
    wanted = [
        c for c in scope if district in (None, c.district) and _shown(c, state, bool(assigned.sheets[c.id]))
    ]
    unplaced = sum(page.reason != "not_a_protocol" for page in assigned.unassigned)
    return CaseTotals(
        election.id,
        tuple(
            _contest_totals(
                c, assigned.positions[c.id], gather(assigned.sheets[c.id]), unplaced, state.register.get(c.id)
            )
            for c in wanted
        ),
        tuple(assigned.unassigned),
    )


def _shown(contest: Contest, state: CaseState, has_sheets: bool) -> bool:
    return (
        has_sheets
        or contest.id in state.register
        or (contest.district is not None and contest.district in state.districts)
    )


def _contest_totals(
    contest: Contest,
    positions: Positions,
    protocols: tuple[Protocol, ...],
    unplaced: int,
    listed: Sequence[Listed] | None,
) -> ContestTotals:
    matrix = Matrix(protocol.cells for protocol in protocols)
    broken = tuple(broken_checks(form_of(contest), protocols, matrix))
    sums = _sums(positions, matrix)
    return ContestTotals(
        contest, positions, protocols, matrix, sums, broken, unplaced, coverage(protocols, listed)
    )


def _sums(positions: Positions, matrix: Matrix) -> dict[str, Sum]:
    """Sums by subject: candidates from top to bottom of the ballot, then the counts of the form."""
    sums = {positions.subject(code): total for code, total in add_up(matrix).items()}
    order = dict.fromkeys([*map(positions.subject, positions.lines), *sums])
    return {subject: sums[subject] for subject in order if subject in sums}


def _status(protocol: Protocol) -> str:
    if len(protocol.versions) > 1:
        return "review"
    if all(cell.confirmed for cell in protocol.main.cells.values() if not cell.optional):
        return "confirmed"
    return "accepted" if protocol.countable and any(s.accepted for s in protocol.main.sheets) else "review"


def _once(protocol: Protocol) -> bool:
    """True if some cell of a confirmed protocol was typed by one person only."""
    return any(cell.people < 2 for cell in protocol.main.cells.values() if not cell.optional)


def _listed(protocol: Protocol) -> dict[str, Any]:
    sheet = protocol.main.sheets[0]
    reason = "district" if sheet.district_read is not None else sheet.doubt or "precinct_unknown"
    return {"file": sheet.name, "sha256": sheet.source, "precinct": protocol.key.precinct, "reason": reason}
