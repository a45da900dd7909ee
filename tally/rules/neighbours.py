"""Which sheets may carry the same numbers, found without comparing each with each.

A tree over the fields, built only where it is asked: below a field, sheets that show a certain number lie together
by that number, and sheets that leave the field open or do not print it lie apart. A sheet that shows the number
can meet its like only in these two places, so the sheets left to compare grow much slower than all pairs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tally.matrix import Matrix

_FEW = 8
"""So few sheets are compared one by one."""
_SAMPLE = 300
"""So many sheets tell which fields divide best."""


class _Heap:
    """Sheets that nothing has told apart so far, and how they divide by further fields."""

    __slots__ = ("_parts", "members")

    def __init__(self, members: Sequence[int]) -> None:
        self.members = members
        self._parts: dict[str, tuple[dict[int, _Heap], _Heap]] = {}

    def by(self, code: str, sheets: Matrix) -> tuple[dict[int, _Heap], _Heap]:
        """The members by their certain number in a field, and those without one."""
        if code not in self._parts:
            known: dict[int, list[int]] = {}
            loose: list[int] = []
            low, unsure = sheets.low(code), sheets.widths(code)
            for i in self.members:
                value = low[i]
                if value is None or i in unsure:
                    loose.append(i)
                elif value in known:
                    known[value].append(i)
                else:
                    known[value] = [i]
            self._parts[code] = {value: _Heap(some) for value, some in known.items()}, _Heap(loose)
        return self._parts[code]


class Neighbours:
    """Sheets, by some of their fields, that no certain number tells apart."""

    def __init__(self, sheets: Matrix, codes: Sequence[str]) -> None:
        self._sheets = sheets
        self._root = _Heap(range(len(sheets)))
        # Fields that tell most sheets apart come first: a matter of speed only.
        ordered = sorted(codes, key=lambda code: -len(set(sheets.low(code)[:_SAMPLE])))
        self._columns = [(code, sheets.low(code), sheets.widths(code)) for code in ordered]

    def of(self, one: int) -> Iterator[int]:
        """All sheets that may equal ``one`` (itself among them), and some that may not."""
        shown = [(code, low[one]) for code, low, unsure in self._columns if one not in unsure]
        sure = [(code, number) for code, number in shown if number is not None]
        return self._within(self._root, sure, 0)

    def _within(self, heap: _Heap, sure: Sequence[tuple[str, int]], at: int) -> Iterator[int]:
        if len(heap.members) <= _FEW or at == len(sure):
            yield from heap.members
            return
        code, value = sure[at]
        known, loose = heap.by(code, self._sheets)
        if value in known:
            yield from self._within(known[value], sure, at + 1)
        yield from self._within(loose, sure, at + 1)
