"""``hattama import``: numbers that were typed elsewhere, as readings of a named reader."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli.console import emit, note
from cli.intake import must_be_there
from cli.options import CaseArg, JsonFlag
from tally.case import open_case
from tally.typed import import_protocols


class Kind(StrEnum):
    """Who answers for a table of typed numbers."""

    PERSON = "person"
    FILE = "file"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("import")(import_table)


def import_table(
    case: CaseArg,
    protocols: Annotated[Path, typer.Argument(metavar="PROTOCOLS.csv", help="One row per protocol.")],
    reader: Annotated[str, typer.Option(help="Who typed the numbers.")],
    kind: Annotated[
        Kind, typer.Option(help="person: the reader answers for every cell; file: a table, not confirmed.")
    ] = Kind.FILE,
    json_: JsonFlag = False,
) -> None:
    """Take in a table of typed protocols: every row, or none with the rows to correct.

    Columns: precinct; district or contest; optionally file or sha256 of the photo, page, region; then one
    column per field code or candidate. An empty cell is unknown, not zero.
    """
    opened = open_case(case)
    must_be_there(protocols)
    entries = import_protocols(opened, protocols, reader, kind.value)
    if json_:
        rows = [entry.to_dict(reader, kind.value) for entry in entries]
        emit({"case": str(case), "reader": reader, "kind": kind.value, "protocols": rows})
    else:
        note(f"{protocols.name}: {len(entries)} protocols, {reader} ({kind.value})")
