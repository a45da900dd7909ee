"""Seats of a party list by largest remainder over a threshold: what votes give, and what ranges of votes allow.

All arithmetic is exact. Ties are not broken: where the last seat may go to either of two parties, both hold a range.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from tally.election_model import SeatRule
from tally.model import Span

FEWEST_PARTIES = 2
"""With fewer parties over the threshold other rules of law take over, which were not read: no seats are told then."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What is known of the votes of all lines, in votes; the sum of the lines lies within ``whole``."""

    lines: Mapping[str, Span]
    whole: Span
    base: int = 0
    """A wider base of the threshold (ballots found), where it is not certain which one the law means; 0 if none."""

    @property
    def is_possible(self) -> bool:
        """False if no votes are within the limits, because sheets or tables contradict themselves."""
        least = sum(span.low for span in self.lines.values())
        most = sum(span.high for span in self.lines.values())
        return least <= self.whole.high and self.whole.low <= most

    def most(self, line: str) -> int:
        """The most that one line can have while the others have their least."""
        others = sum(span.low for name, span in self.lines.items() if name != line)
        return min(self.lines[line].high, self.whole.high - others)

    def least(self, line: str) -> int:
        """The least that one line can have while the others have their most."""
        others = sum(span.high for name, span in self.lines.items() if name != line)
        return max(self.lines[line].low, self.whole.low - others)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What may become of one party."""

    passes: bool | None
    """Over the threshold for all votes within the limits, for none of them (``False``), or open (``None``)."""
    seats: Span | None
    """No votes within the limits give more or fewer; the ends need not be reached. ``None``: too few parties pass."""
    examples: Span | None
    """Seats under votes within the limits that were really tried: these can all be."""


def share_out(votes: Mapping[str, int], seats: int) -> dict[str, Span]:
    """Seats by largest remainder (Hare) among parties that take part; a range only where remainders tie.

    ``votes`` per party, at least one above 0.
    """
    whole = sum(votes.values())
    rest = {party: seats * own % whole for party, own in votes.items()}
    left = seats - sum(seats * own // whole for own in votes.values())
    out = {}
    for party, own in votes.items():
        before = sum(other > rest[party] for other in rest.values())
        level = sum(other == rest[party] for other in rest.values())
        sure = seats * own // whole
        out[party] = Span(sure + (before + level <= left), sure + (before < left))
    return out


def by_votes(
    votes: Mapping[str, int], parties: tuple[str, ...], rule: SeatRule, base: int = 0
) -> dict[str, Span]:
    """Seats of all parties under these votes; empty if too few pass. ``votes`` also holds lines without seats."""
    needed = rule.threshold * max(base, sum(votes.values()))
    over = {party: votes[party] for party in parties if votes[party] >= needed and votes[party] > 0}
    if len(over) < FEWEST_PARTIES:
        return {}
    return dict.fromkeys(parties, Span.exactly(0)) | share_out(over, rule.number)


def outlook(limits: Limits, parties: tuple[str, ...], rule: SeatRule) -> dict[str, Outlook]:
    """What may become of each party. Never too narrow: all votes within the limits are covered."""
    passes = {party: _passes(limits, party, rule.threshold) for party in parties}
    sure = [party for party in parties if passes[party]]
    able = [party for party in parties if passes[party] is not False]
    tried = list(_examples(limits, parties, rule))
    out = {}
    for party in parties:
        seats = None
        if len(sure) >= FEWEST_PARTIES:
            high = _most_seats(limits, party, sure, able, rule.number) if party in able else 0
            low = _fewest_seats(limits, party, sure, able, rule.number) if party in sure else 0
            seats = Span(low, high)
        spans = [one[party] for one in tried]
        seen = Span(min(s.low for s in spans), max(s.high for s in spans)) if spans else None
        out[party] = Outlook(passes[party], seats, seen)
    return out


def _passes(limits: Limits, party: str, threshold: Fraction) -> bool | None:
    # At its best a party has all it can and the others have as little as the whole allows; the smaller base counts.
    most, least = limits.most(party), limits.least(party)
    others_low = sum(span.low for name, span in limits.lines.items() if name != party)
    others_high = sum(span.high for name, span in limits.lines.items() if name != party)
    smallest = max(limits.whole.low, most + others_low)
    largest = max(limits.base, min(limits.whole.high, least + others_high))
    able = most > 0 and most >= threshold * smallest
    sure = least > 0 and least >= threshold * largest
    return True if sure else None if able else False


def _most_seats(limits: Limits, party: str, sure: list[str], able: list[str], seats: int) -> int:
    most, rivals = limits.most(party), [other for other in sure if other != party]
    least_whole = most + sum(limits.lines[other].low for other in rivals)
    quota = Fraction(seats * most, least_whole)
    # With k parties a seat is won from a remainder of 1/k on at best, whatever the others have.
    bound = floor(quota + 1 - Fraction(1, len(able)))
    most_whole = _most_whole(limits, able)

    def claimed(other: str, wanted: int) -> int:
        ahead = limits.lines[other].low - most
        difference = Fraction(seats * ahead, least_whole if ahead < 0 else most_whole)
        return max(0, ceil(difference + wanted) - 1)

    while bound > 0 and sum(claimed(other, bound) for other in rivals) > seats - bound:
        bound -= 1
    return bound


def _fewest_seats(limits: Limits, party: str, sure: list[str], able: list[str], seats: int) -> int:
    least, rivals = limits.least(party), [other for other in able if other != party]
    most_whole = min(_most_whole(limits, able), least + sum(limits.most(other) for other in rivals))
    floor_of = {other: limits.lines[other].low if other in sure else 0 for other in rivals}
    # With k parties a remainder of 1 − 1/k may fail to win a seat, no larger one can.
    bound = max(0, ceil(Fraction(seats * least, most_whole) - 1 + Fraction(1, len(able))))

    def claimed(other: str, wanted: int) -> int:
        ahead = limits.most(other) - least
        least_whole = least + limits.most(other) + sum(floor_of.values()) - floor_of[other]
        difference = Fraction(seats * ahead, least_whole if ahead > 0 else most_whole)
        return max(0, floor(difference + wanted))

    while bound < seats and sum(claimed(other, bound + 1) for other in rivals) <= seats - bound - 1:
        bound += 1
    return bound


def _most_whole(limits: Limits, able: list[str]) -> int:
    """The most votes that all parties with seats can have together."""
    spare = sum(span.low for name, span in limits.lines.items() if name not in able)
    return min(limits.whole.high - spare, sum(limits.lines[party].high for party in able))


def _examples(limits: Limits, parties: tuple[str, ...], rule: SeatRule) -> Iterator[dict[str, Span]]:
    """Seats where all that is open goes to one line first, for each line, and the whole is least or greatest."""
    for whole in dict.fromkeys((limits.whole.low, limits.whole.high)):
        for first in limits.lines:
            votes = {name: span.low for name, span in limits.lines.items()}
            open_ = whole - sum(votes.values())
            for name in (first, *limits.lines):
                given = max(0, min(open_, limits.lines[name].high - votes[name]))
                votes[name], open_ = votes[name] + given, open_ - given
            found = by_votes(votes, parties, rule) if open_ == 0 else {}
            if found:
                yield found
