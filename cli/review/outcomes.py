"""What follows from the sums: findings, and official figures beside the protocols."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from cli.lang import pick
from cli.review.call import Answer, Call, Page, Shown
from cli.review.pages import hidden_contests, open_places
from cli.review.roles import Right
from cli.waiting import single_entry
from tally.compare import compare
from tally.findings import Finding
from tally.hints import never_read
from tally.official import snapshots_of

_ABOUT_SHEETS = frozenset({"sheet", "copies", "indicator"})


def findings(call: Call) -> Answer:
    """All findings; whoever types does not see those that tell what was read on an open sheet."""
    known, open_ = call.room.known(), {place[0] for place in open_places(call.room)}
    shut = hidden_contests(call)
    listed = [
        f for f in known.findings if f.contest not in shut and not (call.who.blind and tells_values(f, open_))
    ]
    data = {
        "findings": [one.to_dict() | {"says": pick(one.text, call.lang)} for one in listed],
        "hidden": len(known.findings) - len(listed),
        "by_verdict": dict(Counter(one.verdict for one in listed)),
        "single_entry": single_entry(call.room.state()),
        "unread": len(never_read(call.room.state())),
    }
    return Shown("findings.html", data)


def tells_values(finding: Finding, open_sheets: Iterable[str]) -> bool:
    """True if the finding quotes what the program read on a sheet that a person is still to type blind."""
    return finding.verdict in _ABOUT_SHEETS and not set(finding.sources).isdisjoint(open_sheets)


def official(call: Call) -> Answer:
    """Snapshots of official tables, and every figure beside the protocols."""
    snapshots = snapshots_of(call.room.state())
    shut = hidden_contests(call)
    shown = [one for one in call.room.known().totals.contests if one.contest.id not in shut]
    rows = compare(shown, call.room.questions.election, snapshots)
    data = {
        "snapshots": [
            {"name": s.name, "sha256": s.sha256, "source": s.source, "as_of": s.as_of, "figures": len(s.figures)}
            for s in snapshots
        ],
        "compared": [one.to_dict() for one in rows if one.outcome != "absent"],
    }  # fmt: skip
    return Shown("official.html", data)


PAGES = (
    Page("/findings", "findings", findings, Right.SEE, "All findings."),
    Page("/official", "official", official, Right.SEE, "Official snapshots beside the protocols."),
)
