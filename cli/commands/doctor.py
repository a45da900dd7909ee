"""``hattama doctor``: is everything there that reading needs?"""

from __future__ import annotations

import typer

from cli.console import emit, out
from cli.health import examine
from cli.options import JsonFlag, LangOpt, chosen
from cli.render import show, table
from cli.words import heads
from tally.errors import ExitCode


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor")(doctor)


def doctor(json_: JsonFlag = False, lang: LangOpt = None) -> None:
    """Check the installation: Python, Tesseract, libraries, models. Exit code 7 if something is missing."""
    parts = examine()
    if json_:
        emit({"ok": all(part.ok for part in parts), "components": [part.to_dict() for part in parts]})
    else:
        rows = [("ok" if part.ok else "MISSING", part.name, part.detail) for part in parts]
        show(out(), table(heads(chosen(lang), "status", "component", "details"), rows))
        for part in parts:
            if not part.ok:
                print(f"{part.name}: {part.advice}")
    if not all(part.ok for part in parts):
        raise typer.Exit(int(ExitCode.MISSING_COMPONENT))
