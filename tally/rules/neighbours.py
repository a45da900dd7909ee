"""Which sheets may carry the same numbers, found without comparing each with each.

A tree over the fields, built only where it is asked: below a field, sheets that show a certain number lie together
by that number, and sheets that leave the field open or do not print it lie apart. A sheet that shows the number
can meet its like only in these two places, so the sheets left to compare grow much slower than all pairs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tally.model import Span

_FEW = 8
"""So few sheets are compared one by one."""
_SAMPLE = 300
"""So many sheets tell which fields divide best."""


class _Heap:
    """Sheets that nothing has told apart so far, and how they divide by further fields."""

    __slots__ = ("_parts", "members")

    def __init__(self) -> None:
        self.members: list[int] = []
        self._parts: dict[str, tuple[dict[int, _Heap], _Heap]] = {}

    def by(self, code: str, spans: Sequence[Mapping[str, Span]]) -> tuple[dict[int, _Heap], _Heap]:
        """The members by their certain number in a field, and those without one."""
        if code not in self._parts:
            known: dict[int, _Heap] = {}
            loose = _Heap()
            for i in self.members:
                span = spans[i].get(code)
                sure = span is not None and span.low == span.high
                (known.setdefault(span.low, _Heap()) if span and sure else loose).members.append(i)
            self._parts[code] = known, loose
        return self._parts[code]


class Neighbours:
    """Sheets, by the spans of their fields, that no certain number tells apart."""

    def __init__(self, spans: Sequence[Mapping[str, Span]]) -> None:
        self._spans = spans
        self._root = _Heap()
        self._root.members = list(range(len(spans)))
        values: dict[str, set[int]] = {}
        for one in spans[:_SAMPLE]:
            for code, span in one.items():
                values.setdefault(code, set()).add(span.low)
        # Fields that tell most sheets apart come first: a matter of speed only. All fields of a contest's form occur.
        codes = dict.fromkeys(code for one in spans for code in one)
        self._codes = sorted(codes, key=lambda code: -len(values.get(code, ())))

    def of(self, one: int) -> Iterator[int]:
        """All sheets that may equal ``one`` (itself among them), and some that may not."""
        spans = self._spans[one]
        sure = [(c, s.low) for c in self._codes if (s := spans.get(c)) is not None and s.low == s.high]
        return self._within(self._root, sure, 0)

    def _within(self, heap: _Heap, sure: Sequence[tuple[str, int]], at: int) -> Iterator[int]:
        if len(heap.members) <= _FEW or at == len(sure):
            yield from heap.members
            return
        code, value = sure[at]
        known, loose = heap.by(code, self._spans)
        if value in known:
            yield from self._within(known[value], sure, at + 1)
        yield from self._within(loose, sure, at + 1)
