"""The cells of many sheets by field, as plain whole numbers: what is asked of ten thousand sheets at once.

Each column is made once, when it is first asked for. A row that lacks the field has ``None`` in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import chain, compress
from typing import TypeAlias, TypeVar

from tally.versions import Cell

Numbers: TypeAlias = Sequence[int | None]
"""One number per row."""
_T = TypeVar("_T")


class Matrix:
    """Rows of cells (those of one protocol, or one version of it, each), read column by column."""

    def __init__(self, rows: Iterable[Mapping[str, Cell]]) -> None:
        self.rows = tuple(rows)
        self._cells: dict[str, tuple[Cell | None, ...]] = {}
        self._low: dict[str, Numbers] = {}
        self._high: dict[str, Numbers] = {}

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """All fields that any row has, in the order in which they are first met."""
        return tuple(dict.fromkeys(chain.from_iterable(self.rows)))

    def cells(self, code: str) -> tuple[Cell | None, ...]:
        """The cells of one field."""
        return _kept(self._cells, code, lambda: tuple([row.get(code) for row in self.rows]))

    def low(self, code: str) -> Numbers:
        """Lower ends of one field, in votes."""
        return _kept(self._low, code, lambda: [None if c is None else c.span.low for c in self.cells(code)])

    def high(self, code: str) -> Numbers:
        """Upper ends of one field, in votes."""
        return _kept(self._high, code, lambda: [None if c is None else c.span.high for c in self.cells(code)])

    def lows(self, codes: Iterable[str]) -> list[tuple[int | None, ...]]:
        """Row by row the lower ends of some fields; rows of equal lower and upper ends are exact."""
        columns = [self.low(code) for code in codes]
        return list(zip(*columns, strict=True)) if columns else [()] * len(self)

    def highs(self, codes: Iterable[str]) -> list[tuple[int | None, ...]]:
        """Row by row the upper ends of some fields."""
        columns = [self.high(code) for code in codes]
        return list(zip(*columns, strict=True)) if columns else [()] * len(self)

    def total(self, code: str, chosen: Iterable[bool]) -> int:
        """Sum of the lower ends of one field over the rows that are ``chosen`` (true or false, row by row)."""
        return sum(filter(None, compress(self.low(code), chosen)))

    def without(self, code: str) -> frozenset[int]:
        """Rows that lack a field, or in which it is optional and was not found."""
        return frozenset(i for i, cell in enumerate(self.cells(code)) if cell is None or cell.optional)


def _kept(store: dict[str, _T], code: str, make: Callable[[], _T]) -> _T:
    if code not in store:
        store[code] = make()
    return store[code]
