"""How many voters are left for the precincts that nobody has shown: two limits of law and lists.

Both limits can be passed lawfully (voters are added on the day; the number of precincts may be inexact), so
passing one is a ``difference`` and never a ``contradiction``.
"""

from __future__ import annotations

from collections.abc import Iterator

from tally import texts
from tally.findings import Finding
from tally.rules.view import View, certainty
from tally.totals import Sum

LEGAL_VOTERS = 3000
"""Voters per precinct at most (Constitutional Law on Elections of Kazakhstan, article 23)."""


def more_votes_than_voters(view: View) -> Iterator[Finding]:
    """D4: the other precincts would hold more valid votes than voters on their lists."""
    registered = view.figure("voters_listed")
    registered = view.figure("registered") if registered is None else registered
    listed, valid = view.totals.sums.get("voters_listed"), view.valid_in_hand
    if registered is None or listed is None or valid is None or view.official_valid is None:
        return
    # A sheet that does not print its list has voters too: their number is then not known.
    if listed.cells < len(view.totals.protocols):
        return
    room = registered - listed.span.low + view.repeated("voters_listed")
    if room >= 0:
        yield from _finding("D4", view, valid, room, {}, (listed,))


def more_votes_than_precincts_hold(view: View) -> Iterator[Finding]:
    """D5: the precincts without a protocol would each need more than the 3,000 voters that the law allows."""
    missing, valid = view.totals.missing, view.valid_in_hand
    if not missing or valid is None or view.official_valid is None or view.has_repeats:
        return
    yield from _finding("D5", view, valid, LEGAL_VOTERS * missing, {"missing": missing}, ())


def _finding(
    code: str, view: View, valid: Sum, room: int, words: dict[str, int], others: tuple[Sum, ...]
) -> Iterator[Finding]:
    residual = (view.official_valid or 0) - valid.span.high
    if residual <= room:
        return
    values = {"residual": residual, "room": room, "margin": residual - room, **words}
    said = texts.say(code, place=view.place, **values)
    yield Finding(
        code=code,
        family="district",
        verdict="difference",
        contest=view.id,
        subject="ballots_valid",
        protocols=valid.span,
        official=view.official_valid,
        margin=residual - room,
        robust=True,
        text=texts.joined(said, certainty(valid, *others)),
        sources=view.sources("ballots_valid", "voters_listed"),
        confirmed=valid.is_confirmed and all(other.is_confirmed for other in others),
        details=dict(values),
    )
