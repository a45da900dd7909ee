"""What the first page of the review shows: counts, sums with ranges, findings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cli.findings import case_findings
from cli.lang import Lang, pick
from cli.names import subject_name
from cli.review.desk import Desk
from cli.status import status_of
from tally.findings import Finding
from tally.texts import written
from tally.totals import ContestTotals, totals

_ABOUT_SHEETS = frozenset({"sheet", "copies", "indicator"})


def overview(desk: Desk, lang: Lang) -> dict[str, Any]:
    """Template values ``status``, ``contests``, ``findings`` and ``hidden``; sums are text, ready to show."""
    found = totals(desk.state(), desk.election)
    findings = case_findings(desk.case, found)
    open_sheets = {sheet.sha256 for sheet in desk.queue() if not sheet.done}
    shown = [one for one in findings if not tells_values(one, open_sheets)]
    return {
        "status": status_of(desk.case),
        "contests": [_contest(one, lang) for one in found.contests],
        "findings": [{"code": f.code, "verdict": f.verdict, "text": pick(f.text, lang)} for f in shown],
        "hidden": len(findings) - len(shown),
    }


def tells_values(finding: Finding, open_sheets: Iterable[str]) -> bool:
    """True if the finding quotes what the program read on a sheet that a person is still to type blind."""
    return finding.verdict in _ABOUT_SHEETS and not set(finding.sources).isdisjoint(open_sheets)


def _contest(found: ContestTotals, lang: Lang) -> dict[str, Any]:
    data = found.to_dict()
    sums = [
        {
            "name": subject_name(found.contest, subject, lang),
            "sum": written(total.span.low if total.span.is_exact else total.span, lang.value),
            "exact": total.span.is_exact,
        }
        for subject, total in found.sums.items()
    ]
    name = pick(found.contest.names, lang) or found.contest.id
    return {"name": name, "coverage": data["precincts"], "sheets": data["sheets"], "sums": sums}
