"""``hattama official add|list``: published figures as dated snapshots."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from cli.console import emit, note, out
from cli.intake import must_be_there
from cli.options import CaseArg, JsonFlag, LangOpt, chosen
from cli.render import show, table
from cli.words import heads
from tally.case import open_case
from tally.errors import UsageError
from tally.official import snapshots_of
from tally.official_adding import add_official
from tally.official_reading import TableChoice
from tally.state import state

official = typer.Typer(no_args_is_help=True, help="Official figures, kept as dated snapshots.")


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(official, name="official")


@official.command("add")
def add(
    case: CaseArg,
    file: Annotated[Path, typer.Argument(help="CSV, XLSX, PDF with a text layer, or a saved web page.")],
    source: Annotated[str, typer.Option(help="Where the figures were published.")],
    as_of: Annotated[str, typer.Option(help="When they looked like this, ISO 8601: 2023-03-21T18:00+06:00.")],
    contest: Annotated[str, typer.Option(help="Contest of a table that does not name it.")] = "",
    part: Annotated[str, typer.Option(help="Sheet of a workbook, or `table 2` of a page.")] = "",
    pages: Annotated[str, typer.Option(help="Pages of a PDF: 3 or 3-8.")] = "",
    skip: Annotated[list[str] | None, typer.Option(help="Column to leave out; may be repeated.")] = None,
    as_printed: Annotated[
        bool, typer.Option("--as-printed", help="Take a table whose total row differs from its rows.")
    ] = False,
    json_: JsonFlag = False,
) -> None:
    """Keep a table of official figures: all of it, or nothing with the rows to correct."""
    opened = open_case(case)
    must_be_there(file)
    choice = TableChoice(contest, part, _pages(pages), skip or (), as_printed)
    snapshot = add_official(opened, file, source, as_of, choice)
    if json_:
        emit(snapshot.to_dict())
    else:
        for line in snapshot.notes:
            note(f"{snapshot.name}: {line}")
        note(f"{snapshot.name}: {len(snapshot.figures)} figures, {snapshot.as_of}, {snapshot.source}")


def _pages(text: str) -> range | None:
    if not text:
        return None
    found = re.fullmatch(r"([1-9][0-9]{0,4})(?:-([1-9][0-9]{0,4}))?", text)
    if found is None or (found[2] and int(found[2]) < int(found[1])):
        raise UsageError(f"--pages is written like 3 or 3-8, not {text!r}.")
    return range(int(found[1]), int(found[2] or found[1]) + 1)


@official.command("list")
def list_snapshots(case: CaseArg, json_: JsonFlag = False, lang: LangOpt = None) -> None:
    """List the snapshots of a case. Without any, the election's own published figures are used."""
    snapshots = snapshots_of(state(open_case(case)))
    if json_:
        emit({"snapshots": [one.to_dict() for one in snapshots]})
        return
    rows = [(one.name, one.as_of, one.source, len(one.figures), one.sha256[:12]) for one in snapshots]
    show(
        out(),
        table([*heads(chosen(lang), "snapshot", "as_of", "source", "figures"), "sha256"], rows, numbers=(3,)),
    )
    if not snapshots:
        note("no snapshots: the figures that come with the election are used")
