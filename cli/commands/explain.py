"""``hattama explain``: what the code of a finding means, proves and does not prove."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.console import emit, out
from cli.lang import pick
from cli.options import JsonFlag, LangOpt, chosen
from tally.catalogue import messages
from tally.rulebook import PARTS, codes, explain


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("explain")(explain_code)


def explain_code(
    code: Annotated[
        str | None, typer.Argument(metavar="[CODE]", help="Like D1; without it, all codes.")
    ] = None,
    json_: JsonFlag = False,
    lang: LangOpt = None,
) -> None:
    """Say what a finding means, how it is computed, what it proves, and what else could explain it."""
    wanted = [explain(one) for one in ([code] if code else codes())]
    if json_:
        emit(wanted[0].to_dict() if code else {"codes": [one.to_dict() for one in wanted]})
        return
    language, console = chosen(lang), out()
    for one in wanted:
        console.print(f"{one.code}: {pick(one.means, language)}", soft_wrap=True)
        for part in PARTS[1:] if code else ():
            head = pick(messages()[f"explain.{part}"], language)
            console.print(f"  {head}: {pick(getattr(one, part), language)}", soft_wrap=True)
