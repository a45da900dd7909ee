"""How much a contradiction bears: which cells would have to be wrong, and what each choice of copies gives.

A reading can be wrong by at most the whole number that it says, so a sum above the official figure by a margin
is undone by the fewest cells whose numbers reach that margin. If the sheets shall still add up as they do,
further cells of the same sheets have to be wrong too; that is a small integer programme (HiGHS, by scipy).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf
from typing import Any

from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import lil_array

from tally.totals import ContestTotals
from tally.versions import Cell, Protocol, Version

_SHEETS = 12
"""The integer programme looks at so many sheets, those with the largest numbers."""


def fewest_cells(totals: ContestTotals, subject: str, margin: int) -> dict[str, Any]:
    """``fewest_cells``: so many cells of the subject must be misread at least; ``cells``: the largest ones.

    ``fewest_cells_adding_up``: so many cells in all suffice if every sheet shall still satisfy
    valid = sum of the lines; ``None`` if the sheets looked at cannot give it. ``margin`` in votes, > 0.
    """
    code = totals.positions.code_of(subject)
    rows = sorted(
        ((cells[code].span.low, p) for p in totals.protocols if code in (cells := p.cells())),
        key=lambda row: (-row[0], str(row[1].key)),
    )
    left, chosen = margin, []
    for low, protocol in rows:
        if left <= 0 or low <= 0:
            break
        chosen.append(_where(protocol, code, low))
        left -= low
    if left > 0:  # the subject is a sum of rows (valid votes added up): no single cell carries it
        return {}
    lines = totals.positions.lines
    sheets = [_numbers(protocol.cells(), lines) for _, protocol in rows[:_SHEETS]]
    known = [s for s in sheets if s is not None]
    return {
        "fewest_cells": len(chosen),
        "cells": chosen,
        "fewest_cells_adding_up": adding_up(known, code, margin) if known and code in lines else None,
    }


def adding_up(sheets: Sequence[Mapping[str, int]], code: str, margin: int) -> int | None:
    """Fewest wrong cells that lower ``code`` by ``margin`` in all while each sheet keeps valid = sum of lines.

    A sheet maps its lines and ``ballots_valid`` to votes; on a sheet where the relation does not hold as
    read, it is not asked for. A wrong cell may truly hold anything from 0 to the valid votes of its sheet.
    """
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


def policies(totals: ContestTotals, subject: str, official: int) -> dict[str, Any]:
    """Lower end of the sum, and whether it still exceeds ``official``, under each way to choose a copy.

    ``least_favourable``: the copy that says least; ``earliest``: the copy received first;
    ``signed_and_sealed``: only copies on which a stamp and a signature were found, others left out.
    """
    code = totals.positions.code_of(subject)
    sums = {"least_favourable": 0, "earliest": 0, "signed_and_sealed": 0}
    for protocol in totals.protocols:
        if not protocol.countable:
            continue
        if len(protocol.versions) == 1:
            least = first = _low(protocol.main, code)
        else:
            least = min(_low(version, code) for version in protocol.versions)
            first = _low(protocol.versions[protocol.first], code)
        sums["least_favourable"] += least
        sums["earliest"] += first
        marked = [_low(v, code) for v in protocol.versions if _signed_and_sealed(v)]
        sums["signed_and_sealed"] += min(marked, default=0)
    return {name: {"protocols": value, "exceeds": value > official} for name, value in sums.items()}


def _low(version: Version, code: str) -> int:
    cell = version.cells.get(code)
    return cell.span.low if cell else 0


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
