"""What dated tables say beside each other, and beside the protocols, precinct by precinct."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from tally import texts
from tally.compare import Compared
from tally.election import Election, OfficialFigure, Region
from tally.findings import Finding
from tally.model import Span
from tally.official import Snapshot, moment
from tally.totals import ContestTotals


def vanished_figures(election: Election, snapshots: Iterable[Snapshot]) -> Iterator[Finding]:
    """O2: a later table of the same source no longer holds figures of a contest that an earlier one held.

    Only contests that the later table speaks of: a table of another district replaces nothing.
    """
    by_source: dict[str, list[Snapshot]] = {}
    for snapshot in sorted(snapshots, key=lambda s: moment(s.as_of)):
        by_source.setdefault(snapshot.source, []).append(snapshot)
    for dated in by_source.values():
        for before, after in pairwise(dated):
            kept = {figure.key for figure in after.figures}
            contests = {figure.contest for figure in after.figures}
            gone = [f for f in before.figures if f.contest in contests and f.key not in kept]
            for contest in dict.fromkeys(figure.contest for figure in gone):
                yield _vanished(election, before, after, [f for f in gone if f.contest == contest])


def _vanished(election: Election, before: Snapshot, after: Snapshot, gone: list[OfficialFigure]) -> Finding:
    contest = election.contest(gone[0].contest)
    return Finding(
        code="O2",
        family="table",
        verdict="table",
        contest=contest.id,
        subject=gone[0].subject,
        protocols=None,
        official=gone[0].value,
        margin=None,
        robust=True,
        text=texts.say(
            "O2",
            count=len(gone),
            place=texts.place(contest),
            name=texts.subject_name(contest, gone[0].subject),
            before=gone[0].value or 0,
            before_time=before.as_of,
            after_time=after.as_of,
        ),
        sources=(before.source, before.sha256, after.sha256),
        details={"figures": [{"subject": f.subject, "unit": f.unit, "precinct": f.precinct} for f in gone]},
    )


def precinct_differs(
    totals: ContestTotals, compared: Iterable[Compared], regions: Mapping[str, Region]
) -> Iterator[Finding]:
    """O3: the official figures of a precinct are not those of its protocol (Callen and Long, AER 2015).

    One finding per precinct, with every figure that differs; open cells give the official figure its chance.
    """
    groups: dict[tuple[str, int], list[Compared]] = {}
    for one in compared:
        figure = one.figure
        if figure.precinct is not None and figure.contest == totals.contest.id and one.outcome == "differs":
            groups.setdefault((figure.unit, figure.precinct), []).append(one)
    for (unit, precinct), cells in sorted(groups.items()):
        named = texts.precinct_name(totals.contest, regions, unit, precinct)
        yield _differs(totals, precinct, named, cells)


def _differs(
    totals: ContestTotals, precinct: int, named: Mapping[str, str], cells: list[Compared]
) -> Finding:
    confirmed = all(cell.confirmed for cell in cells)
    worst = max(cells, key=_gap)
    contest = totals.contest
    span = worst.protocols or Span(0, 0)
    text = texts.say(
        "O3",
        precinct=named,
        place=texts.place(contest),
        name=texts.subject_name(contest, worst.figure.subject),
        protocols=span,
        official=worst.figure.value or 0,
        count=len(cells),
    )
    return Finding(
        code="O3",
        family="precinct",
        verdict="difference",
        contest=contest.id,
        subject=worst.figure.subject,
        protocols=span,
        official=worst.figure.value,
        margin=_gap(worst),
        robust=confirmed,
        text=texts.joined(
            text, texts.say("confirmed", all=len(cells)) if confirmed else texts.say("unconfirmed")
        ),
        sources=(worst.figure.source, *worst.sources),
        confirmed=confirmed,
        details={
            "precinct": precinct,
            "unit": worst.figure.unit,
            "figures": {
                c.figure.subject: {
                    "protocol": c.protocols.to_dict() if c.protocols else None,
                    "official": c.figure.value,
                }
                for c in cells
            },
        },
    )


def _gap(one: Compared) -> int:
    """How far the official figure lies outside the range of the protocol, in votes."""
    if one.protocols is None or one.figure.value is None:
        return 0
    return max(one.protocols.low - one.figure.value, one.figure.value - one.protocols.high)
