"""Sheets of different precincts that may be one sheet: how many votes would then be counted twice.

A precinct number that is misread once makes one sheet look like two. Whatever can be one sheet is taken once
before two documents are said to contradict each other, also where some of its cells are open. Two sheets whose
different numbers people have confirmed are two sheets, however alike their votes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from tally.matrix import Matrix
from tally.model import Span
from tally.rules.neighbours import Neighbours

_FEWEST_EQUAL = 2
"""Numbers above 0, certain on both sheets and equal; less says nothing about two sheets."""


class Repeats:
    """Which of these protocols may be one sheet, by the fields that tell sheets apart."""

    def __init__(self, protocols: Matrix, codes: Sequence[str], numbered: Sequence[bool] = ()) -> None:
        self._protocols = protocols
        self._codes = codes
        self._numbered = numbered or [False] * len(protocols)
        self._lost: dict[str, int] = {}

    def among(self, rows: Sequence[int]) -> Repeats:
        """The same question about some of the protocols: two of them may be one here if they may be one there."""
        place = {row: i for i, row in enumerate(rows)}
        part = Repeats(
            Matrix(self._protocols.rows[row] for row in rows),
            self._codes,
            [self._numbered[row] for row in rows],
        )
        known = {
            place[row]: {place[other] for other in others if other in place}
            for row, others in self._pairs.items()
            if row in place
        }
        part._pairs = {row: others for row, others in known.items() if others}
        return part

    @property
    def found(self) -> bool:
        """True if any two may be one."""
        return bool(self._pairs)

    def lost(self, code: str) -> int:
        """Largest possible sum of the lower ends of one field that is counted twice; never too little.

        Protocols of which no two may be one sheet all count, however the others fall together; so the lower
        end of the sum is at least theirs. The largest ones are kept first.
        """
        if code not in self._lost:
            column = self._protocols.low(code)
            lows = {i: low for i in self._pairs if (low := column[i]) is not None}
            kept: set[int] = set()
            for i in sorted(lows, key=lambda i: (-lows[i], i)):
                if kept.isdisjoint(self._pairs[i]):
                    kept.add(i)
            self._lost[code] = sum(lows.values()) - sum(lows[i] for i in kept)
        return self._lost[code]

    @cached_property
    def _pairs(self) -> dict[int, set[int]]:
        pairs: dict[int, set[int]] = {}
        groups: dict[tuple[int | None, ...], list[int]] = {}
        part: list[int] = []
        rows = zip(self._protocols.lows(self._codes), self._protocols.highs(self._codes), strict=True)
        for i, (vector, highs) in enumerate(rows):
            # Two sheets that are read in full are compared at once: a country has ten thousand.
            if vector == highs:
                groups.setdefault(vector, []).append(i)
            else:
                part.append(i)
        for vector, group in groups.items():
            if len(group) > 1 and sum(value is not None and value > 0 for value in vector) >= _FEWEST_EQUAL:
                for place, i in enumerate(group):
                    self._join(pairs, i, group[:place])
        if part:
            self._join_open(pairs, part)
        return pairs

    def _join_open(self, pairs: dict[int, set[int]], part: Sequence[int]) -> None:
        spans = [{c: cells[c].span for c in self._codes if c in cells} for cells in self._protocols.rows]
        neighbours = Neighbours(spans)
        for i in part:
            near = (other for other in neighbours.of(i) if other != i)
            self._join(pairs, i, [other for other in near if _may_be_one(spans[i], spans[other])])

    def _join(self, pairs: dict[int, set[int]], one: int, others: Sequence[int]) -> None:
        for other in others:
            if self._numbered[one] and self._numbered[other]:
                continue  # people read two different numbers on two sheets
            pairs.setdefault(one, set()).add(other)
            pairs.setdefault(other, set()).add(one)


def _may_be_one(one: Mapping[str, Span], other: Mapping[str, Span]) -> bool:
    """True if no number speaks against it and enough numbers are certain on both, equal and above 0."""
    equal = 0
    for code, a in one.items():
        b = other.get(code)
        if b is None:
            continue
        if a.low > b.high or b.low > a.high:
            return False
        equal += a.low == a.high == b.low == b.high > 0
    return equal >= _FEWEST_EQUAL
