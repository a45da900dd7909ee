"""``hattama elections list|show``: contests, candidates and published figures."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cli.console import emit, out
from cli.lang import Lang, pick
from cli.options import DistrictOpt, JsonFlag, LangOpt, chosen
from cli.render import show, table
from cli.words import heads
from tally.election import Contest, Election, OfficialFigure, SeatRule, load_election, shipped_elections
from tally.errors import UsageError
from tally.texts import rounded

elections = typer.Typer(no_args_is_help=True, help="The elections that are known.")


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(elections, name="elections")


@elections.command("list")
def list_elections(json_: JsonFlag = False, lang: LangOpt = None) -> None:
    """List the elections that come with the program."""
    known = shipped_elections()
    if json_:
        emit({"elections": [_summary(election) for election in known]})
        return
    tongue = chosen(lang)
    rows = [(one.id, str(one.date), pick(one.title, tongue), len(one.contests)) for one in known]
    show(out(), table(heads(tongue, "id", "date", "title", "contests"), rows, numbers=(3,)))


@elections.command("show")
def show_election(
    election: Annotated[str, typer.Argument(help="Election id.")],
    district: DistrictOpt = None,
    json_: JsonFlag = False,
    lang: LangOpt = None,
) -> None:
    """Show the contests, candidates and official figures of an election."""
    loaded = load_election(election)
    contests = [c for c in loaded.contests if district in (None, c.district)]
    if not contests:
        known = sorted({c.district for c in loaded.contests if c.district is not None})
        raise UsageError(
            f"election {election} has no district {district}.",
            advice=f"Its districts: {', '.join(map(str, known)) or 'none'}.",
        )
    figures = [f for f in loaded.official if f.contest in {c.id for c in contests}]
    if json_:
        emit(
            _summary(loaded)
            | {"contests": [_contest(c) for c in contests], "official": [_figure(f) for f in figures]}
        )
        return
    _print_election(loaded, contests, figures, chosen(lang))


def _summary(election: Election) -> dict[str, Any]:
    return {
        "id": election.id,
        "title": dict(election.title),
        "date": str(election.date),
        "contests_count": len(election.contests),
        "official_count": len(election.official),
    }


def _contest(contest: Contest) -> dict[str, Any]:
    candidates = [
        {
            "id": candidate.id,
            "names": {tongue: list(spellings) for tongue, spellings in candidate.names.items()},
            "party": candidate.party,
            "position": candidate.position,
        }
        for candidate in contest.candidates
    ]
    return {
        "id": contest.id,
        "form": contest.form,
        "level": contest.level,
        "district": contest.district,
        "region": contest.region,
        "names": dict(contest.names),
        "candidates": candidates,
        "candidates_complete": contest.candidates_complete,
        "precincts_total": contest.precincts_total,
        "seats": _seats(contest.seats),
    }


def _seats(rule: SeatRule | None) -> dict[str, Any] | None:
    if rule is None:
        return None
    percent = rounded(100 * rule.threshold, 2)
    return {
        "number": rule.number,
        "threshold_percent": percent,
        "bases": list(rule.bases),
        "source": rule.source,
    }


def _figure(figure: OfficialFigure) -> dict[str, Any]:
    return {
        "contest": figure.contest,
        "unit": figure.unit,
        "subject": figure.subject,
        "value": figure.value,
        "printed": figure.printed,
        "kind": figure.kind,
        "derived": figure.derived,
        "source": figure.source,
        "as_of": figure.as_of,
    }


def _print_election(
    election: Election, contests: list[Contest], figures: list[OfficialFigure], lang: Lang
) -> None:
    console = out()
    console.print(f"{election.id}: {pick(election.title, lang)}, {election.date}")
    rows = [(c.id, c.form, c.district, pick(c.names, lang), len(c.candidates)) for c in contests]
    made = table(heads(lang, "contest", "form", "district", "title", "candidates"), rows, numbers=(2, 4))
    show(console, made)
    printed = [(f.contest, f.unit, f.subject, f.printed, f.source) for f in figures]
    show(
        console,
        table(
            [*heads(lang, "contest"), "", *heads(lang, "subject", "official", "source")],
            printed,
            numbers=(3,),
        ),
    )
