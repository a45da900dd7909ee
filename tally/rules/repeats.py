"""Sheets of different precincts that may be one sheet: how many votes would then be counted twice.

A precinct number that is misread once makes one sheet look like two. Whatever can be one sheet is taken once
before two documents are said to contradict each other, also where some of its cells are open. Two sheets whose
different numbers people have confirmed are two sheets, however alike their votes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property

from tally.model import Span
from tally.versions import Cell

_FEWEST_EQUAL = 2
"""Numbers above 0, certain on both sheets and equal; less says nothing about two sheets."""


class Repeats:
    """Which of these protocols may be one sheet, by the fields that tell sheets apart."""

    def __init__(
        self, protocols: Sequence[Mapping[str, Cell]], codes: Sequence[str], numbered: Sequence[bool] = ()
    ) -> None:
        self._protocols = protocols
        self._numbered = numbered or [False] * len(protocols)
        self._spans = [[(c, cells[c].span) for c in codes if c in cells] for cells in protocols]

    @property
    def found(self) -> bool:
        """True if any two may be one."""
        return bool(self._pairs)

    def lost(self, code: str) -> int:
        """Largest possible sum of the lower ends of one field that is counted twice; never too little.

        Protocols of which no two may be one sheet all count, however the others fall together; so the lower
        end of the sum is at least theirs. The largest ones are kept first.
        """
        lows = {i: cells[code].span.low for i in self._pairs if code in (cells := self._protocols[i])}
        kept: set[int] = set()
        for i in sorted(lows, key=lambda i: (-lows[i], i)):
            if kept.isdisjoint(self._pairs[i]):
                kept.add(i)
        return sum(lows.values()) - sum(lows[i] for i in kept)

    @cached_property
    def _pairs(self) -> dict[int, set[int]]:
        pairs: dict[int, set[int]] = {}
        groups: dict[tuple[tuple[str, int], ...], list[int]] = {}
        part: list[int] = []
        for i, spans in enumerate(self._spans):
            # Two sheets that are read in full are compared at once: a country has ten thousand.
            if all(span.low == span.high for _, span in spans):
                groups.setdefault(tuple((code, span.low) for code, span in spans), []).append(i)
            else:
                part.append(i)
        for vector, group in groups.items():
            if len(group) > 1 and sum(value > 0 for _, value in vector) >= _FEWEST_EQUAL:
                for place, i in enumerate(group):
                    self._join(pairs, i, group[:place])
        index = self._index() if part else {}
        for i in part:
            spans = self._spans[i]
            equal = Counter(other for key in _certain(spans) for other in index[key] if other != i)
            many = (other for other, count in equal.items() if count >= _FEWEST_EQUAL)
            self._join(pairs, i, [other for other in many if _compatible(spans, self._spans[other])])
        return pairs

    def _index(self) -> dict[tuple[str, int], list[int]]:
        index: dict[tuple[str, int], list[int]] = {}
        for i, spans in enumerate(self._spans):
            for key in _certain(spans):
                index.setdefault(key, []).append(i)
        return index

    def _join(self, pairs: dict[int, set[int]], one: int, others: Sequence[int]) -> None:
        for other in others:
            if self._numbered[one] and self._numbered[other]:
                continue  # people read two different numbers on two sheets
            pairs.setdefault(one, set()).add(other)
            pairs.setdefault(other, set()).add(one)


def _certain(spans: Sequence[tuple[str, Span]]) -> list[tuple[str, int]]:
    return [(code, span.low) for code, span in spans if span.low == span.high and span.low > 0]


def _compatible(one: Sequence[tuple[str, Span]], other: Sequence[tuple[str, Span]]) -> bool:
    known = dict(other)
    shared = ((span, known[code]) for code, span in one if code in known)
    return all(a.low <= b.high and b.low <= a.high for a, b in shared)
