"""The cells of many sheets by field, as plain whole numbers: what is asked of ten thousand sheets at once.

Nearly every cell of a country is a plain number. Each column is made once, when it is first asked for, and knows
the few cells that are anything else, so that sums and relations look at those alone one by one. A row that lacks the
field has ``None`` in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import chain, compress
from operator import itemgetter
from typing import Any, TypeAlias, TypeVar

from tally.versions import Cell

Numbers: TypeAlias = Sequence[int | None]
"""One number per row."""
_T = TypeVar("_T")


class Matrix:
    """Rows of cells (those of one protocol, or one version of it, each), read column by column."""

    def __init__(self, rows: Iterable[Mapping[str, Cell]]) -> None:
        self.rows = tuple(rows)
        self._cells: dict[str, Sequence[Cell | None]] = {}
        self._odd: dict[str, Mapping[int, Cell | None]] = {}
        self._widths: dict[str, Mapping[int, int]] = {}
        self._low: dict[str, Numbers] = {}
        self._votes: dict[str, Sequence[int]] = {}
        self._high: dict[str, Numbers] = {}

    def __len__(self) -> int:
        return len(self.rows)

    def part(self, rows: Sequence[int]) -> Matrix:
        """Some of the rows, in the order given."""
        return _Part(self, rows)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """All fields that any row has, in the order in which they are first met."""
        return tuple(dict.fromkeys(chain.from_iterable(self.rows)))

    @cached_property
    def _is_even(self) -> bool:
        """True if all rows have the same fields in the same order."""
        codes = self.codes
        return all(tuple(row) == codes for row in self.rows)

    def cells(self, code: str) -> Sequence[Cell | None]:
        """The cells of one field."""
        if not self._cells and self._is_even:
            columns = zip(*[row.values() for row in self.rows], strict=True)
            self._cells = dict(zip(self.codes, columns, strict=False))
        return _kept(self._cells, code, lambda: tuple([row.get(code) for row in self.rows]))

    def odd(self, code: str) -> Mapping[int, Cell | None]:
        """Row -> cell of one field, where it is anything but a number that was read and not confirmed."""
        return _kept(self._odd, code, lambda: self._odd_of(code))

    def _odd_of(self, code: str) -> Mapping[int, Cell | None]:
        return {row: c for row, c in enumerate(self.cells(code)) if c is None or not c.is_plain}

    def low(self, code: str) -> Numbers:
        """Lower ends of one field, in votes."""
        return _kept(self._low, code, lambda: self._low_of(code))

    def _low_of(self, code: str) -> Numbers:
        cells, odd = self.cells(code), self.odd(code)
        if None in odd.values():
            return [None if c is None else c.span.low for c in cells]
        return [c.span.low for c in cells if c is not None]

    def votes(self, code: str) -> Sequence[int]:
        """Lower ends of one field, in votes, with 0 in rows that lack it: what counts in a sum."""
        return _kept(self._votes, code, lambda: [low or 0 for low in self.low(code)])

    def high(self, code: str) -> Numbers:
        """Upper ends of one field, in votes."""
        return _kept(self._high, code, lambda: self._high_of(code))

    def _high_of(self, code: str) -> Numbers:
        low, ranges = self.low(code), self.widths(code)
        if not ranges:
            return low
        high = list(low)
        for row, width in ranges.items():
            high[row] = (low[row] or 0) + width
        return high

    def widths(self, code: str) -> Mapping[int, int]:
        """Row -> upper less lower end of one field, where the two differ."""
        return _kept(self._widths, code, lambda: self._widths_of(code))

    def _widths_of(self, code: str) -> Mapping[int, int]:
        spans = ((row, cell.span) for row, cell in self.odd(code).items() if cell is not None)
        return {row: span.high - span.low for row, span in spans if span.low != span.high}

    def lows(self, codes: Iterable[str]) -> list[tuple[int | None, ...]]:
        """Row by row the lower ends of some fields; rows of equal lower and upper ends are exact."""
        columns = [self.low(code) for code in codes]
        return list(zip(*columns, strict=True)) if columns else [()] * len(self)

    def open(self, codes: Iterable[str]) -> frozenset[int]:
        """Rows in which one of these fields stands for more than one number."""
        return frozenset(chain.from_iterable(self.widths(code) for code in codes))

    def total(self, code: str, chosen: Iterable[bool]) -> int:
        """Sum of the lower ends of one field over the rows that are ``chosen`` (true or false, row by row)."""
        return sum(compress(self.votes(code), chosen))

    def without(self, code: str) -> frozenset[int]:
        """Rows that lack a field, or in which it is optional and was not found."""
        return frozenset(row for row, cell in self.odd(code).items() if cell is None or cell.optional)


class _Part(Matrix):
    """Some rows of a matrix, whose columns are taken from the whole."""

    def __init__(self, whole: Matrix, rows: Sequence[int]) -> None:
        self._pick = _picker(rows)
        super().__init__(self._pick(whole.rows))
        self._whole, self._places = whole, rows

    @cached_property
    def codes(self) -> tuple[str, ...]:
        return self._whole.codes if self._whole._is_even and self.rows else super().codes

    def cells(self, code: str) -> Sequence[Cell | None]:
        return _kept(self._cells, code, lambda: self._pick(self._whole.cells(code)))

    def _odd_of(self, code: str) -> Mapping[int, Cell | None]:
        odd = self._whole.odd(code)
        return {here: odd[there] for here, there in enumerate(self._places) if there in odd} if odd else {}

    def votes(self, code: str) -> Sequence[int]:
        return _kept(self._votes, code, lambda: self._pick(self._whole.votes(code)))

    def _low_of(self, code: str) -> Numbers:
        return self._pick(self._whole.low(code))


def _picker(rows: Sequence[int]) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    """What takes these places out of a sequence."""
    return itemgetter(*rows) if len(rows) > 1 else lambda values: tuple([values[row] for row in rows])


def _kept(store: dict[str, _T], code: str, make: Callable[[], _T]) -> _T:
    if code not in store:
        store[code] = make()
    return store[code]
