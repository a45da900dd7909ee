"""Whether the seats of a list vote could be shared out otherwise, at best and at worst, by the protocols alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tally import texts
from tally.election import SeatRule
from tally.findings import Finding
from tally.model import Span
from tally.rules.table import residuals
from tally.rules.view import View, certainty
from tally.seats import Limits, Outlook, by_votes, outlook

SUBJECT = "seats"


def who_gets_seats(view: View) -> Iterator[Finding]:
    """W3: what the threshold and the seats can still become; W4 if the protocols settle every seat.

    Silent while nothing is settled about any party. A ``difference`` only where the limit is the published valid
    vote and the official votes would give seats, or a place over the threshold, that no such votes can give.
    """
    contest, rule = view.totals.contest, view.totals.contest.seats
    parties = tuple(candidate.id for candidate in contest.candidates)
    if rule is None or not contest.candidates_complete or not set(parties) <= set(view.totals.sums):
        return
    limits, basis, room = _limits(view, rule)
    if limits is None or not limits.is_possible:
        return
    told = outlook(limits, parties, rule)
    if all(one.passes is None for one in told.values()):
        return
    votes = {line: value for line in view.lines if (value := view.figure(line)) is not None}
    official = by_votes(votes, parties, rule) if set(parties) <= set(votes) else {}
    settled = all(one.seats is not None and one.seats.is_exact for one in told.values())
    code = "W4" if settled else "W3"
    yield Finding(
        code=code,
        family="district",
        verdict="difference" if basis == "valid" and _excluded(told, official) else "statement",
        contest=view.id,
        subject=SUBJECT,
        protocols=None,
        official=None,
        margin=None,
        robust=True,
        text=_words(code, view, rule, told, official, basis, room),
        sources=view.sources(*view.lines, "ballots_valid"),
        confirmed=all(view.totals.sums[line].is_confirmed for line in view.lines),
        details={
            "number": rule.number,
            "threshold_percent": texts.rounded(100 * rule.threshold, 2),
            "source": rule.source,
            "room": room,
            "basis": basis,
            "parties": [_row(view, party, told[party], official.get(party)) for party in parties],
        },
    )


def _limits(view: View, rule: SeatRule) -> tuple[Limits | None, str, int]:
    table = residuals(view)
    lines = {row.subject: row.bounds for row in table.rows if row.bounds is not None}
    if table.room is None or table.basis is None or len(lines) < len(table.rows):
        return None, "", 0
    least = sum(span.low for span in lines.values())
    most = sum(view.totals.sums[line].span.high for line in lines) + table.room
    whole = Span(least, most)
    if table.basis == "valid" and view.official_valid is not None:
        whole = Span.exactly(view.official_valid)
    wider = [value for base in rule.bases if (value := view.figure(base)) is not None]
    return Limits(lines, whole, max(wider, default=0)), table.basis, table.room


def _excluded(told: Mapping[str, Outlook], official: Mapping[str, Span]) -> bool:
    """True if the official votes give some party seats that no votes within the limits give."""
    pairs = ((one.seats, official[party]) for party, one in told.items() if party in official)
    return any(seats is not None and (o.low > seats.high or o.high < seats.low) for seats, o in pairs)


def _words(
    code: str,
    view: View,
    rule: SeatRule,
    told: Mapping[str, Outlook],
    official: Mapping[str, Span],
    basis: str,
    room: int,
) -> dict[str, str]:
    names = {
        key: _names(view, [party for party, one in told.items() if one.passes is wanted])
        for key, wanted in (("over", True), ("below", False), ("open", None))
    }
    percent = texts.Rounded(100 * rule.threshold, 0 if (100 * rule.threshold).denominator == 1 else 2)
    said = [
        texts.say(
            "W4" if code == "W4" else "W3",
            room=room,
            basis=texts.say(f"basis-{basis}"),
            place=view.place,
            percent=percent,
            **names,
        )
    ]
    seats = {party: one.seats for party, one in told.items() if one.seats is not None}
    if seats:
        said.append(texts.say("seats-in-all", number=rule.number, values=view.listed(dict(seats), ": ")))
    if official:
        said.append(texts.say("seats-official", values=view.listed(dict(official), ": ")))
    said.append(texts.say("seats-rule", source=rule.source))
    sums = [view.totals.sums[line] for line in view.lines]
    return texts.joined(*said, certainty(sums[0], *sums[1:]))


def _names(view: View, parties: list[str]) -> dict[str, str]:
    return {
        language: ", ".join(view.name(party)[language] for party in parties) or "—"
        for language in texts.LANGUAGES
    }


def _row(view: View, party: str, one: Outlook, official: Span | None) -> dict[str, Any]:
    return {
        "subject": party,
        "official_votes": view.figure(party),
        "official_seats": official.to_dict() if official is not None else None,
        "over_threshold": {True: "yes", False: "no", None: "open"}[one.passes],
        "seats": one.seats.to_dict() if one.seats is not None else None,
        "examples": one.examples.to_dict() if one.examples is not None else None,
    }
