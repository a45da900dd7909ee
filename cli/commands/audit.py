"""``hattama audit``: a published table on its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from cli.console import emit, out
from cli.lang import Lang, pick
from cli.options import JsonFlag, LangOpt, chosen
from cli.render import show, table
from cli.words import heads, word
from tally.audit.audit import audit as audit_tables
from tally.audit.election_tables import election_tables
from tally.audit.file_table import read_file_tables
from tally.audit.model import AuditFinding, AuditReport, Repair, Table
from tally.audit.repairs import SHOWN
from tally.errors import ExitCode, TableError, UsageError

_ORDER = ("table", "indicator", "statement")
_SOURCES = 2


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("audit")(audit)


def audit(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="A table: CSV, .xlsx, PDF or web page."),
    ] = None,
    election: Annotated[
        str | None, typer.Option("--election", help="The tables that come with an election.")
    ] = None,
    grids: Annotated[
        bool, typer.Option("--grids", help="Also list every grid that was tried, and the placebos.")
    ] = False,
    json_: JsonFlag = False,
    lang: LangOpt = None,
) -> None:
    """Audit a published table on its own: sums, percentages, turnout, limits, back-computed counts.

    Exit code 1 if something was found that is more than a statement; 0 otherwise.
    """
    if (file is None) == (election is None):
        raise UsageError(
            "name either a file or an election.",
            advice="For example: hattama audit table.csv, or hattama audit --election kz-2023-majilis.",
        )
    tables = election_tables(election) if election is not None else read_file_tables(file or Path())
    report = audit_tables(tables)
    if not report.checked and not report.grids:
        raise TableError(
            "there is nothing to check in this table: no totals, no percentages with their votes, no voters.",
            file=str(file or election),
            advice="Add the row of totals, or the columns that the votes have to agree with.",
        )
    if json_:
        emit(_as_json(report))
    else:
        _print(out(), report, chosen(lang), grids=grids)
    if report.differs:
        raise typer.Exit(int(ExitCode.DIFFERENCES))


def _as_json(report: AuditReport) -> dict[str, Any]:
    return {
        "tables": [_table_as_json(one) for one in report.tables],
        "findings": [finding.to_dict() for finding in report.findings],
        "checked": [checked.to_dict() for checked in report.checked],
        "grids": [dict(grid) for grid in report.grids],
    }


def _table_as_json(one: Table) -> dict[str, Any]:
    return {
        "id": one.id,
        "names": dict(one.names),
        "rows": len(one.units),
        "cells": len(one.cells),
        "unread": [text._asdict() for text in one.unread],
        "remarks": [dict(remark) for remark in one.remarks],
    }


def _print(console: Console, report: AuditReport, lang: Lang, *, grids: bool) -> None:
    if not report.findings:
        console.print(word("no_findings", lang))
    for verdict in _ORDER:
        group = [finding for finding in report.findings if finding.verdict == verdict]
        if group:
            console.print(f"{word(verdict, lang)} ({len(group)})")
        for finding in group:
            console.print(f"  {finding.code}  {pick(finding.text, lang)}", soft_wrap=True)
            for line in (*_repairs(finding, lang), *_sources(finding, lang)):
                console.print(f"      {line}", soft_wrap=True)
    if report.findings:
        console.print(word("audit_copyist", lang), soft_wrap=True)
    console.print()
    _print_checked(console, report, lang)
    for one in report.tables:
        for remark in one.remarks:
            console.print(f"{word('audit_remark', lang)}: {pick(remark, lang)}", soft_wrap=True)
        for text in one.unread:
            where = f"{text.row}, {text.column}"
            console.print(f"{word('audit_unread', lang)}: {where}: «{text.printed}»", soft_wrap=True)
    if grids:
        _print_grids(console, report, lang)


def _print_checked(console: Console, report: AuditReport, lang: Lang) -> None:
    names = {one.id: pick(one.names, lang) for one in report.tables}
    rows = [
        (c.code, word(f"audit_{c.code}", lang), names[c.table], c.relations, c.hold) for c in report.checked
    ]
    show(
        console,
        table(heads(lang, "code", "check", "table", "audit_checked", "audit_hold"), rows, numbers=(3, 4)),
    )


def _repairs(finding: AuditFinding, lang: Lang) -> Iterator[str]:
    """The best repairs if there are few of them; that there are many, if none stands out."""
    best = [r for r in finding.repairs if r.resolves == finding.repairs[0].resolves]
    if len(best) > SHOWN:
        yield f"{word('audit_repairs_many', lang)}: {len(best) + finding.repairs_left_out}"
        return
    yield from (_repair(repair, lang) for repair in best)


def _repair(repair: Repair, lang: Lang) -> str:
    text = (
        f"{word('audit_repair', lang)}: {pick(repair.names, lang)}: {repair.cell.printed} → "
        f"{repair.suggested} ({word(f'slip_{repair.kind}', lang)})"
    )
    return f"{text}; {word('audit_breaks', lang)}: {repair.breaks}" if repair.breaks else text


def _sources(finding: AuditFinding, lang: Lang) -> Iterator[str]:
    """Where the numbers are printed: file and lines, each once."""
    cells = [operand.cell for operand in finding.operands]
    files: dict[str, list[int]] = {}
    for cell in cells:
        lines = files.setdefault(cell.file, [])
        if cell.line is not None and cell.line not in lines:
            lines.append(cell.line)
    for name, lines in list(files.items())[:_SOURCES]:
        shown = ", ".join(str(line) for line in sorted(lines)[: 2 * SHOWN])
        more = "…" if len(lines) > 2 * SHOWN else ""
        tail = f", {word('audit_line', lang)} {shown}{more}" if lines else ""
        yield f"{word('audit_source', lang)}: {name}{tail}"
    if len(files) > _SOURCES:
        yield f"{word('audit_more', lang)}: {len(files) - _SOURCES}"


def _print_grids(console: Console, report: AuditReport, lang: Lang) -> None:
    rows = [
        (
            grid["table"],
            grid["base"],
            grid["grid"],
            grid["rounding"],
            grid["placebo"],
            grid["hits"],
            grid["cells"],
            grid["expected_at_most"],
            grid["log10_p_at_most"],
        )
        for grid in report.grids
    ]
    names = heads(lang, "table", "base", "grid", "rounding", "placebo", "hits", "cells", "expected")
    show(console, table([*names, "log10 P ≤"], rows, numbers=(5, 6, 7, 8)))
