"""``hattama totals``: sums as ranges, with coverage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import typer
from rich.console import Console

from cli.console import emit, out
from cli.lang import Lang
from cli.names import subject_name
from cli.options import CaseArg, DistrictOpt, JsonFlag, LangOpt, chosen
from cli.render import show, span, table
from cli.waiting import single_entry, unread_notice, unread_photos
from cli.words import heads, word
from tally.case import Case, open_case
from tally.state import CaseState, state
from tally.totals import CaseTotals, ContestTotals, totals
from tally.undisturbed import undisturbed

_SHOWN = 40
"""Precincts named in a table; ``--json`` has all."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("totals")(show_totals)


@undisturbed
def show_totals(
    case: CaseArg, district: DistrictOpt = None, json_: JsonFlag = False, lang: LangOpt = None
) -> None:
    """Add up the protocols of a case. A number that nobody is sure of makes the sum a range."""
    opened = open_case(case)
    known = state(opened)
    found = case_totals(opened, district, known)
    if json_:
        emit(found.to_dict() | {"single_entry": single_entry(known), "unread": unread_photos(known)})
    else:
        print_totals(out(), found, chosen(lang))
        if unread := unread_notice(known, case, chosen(lang)):
            out().print(unread, soft_wrap=True)
        if single_entry(known):
            out().print(word("single_entry", chosen(lang)), soft_wrap=True)


def case_totals(case: Case, district: int | None = None, known: CaseState | None = None) -> CaseTotals:
    """The sums of an open case. ``known``: its state if it is at hand."""
    return totals(known or state(case), case.election(), district)


def print_totals(console: Console, found: CaseTotals, lang: Lang) -> None:
    """One table per contest."""
    for contest in found.contests:
        _print_contest(console, contest, lang)
    unplaced = [(page.name, page.page, page.reason) for page in found.unassigned]
    show(console, table(heads(lang, "file", "page", "why"), unplaced, numbers=(1,)))


def _print_contest(console: Console, found: ContestTotals, lang: Lang) -> None:
    data = found.to_dict()
    precincts, sheets = data["precincts"], data["sheets"]
    total = word("unknown", lang) if precincts["total"] is None else precincts["total"]
    counts = {"with_protocol": precincts["with_protocol"], "total": total}
    if precincts["missing"] is not None:
        counts["missing"] = precincts["missing"]
    counts |= {key: sheets[key] for key in ("accepted", "confirmed", "review", "inconsistent")}
    line = ", ".join(f"{word(key, lang)} {number}" for key, number in counts.items())
    console.print(f"{found.contest.id}: {line}", soft_wrap=True)
    rows = [
        (
            subject_name(found.contest, subject, lang),
            span(one.span.low, one.span.high),
            one.as_read,
            one.confirmed,
        )
        for subject, one in found.sums.items()
    ]
    show(console, table(heads(lang, "subject", "sum", "as_read", "confirmed"), rows, numbers=(1, 2, 3)))
    for key in ("missing_precincts", "unlisted_precincts"):
        if precincts[key]:
            named = ", ".join(_place(one, found.contest.region) for one in precincts[key][:_SHOWN])
            more = f" … ({len(precincts[key])})" if len(precincts[key]) > _SHOWN else ""
            console.print(f"{word(key, lang)}: {named}{more}", soft_wrap=True)


def _place(listed: Mapping[str, Any], region: str | None) -> str:
    """``379``, with its address, and its region unless the contest lies in that one."""
    about = ", ".join(text for text in (listed["region"], listed["name"]) if text and text != region)
    return f"{listed['precinct']} ({about})" if about else str(listed["precinct"])
