"""The fewest wrong cells by an integer programme (HiGHS): slow, general, and independent of tally.rules.weight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf

from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import lil_array


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
    )
    return round(found.fun) if found.status == 0 else None
