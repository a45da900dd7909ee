"""``hattama pictures``: what the numbers of a case look like, for the report and for the court."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.commands.totals import case_totals
from cli.console import emit, note, printable
from cli.findings import case_findings
from cli.options import CaseArg, JsonFlag, LangOpt, chosen
from tally.case import open_case
from tally.errors import UsageError
from tally.official import snapshots_of
from tally.state import state


class Format(StrEnum):
    """What a picture is saved as."""

    SVG = "svg"
    PNG = "png"
    BOTH = "both"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("pictures")(pictures)


def pictures(
    case: CaseArg,
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Folder for the pictures; made if needed.")],
    format_: Annotated[Format, typer.Option("--format", help="File type of the pictures.")] = Format.BOTH,
    by_precinct: Annotated[
        bool,
        typer.Option("--by-precinct", help="Also turnout against share, for sets that nobody picked."),
    ] = False,
    json_: JsonFlag = False,
    lang: LangOpt = None,
) -> None:
    """Draw bars, the sensitivity curve, the coverage map and the grid of percentages, as far as data allow."""
    from cli.pictures.of_case import contest_pictures, election_pictures

    opened, language = open_case(case), chosen(lang)
    found = case_totals(opened)
    findings = case_findings(opened, found)
    election, snapshots = opened.election(), snapshots_of(state(opened))
    made = [
        one
        for contest in found.contests
        for one in contest_pictures(contest, election, snapshots, findings, language, by_precinct=by_precinct)
    ]
    made += election_pictures(election, snapshots, language)
    endings = ("svg", "png") if format_ is Format.BOTH else (format_.value,)
    saved: list[dict[str, Any]] = []
    for one in made:
        for ending in endings:
            data = one.picture.svg if ending == "svg" else one.picture.png
            path = _save(out, f"{one.name}.{ending}", data)
            about = {"file": path.name, "contest": one.contest, "title": one.picture.title}
            saved.append({**about, "sha256": hashlib.sha256(data).hexdigest()})
    if json_:
        emit({"case": str(case), "out": str(out), "lang": language.value, "pictures": saved})
    else:
        for entry in saved:
            print(f"{entry['file']}  {entry['title']}")
        if not saved:
            note("there is nothing to draw yet: no protocols, and no figures by region")


def _save(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise UsageError(
            f"{printable(str(path))} cannot be written: {error.strerror}.", advice="Name another folder."
        ) from error
    return path
