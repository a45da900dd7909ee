"""Seen, official, unseen: the table of one contest, with what the unseen precincts may hold at most.

Bounds are Manski's: no assumption about which precincts were seen. A candidate has at least what the protocols
hold and at most that and every ballot elsewhere. They do not use the official votes of the candidate himself.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tally import texts
from tally.model import Span
from tally.rules.residual import gamma, gamma_of_a_tie
from tally.rules.room import LEGAL_VOTERS
from tally.rules.view import View


@dataclass(frozen=True, slots=True)
class Row:
    """One candidate, or against all; votes."""

    subject: str
    seen: Span
    as_read: int
    official: int | None
    unseen: Span | None
    """Official minus seen; ``None`` without an official figure. Below 0 is a contradiction (D1)."""
    bounds: Span | None
    """All totals that the protocols allow, whatever the other precincts hold; ``None`` if they know no limit."""
    gamma: Fraction | None
    """Against the official winner; ``None`` for himself and where it does not exist."""
    gamma_of_a_tie: Fraction | None

    def to_dict(self) -> dict[str, Any]:
        """Stable keys; fractions as decimals in text."""
        return {
            "subject": self.subject,
            "seen": self.seen.to_dict(),
            "official": self.official,
            "unseen": self.unseen.to_dict() if self.unseen else None,
            "bounds": self.bounds.to_dict() if self.bounds else None,
            "gamma": texts.rounded(self.gamma, 2) if self.gamma is not None else None,
            "gamma_of_a_tie": texts.rounded(self.gamma_of_a_tie, 3)
            if self.gamma_of_a_tie is not None
            else None,
        }


@dataclass(frozen=True, slots=True)
class Residuals:
    """The table of one contest."""

    contest: str
    rows: tuple[Row, ...]
    room: int | None
    """Most ballots elsewhere; ``None`` if nothing published limits them."""
    limits: dict[str, int]
    """Each limit that is known: ``valid``, ``voters``, ``precincts``."""
    only_some: bool
    """True if not every row of every sheet was entered: shares of all votes can then run the other way."""

    def to_dict(self) -> dict[str, Any]:
        """One entry of ``residuals`` in ``diff --json``."""
        return {
            "contest": self.contest,
            "rows": [row.to_dict() for row in self.rows],
            "room": self.room,
            "limits": dict(self.limits),
            "only_some_rows": self.only_some,
        }


def residuals(view: View) -> Residuals:
    """The table of a contest; candidates without an official figure stand in it too."""
    limits = _limits(view)
    room = min(limits.values(), default=None)
    known = {s: value for s in view.lines if (value := view.figure(s)) is not None}
    winner = max(known, key=lambda subject: known[subject]) if known else None
    rows = tuple(_row(view, subject, winner, room) for subject in view.lines)
    return Residuals(view.id, rows, room, limits, only_some_rows(view))


def only_some_rows(view: View) -> bool:
    """True if the election knows more candidates than were entered, or an entered sheet left rows open."""
    contest = view.totals.contest
    sums = [view.totals.sums[s] for s in view.lines]
    open_rows = any(total.cells_unread for total in sums)
    return (
        open_rows or not contest.candidates_complete or len(view.totals.candidates) < len(contest.candidates)
    )


def _row(view: View, subject: str, winner: str | None, room: int | None) -> Row:
    total, official = view.totals.sums[subject], view.figure(subject)
    ratio = tie = None
    if winner is not None and subject != winner and official is not None:
        rival, theirs = view.totals.sums[winner].as_read, view.figure(winner) or 0
        ratio = gamma(total.as_read, official - total.as_read, rival, theirs - rival)
        tie = gamma_of_a_tie(total.as_read, rival, official + theirs)
    return Row(
        subject,
        total.span,
        total.as_read,
        official,
        None if official is None else Span.exactly(official) - total.span,
        None
        if room is None
        else Span(max(0, total.span.low - view.repeated(subject)), total.span.high + room),
        ratio,
        tie,
    )


def _limits(view: View) -> dict[str, int]:
    """Most ballots elsewhere by what is published; a limit below 0 is a finding of its own, and left out."""
    out: dict[str, int] = {}
    twice = max(view.repeated("ballots_valid"), sum(view.repeated(line) for line in view.lines))
    if view.official_valid is not None and view.valid_in_hand is not None:
        out["valid"] = view.official_valid - view.valid_in_hand.span.low + twice
    registered, listed = view.figure("voters_listed"), view.totals.sums.get("voters_listed")
    if registered is not None and listed is not None:
        out["voters"] = registered - listed.span.low + view.repeated("voters_listed")
    if view.totals.missing is not None and not view.has_repeats:
        out["precincts"] = LEGAL_VOTERS * view.totals.missing
    return {name: value for name, value in out.items() if value >= 0}
