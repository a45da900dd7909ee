"""T12: which grids are tried over a table, and what is said when counts lie on one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import ceil, log10

from tally.audit.grid import GRIDS, PLACEBOS, ROUNDINGS, Counted, GridTest, cells_of, try_grid
from tally.audit.model import (
    INVALID,
    ISSUED,
    PERCENT,
    REGISTERED,
    TOTAL,
    VALID,
    AuditFinding,
    Key,
    Names,
    Numbers,
    Table,
    Unit,
)
from tally.audit.wording import listed, operands, say
from tally.texts import Rounded, joined

ENOUGH = -6.0
"""log10 of the corrected bound from which on coincidences are told. The tables of counting stay far above."""
_EXCEPTIONS = 5
"""So many rows that are off the grid are named."""
_MOST_ROWS = 2000
"""Longer tables are of precincts: their votes are too few for a grid to tell anything."""
_FEW = 4
"""So many categories make a unit; with fewer, the sum constraint leaves too little."""

_Cells = Mapping[str, Sequence[Counted]]


def grid_tests(table: Table, n: Numbers) -> list[GridTest]:
    """Every grid, rounding and base over the lowest units of a table, then the placebos of each base."""
    found: list[GridTest] = []
    if len(table.units) > _MOST_ROWS:
        return found
    for base, cells in _bases(table, n).items():
        found += [try_grid(cells, base, grid, how) for grid, how in product(GRIDS, ROUNDINGS)]
        found += [try_grid(cells, base, grid, "round", placebo=True) for grid in PLACEBOS]
    return [test for test in found if test.cells]


def grid_findings(table: Table, tests: Sequence[GridTest]) -> list[AuditFinding]:
    """At most one finding about the votes and one about the totals: the grid that fits best.

    The bound is multiplied by the number of all grids tried on the table (Bonferroni); the other grids that
    fit are mostly shadows of the best.
    """
    tried = [test for test in tests if not test.placebo]
    correction = log10(len(tried)) if tried else 0.0
    found = []
    for turnout in (False, True):
        family = [test for test in tried if (test.base == "turnout") == turnout]
        best = min(family, key=lambda t: (t.log10_p, -t.hits, t.grid), default=None)
        if best is not None and best.log10_p + correction <= ENOUGH:
            placebos = [t for t in tests if t.placebo and t.base == best.base]
            found.append(_finding(table, best, placebos, len(tried)))
    return found


def _finding(table: Table, best: GridTest, placebos: Sequence[GridTest], tries: int) -> AuditFinding:
    turnout = best.base == "turnout"
    shift = log10(tries)
    text = say(
        "T12-turnout" if turnout else "T12",
        table=table.names,
        hits=best.hits,
        cells=best.cells,
        step=Rounded(100 * best.grid, 2 if best.grid < Fraction(1, 1000) else 1),
        base=say("base-registered" if turnout else f"base-{best.base}"),
        expected=Rounded(Fraction(round(best.expected * 100), 100), 2),
        rounding=say(f"rounding-{best.rounding}"),
    )
    bound = say(
        "T12-bound",
        tries=tries,
        power=_power(best.log10_p + shift),
        narrow=_power(best.log10_p_narrow + shift),
        placebos=len(placebos),
        least=min(t.hits for t in placebos),
        most=max(t.hits for t in placebos),
    )
    columns = (TOTAL, REGISTERED) if turnout else table.categories
    lowest = _lowest(table)
    keys = [table.key(u.path, c) for u in lowest for c in columns if u.path[-1] in best.by_unit]
    return AuditFinding(
        code="T12",
        verdict="indicator",
        table=table.id,
        unit=(),
        subject=TOTAL if turnout else "votes",
        margin=None,
        operands=operands({table.id: table}, *(key for key in keys if key in table.cells)),
        text=joined(text, *_rows(table, best), bound),
        details={
            **best.to_dict(),
            "tries": tries,
            "log10_p_at_most_corrected": round(best.log10_p + shift, 1),
            "placebos": [t.to_dict() for t in placebos],
        },
    )


def _rows(table: Table, best: GridTest) -> list[Names]:
    """Which rows lie on the grid whole, and the few that do not."""
    names = {unit.path[-1]: unit.names for unit in _lowest(table)}
    others = [
        say("T12-row", row=names[unit], hits=hit, cells=cells)
        for unit, (hit, cells) in sorted(best.by_unit.items())
        if hit < cells
    ]
    whole = len(best.by_unit) - len(others)
    if not others or len(others) > _EXCEPTIONS or not whole:
        return []
    return [say("T12-rows", whole=whole, rows=len(best.by_unit), others=listed(others))]


def _power(log: float) -> str:
    """A bound as a power of ten, rounded up: never smaller than what was proved."""
    digits = str(abs(min(0, ceil(log))))
    return "10⁻" + digits.translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")) if ceil(log) < 0 else "1"


def _lowest(table: Table) -> list[Unit]:
    """Units that have nothing below them: a total is no independent count."""
    return [unit for unit in table.units if unit.path and not table.children(unit.path)]


def _bases(table: Table, n: Numbers) -> Mapping[str, _Cells]:
    units = {unit.path[-1]: unit for unit in _lowest(table)}
    votes = {
        name: [int(n[table.key(unit.path, c)]) for c in table.categories if table.has(unit.path, c)]
        for name, unit in units.items()
    }
    full = {name: v for name, v in votes.items() if len(v) >= _FEW and len(v) == len(table.categories)}
    valid = {name: _valid(table, units[name], n, full[name]) for name in full}
    whole = {
        "valid": valid,
        "total": {name: _number(table, units[name], n, TOTAL, ISSUED) for name in full},
        "registered": {name: _number(table, units[name], n, REGISTERED) for name in full},
    }
    found: dict[str, _Cells] = {}
    for base, numbers in whole.items():
        cells = {
            name: [Counted(c.count, number, c.rest) for c in cells_of(full[name], valid[name] or 0)]
            for name, number in numbers.items()
            if number and valid[name]
        }
        if cells:
            found[base] = cells
    totals = {
        name: (_number(table, unit, n, TOTAL, ISSUED), _number(table, unit, n, REGISTERED))
        for name, unit in units.items()
    }
    turnout = {name: [Counted(t, r, r)] for name, (t, r) in totals.items() if t and r}
    return {**found, **({"turnout": turnout} if turnout else {})}


def _valid(table: Table, unit: Unit, n: Numbers, votes: Sequence[int]) -> int | None:
    printed = _number(table, unit, n, VALID)
    if printed is not None:
        return printed
    if table.has(unit.path, TOTAL, INVALID):
        return int(n[table.key(unit.path, TOTAL)] - n[table.key(unit.path, INVALID)])
    return sum(votes)


def _number(table: Table, unit: Unit, n: Numbers, *columns: str) -> int | None:
    keys: list[Key] = [table.key(unit.path, c) for c in columns if not c.endswith(PERCENT)]
    return next((int(n[key]) for key in keys if key in table.cells), None)
