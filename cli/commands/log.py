"""``hattama log``: what happened in a case, whether it is still what was written, and checkpoints for outsiders."""

from __future__ import annotations

import sys
from base64 import b64encode
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.console import emit, note, out
from cli.lang import Lang
from cli.options import CaseArg, JsonFlag, LangOpt, chosen
from cli.progress import progress
from cli.render import show, table
from cli.words import heads, word
from cli.words_custody import problem_in
from tally.case import Case, open_case
from tally.checkpoint import Compared, compare, make_checkpoint, read_checkpoint
from tally.custody import Checked, check_case
from tally.errors import CaseError, ExitCode, UsageError
from tally.history import Act, Filter, acts
from tally.ledger import Event

STDOUT = "-"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("log")(log)


def log(
    case: CaseArg,
    kind: Annotated[
        list[str] | None,
        typer.Option(help="Only this kind: received, read, typed, corrected ...; repeatable."),
    ] = None,
    precinct: Annotated[int | None, typer.Option(min=1, help="Only this precinct.")] = None,
    sha256: Annotated[str, typer.Option(help="Only this file: the first digits of its hash.")] = "",
    actor: Annotated[str, typer.Option(help="Only who is named like this.")] = "",
    last: Annotated[int | None, typer.Option(min=1, help="Only so many, the latest.")] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Check every event, every original and every official table.")
    ] = False,
    checkpoint: Annotated[
        str, typer.Option(metavar="FILE", help="Write a checkpoint to hand to outsiders; - prints it.")
    ] = "",
    against: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Check the ledger against an earlier checkpoint.")
    ] = None,
    json_: JsonFlag = False,
    lang: LangOpt = None,
) -> None:
    """List what happened in a case, or check it.

    Exit code 1 if --verify finds something that is not as it was written, or if the ledger is no continuation
    of the checkpoint given to --against.
    """
    opened, tongue = open_case(case), chosen(lang)
    asked = [bool(verify), bool(checkpoint), against is not None]
    if sum(asked) > 1:
        raise UsageError(
            "--verify, --checkpoint and --against are three commands.", advice="Give one of them."
        )
    if verify:
        _verify(opened, json_, tongue)
    elif checkpoint:
        _checkpoint(opened, checkpoint, json_)
    elif against is not None:
        _against(opened, against, json_, tongue)
    else:
        _list(opened, Filter(frozenset(kind or ()), precinct, sha256, actor), last, json_, tongue)


def _list(case: Case, wanted: Filter, last: int | None, json_: bool, lang: Lang) -> None:
    found = [act for act in acts(case.ledger.events()) if wanted.wants(act)]
    if last is not None:
        found = found[-last:]
    if json_:
        emit({"case": str(case.path), "events": [act.to_dict() for act in found]})
        return
    columns = heads(lang, "seq", "when", "actor", "act", "file", "precinct", "details")
    show(out(), table(columns, [_row(act, lang) for act in found], numbers=(0, 5)))


def _row(act: Act, lang: Lang) -> tuple[object, ...]:
    event = act.event
    name = act.name or act.sha256[:12]
    return (
        event.seq,
        local_time(event),
        event.actor,
        word(act.act, lang),
        name,
        act.precinct,
        _details(act, lang),
    )


def local_time(event: Event) -> str:
    """``2023-03-20 02:10:55 +06:00``: as the clock showed it where the event was written."""
    moment = datetime.fromisoformat(event.time_utc)
    zone = datetime.fromisoformat(f"2000-01-01T00:00:00{event.local_offset}").tzinfo
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S} {event.local_offset}"


def _details(act: Act, lang: Lang) -> str:
    body = act.event.body
    told = ("outcome", "reason", "contest", "election", "source", "kind")
    parts = [word(str(body[key]), lang) for key in told if body.get(key)]
    if act.event.kind == "read":
        parts += [f"{word('page', lang)} {body.get('page')}", word(str(body["reading"].get("status")), lang)]
        parts.append(str(body.get("pipeline")))
    if isinstance(body.get("size"), int) and act.event.kind == "checkpoint":
        parts.append(f"{body['size']} {body['root']}")
    if act.supersedes is not None:
        parts.append(f"{word('supersedes', lang)} {act.supersedes}")
    return ", ".join(parts)


def _verify(case: Case, json_: bool, lang: Lang) -> None:
    files = sum(
        1 for store in (case.originals, case.official) for path in store.root.rglob("*") if path.is_file()
    )
    with progress("verify", files) as step:
        found = check_case(case, step)
    if json_:
        emit({"case": str(case.path), "ok": not found.problems, **found.to_dict()})
    else:
        _print_checked(found, lang)
    if found.problems:
        raise typer.Exit(int(ExitCode.DIFFERENCES))


def _print_checked(found: Checked, lang: Lang) -> None:
    counted = [
        (word("ledger", lang), found.events),
        (word("originals", lang), found.originals),
        (word("official_tables", lang), found.official),
    ]
    show(out(), table((), counted, numbers=(1,)))
    for one in found.problems:
        out().print(f"{word(one.what, lang)} {one.subject}: {problem_in(one.message, lang)}", soft_wrap=True)
    for name in found.unnamed:
        note(f"{name}: {word('unnamed', lang)}")
    note(f"{len(found.problems)}: {word('problems', lang)}" if found.problems else word("as_written", lang))


def _checkpoint(case: Case, target: str, json_: bool) -> None:
    if target != STDOUT and Path(target).exists():
        raise UsageError(
            "this file exists already.", file=target, advice="A checkpoint is kept, never replaced."
        )
    made = make_checkpoint(case)
    if target != STDOUT:
        try:
            Path(target).write_text(made.text(), encoding="ascii", newline="\n")
        except OSError as error:
            raise CaseError(f"the checkpoint cannot be written: {error.strerror}.", file=target) from error
    if json_:
        emit({"case": str(case.path), **made.to_dict()})
    elif target == STDOUT:
        sys.stdout.write(made.text())
    else:
        note(f"{target}: {made.size}, {b64encode(made.root).decode('ascii')}")


def _against(case: Case, path: Path, json_: bool, lang: Lang) -> None:
    found = compare(case, read_checkpoint(path))
    if json_:
        emit(_compared(case, found))
    else:
        key = "extends" if found.extends else found.reason
        text = word(key, lang).format(old=found.earlier.size, added=found.now.size - found.earlier.size)
        out().print(text, soft_wrap=True)
    if not found.extends:
        raise typer.Exit(int(ExitCode.DIFFERENCES))


def _compared(case: Case, found: Compared) -> dict[str, Any]:
    return {
        "case": str(case.path),
        "extends": found.extends,
        "reason": found.reason,
        "earlier": found.earlier.to_dict(),
        "now": found.now.to_dict(),
        "consistency_proof": [b64encode(step).decode("ascii") for step in found.proof],
    }
