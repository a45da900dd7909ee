"""``hattama law``: norms, terms and addressees of a case, and what a lawyer has confirmed of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

import typer

from cli.console import emit, out
from cli.lang import Lang, pick
from cli.options import CaseArg, JsonFlag, LangOpt, chosen
from cli.render import show, table
from cli.words import heads, word
from tally.case import open_case
from tally.errors import UsageError
from tally.law import Law
from tally.law_case import LAW_EVENTS, confirm, law_of_case, withdraw


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("law")(law)


def law(
    case: CaseArg,
    confirmed: Annotated[
        str | None,
        typer.Option("--confirm", metavar="ID", help="A lawyer has checked this norm or addressee."),
    ] = None,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="The lawyer who confirms.")] = "",
    on: Annotated[str, typer.Option("--date", metavar="DATE", help="The day of it, as 2023-03-21.")] = "",
    article: Annotated[str | None, typer.Option(help="The article, as the lawyer corrects it.")] = None,
    edition: Annotated[str | None, typer.Option(help="The edition that the lawyer read.")] = None,
    days: Annotated[int | None, typer.Option(min=0, help="The term in days, corrected.")] = None,
    says: Annotated[
        list[str] | None,
        typer.Option(metavar="LANG=TEXT", help="The wording, corrected: once for each of kk, ru and en."),
    ] = None,
    withdrawn: Annotated[
        str | None, typer.Option("--withdraw", metavar="ID", help="Take a confirmation back.")
    ] = None,
    reason: Annotated[str, typer.Option(help="Why it is taken back.")] = "",
    json_: JsonFlag = False,
    lang: LangOpt = None,
) -> None:
    """List the norms, terms and addressees of a case, or record that a lawyer confirmed one.

    What is not confirmed is printed as not confirmed, here and on every paper.
    """
    opened = open_case(case)
    given: dict[str, Any] = {"article": article, "edition": edition, "days": days, "says": _texts(says or [])}
    corrected = {key: value for key, value in given.items() if value not in (None, {})}
    if confirmed is not None and withdrawn is not None:
        raise UsageError("--confirm and --withdraw exclude each other.")
    if confirmed is not None:
        confirm(opened, confirmed, by, on, corrected)
    elif by or on or corrected:
        raise UsageError("nothing is confirmed.", advice="Name the norm with --confirm ID.")
    if withdrawn is not None:
        withdraw(opened, withdrawn, reason)
    election = opened.election()
    found = law_of_case(election, opened.ledger.events(*LAW_EVENTS))
    if json_:
        emit(_as_json(found, election.date))
    else:
        rows = [] if found is None else _rows(found, election.date, chosen(lang))
        show(
            out(), table(heads(chosen(lang), "law_id", "law_says", "law_article", "last_day", "state"), rows)
        )


def _texts(given: Sequence[str]) -> dict[str, str]:
    found = {}
    for one in given:
        language, equals, text = one.partition("=")
        if not equals or language not in set(Lang):
            raise UsageError(f"{one!r} is no wording.", advice="Give --says ru='...', and so for kk and en.")
        found[language] = text.strip()
    return found


def _rows(found: Law, election_day: str, lang: Lang) -> list[tuple[object, ...]]:
    start = date.fromisoformat(election_day)
    rows: list[tuple[object, ...]] = []
    for norm in found.norms:
        where = ", ".join(part for part in (norm.article, norm.edition) if part)
        state = _state(norm.confirmed, norm.seen, lang)
        rows.append((norm.id, pick(norm.says, lang), where, norm.last_day(start) or "", state))
    return rows + [
        (one.id, pick(one.name, lang), "", "", _state(one.confirmed, True, lang)) for one in found.addressees
    ]


def _state(confirmed: str, seen: bool, lang: Lang) -> str:
    if confirmed:
        return f"{word('law_confirmed', lang)}: {confirmed}"
    return word("law_unconfirmed", lang) + ("" if seen else f"; {word('law_not_seen', lang)}")


def _as_json(found: Law | None, election_day: str) -> dict[str, Any]:
    """Stable keys of ``law --json``."""
    if found is None:
        return {"profile": None, "edition": None, "norms": [], "addressees": []}
    start = date.fromisoformat(election_day)
    return {
        "profile": found.id,
        "edition": found.edition,
        "norms": [
            {
                "id": norm.id,
                "act": dict(norm.act),
                "article": norm.article,
                "edition": norm.edition,
                "seen": norm.seen,
                "confirmed": norm.confirmed,
                "source": norm.source,
                "text": dict(norm.says),
                "days": norm.days,
                "last_day": last.isoformat() if (last := norm.last_day(start)) else None,
            }
            for norm in found.norms
        ],
        "addressees": [
            {"id": one.id, "text": dict(one.name), "confirmed": one.confirmed} for one in found.addressees
        ],
    }
