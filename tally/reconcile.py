"""Our sums beside the official figures: every rule over every contest, all findings collected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from tally.compare import compare
from tally.election import Election, OfficialFigure
from tally.findings import VERDICTS, Finding
from tally.official import Snapshot, in_force, in_force_by_unit
from tally.rules import AGAINST_TOTALS, RULES, View, changed_figures
from tally.rules.snapshots import precinct_differs, vanished_figures
from tally.rules.table import Residuals, residuals
from tally.totals import CaseTotals
from tally.undisturbed import undisturbed

__all__ = ["Finding", "diff"]

OUTCOME = frozenset({"D1", "D3", "D7", "R1", "W1", "W2", "W3", "W4"})
"""Codes about votes of candidates and places won: what could change who is elected."""


@undisturbed
def diff(totals: CaseTotals, election: Election, snapshots: Iterable[Snapshot] = ()) -> tuple[Finding, ...]:
    """All findings of a case: contradictions first, then what touches the result, sheets, indicators.

    The latest snapshot that speaks of a contest counts; contests of which none speaks are compared with the
    figures shipped with the election. An official figure that is honest, that is at least the true sum of
    the sheets, never gives a ``contradiction``, whatever cells are unread.
    """
    known = tuple(snapshots)
    figures = in_force_by_unit(election, known)
    regions = {region.id: region for region in election.regions}
    found: list[Finding] = []
    for contest in totals.contests:
        view = View(contest, figures.get("", {}).get(contest.contest.id, {}), regions=regions)
        for rule in RULES:
            found.extend(rule(view))
        found.extend(_by_region(view, election, figures))
        found.extend(precinct_differs(contest, compare((contest,), election, known), regions))
    found.extend(changed_figures(election, known))
    found.extend(vanished_figures(election, known))
    return tuple(sorted(found, key=_weight))


def _weight(one: Finding) -> tuple[int, bool, int]:
    """The heaviest verdict first; in it what touches the outcome, then what would take most votes to undo."""
    return VERDICTS.index(one.verdict), one.code not in OUTCOME, -(one.margin or 0)


def residual_tables(
    totals: CaseTotals, election: Election, snapshots: Iterable[Snapshot] = ()
) -> tuple[Residuals, ...]:
    """Seen, official, unseen of every contest that has protocols and official figures."""
    figures = in_force(election, tuple(snapshots))
    views = (View(one, figures.get(one.contest.id, {})) for one in totals.contests if one.protocols)
    return tuple(residuals(view) for view in views if view.official)


def _by_region(
    whole: View,
    election: Election,
    figures: Mapping[str, Mapping[str, Mapping[str, OfficialFigure]]],
) -> Iterator[Finding]:
    """A contest that spans regions, region by region, where figures by region are published."""
    contest = whole.totals
    if contest.contest.region is not None:
        return
    for region in election.regions:
        if region.id not in contest.regions:
            continue
        official = figures.get(region.id, {}).get(contest.contest.id)
        if not official:
            continue  # nothing to stand beside
        view = View(contest.within(region.id), official, region, whole)
        for rule in AGAINST_TOTALS:
            for one in rule(view):
                yield replace(one, family="region", details={**one.details, "region": region.id})
