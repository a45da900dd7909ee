"""How much a contradiction bears: which cells would have to be wrong for it to vanish.

A reading can be wrong by at most the whole number that it says, so a sum above the official figure by a margin
is undone by the fewest cells whose numbers reach that margin.

If the sheets shall still add up as they do, each of them costs at most two cells, and that is exact: where the
relation valid = sum of the lines holds, one changed cell alone breaks it, and a second one (the valid votes, lower
by as much) mends it for every amount up to the whole number. Where it is broken as read, nothing has to be kept,
and one cell is enough. What is left is to choose sheets of price one and two, the largest of each first.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any

from tally.matrix import Matrix
from tally.totals import ContestTotals
from tally.versions import Protocol

_SHOWN = 100
"""So many cells are named; their number is always given in full."""


class Weights:
    """The sheets of a contest by what one wrong cell costs there, prepared once."""

    def __init__(self, totals: ContestTotals) -> None:
        self._positions = totals.positions
        self._protocols = totals.protocols
        self._matrix = totals.matrix
        self._prices = _prices(totals.matrix, (*totals.positions.lines, "against_all"))

    def fewest_cells(self, subject: str, margin: int) -> dict[str, Any]:
        """``fewest_cells``: so many cells of the subject must be misread at least; ``cells``: the largest ones.

        ``fewest_cells_adding_up``: so many cells in all suffice if every sheet shall still satisfy
        valid = sum of the lines; ``None`` if the sheets read in full cannot give it, or if the subject is
        none of the lines. ``margin`` in votes, > 0.
        """
        code = self._positions.code_of(subject)
        lows = [low or 0 for low in self._matrix.low(code)]
        largest = sorted(lows, reverse=True)
        count = _reached(largest, margin)
        if count is None:  # the subject is a sum of rows (valid votes added up): no single cell carries it
            return {}
        least_shown = largest[min(count, _SHOWN) - 1]
        shown = sorted((self._order(i, low), i) for i, low in enumerate(lows) if low >= least_shown)
        return {
            "fewest_cells": count,
            "cells": [_where(self._protocols[i], code, lows[i]) for _, i in shown[: min(count, _SHOWN)]],
            "fewest_cells_adding_up": self._adding_up(lows, margin)
            if code in self._positions.lines
            else None,
        }

    def _adding_up(self, lows: Sequence[int], margin: int) -> int | None:
        by_price: dict[int | None, list[int]] = {1: [], 2: [], None: []}
        for low, price in zip(lows, self._prices, strict=True):
            by_price[price].append(low)
        return fewest_adding_up(by_price[1], by_price[2], margin)

    def _order(self, i: int, low: int) -> tuple[int, str, int]:
        key = self._protocols[i].key
        return -low, key.region, key.precinct or 0


def fewest_adding_up(single: Sequence[int], double: Sequence[int], margin: int) -> int | None:
    """Fewest wrong cells that take away ``margin`` votes in all; ``None`` if all votes together do not reach it.

    ``single`` and ``double`` are numbers of votes that one wrong cell, or two, can take away up to the whole.
    """
    ones = list(accumulate(sorted(single, reverse=True), initial=0))
    twos = list(accumulate(sorted(double, reverse=True), initial=0))
    ways = (
        2 * pairs + bisect_left(ones, margin - votes)
        for pairs, votes in enumerate(twos)
        if votes + ones[-1] >= margin
    )
    return min(ways, default=None)


def _reached(largest: Iterable[int], margin: int) -> int | None:
    """How many numbers, the largest first, reach ``margin``; ``None`` if all do not."""
    return next((count for count, votes in enumerate(accumulate(largest), 1) if votes >= margin), None)


def _prices(matrix: Matrix, names: Sequence[str]) -> list[int | None]:
    """Per row: 1 or 2 wrong cells lower a line with all else kept; ``None`` if the sheet is not read in full."""
    valid = zip(matrix.low("ballots_valid"), matrix.high("ballots_valid"), strict=True)
    lines = zip(matrix.lows(names), matrix.highs(names), strict=True)
    loose = [matrix.without(name) for name in names]
    out: list[int | None] = []
    for row, ((low, high), (lows, highs)) in enumerate(zip(valid, lines, strict=True)):
        if low is None or low != high:
            out.append(None)
        elif lows == highs:
            out.append(2 if low == sum(filter(None, lows)) else 1)
        else:
            # A line that is not printed on this sheet has no votes to be wrong.
            ends = list(zip(lows, highs, loose, strict=True))
            read = not any(a != b and row not in absent for a, b, absent in ends)
            out.append((2 if low == sum(a or 0 for a, b, _ in ends if a == b) else 1) if read else None)
    return out


def _where(protocol: Protocol, code: str, value: int) -> dict[str, Any]:
    return {
        "region": protocol.key.region,
        "precinct": protocol.key.precinct,
        "field": code,
        "value": value,
        "sources": list(protocol.main.sources),
    }
