"""Protocols against the official totals of their district: inequalities that need no probability.

Each holds for every honest official figure, however many cells are unread and precincts unseen; so a broken
one shows that two documents cannot both be correct.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tally import texts
from tally.findings import Finding
from tally.model import Span
from tally.rules.view import View, certainty
from tally.sums import Sum
from tally.texts import Value


def exceeds_official(view: View) -> Iterator[Finding]:
    """D1: the protocols in hand hold more votes for one candidate than the official total."""
    for subject in view.lines:
        official = view.figure(subject)
        total = view.totals.sums[subject]
        if official is None or max(total.span.low, total.as_read) <= official:
            continue
        yield _excess("D1", view, subject, total, official, view.repeated(subject))


def part_exceeds_whole(view: View) -> Iterator[Finding]:
    """D2: valid votes, or another count of ballots or voters, exceed the official number."""
    valid = view.official_valid
    if valid is not None and view.valid_in_hand is not None and view.valid_in_hand.span.low > valid:
        repeated = max(view.repeated("ballots_valid"), sum(view.repeated(subject) for subject in view.lines))
        yield _excess("D2", view, "ballots_valid", view.valid_in_hand, valid, repeated)
    for subject, total in view.totals.sums.items():
        official = view.figure(subject)
        if subject in (*view.lines, "ballots_valid") or official is None or total.span.low <= official:
            continue
        yield _excess("D2", view, subject, total, official, view.repeated(subject))


def residual_exceeds_room(view: View) -> Iterator[Finding]:
    """D3: what one candidate must have got elsewhere is more than all valid votes that are left elsewhere."""
    valid, in_hand = view.official_valid, view.valid_in_hand
    if valid is None or in_hand is None:
        return
    for subject in view.lines:
        official, total = view.figure(subject), view.totals.sums[subject]
        residual = official - total.span.high if official is not None else 0
        if residual <= valid - in_hand.span.low:
            continue
        # Look-alike sheets may be one sheet: taken once, they leave more room elsewhere.
        repeated = max(view.repeated("ballots_valid"), sum(view.repeated(line) for line in view.lines))
        room = valid - in_hand.span.low + repeated
        if room < 0 or residual <= room:
            continue
        values = {"residual": residual, "room": room, "margin": residual - room}
        yield Finding(
            code="D3",
            family="district",
            verdict="contradiction",
            contest=view.id,
            subject=subject,
            protocols=total.span,
            official=official,
            margin=residual - room,
            robust=True,
            text=texts.joined(
                texts.say("D3", name=view.name(subject), place=view.place, **values),
                certainty(total, in_hand),
            ),
            sources=view.sources(subject, "ballots_valid"),
            confirmed=total.is_confirmed and in_hand.is_confirmed,
            details=values,
        )


def complete_but_different(view: View) -> Iterator[Finding]:
    """D7: every precinct's protocol is in hand, and they add up to less than the official figure."""
    totals = view.totals
    if not totals.is_complete or totals.not_counted() or totals.unplaced or view.has_repeats:
        return
    if any(len(protocol.versions) > 1 for protocol in totals.protocols):
        return
    for subject, total in view.totals.sums.items():
        official = view.figure(subject)
        if official is None or official <= total.span.high:
            continue  # an official figure below the sum is D1 or D2
        margin = official - total.span.high
        text = texts.say(
            "D7",
            name=view.name(subject),
            place=view.place,
            precincts=view.totals.with_protocol,
            protocols=total.span,
            official=official,
            margin=margin,
        )
        yield Finding(
            code="D7",
            family="district",
            verdict="difference",
            contest=view.id,
            subject=subject,
            protocols=total.span,
            official=official,
            margin=margin,
            robust=True,
            text=texts.joined(text, certainty(total)),
            sources=view.sources(subject),
            confirmed=total.is_confirmed,
        )


def _excess(code: str, view: View, subject: str, total: Sum, official: int, repeated: int) -> Finding:
    low = total.span.low - repeated
    robust = low > official
    own = view.totals.sums.get(subject) is total  # else rows were added up, and no one cell stands for it
    margin = (low if robust else max(total.span.low, total.as_read)) - official
    protocols = total.span if not repeated else Span(low, total.span.high)
    words: dict[str, Value] = {
        "name": view.name(subject),
        "place": view.place,
        "protocols": protocols,
        "official": official,
    }
    said = (
        texts.say(code, margin=margin, **words)
        if robust
        else texts.say("D1-open", as_read=max(total.span.low, total.as_read), **words)
    )
    return Finding(
        code=code,
        family="district",
        verdict="contradiction" if robust else "difference",
        contest=view.id,
        subject=subject,
        protocols=protocols,
        official=official,
        margin=margin,
        robust=robust,
        text=texts.joined(said, certainty(total)),
        sources=view.sources(subject),
        confirmed=total.is_confirmed,
        details={
            "as_read": total.as_read,
            "repeated": repeated,
            "cells": total.cells,
            "cells_confirmed": total.cells_confirmed,
            "cells_twice": total.cells_twice,
        }
        | (_weighed(view, subject, official, margin if robust else 0) if own else {}),
    )


def _weighed(view: View, subject: str, official: int, margin: int) -> dict[str, Any]:
    chosen = {"policies": view.ways.sums(subject, official, view.repeated(subject))}
    return chosen | (view.weights.fewest_cells(subject, margin) if margin else {})
