"""What the published tables say among themselves: figures that changed from one snapshot to the next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tally import texts
from tally.election import Election, OfficialFigure
from tally.findings import Finding
from tally.official import Snapshot, moment


def changed_figures(election: Election, snapshots: Iterable[Snapshot]) -> Iterator[Finding]:
    """O1: one subject has different official figures in two snapshots; each change once, in order of time."""
    last: dict[tuple[str, str, str, int | None], OfficialFigure] = {}
    for snapshot in sorted(snapshots, key=lambda s: moment(s.as_of)):
        for figure in snapshot.figures:
            before = last.get(figure.key)
            if before is not None and before.value is not None and figure.value not in (None, before.value):
                yield _changed(election, before, figure)
            last[figure.key] = figure


def _changed(election: Election, before: OfficialFigure, after: OfficialFigure) -> Finding:
    contest = election.contest(after.contest)
    old, new = before.value or 0, after.value or 0
    text = texts.say(
        "O1",
        name=texts.subject_name(contest, after.subject),
        place=texts.place(contest),
        before=old,
        after=new,
        before_time=before.as_of,
        after_time=after.as_of,
    )
    return Finding(
        code="O1",
        family="table",
        verdict="table",
        contest=after.contest,
        subject=after.subject,
        protocols=None,
        official=new,
        margin=abs(new - old),
        robust=True,
        text=text,
        sources=tuple(dict.fromkeys((before.source, after.source))),
        details={"before": old, "before_as_of": before.as_of, "after": new, "after_as_of": after.as_of},
    )
