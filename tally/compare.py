"""Every official figure beside what the protocols say: of a contest, of a region, of a precinct.

A list without verdicts: where protocols are missing a smaller sum is what must be expected.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tally.election import Election, OfficialFigure
from tally.model import Span
from tally.official import Snapshot, moment
from tally.totals import ContestTotals
from tally.versions import Protocol

OUTCOMES = ("equal", "open", "differs", "absent")


@dataclass(frozen=True, slots=True)
class Compared:
    """One official figure and the same number from the protocols."""

    figure: OfficialFigure
    protocols: Span | None
    """``None`` if no protocol speaks of it."""
    sheets: int
    """Protocols behind it."""
    sources: tuple[str, ...] = ()
    """Of a precinct: the photos or typed rows. Empty for sums."""
    confirmed: bool = False
    """Of a precinct: a person typed the cell. False for sums."""

    @property
    def outcome(self) -> str:
        """``equal``; ``open`` (cells not read allow it to be equal); ``differs``; ``absent`` (no protocol)."""
        if self.protocols is None or self.figure.value is None:
            return "absent"
        low, high = self.protocols.low, self.protocols.high
        if low == high == self.figure.value:
            return "equal"
        return "open" if low <= self.figure.value <= high else "differs"

    def to_dict(self) -> dict[str, Any]:
        """Stable keys."""
        return {
            "contest": self.figure.contest,
            "unit": self.figure.unit,
            "precinct": self.figure.precinct,
            "subject": self.figure.subject,
            "official": self.figure.value,
            "derived": self.figure.derived,
            "protocols": self.protocols.to_dict() if self.protocols is not None else None,
            "sheets": self.sheets,
            "outcome": self.outcome,
        }


def compare(
    contests: Iterable[ContestTotals], election: Election, snapshots: Iterable[Snapshot]
) -> tuple[Compared, ...]:
    """All figures in force, beside the protocols. Linear in protocols and figures."""
    figures = latest(election, snapshots)
    return tuple(one for contest in contests for one in _contest(contest, figures))


def latest(election: Election, snapshots: Iterable[Snapshot]) -> tuple[OfficialFigure, ...]:
    """Of every figure the one of the latest snapshot; of contests in no snapshot, those of the election."""
    found: dict[tuple[str, str, str, int | None], OfficialFigure] = {}
    for snapshot in sorted(snapshots, key=lambda s: moment(s.as_of)):
        found.update((figure.key, figure) for figure in snapshot.figures if figure.value is not None)
    spoken_of = {figure.contest for figure in found.values()}
    shipped = (f for f in election.official if f.contest not in spoken_of and f.value is not None)
    return (*found.values(), *shipped)


def _contest(totals: ContestTotals, figures: Iterable[OfficialFigure]) -> Iterator[Compared]:
    figures = [figure for figure in figures if figure.contest == totals.contest.id]
    by_precinct: dict[tuple[str, int], Protocol] = {}
    for protocol in totals.protocols if any(figure.precinct is not None for figure in figures) else ():
        if protocol.key.precinct is not None and protocol.countable:
            by_precinct[protocol.key.region, protocol.key.precinct] = protocol
    whole = ({subject: total.span for subject, total in totals.sums.items()}, len(totals.protocols))
    regions: dict[str, tuple[Mapping[str, Span], int]] = {}
    for figure in figures:
        if figure.precinct is not None:
            region = figure.unit or totals.contest.region or ""
            yield _precinct(totals, figure, by_precinct.get((region, figure.precinct)))
        else:
            if figure.unit and figure.unit not in regions:
                regions[figure.unit] = _region(totals, figure.unit)
            spans, sheets = regions[figure.unit] if figure.unit else whole
            yield Compared(figure, spans.get(figure.subject), sheets)


def _region(totals: ContestTotals, region: str) -> tuple[Mapping[str, Span], int]:
    part = totals.within(region)
    return {subject: total.span for subject, total in part.sums.items()}, len(part.protocols)


def _precinct(totals: ContestTotals, figure: OfficialFigure, protocol: Protocol | None) -> Compared:
    if protocol is None:
        return Compared(figure, None, 0)
    cells = protocol.cells
    cell = cells.get(totals.positions.code_of(figure.subject)) or cells.get(figure.subject)
    sources = tuple(dict.fromkeys(s for version in protocol.versions for s in version.sources))
    if cell is None:
        return Compared(figure, None, 1, sources)
    return Compared(figure, cell.span, 1, sources, cell.confirmed)
