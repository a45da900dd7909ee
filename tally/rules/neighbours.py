"""Which sheets may carry the same numbers, found without comparing each with each.

A tree over the fields, built only where it is asked: below a field, sheets that show a certain number lie together
by that number, and sheets that leave the field open or do not print it lie apart. A sheet that shows the number
can meet its like only in these two places, so the sheets left to compare grow much slower than all pairs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from tally.matrix import Matrix

_FEW = 8
"""So few sheets are compared one by one."""
_SAMPLE = 300
"""So many sheets tell which fields divide best."""


class _Heap(list[int]):
    """Sheets that nothing has told apart so far, and how they divide by further fields."""

    @cached_property
    def _parts(self) -> dict[str, tuple[Mapping[int, _Heap], _Heap]]:
        return {}

    def by(self, code: str, sheets: Matrix) -> tuple[Mapping[int, _Heap], _Heap]:
        """The sheets by their certain number in a field, and those without one."""
        if code not in self._parts:
            known: defaultdict[int, _Heap] = defaultdict(_Heap)
            loose = _Heap()
            low, unsure = sheets.low(code), sheets.widths(code)
            for i in self:
                value = low[i]
                (loose if value is None or i in unsure else known[value]).append(i)
            self._parts[code] = known, loose
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
        heaps = [(self._root, 0)]
        while heaps:
            heap, at = heaps.pop()
            if len(heap) <= _FEW or at == len(sure):
                yield from heap
                continue
            code, value = sure[at]
            known, loose = heap.by(code, self._sheets)
            heaps.append((loose, at + 1))
            if value in known:
                heaps.append((known[value], at + 1))
