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
from tally.columns import read_mapping
from tally.foreign import told
from tally.typed import import_table as take_in


class Kind(StrEnum):
    """Who answers for a table of typed numbers."""

    PERSON = "person"
    FILE = "file"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("import")(import_table)


_SHOWN = 10
"""So many rows without a number are named on the terminal; ``--json`` has all."""


def import_table(
    case: CaseArg,
    protocols: Annotated[Path, typer.Argument(metavar="PROTOCOLS.csv", help="One row per protocol.")],
    reader: Annotated[str, typer.Option(help="Who typed the numbers.")],
    kind: Annotated[
        Kind, typer.Option(help="person: the reader answers for every cell; file: a table, not confirmed.")
    ] = Kind.FILE,
    map_: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="HEAD=COLUMN",
            help="What a column of your table is (#3: the third one; empty: not wanted), or a .toml file with "
            "[columns]. The case remembers it.",
        ),
    ] = None,
    json_: JsonFlag = False,
) -> None:
    """Take in a table of typed protocols, CSV or .xlsx: every row, or none with the rows to correct.

    Columns: precinct; district or contest; optionally file or sha256 of the photo, page, region; then one
    column per field code or candidate. An empty cell is unknown, not zero.
    """
    opened = open_case(case)
    must_be_there(protocols)
    found = take_in(opened, protocols, reader, kind.value, read_mapping(map_ or []))
    if json_:
        rows = [entry.to_dict(reader, kind.value) for entry in found.entries]
        known = {"case": str(case), "reader": reader, "kind": kind.value}
        columns = [{"head": head, "column": column} for head, column in found.columns]
        taken = {"outcome": found.outcome, "empty_rows": list(found.empty), "protocols": rows}
        emit(known | {"table": found.sha256, "columns": columns} | taken)
    else:
        again = "" if found.outcome == "new" else ", imported before: nothing was added"
        note(f"{protocols.name}: {len(found.entries)} protocols, {reader} ({kind.value}){again}")
        for line in told("columns", found.columns):
            note(f"{line}. If one of them means something else: --map HEAD=COLUMN")
        if found.empty:
            rows_ = ", ".join(map(str, found.empty[:_SHOWN])) + (", …" if len(found.empty) > _SHOWN else "")
            note(f"{len(found.empty)} rows hold no number and count as no protocol: {rows_}")
