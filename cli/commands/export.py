"""``hattama export --public``: a copy of a case without metadata and without people."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.console import emit, note
from cli.intake.texts import text
from cli.options import CaseArg, JobsOpt, JsonFlag, LangOpt, chosen
from cli.pool import default_jobs
from cli.public import export_public
from tally.case import open_case
from tally.errors import ExitCode, UsageError


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("export")(export)


def export(
    case: CaseArg,
    out: Annotated[Path, typer.Argument(metavar="OUT", help="A new or empty folder.")],
    public: Annotated[
        bool,
        typer.Option("--public", help="For everybody: pictures drawn anew, no names, times or captions."),
    ] = False,
    jobs: JobsOpt = None,
    json_: JsonFlag = False,
    lang: LangOpt = None,
) -> None:
    """Write protocols and numbers of a case for publication.

    Exit code 4 if some photo could not be drawn; its numbers are in the tables.
    """
    if not public:
        raise UsageError(
            "say for whom the copy is.",
            advice="Give --public; originals are handed over by copying the case.",
        )
    made = export_public(open_case(case), out, jobs or default_jobs())
    if json_:
        emit(made.to_dict())
    else:
        print(text("exported", chosen(lang), photos=made.photos, protocols=made.protocols, out=made.folder))
        note(text("look_first", chosen(lang)))
    if made.failed:
        raise typer.Exit(int(ExitCode.UNREADABLE_PHOTO))
