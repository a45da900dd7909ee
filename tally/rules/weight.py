"""How much a contradiction bears: which cells would have to be wrong, and what each choice of copies gives.

A reading can be wrong by at most the whole number that it says, so a sum above the official figure by a margin
is undone by the fewest cells whose numbers reach that margin. If the sheets shall still add up as they do,
further cells of the same sheets have to be wrong too; that is a small integer programme (HiGHS, by scipy).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf
from typing import Any

from tally.totals import ContestTotals
from tally.versions import Cell, Protocol, Version

_SHEETS = 12
"""The integer programme looks at so many sheets, those with the largest numbers."""
_SHOWN = 100
"""So many cells are named; their number is always given in full."""


def fewest_cells(totals: ContestTotals, subject: str, margin: int) -> dict[str, Any]:
    """``fewest_cells``: so many cells of the subject must be misread at least; ``cells``: the largest ones.

    ``fewest_cells_adding_up``: so many cells in all suffice if every sheet shall still satisfy
    valid = sum of the lines; ``None`` if the sheets looked at cannot give it. ``margin`` in votes, > 0.
    """
    code = totals.positions.code_of(subject)
    rows = [(cells[code].span.low, p) for p in totals.protocols if code in (cells := p.cells())]
    rows.sort(key=lambda row: (-row[0], row[1].key.region, row[1].key.precinct or 0))
    left, count = margin, 0
    for low, _ in rows:
        if left <= 0 or low <= 0:
            break
        count, left = count + 1, left - low
    if left > 0:  # the subject is a sum of rows (valid votes added up): no single cell carries it
        return {}
    lines = totals.positions.lines
    looked_at = rows[:_SHEETS] if count <= _SHEETS else []
    sheets = [_numbers(protocol.cells(), lines) for _, protocol in looked_at]
    known = [s for s in sheets if s is not None]
    return {
        "fewest_cells": count,
        "cells": [_where(protocol, code, low) for low, protocol in rows[: min(count, _SHOWN)]],
        "fewest_cells_adding_up": adding_up(known, code, margin) if known and code in lines else None,
    }


def adding_up(sheets: Sequence[Mapping[str, int]], code: str, margin: int) -> int | None:
    """Fewest wrong cells that lower ``code`` by ``margin`` in all while each sheet keeps valid = sum of lines.

    A sheet maps its lines and ``ballots_valid`` to votes; on a sheet where the relation does not hold as
    read, it is not asked for. A wrong cell may truly hold anything from 0 to the valid votes of its sheet.
    """
    # Here and not above: it takes half a second to load, and few commands come to this.
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import lil_array

    cells = [(i, name, value) for i, sheet in enumerate(sheets) for name, value in sheet.items()]
    count = len(cells)
    tops = [max(sheets[i]["ballots_valid"], value) for i, _, value in cells]
    # Variables: change up, change down (votes, >= 0), and 1 if the cell is wrong.
    upper = [t - v for t, (_, _, v) in zip(tops, cells, strict=True)] + [v for _, _, v in cells]
    matrix = lil_array((2 * count + len(sheets) + 1, 3 * count))
    low, high = [-inf] * matrix.shape[0], [0] * matrix.shape[0]
    for k, (i, name, _) in enumerate(cells):
        for part in (0, 1):
            matrix[part * count + k, part * count + k] = 1
            matrix[part * count + k, 2 * count + k] = -int(upper[part * count + k])
        sheet = sheets[i]
        if 2 * sheet["ballots_valid"] == sum(sheet.values()):
            sign = -1 if name == "ballots_valid" else 1
            matrix[2 * count + i, k], matrix[2 * count + i, count + k] = sign, -sign
            low[2 * count + i] = 0
        if name == code:
            matrix[matrix.shape[0] - 1, k], matrix[matrix.shape[0] - 1, count + k] = 1, -1
    high[-1] = -margin
    found = milp(
        [0] * (2 * count) + [1] * count,
        constraints=LinearConstraint(matrix.tocsr(), low, high),
        integrality=[1] * (3 * count),
        bounds=Bounds([0] * (3 * count), upper + [1] * count),
        options={"time_limit": 2.0},
    )
    return round(found.fun) if found.status == 0 else None


class Ways:
    """The three ways to choose a copy of every protocol, prepared once for a contest."""

    def __init__(self, totals: ContestTotals) -> None:
        self._positions = totals.positions
        self._single: list[Mapping[str, Cell]] = []
        self._sealed: list[Mapping[str, Cell]] = []
        self._several: list[Protocol] = []
        self._left_out = self._unmarked = 0
        for protocol in totals.protocols:
            if not protocol.countable:
                continue
            if len(protocol.versions) > 1:
                self._several.append(protocol)
            else:
                self._single.append(protocol.main.cells)
            if not any(map(_signed_and_sealed, protocol.versions)):
                self._left_out += 1
                self._unmarked += not any(map(_has_marks, protocol.versions))
            elif len(protocol.versions) == 1:
                self._sealed.append(protocol.main.cells)

    def sums(self, subject: str, official: int, repeated: int = 0) -> dict[str, Any]:
        """Lower end of the sum, and whether it still exceeds ``official``, under each way to choose a copy.

        ``least_favourable``: the copy that says least; ``earliest``: the copy received first;
        ``signed_and_sealed``: only copies on which a stamp and a signature were found; ``left_out`` protocols
        have none, of which for ``marks_unknown`` nobody looked (typed rows). ``repeated`` votes may be counted
        twice and are taken once.
        """
        code = self._positions.code_of(subject)
        single = sum(_low(cells, code) for cells in self._single)
        sums = {"least_favourable": single, "earliest": single}
        sums["signed_and_sealed"] = sum(_low(cells, code) for cells in self._sealed)
        for protocol in self._several:
            lows = [_low(version.cells, code) for version in protocol.versions]
            marked = [low for low, v in zip(lows, protocol.versions, strict=True) if _signed_and_sealed(v)]
            sums["least_favourable"] += min(lows)
            sums["earliest"] += lows[protocol.first]
            sums["signed_and_sealed"] += min(marked, default=0)
        taken = {name: max(0, value - repeated) for name, value in sums.items()}
        out: dict[str, Any] = {n: {"protocols": v, "exceeds": v > official} for n, v in taken.items()}
        out["signed_and_sealed"] |= {"left_out": self._left_out, "marks_unknown": self._unmarked}
        return out


def _low(cells: Mapping[str, Cell], code: str) -> int:
    cell = cells.get(code)
    return 0 if cell is None else cell.span.low


def _has_marks(version: Version) -> bool:
    return any(sheet.page is not None and sheet.page.marks for sheet in version.sheets)


def _signed_and_sealed(version: Version) -> bool:
    for sheet in version.sheets:
        marks = sheet.page.marks if sheet.page else {}
        seal, signatures = marks.get("seal"), marks.get("signatures")
        sealed = seal.get("present") if isinstance(seal, Mapping) else seal
        count = signatures.get("count") if isinstance(signatures, Mapping) else signatures
        if sealed is True and isinstance(count, int) and count > 0:
            return True
    return False


def _numbers(cells: Mapping[str, Cell], lines: Sequence[str]) -> dict[str, int] | None:
    names = [*lines, "against_all", "ballots_valid"]
    out = {name: cells[name].span.low for name in names if name in cells and cells[name].span.is_exact}
    wanted = [name for name in names if name in cells and not cells[name].optional]
    return out if "ballots_valid" in out and all(name in out for name in wanted) else None


def _where(protocol: Protocol, code: str, value: int) -> dict[str, Any]:
    return {
        "region": protocol.key.region,
        "precinct": protocol.key.precinct,
        "field": code,
        "value": value,
        "sources": list(protocol.main.sources),
    }
