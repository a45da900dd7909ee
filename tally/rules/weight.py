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
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import compress
from typing import Any

from tally.matrix import Matrix
from tally.totals import ContestTotals
from tally.versions import Protocol

_SHOWN = 100
"""So many cells are named; their number is always given in full."""


class Weights:
    """The sheets of a contest by what one wrong cell costs there, prepared once."""

    def __init__(self, totals: ContestTotals, single: Sequence[bool], double: Sequence[bool]) -> None:
        """Per protocol: whether one wrong cell lowers a line with all else kept, or two do."""
        self._totals = totals
        self._single = single
        self._double = double

    @classmethod
    def of(cls, totals: ContestTotals) -> Weights:
        """The weights of a whole contest."""
        prices = _prices(totals.matrix, (*totals.positions.lines, "against_all"))
        return cls(totals, [price == 1 for price in prices], [price == 2 for price in prices])

    def among(self, part: ContestTotals) -> Weights:
        """The same for a part of the contest."""
        single, double = ([flags[row] for row in part.places] for flags in (self._single, self._double))
        return Weights(part, single, double)

    def fewest_cells(self, subject: str, margin: int) -> dict[str, Any]:
        """``fewest_cells``: so many cells of the subject must be misread at least; ``cells``: the largest ones.

        ``fewest_cells_adding_up``: so many cells in all suffice if every sheet shall still satisfy
        valid = sum of the lines; ``None`` if the sheets read in full cannot give it, or if the subject is
        none of the lines. ``margin`` in votes, > 0.
        """
        code = self._totals.positions.code_of(subject)
        lows = self._totals.matrix.votes(code)
        sums = _sums_of_largest(lows, margin)
        count = bisect_left(sums, margin)
        if count == len(
            sums
        ):  # the subject is a sum of rows (valid votes added up): no single cell carries it
            return {}
        last_shown = min(count, _SHOWN)
        least_shown = sums[last_shown] - sums[last_shown - 1]
        candidates = [i for i, low in enumerate(lows) if low >= least_shown]
        shown = sorted((self._order(i, lows[i]), i) for i in candidates)
        protocols = self._totals.protocols
        return {
            "fewest_cells": count,
            "cells": [_where(protocols[i], code, lows[i]) for _, i in shown[:last_shown]],
            "fewest_cells_adding_up": self._adding_up(lows, margin)
            if code in self._totals.positions.lines
            else None,
        }

    def _adding_up(self, lows: Sequence[int], margin: int) -> int | None:
        return fewest_adding_up(compress(lows, self._single), compress(lows, self._double), margin)

    def _order(self, i: int, low: int) -> tuple[int, str, int]:
        key = self._totals.protocols[i].key
        return -low, key.region, key.precinct or 0


def fewest_adding_up(single: Iterable[int], double: Iterable[int], margin: int) -> int | None:
    """Fewest wrong cells that take away ``margin`` votes in all; ``None`` if all votes together do not reach it.

    ``single`` and ``double`` are numbers of votes that one wrong cell, or two, can take away up to the whole.
    """
    ones, twos = _sums_of_largest(single, margin), _sums_of_largest(double, margin)
    # More pairs than reach the margin by themselves, or fewer than it takes beside all single cells, need no look.
    first, last = bisect_left(twos, margin - ones[-1]), bisect_left(twos, margin)
    pairs = range(first, min(last + 1, len(twos)))
    return min((2 * pair + bisect_left(ones, margin - twos[pair]) for pair in pairs), default=None)


def _sums_of_largest(numbers: Iterable[int], enough: int) -> list[int]:
    """What none, one, two ... of the numbers add up to, the largest first, at least until that is ``enough``.

    Sorted by counting: a country has few different numbers of votes in one cell. Zeros add nothing.
    """
    times, sums = Counter(numbers), [0]
    for number in sorted(times, reverse=True):
        if number == 0 or sums[-1] >= enough:
            break
        sums.extend(range(sums[-1] + number, sums[-1] + number * times[number] + 1, number))
    return sums


def _prices(matrix: Matrix, names: Sequence[str]) -> list[int | None]:
    """Per row: 1 or 2 wrong cells lower a line with all else kept; ``None`` if the sheet is not read in full."""
    loose = [(matrix.widths(name), matrix.without(name)) for name in names]
    unsure, unread = matrix.open(names), matrix.widths("ballots_valid")
    out: list[int | None] = []
    for row, (low, lows) in enumerate(zip(matrix.low("ballots_valid"), matrix.lows(names), strict=True)):
        if low is None or row in unread:
            out.append(None)
        elif row not in unsure:
            out.append(2 if low == sum(filter(None, lows)) else 1)
        else:
            # A line that is not printed on this sheet has no votes to be wrong.
            read = all(row not in widths or row in absent for widths, absent in loose)
            added = sum(a or 0 for a, (widths, _) in zip(lows, loose, strict=True) if row not in widths)
            out.append((2 if low == added else 1) if read else None)
    return out


def _where(protocol: Protocol, code: str, value: int) -> dict[str, Any]:
    return {
        "region": protocol.key.region,
        "precinct": protocol.key.precinct,
        "field": code,
        "value": value,
        "sources": list(protocol.main.sources),
    }
