"""The audit of published tables: every relation is checked, what fails becomes a finding, nothing is repaired."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from tally.audit.backcomputed import grid_findings, grid_tests
from tally.audit.build import relations_of
from tally.audit.context import Context
from tally.audit.cross import cross_relations
from tally.audit.findings import finding_of
from tally.audit.findings_wide import stages_data, stages_named
from tally.audit.model import (
    REGISTERED,
    REGISTERED_BEFORE,
    AuditFinding,
    AuditReport,
    Cell,
    Checked,
    Key,
    Numbers,
    Repair,
    Table,
)
from tally.audit.relations import Adds, Relation
from tally.audit.repairs import Slip, Web, search
from tally.audit.series import Stage, hours, missed, series_relations
from tally.audit.wording import key_names, listed, operands, say
from tally.texts import joined

_KEPT = 100
"""So many repairs of one finding are handed out; where there are more, none of them stands out anyway."""
_WEIGHT = {"table": 0, "indicator": 1, "statement": 2}
_REPAIRED = frozenset({"T1", "T2", "T3", "T4", "T5", "T6", "T8", "T9", "T10"})


def audit(tables: Sequence[Table]) -> AuditReport:
    """What the tables say that cannot all be correct, what looks odd, and how much was checked.

    Findings come with contradictions first, then indicators, then statements; within each in the order of
    the rules. The order of rows changes nothing.
    """
    cells: dict[Key, Cell] = {key: cell for table in tables for key, cell in table.cells.items()}
    numbers: Numbers = {key: cell.number for key, cell in cells.items()}
    relations = _all_relations(tables, numbers)
    by_id = {table.id: table for table in tables}
    web = Web(numbers, relations)
    context = Context(by_id, numbers, tuple(relations))
    failing = [r for r, holds in zip(relations, web.holding, strict=True) if not holds]
    short, failing = _short_tables(relations, failing, context)
    found = [*short, *(_with_repairs(r, web, cells, context) for r in failing)]
    tests = {table.id: grid_tests(table, numbers) for table in tables}
    for table in tables:
        found += _register(table, numbers)
        found += grid_findings(table, tests[table.id])
    found.sort(key=lambda f: (_WEIGHT[f.verdict], int(f.code[1:]), f.table, f.unit))
    return AuditReport(
        tables=tuple(tables),
        findings=tuple(found),
        checked=_checked(relations, web.holding),
        grids=tuple({"table": table, **test.to_dict()} for table in tests for test in tests[table]),
    )


def _all_relations(tables: Sequence[Table], numbers: Numbers) -> list[Relation]:
    within = {table.id: relations_of(table, numbers) for table in tables}
    relations = [relation for table in tables for relation in within[table.id]]
    for table in tables:
        relations += series_relations(table)
    for districts in tables:
        for lists in tables:
            if districts is not lists and any(unit.region for unit in districts.units):
                relations += cross_relations(districts, lists, within[districts.id])
    return relations


def _short_tables(
    relations: Sequence[Relation], failing: Sequence[Relation], context: Context
) -> tuple[list[AuditFinding], list[Relation]]:
    """One indicator instead of many findings where all columns of a total miss something: rows may lack."""
    n = context.numbers
    sums: dict[tuple[str, tuple[str, ...]], list[Adds]] = {}
    for one in relations:
        if isinstance(one, Adds) and one.code == "T1":
            sums.setdefault(one.total[:2], []).append(one)
    short = {
        at: columns
        for at, columns in sums.items()
        if len(columns) > 1 and all(column.gap(n) < 0 for column in columns)
    }
    found = []
    for columns in short.values():
        first = columns[0]
        gap, total = int(first.gap(n)), context.count(first.total)
        text = say(
            "T1-part",
            unit=context.unit(first.total),
            columns=len(columns),
            column=context.column(first.total),
            parts=total + gap,
            total=total,
        )
        found.append(context.found(first, text, -gap, verdict="indicator", columns=len(columns)))
    dropped = {id(column) for columns in short.values() for column in columns}
    return found, [one for one in failing if id(one) not in dropped]


def _with_repairs(relation: Relation, web: Web, cells: Mapping[Key, Cell], context: Context) -> AuditFinding:
    found = finding_of(relation, context)
    if relation.code not in _REPAIRED:
        return found
    slips = search(relation, web, cells)
    repairs = tuple(_repair(slip, cells, context) for slip in slips[:_KEPT])
    return replace(found, repairs=repairs, repairs_left_out=len(slips) - len(repairs))


def _repair(slip: Slip, cells: Mapping[Key, Cell], context: Context) -> Repair:
    names = key_names(context.tables[slip.key.table], slip.key)
    return Repair(names, cells[slip.key], slip.printed, slip.kind, slip.resolves, slip.breaks)


def _register(table: Table, n: Numbers) -> list[AuditFinding]:
    """T9 as a statement: the lists grew on the day, and that is why some hours seem not to fit."""
    found = hours(table)
    if found is None or not found.lawful(n):
        return []
    stages = found.stages(n)
    if len(stages) < 2:
        return []
    growth = stages[-1].register.low - (stages[0].register.high or 0)
    texts: list[Mapping[str, str]] = [say("T9", stages=stages_named(stages), growth=growth)]
    explained = missed(found, n)
    final = table.key((), REGISTERED)
    if explained and final in table.cells:
        texts.append(
            say(
                "T9-explained",
                register=int(n[final]),
                hours=listed([say("hour", hour=str(hour)) for hour in explained]),
            )
        )
    before = table.key((), REGISTERED_BEFORE)
    if before in table.cells and implied_by(stages[0], n[before]):
        texts.append(say("T9-before", register=int(n[before])))
    keys = [key for hour in found.hours for key in (found.count(hour), found.percent(hour))]
    details: dict[str, Any] = {
        "stages": stages_data(stages),
        "growth_at_least": growth,
        "explained_hours": list(explained),
    }
    return [
        AuditFinding(
            code="T9",
            verdict="statement",
            table=table.id,
            unit=(),
            subject=REGISTERED,
            margin=None,
            operands=operands(
                {table.id: table}, *keys, *(key for key in (final, before) if key in table.cells)
            ),
            text=joined(*texts),
            details=details,
        )
    ]


def implied_by(stage: Stage, register: Fraction) -> bool:
    """True if a printed register is one that the hours of a stage allow."""
    return stage.register.low <= register and (stage.register.high is None or register <= stage.register.high)


def _checked(relations: Sequence[Relation], holding: Sequence[bool]) -> tuple[Checked, ...]:
    looked = Counter((r.code, r.cells[0].table) for r in relations)
    good = Counter((r.code, r.cells[0].table) for r, holds in zip(relations, holding, strict=True) if holds)
    order = sorted(looked, key=lambda at: (int(at[0][1:]), at[1]))
    return tuple(Checked(code, table, looked[code, table], good[code, table]) for code, table in order)
