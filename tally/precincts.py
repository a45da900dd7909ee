"""Which contests may be looked at precinct by precinct, and the stations of those that may."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tally import texts
from tally.integer_excess import Excess, Station, integer_excess
from tally.official import Snapshot, moment
from tally.totals import ContestTotals
from tally.versions import Protocol

_CAST = ("ballots_found", "ballots_issued")


@dataclass(frozen=True, slots=True)
class PrecinctExcess:
    """The whole-percentage counts of one contest."""

    contest: str
    leader: str
    leader_name: Mapping[str, str]
    source: str
    """``protocols`` or ``official``."""
    excess: tuple[Excess, ...]

    def to_dict(self) -> dict[str, Any]:
        """Stable keys."""
        counts = [one.to_dict() for one in self.excess]
        return {"contest": self.contest, "leader": self.leader, "source": self.source, "excess": counts}


def of_contest(
    totals: ContestTotals, snapshots: Iterable[Snapshot], *, picked: bool = False
) -> PrecinctExcess | None:
    """The counts of one contest, or ``None`` if its precincts are only those that observers chose.

    Official figures by precinct come first. Protocols serve if every precinct has one, or if ``picked`` says
    that they are a whole published table.
    """
    rows = _official(totals.contest.id, snapshots)
    source = "official" if rows else "protocols"
    if not rows and (totals.missing == 0 or picked):
        rows = [_known(totals, protocol) for protocol in totals.protocols if protocol.countable]
    names = {candidate.id for candidate in totals.contest.candidates}
    sums: dict[str, int] = {}
    for row in rows:
        for subject in names & row.keys():
            sums[subject] = sums.get(subject, 0) + row[subject]
    if not sums:
        return None
    leader = max(sorted(sums), key=sums.__getitem__)
    stations = [one for row in rows if (one := _station(row, leader)) is not None]
    name = texts.subject_name(totals.contest, leader)
    return PrecinctExcess(totals.contest.id, leader, name, source, integer_excess(stations))


def _official(contest: str, snapshots: Iterable[Snapshot]) -> list[dict[str, int]]:
    rows: dict[tuple[str, int], dict[str, int]] = {}
    for snapshot in sorted(snapshots, key=lambda s: moment(s.as_of)):
        for figure in snapshot.figures:
            if figure.contest == contest and figure.precinct is not None and figure.value is not None:
                rows.setdefault((figure.unit, figure.precinct), {})[figure.subject] = figure.value
    return list(rows.values())


def _known(totals: ContestTotals, protocol: Protocol) -> dict[str, int]:
    """Numbers of a protocol that are certain, by subject."""
    cells = protocol.cells.items()
    return {
        totals.positions.subject(code): c.span.low for code, c in cells if c.span.is_exact and not c.optional
    }


def _station(row: Mapping[str, int], leader: str) -> Station | None:
    cast = next((row[code] for code in _CAST if code in row), None)
    if cast is None or leader not in row or "voters_listed" not in row:
        return None
    return Station(row["voters_listed"], cast, row[leader])
