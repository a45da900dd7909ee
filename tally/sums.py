"""Sums of cells over protocols: a range, what a hasty reader would add up, and how much people have confirmed."""

from __future__ import annotations

from dataclasses import dataclass

from tally.matrix import Matrix
from tally.model import Span


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
    shown = (code for code in matrix.codes if len(matrix.without(code)) < len(matrix))
    return {code: _sum(matrix, code) for code in shown}


def _sum(matrix: Matrix, code: str) -> Sum:
    """The sum of one column: all numbers at once, and what is not a plain number cell by cell."""
    low = as_read = sum(matrix.votes(code))
    widths, odd = matrix.widths(code), matrix.odd(code).values()
    confirmed = sure = twice = missing = 0
    for cell in odd:
        if cell is None:
            missing += 1
            continue
        as_read += (cell.value or 0) - cell.span.low
        if cell.confirmed:
            confirmed, sure = confirmed + cell.span.low, sure + 1
            twice += len(cell.readers) > 1
    span = Span(low, low + sum(widths.values()))
    return Sum(span, as_read, confirmed, len(matrix) - missing, sure, len(widths), twice)
