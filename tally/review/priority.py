"""Which sheets matter most: those that can still change an outcome, a finding or a sum, in this order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tally.findings import Finding
from tally.review.answers import Place
from tally.totals import CaseTotals, ContestTotals
from tally.versions import Sheet

_WEIGHTY = frozenset({"contradiction", "difference", "copies", "sheet"})


@dataclass(frozen=True, slots=True, order=True)
class Weight:
    """How much hangs on one sheet; larger is more urgent."""

    rank: int = 0
    """3 it carries an unconfirmed finding or can flip the outcome, 2 it can undo a finding, 1 it opens a sum."""
    votes: int = 0
    """Width of its open votes, else the votes on it: of two equal sheets the larger one first."""
    why: str = ""
    """``finding``, ``outcome``, ``margin``, ``range`` or empty."""


def weigh(found: CaseTotals, findings: Iterable[Finding]) -> dict[Place, Weight]:
    """The weight of every page of a case that belongs to a contest. Linear in sheets and findings."""
    open_findings = [f for f in findings if f.verdict in _WEIGHTY and not f.confirmed]
    carried = {source for f in open_findings if f.verdict in ("copies", "sheet") for source in f.sources}
    out: dict[Place, Weight] = {}
    for contest in found.contests:
        margins = [
            f.margin for f in open_findings if f.contest == contest.contest.id and f.margin is not None
        ]
        gap = lead(contest)
        for protocol in contest.protocols:
            for version in protocol.versions:
                for sheet in version.sheets:
                    if sheet.page is not None:
                        weight = _weight(sheet, contest.positions.lines, gap, margins, carried)
                        place = (sheet.source, sheet.page.page)
                        out[place] = max(weight, out.get(place, Weight()))
    return out


def lead(contest: ContestTotals) -> int | None:
    """Votes by which the first candidate surely leads all others.

    Negative if that is open, ``None`` if there are not two candidates.
    """
    spans = sorted((contest.sums[name].span for name in contest.candidates), key=lambda s: -s.low)
    return spans[0].low - max(span.high for span in spans[1:]) if len(spans) > 1 else None


def _weight(
    sheet: Sheet, lines: Iterable[str], gap: int | None, margins: list[int], carried: set[str]
) -> Weight:
    cells = [sheet.cells[code] for code in lines if code in sheet.cells and not sheet.cells[code].optional]
    width = sum(cell.span.high - cell.span.low for cell in cells)
    size = width or sum(cell.value or 0 for cell in cells)
    sure = bool(cells) and all(cell.confirmed for cell in cells)
    if sure:
        return Weight(0, size)
    if sheet.source in carried:
        return Weight(3, size, "finding")
    if width and gap is not None and gap <= 0:
        return Weight(3, size, "outcome")
    if any(abs(margin) <= size for margin in margins):
        return Weight(2, size, "margin")
    return Weight(1, size, "range") if width else Weight(0, size)


def order(weights: Mapping[Place, Weight], place: Place) -> tuple[int, int]:
    """Sort key: what matters most first."""
    weight = weights.get(place, Weight())
    return -weight.rank, -weight.votes
