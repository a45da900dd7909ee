"""What must be true of the precincts that nobody has shown us, if both sides are right.

Gamma is a selection odds ratio, (sA/uA) / (sB/uB): how many times the odds of a vote for A of lying in a
precinct in hand exceed those of a vote for B. It is exact, needs no sampling model and no other candidate,
and proves nothing by itself. (Rosenbaum's bounds work the same way round: they ask how large such a ratio
would have to be.)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tally import texts
from tally.findings import Finding
from tally.model import Span
from tally.rules.view import View, certainty
from tally.sums import Sum
from tally.texts import Rounded, Value


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


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two candidates in the protocols and officially."""

    a: str
    b: str
    sum_a: Sum
    sum_b: Sum
    total_a: int
    total_b: int

    @property
    def residual_a(self) -> Span:
        return Span.exactly(self.total_a) - self.sum_a.span

    @property
    def residual_b(self) -> Span:
        return Span.exactly(self.total_b) - self.sum_b.span

    @property
    def fits_as_read(self) -> bool:
        """False if a number as read exceeds the official one: then no share of the rest exists."""
        return self.sum_a.as_read <= self.total_a and self.sum_b.as_read <= self.total_b

    def shares(self) -> dict[str, Rounded]:
        seen_a, seen_b = self.sum_a.as_read, self.sum_b.as_read
        return {
            "seen": _share(seen_a, seen_b),
            "official": _share(self.total_a, self.total_b),
            "unseen": _share(self.total_a - seen_a, self.total_b - seen_b),
        }

    def gamma(self) -> Fraction | None:
        seen_a, seen_b = self.sum_a.as_read, self.sum_b.as_read
        return gamma(seen_a, self.total_a - seen_a, seen_b, self.total_b - seen_b)

    def gamma_range(self) -> tuple[Fraction | None, Fraction | None]:
        s_a, s_b, u_a, u_b = self.sum_a.span, self.sum_b.span, self.residual_a, self.residual_b
        return gamma(s_a.low, u_a.high, s_b.high, u_b.low), gamma(s_a.high, u_a.low, s_b.low, u_b.high)

    def gammas(self) -> dict[str, str | None]:
        low, high = self.gamma_range()
        tie = gamma_of_a_tie(self.sum_a.as_read, self.sum_b.as_read, self.total_a + self.total_b)
        return {
            "gamma": _ratio(self.gamma(), 2),
            "gamma_low": _ratio(low, 2),
            "gamma_high": _ratio(high, 2),
            "gamma_of_a_tie": _ratio(tie, 3),
        }


def _statement(view: View, leader: str, winner: str, known: dict[str, int]) -> Finding:
    sums = view.totals.sums
    pair = _Pair(leader, winner, sums[leader], sums[winner], known[leader], known[winner])
    complete = view.totals.contest.candidates_complete and len(known) == len(view.lines)
    return Finding(
        code="R1",
        family="district",
        verdict="statement",
        contest=view.id,
        subject=leader,
        protocols=pair.sum_a.span,
        official=pair.total_a,
        margin=None,
        robust=pair.sum_a.span.low > pair.sum_b.span.high,
        text=_words(view, pair, None if complete else len(known)),
        sources=view.sources(leader, winner),
        confirmed=pair.sum_a.is_confirmed and pair.sum_b.is_confirmed,
        details=_details(pair)
        | {
            "all_rows_known": complete,
            "precincts": {"with_protocol": view.totals.with_protocol, "missing": view.totals.missing},
        },
    )


def _words(view: View, pair: _Pair, only_known: int | None) -> dict[str, str]:
    names = {"a": view.name(pair.a), "b": view.name(pair.b)}
    left = {"ua": texts.votes_left(pair.residual_a), "ub": texts.votes_left(pair.residual_b)}
    sentences = [texts.say("R1", place=view.place, **left, **names)]
    if pair.fits_as_read:
        shares = pair.shares()
        said = {"seen": shares["seen"], "published": shares["official"], "unseen": shares["unseen"]}
        sentences.append(texts.say("R1-shares", **said, **names))
    sentences += _may_exceed(view, pair)
    if not (pair.residual_a.is_exact and pair.residual_b.is_exact):
        sentences.append(texts.say("as-read"))
    ratio = _gamma_in_words(pair)
    if ratio is not None:
        sentences.append(texts.say("gamma", gamma=ratio, **names))
    tie = gamma_of_a_tie(pair.sum_a.as_read, pair.sum_b.as_read, pair.total_a + pair.total_b)
    if tie is not None:
        sentences.append(texts.say("gamma-tie", tie=Rounded(tie, 2)))
    sentences.append(texts.say("not-random"))
    if only_known is not None:
        sentences.append(texts.say("some-rows", known=only_known))
    if view.only_some_rows:
        sentences.append(texts.say("shares-reverse"))
    return texts.joined(*sentences, certainty(pair.sum_a, pair.sum_b))


def _may_exceed(view: View, pair: _Pair) -> Iterator[dict[str, str]]:
    """One sentence for each of the two whose range goes beyond the official number: D1 may yet follow."""
    both = ((pair.a, pair.sum_a.span, pair.total_a), (pair.b, pair.sum_b.span, pair.total_b))
    for subject, span, total in both:
        if span.high > total:
            over = span.high - total
            name = view.name(subject)
            yield texts.say("R1-open", name=name, protocols=span, official=total, over=over)


def _gamma_in_words(pair: _Pair) -> Value | None:
    """Gamma, as a range while cells are open; ``None`` if its lower end does not exist."""
    low, high = pair.gamma_range()
    if low is None or low == high:
        return None if low is None else Rounded(low, 2)
    words = {}
    for language in texts.LANGUAGES:
        least = texts.written(Rounded(low, 2), language)
        words[language] = (
            f"≥ {least}" if high is None else f"{least}–{texts.written(Rounded(high, 2), language)}"
        )
    return words


def _details(pair: _Pair) -> dict[str, Any]:
    a, b = pair.a, pair.b
    return {
        "a": a,
        "b": b,
        "seen": {a: pair.sum_a.span.to_dict(), b: pair.sum_b.span.to_dict()},
        "official": {a: pair.total_a, b: pair.total_b},
        "residual": {a: pair.residual_a.to_dict(), b: pair.residual_b.to_dict()},
        "share_percent": {name: texts.rounded(s.value, s.places) for name, s in pair.shares().items()},
        **pair.gammas(),
    }


def _share(a: int, b: int) -> Rounded:
    return Rounded(Fraction(100 * a, a + b) if a + b else Fraction(0), 1)


def _ratio(value: Fraction | None, places: int) -> str | None:
    return None if value is None else texts.rounded(value, places)
