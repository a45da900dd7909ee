"""``hattama register add``: the full list of precincts, so that missing protocols have names."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.console import emit, note
from cli.intake import must_be_there
from cli.options import CaseArg, JsonFlag
from tally.case import open_case
from tally.columns import read_mapping
from tally.register import add_register

registers = typer.Typer(no_args_is_help=True, help="Lists of precincts: what protocols there should be.")


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(registers, name="register")


@registers.command("add")
def add(
    case: CaseArg,
    file: Annotated[Path, typer.Argument(help="CSV or .xlsx: precinct; district or contest, region, name.")],
    source: Annotated[str, typer.Option(help="Where the list comes from.")],
    map_: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="HEAD=COLUMN", help="What a column is; or a .toml file."),
    ] = None,
    json_: JsonFlag = False,
) -> None:
    """Keep a list of precincts: all of it, or nothing with the rows to correct."""
    opened = open_case(case)
    must_be_there(file)
    added = add_register(opened, file, source, read_mapping(map_ or []))
    counts = added.counts()
    if json_:
        emit({"name": added.name, "sha256": added.sha256, "source": added.source, "precincts": counts})
    else:
        listed = ", ".join(f"{contest} {number}" for contest, number in counts.items())
        note(f"{added.name}: {len(added.precincts)} precincts ({listed}), {added.source}")
