"""``hattama new|add|status``: make a case, fill it, see what is in it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli.console import emit, note, out
from cli.intake import Answers, count
from cli.intake.take import Taken, TakenChat, add_all, counted, exit_code
from cli.options import CaseArg, JsonFlag, LangOpt, chosen
from cli.progress import progress
from cli.shown import show_status, show_taken
from cli.status import status_of
from cli.words import word
from tally.case import create_case, open_case
from tally.election import load_election


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("new")(new)
    app.command("add")(add)
    app.command("status")(status)


def new(
    case: CaseArg,
    election: Annotated[str, typer.Option(help="Election id, see `hattama elections list`.")],
    district: Annotated[
        list[int] | None, typer.Option(min=1, help="District; may be given several times.")
    ] = None,
    recipient: Annotated[
        list[str] | None,
        typer.Option(help="Public age key (age1...) for which names of people are sealed; several allowed."),
    ] = None,
    json_: JsonFlag = False,
) -> None:
    """Make a case folder for one election, or for some of its districts."""
    load_election(election)
    made = create_case(case, election, district or [], recipients=recipient or [])
    if json_:
        emit(
            {
                "case": str(case),
                "election": made.election().id,
                "districts": list(made.districts),
                "recipients": list(made.recipients),
            }
        )
    else:
        note(f"{case}: {made.election().id} {', '.join(map(str, made.districts))}".rstrip())


class DateOrder(StrEnum):
    """Answers to the question how a chat writes its dates."""

    DMY = "dmy"
    MDY = "mdy"


def add(
    case: CaseArg,
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH...", help="Photos, PDFs, mails, folders, zips, exports of WhatsApp, Telegram."
        ),
    ],
    date_order: Annotated[
        DateOrder | None,
        typer.Option(help="Day first or month first, for chats whose dates can be read in both ways."),
    ] = None,
    quoted: Annotated[
        bool,
        typer.Option("--quoted", help="Lines of a chat that begin like another phone's are pasted text."),
    ] = False,
    json_: JsonFlag = False,
    lang: LangOpt = None,
) -> None:
    """Take files into the case. Adding the same file again changes nothing.

    Exit code 2 if a chat can be read in two ways (its files are in, answer and repeat), 4 if some file is missing or
    cannot be decoded; everything else has been taken in.
    """
    opened = open_case(case)
    taken: list[Taken] = []
    chats: list[TakenChat] = []
    with progress("add", count(paths)) as step:
        for one in add_all(opened, paths, Answers(date_order.value if date_order else None, quoted)):
            if isinstance(one, TakenChat):
                chats.append(one)
            else:
                taken.append(one)
                step()
    counts = counted(taken)
    if json_:
        emit(
            {
                "case": str(case),
                "counts": counts,
                "files": [one.to_dict() for one in taken],
                "chats": [chat.to_dict() for chat in chats],
            }
        )
    else:
        show_taken(taken, chats, counts, chosen(lang))
    if code := exit_code(counts, chats):
        raise typer.Exit(int(code))


def status(case: CaseArg, json_: JsonFlag = False, lang: LangOpt = None) -> None:
    """What is in the case, what has been read, what waits for a person."""
    found = status_of(open_case(case))
    if json_:
        emit(found)
    else:
        show_status(str(case), found, chosen(lang))
        if found["review"]["single_entry"]:
            out().print(word("single_entry", chosen(lang)), soft_wrap=True)
