"""What must be true of the precincts that nobody has shown us, if both sides are right.

Gamma is a selection odds ratio, (sA/uA) / (sB/uB): how many times the odds of a vote for A of lying in a
precinct in hand exceed those of a vote for B. It is exact, needs no sampling model and no other candidate,
and proves nothing by itself. (Rosenbaum's bounds work the same way round: they ask how large such a ratio
would have to be.)
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from tally import texts
from tally.findings import Finding
from tally.model import Span
from tally.rules.view import View, certainty
from tally.texts import Rounded


def unseen_must_hold(view: View) -> Iterator[Finding]:
    """R1: A leads B in the protocols, B leads A officially; state what the other precincts must hold."""
    known = {s: value for s in view.lines if (value := view.figure(s)) is not None}
    if len(known) < 2:
        return
    winner = max(known, key=lambda subject: known[subject])
    for leader, total in known.items():
        in_hand, against = view.totals.sums[leader], view.totals.sums[winner]
        if total >= known[winner] or in_hand.as_read <= against.as_read:
            continue
        if in_hand.span.low > total or against.span.low > known[winner]:
            continue  # D1 says more
        yield _statement(view, leader, winner, known)


def gamma(seen_a: int, unseen_a: int, seen_b: int, unseen_b: int) -> Fraction | None:
    """(sA/uA) / (sB/uB) in votes; ``None`` where the ratio does not exist."""
    if seen_b <= 0 or unseen_a <= 0 or seen_a < 0 or unseen_b < 0:
        return None
    return Fraction(seen_a * unseen_b, unseen_a * seen_b)


def gamma_of_a_tie(seen_a: int, seen_b: int, official_both: int) -> Fraction | None:
    """Gamma at which A and B would be level in the official two-way vote of ``official_both`` votes."""
    half = Fraction(official_both, 2)
    if seen_b <= 0 or half <= seen_a:
        return None
    return Fraction(seen_a, seen_b) * (half - seen_b) / (half - seen_a)


def _statement(view: View, a: str, b: str, known: dict[str, int]) -> Finding:
    sum_a, sum_b = view.totals.sums[a], view.totals.sums[b]
    s_a, s_b, t_a, t_b = sum_a.span, sum_b.span, known[a], known[b]
    u_a, u_b = Span.exactly(t_a) - s_a, Span.exactly(t_b) - s_b
    seen, published = _share(sum_a.as_read, sum_b.as_read), _share(t_a, t_b)
    unseen = _share(t_a - sum_a.as_read, t_b - sum_b.as_read)
    ratio = gamma(sum_a.as_read, t_a - sum_a.as_read, sum_b.as_read, t_b - sum_b.as_read)
    lowest = gamma(s_a.low, u_a.high, s_b.high, u_b.low)
    highest = gamma(s_a.high, u_a.low, s_b.low, u_b.high)
    tie = gamma_of_a_tie(sum_a.as_read, sum_b.as_read, t_a + t_b)
    names = {"a": view.name(a), "b": view.name(b)}
    sentences = [
        texts.say(
            "R1", ua=u_a, ub=u_b, place=view.place, seen=seen, published=published, unseen=unseen, **names
        )
    ]
    if ratio is not None:
        sentences.append(texts.say("gamma", gamma=Rounded(ratio, 2), **names))
    sentences.append(texts.say("not-random"))
    complete = view.totals.contest.candidates_complete and len(known) == len(view.lines)
    if not complete:
        sentences.append(texts.say("some-rows", known=len(known)))
    sentences.append(certainty(sum_a, sum_b))
    details: dict[str, Any] = {
        "a": a,
        "b": b,
        "seen": {a: s_a.to_dict(), b: s_b.to_dict()},
        "official": {a: t_a, b: t_b},
        "residual": {a: u_a.to_dict(), b: u_b.to_dict()},
        "share_percent": {"seen": _shown(seen), "official": _shown(published), "unseen": _shown(unseen)},
        "gamma": _ratio(ratio),
        "gamma_low": _ratio(lowest),
        "gamma_high": _ratio(highest),
        "gamma_of_a_tie": _ratio(tie, 3),
        "all_rows_known": complete,
        "precincts": {"with_protocol": view.totals.with_protocol, "missing": view.totals.missing},
    }
    return Finding(
        code="R1",
        family="district",
        verdict="statement",
        contest=view.id,
        subject=a,
        protocols=s_a,
        official=t_a,
        margin=None,
        robust=s_a.low > s_b.high,
        text=texts.joined(*sentences),
        sources=view.sources(a, b),
        confirmed=sum_a.is_confirmed and sum_b.is_confirmed,
        details=details,
    )


def _share(a: int, b: int) -> Rounded:
    return Rounded(Fraction(100 * a, a + b) if a + b else Fraction(0), 1)


def _shown(share: Rounded) -> str:
    return texts.rounded(share.value, share.places)


def _ratio(value: Fraction | None, places: int = 2) -> str | None:
    return None if value is None else texts.rounded(value, places)
