"""``hattama official add|list``: published figures as dated snapshots."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.console import emit, note, out
from cli.intake import must_be_there
from cli.options import CaseArg, JsonFlag, LangOpt, chosen
from cli.render import show, table
from cli.words import heads
from tally.case import open_case
from tally.official import add_official, snapshots_of
from tally.state import state

official = typer.Typer(no_args_is_help=True, help="Official figures, kept as dated snapshots.")


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(official, name="official")


@official.command("add")
def add(
    case: CaseArg,
    file: Annotated[Path, typer.Argument(help="CSV: contest or district, candidate, votes.")],
    source: Annotated[str, typer.Option(help="Where the figures were published.")],
    as_of: Annotated[str, typer.Option(help="When they looked like this, ISO 8601: 2023-03-21T18:00+06:00.")],
    json_: JsonFlag = False,
) -> None:
    """Keep a table of official figures: all of it, or nothing with the rows to correct."""
    opened = open_case(case)
    must_be_there(file)
    snapshot = add_official(opened, file, source, as_of)
    if json_:
        emit(snapshot.to_dict())
    else:
        note(f"{snapshot.name}: {len(snapshot.figures)} figures, {snapshot.as_of}, {snapshot.source}")


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
