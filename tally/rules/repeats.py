"""Sheets of different precincts that may be one sheet: how many votes would then be counted twice.

A precinct number that is misread once makes one sheet look like two. Whatever can be one sheet is taken once
before two documents are said to contradict each other, also where some of its cells are open. Two sheets whose
different numbers people have confirmed are two sheets, however alike their votes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

from tally.matrix import Matrix
from tally.rules.neighbours import Neighbours

_FEWEST_EQUAL = 2
"""Numbers above 0, certain on both sheets and equal; less says nothing about two sheets."""


class Repeats:
    """Which of these protocols may be one sheet, by the fields that tell sheets apart."""

    def __init__(
        self, protocols: Matrix, codes: Sequence[str], numbered: Callable[[int], bool] = lambda _: False
    ) -> None:
        """``numbered`` says of a row whether a person answers for its precinct number."""
        self._protocols = protocols
        self._codes = codes
        self._numbered = numbered
        self._lost: dict[str, int] = {}

    def among(self, rows: Sequence[int]) -> Repeats:
        """The same question about some of the protocols: two of them may be one here if they may be one there."""
        part = Repeats(self._protocols.part(rows), self._codes, lambda i: self._numbered(rows[i]))
        place = {row: i for i, row in enumerate(rows)}
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
        part = self._protocols.open(self._codes)
        # Sheets that are read in full are compared at once: a country has ten thousand.
        vectors = [(i, v) for i, v in enumerate(self._protocols.lows(self._codes)) if i not in part]
        if len({vector for _, vector in vectors}) < len(vectors):
            for i, vector in vectors:
                groups.setdefault(vector, []).append(i)
        for vector, group in groups.items():
            if len(group) > 1 and sum(value is not None and value > 0 for value in vector) >= _FEWEST_EQUAL:
                for place, i in enumerate(group):
                    self._join(pairs, i, group[:place])
        if part:
            self._join_open(pairs, sorted(part))
        return pairs

    def _join_open(self, pairs: dict[int, set[int]], part: Sequence[int]) -> None:
        neighbours = Neighbours(self._protocols, self._codes)
        for i in part:
            near = (other for other in neighbours.of(i) if other != i)
            self._join(pairs, i, [other for other in near if self._may_be_one(i, other)])

    def _may_be_one(self, one: int, other: int) -> bool:
        """True if no number speaks against it and enough numbers are certain on both, equal and above 0."""
        ours, theirs, equal = self._protocols.rows[one], self._protocols.rows[other], 0
        for code in self._codes:
            if code in ours and code in theirs:
                a, b = ours[code].span, theirs[code].span
                if a.low > b.high or b.low > a.high:
                    return False
                equal += a.low == a.high == b.low == b.high > 0
        return equal >= _FEWEST_EQUAL

    def _join(self, pairs: dict[int, set[int]], one: int, others: Sequence[int]) -> None:
        for other in others:
            if self._numbered(one) and self._numbered(other):
                continue  # people read two different numbers on two sheets
            pairs.setdefault(one, set()).add(other)
            pairs.setdefault(other, set()).add(one)
