"""Sums of cells over protocols: a range, what a hasty reader would add up, and how much people have confirmed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat

from tally.matrix import Matrix
from tally.model import Span
from tally.versions import Cell


@dataclass(frozen=True, slots=True)
class Sum:
    """One subject (a candidate or a count of the form) over all protocols of a contest."""

    span: Span
    """Votes (or ballots, voters): all values that the settled cells allow."""
    as_read: int
    """Sum of the face values of the protocols that count, settled or not: what a hasty reader would add up."""
    confirmed: int
    """The part of the sum that comes from cells which a person has confirmed, in votes."""
    cells: int
    cells_confirmed: int
    cells_unread: int
    """Cells that stand for more than one value."""
    cells_twice: int = 0
    """Cells of which two people typed the same value."""

    @property
    def is_confirmed(self) -> bool:
        """True if a person has confirmed every cell in it."""
        return self.cells > 0 and self.cells == self.cells_confirmed

    def to_dict(self) -> dict[str, int]:
        """Stable keys."""
        return {
            **self.span.to_dict(),
            "as_read": self.as_read,
            "confirmed": self.confirmed,
            "cells": self.cells,
            "cells_confirmed": self.cells_confirmed,
            "cells_twice": self.cells_twice,
            "cells_unread": self.cells_unread,
        }


def add_up(matrix: Matrix) -> dict[str, Sum]:
    """Sum the rows by field code. A field that no sheet prints is left out; order does not matter."""
    out = {}
    for code in matrix.codes:
        column = [cell for cell in matrix.cells(code) if cell is not None]
        if not all(cell.optional for cell in column):
            out[code] = _sum(_counted(column))
    return out


def _counted(column: Sequence[Cell]) -> Iterable[tuple[Cell, int]]:
    """Cells and how often they occur: sheets that say the same share one cell, some thousand for a country."""
    times = Counter(map(id, column))
    if 2 * len(times) > len(column):
        return zip(column, repeat(1))
    return [(cell, times[which]) for which, cell in {id(cell): cell for cell in column}.items()]


def _sum(cells: Iterable[tuple[Cell, int]]) -> Sum:
    """The sum of cells, each of which occurs so many times."""
    low = high = as_read = confirmed = count = sure = unread = twice = 0
    for cell, times in cells:
        span = cell.span
        low, high, count = low + times * span.low, high + times * span.high, count + times
        as_read += times * (cell.value or 0)
        if span.low != span.high:
            unread += times
        if cell.confirmed:
            confirmed, sure = confirmed + times * span.low, sure + times
            twice += times * (len(cell.readers) > 1)
    return Sum(Span(low, high), as_read, confirmed, count, sure, unread, twice)
