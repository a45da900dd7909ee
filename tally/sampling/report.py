"""A drawn sample of a case: the shares it estimates and the e-value, or why there is none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import takewhile
from math import isfinite
from typing import Any

from tally import texts
from tally.errors import UsageError
from tally.model import Span
from tally.sampling.design import Design, Stratum
from tally.sampling.estimate import Drawn, Estimate, ratio
from tally.sampling.evalue import wealth
from tally.totals import ContestTotals
from tally.versions import Protocol

Votes = tuple[Span, Span, Span]
"""Of a, of b and valid votes on one protocol."""


@dataclass(frozen=True, slots=True)
class Sampled:
    """What the drawn precincts say."""

    drawn: int
    in_hand: int
    """Of these: with a protocol that counts."""
    missing: tuple[int, ...]
    open: tuple[int, ...]
    """Precincts in hand of which a number needed is not certain."""
    not_drawn: int
    """Protocols in hand of precincts that were not drawn; they play no part."""
    shares: Mapping[str, Estimate]
    """``a``, ``b`` (of the valid votes) and ``lead``; empty while a drawn precinct is missing or open."""
    e_value: float | None
    """Against "a does not beat b"; ``None`` for several strata, or before the first draw is in hand."""
    e_draws: int
    """Draws that it rests on: those in hand before the first that is missing."""
    sentences: tuple[Mapping[str, str], ...]

    def to_dict(self) -> dict[str, Any]:
        """Stable keys; an e-value that is certain is the text ``inf``."""
        value = self.e_value
        return {
            "drawn": self.drawn,
            "in_hand": self.in_hand,
            "missing": list(self.missing),
            "open": list(self.open),
            "not_drawn": self.not_drawn,
            "shares": {
                name: {key: round(getattr(one, key), 6) for key in ("share", "standard_error", "low", "high")}
                for name, one in self.shares.items()
            },
            "e_value": value if value is None or isfinite(value) else "inf",
            "e_draws": self.e_draws,
            "text": [dict(sentence) for sentence in self.sentences],
        }


def sampled(design: Design, totals: ContestTotals) -> Sampled:
    """Set the drawn precincts' protocols into the formulas. ``totals``: of the contest of the design."""
    protocols = {(p.key.region, p.key.precinct): p for p in totals.protocols if p.countable}
    votes: dict[tuple[str, int], Votes] = {}
    for stratum, number in _draws(design):
        protocol = protocols.get((stratum.region, number)) or protocols.get(("", number))
        if protocol is not None:
            votes[stratum.region, number] = _votes(design, totals, protocol)
    drawn = [(stratum.region, number) for stratum, number in _draws(design)]
    missing = tuple(key[1] for key in drawn if key not in votes)
    uncertain = tuple(k[1] for k in drawn if k in votes and not all(span.is_exact for span in votes[k]))
    shares = {} if missing or uncertain else _shares(design, votes)
    path = _path(design, votes) if len(design.strata) == 1 else ()
    e_value = path[-1] if path else None
    return Sampled(
        drawn=len(drawn),
        in_hand=len(votes),
        missing=missing,
        open=uncertain,
        not_drawn=len(protocols) - len(votes),
        shares=shares,
        e_value=e_value,
        e_draws=len(path),
        sentences=tuple(_sentences(design, missing, uncertain, shares, e_value)),
    )


def _draws(design: Design) -> Iterator[tuple[Stratum, int]]:
    for stratum in design.strata:
        yield from ((stratum, number) for number in stratum.drawn)


def _votes(design: Design, totals: ContestTotals, protocol: Protocol) -> Votes:
    """Over all versions of the protocol, so that copies that differ leave a range."""
    cells = protocol.cells

    def span(subject: str) -> Span:
        """A row that the sheets have and this one does not show may hold anything; it is no zero."""
        code = totals.positions.code_of(subject)
        if code in cells:
            return cells[code].span
        return Span(0, design.largest if subject in totals.sums else 0)

    lines = [span(totals.positions.subject(code)) for code in (*totals.positions.lines, "against_all")]
    added = Span(sum(line.low for line in lines), sum(line.high for line in lines))
    return span(design.a), span(design.b), cells["ballots_valid"].span if "ballots_valid" in cells else added


def _shares(design: Design, votes: Mapping[tuple[str, int], Votes]) -> dict[str, Estimate]:
    def of(weight_a: int, weight_b: int) -> Estimate:
        return ratio(
            [
                Drawn(
                    stratum.precincts,
                    [
                        (weight_a * a.low + weight_b * b.low, valid.low)
                        for a, b, valid in (votes[stratum.region, number] for number in stratum.drawn)
                    ],
                )
                for stratum in design.strata
            ]
        )

    return {"a": of(1, 0), "b": of(0, 1), "lead": of(1, -1)}


def _path(design: Design, votes: Mapping[tuple[str, int], Votes]) -> tuple[float, ...]:
    """Least favourable to a, over the draws up to the first that is missing; a later one could be chosen."""
    (stratum,) = design.strata
    prefix = takewhile(lambda key: key in votes, ((stratum.region, number) for number in stratum.drawn))
    leads = [(votes[key][0].low, votes[key][1].high) for key in prefix]
    too_many = next((a for a, _ in leads if a > design.largest), None)
    if too_many is not None:
        raise UsageError(
            f"{too_many} votes in one precinct are more than the {design.largest} of the design."
        )
    # What a gave is no longer there for b.
    return wealth([(a, min(b, design.largest - a)) for a, b in leads], stratum.precincts, design.largest)


def _sentences(
    design: Design,
    missing: tuple[int, ...],
    uncertain: tuple[int, ...],
    shares: Mapping[str, Estimate],
    e_value: float | None,
) -> Iterator[Mapping[str, str]]:
    a, b = (texts.subject_name(design.contest, name) for name in (design.a, design.b))
    yield texts.say("sample-design", date=design.drawn_on.isoformat(), procedure=design.procedure)
    if missing:
        yield texts.say("sample-missing", precincts=", ".join(map(str, missing)))
    if uncertain:
        yield texts.say("sample-open", precincts=", ".join(map(str, uncertain)))
    for key, name in (("a", a), ("b", b)):
        if shares:
            one = shares[key]
            yield texts.say(
                "sample-share",
                name=name,
                share=_percent(one.share),
                low=_percent(one.low),
                high=_percent(one.high),
            )
    if e_value is not None:
        shown = texts.Rounded(Fraction(e_value).limit_denominator(1000), 2) if isfinite(e_value) else "∞"
        yield texts.say("sample-e", a=a, b=b, value=shown)


def _percent(share: float) -> texts.Rounded:
    return texts.Rounded(Fraction(100 * share).limit_denominator(10**6), 2)
