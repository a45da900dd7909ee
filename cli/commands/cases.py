"""``hattama new|add|status``: make a case, fill it, see what is in it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from cli.adding import OUTCOMES, Taken, add_all, counted, exit_code
from cli.console import emit, note, out
from cli.intake import count
from cli.lang import Lang
from cli.options import CaseArg, JsonFlag, LangOpt, chosen
from cli.progress import progress
from cli.render import show, table
from cli.status import status_of
from cli.words import heads, word
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
    json_: JsonFlag = False,
) -> None:
    """Make a case folder for one election, or for some of its districts."""
    load_election(election)
    made = create_case(case, election, district or [])
    if json_:
        emit({"case": str(case), "election": made.election_id, "districts": list(made.districts)})
    else:
        note(f"{case}: {made.election_id} {', '.join(map(str, made.districts))}".rstrip())


def add(
    case: CaseArg,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Photos, PDFs, folders, zips.")],
    json_: JsonFlag = False,
    lang: LangOpt = None,
) -> None:
    """Take files into the case. Adding the same file again changes nothing.

    Exit code 4 if some file is missing or cannot be decoded; everything else has been taken in.
    """
    opened = open_case(case)
    taken = []
    with progress("add", count(paths)) as step:
        for one in add_all(opened, paths):
            taken.append(one)
            step()
    counts = counted(taken)
    if json_:
        emit({"case": str(case), "counts": counts, "files": [one.to_dict() for one in taken]})
    else:
        _print_taken(taken, counts, chosen(lang))
    if code := exit_code(counts):
        raise typer.Exit(int(code))


def status(case: CaseArg, json_: JsonFlag = False, lang: LangOpt = None) -> None:
    """What is in the case, what has been read, what waits for a person."""
    found = status_of(open_case(case))
    if json_:
        emit(found)
        return
    tongue, console = chosen(lang), out()
    rows: list[tuple[str, object]] = [(word("election", tongue), found["election"])]
    rows.append((word("district", tongue), ", ".join(map(str, found["districts"])) or "-"))
    rows += [
        (word(key, tongue), found[key])
        for key in ("photos", "quarantined", "not_read", "waiting", "typed", "ledger")
    ]
    rows += [(f"  {word(key, tongue)}", number) for key, number in found["pages"].items()]
    console.print(str(case), soft_wrap=True)
    show(console, table((), rows, numbers=(1,)))
    covered = [tuple(one.values()) for one in found["coverage"]]
    columns = heads(tongue, "contest", "total", "with_protocol", "missing", "unlisted_precincts")
    show(console, table(columns, covered, numbers=(1, 2, 3, 4)))
    listed = [(one["file"], one["reason"]) for one in found["quarantine"]]
    show(console, table(heads(tongue, "quarantined", "why"), listed))


def _print_taken(taken: list[Taken], counts: dict[str, int], lang: Lang) -> None:
    rows = [(one.file, word(one.outcome, lang), one.sha256[:12], one.reason) for one in taken]
    show(out(), table([*heads(lang, "file", "outcome"), "sha256", *heads(lang, "why")], rows))
    found = Counter(counts)
    note(", ".join(f"{word(key, lang)} {found[key]}" for key in OUTCOMES))
