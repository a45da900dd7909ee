"""``hattama official add|list``: published figures as dated snapshots."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from cli.commands.totals import case_totals
from cli.console import emit, note, out
from cli.intake import must_be_there
from cli.lang import pick
from cli.options import CaseArg, JsonFlag, LangOpt, chosen
from cli.render import show, span, table
from cli.words import heads
from tally.case import open_case
from tally.columns import read_mapping
from tally.compare import OUTCOMES, Compared, compare
from tally.errors import ExitCode, UsageError
from tally.official import snapshots_of
from tally.official_adding import add_official
from tally.official_reading import TableChoice
from tally.precincts import of_contest
from tally.state import state

official = typer.Typer(no_args_is_help=True, help="Official figures, kept as dated snapshots.")


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(official, name="official")


@official.command("add")
def add(
    case: CaseArg,
    file: Annotated[Path, typer.Argument(help="CSV, XLSX, PDF with a text layer, or a saved web page.")],
    source: Annotated[str, typer.Option(help="Where the figures were published.")],
    as_of: Annotated[str, typer.Option(help="When they looked like this, ISO 8601: 2023-03-21T18:00+06:00.")],
    contest: Annotated[str, typer.Option(help="Contest of a table that does not name it.")] = "",
    part: Annotated[str, typer.Option(help="Sheet of a workbook, or `table 2` of a page.")] = "",
    pages: Annotated[str, typer.Option(help="Pages of a PDF: 3 or 3-8.")] = "",
    skip: Annotated[list[str] | None, typer.Option(help="Column to leave out; may be repeated.")] = None,
    map_: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="HEAD=COLUMN",
            help="What a column is (#3: the third one): region, district, a candidate, a count; or a .toml file.",
        ),
    ] = None,
    as_printed: Annotated[
        bool, typer.Option("--as-printed", help="Take a table whose total row differs from its rows.")
    ] = False,
    json_: JsonFlag = False,
) -> None:
    """Keep a table of official figures: all of it, or nothing with the rows to correct."""
    opened = open_case(case)
    must_be_there(file)
    choice = TableChoice(contest, part, _pages(pages), skip or (), as_printed, read_mapping(map_ or []))
    snapshot = add_official(opened, file, source, as_of, choice)
    if json_:
        emit(snapshot.to_dict())
    else:
        for line in snapshot.notes:
            note(f"{snapshot.name}: {line}")
        note(f"{snapshot.name}: {len(snapshot.figures)} figures, {snapshot.as_of}, {snapshot.source}")


@official.command("compare")
def compare_figures(
    case: CaseArg,
    all_: Annotated[bool, typer.Option("--all", help="Also list what is equal.")] = False,
    json_: JsonFlag = False,
    lang: LangOpt = None,
) -> None:
    """Set every official figure beside the protocols: of the contest, of regions, of precincts.

    Exit code 1 if some figure differs. Where protocols are missing a smaller sum is to be expected.
    """
    opened, language = open_case(case), chosen(lang)
    compared = compare(case_totals(opened).contests, opened.election(), snapshots_of(state(opened)))
    counts = {outcome: sum(c.outcome == outcome for c in compared) for outcome in OUTCOMES}
    if json_:
        emit({"counts": counts, "figures": [one.to_dict() for one in compared]})
    else:
        rows = [_compared_row(one) for one in compared if all_ or one.outcome in ("open", "differs")]
        names = heads(
            language, "contest", "region", "precinct", "subject", "protocols", "official", "outcome"
        )
        show(out(), table(names, rows, numbers=(4, 5)))
        note(f"{len(compared)} figures: " + ", ".join(f"{count} {what}" for what, count in counts.items()))
    if counts["differs"]:
        raise typer.Exit(int(ExitCode.DIFFERENCES))


def _compared_row(one: Compared) -> tuple[object, ...]:
    figure, protocols = one.figure, one.protocols
    shown = None if protocols is None else span(protocols.low, protocols.high)
    precinct = "" if figure.precinct is None else str(figure.precinct)
    return figure.contest, figure.unit, precinct, figure.subject, shown, figure.value, one.outcome


@official.command("precincts")
def precincts(
    case: CaseArg,
    picked: Annotated[
        bool,
        typer.Option("--whole-set", help="The protocols are a full published table: nobody picked them."),
    ] = False,
    json_: JsonFlag = False,
    lang: LangOpt = None,
) -> None:
    """Count precincts with whole percentages against chance, after Kobak, Shpilkin and Pshenichnikov.

    Only where every precinct is there, or its figures were published: else the set is what observers chose.
    """
    opened, language = open_case(case), chosen(lang)
    snapshots = snapshots_of(state(opened))
    found = [one for c in case_totals(opened).contests if (one := of_contest(c, snapshots, picked=picked))]
    if not found:
        raise UsageError(
            "no contest of this case has figures of all its precincts.",
            advice="Observers choose where they stand, so such a count would show where they were. If the "
            "protocols are a full published table, say so with --whole-set.",
        )
    if json_:
        emit({"contests": [one.to_dict() for one in found]})
        return
    for one in found:
        rows = [
            (
                e.what,
                e.stations,
                e.observed,
                f"{e.expected:.1f}",
                f"{e.anomaly:+.1f}",
                f"{e.sd:.1f}",
                f"{e.z:+.1f}",
            )
            for e in one.excess
        ]
        out().print(f"{one.contest}: {pick(one.leader_name, language)}")
        names = ["", *heads(language, "precinct"), "observed", "expected", "excess", "sd", "z"]
        show(out(), table(names, rows, numbers=(1, 2, 3, 4, 5, 6)))


def _pages(text: str) -> range | None:
    if not text:
        return None
    found = re.fullmatch(r"([1-9][0-9]{0,4})(?:-([1-9][0-9]{0,4}))?", text)
    if found is None or (found[2] and int(found[2]) < int(found[1])):
        raise UsageError(f"--pages is written like 3 or 3-8, not {text!r}.")
    return range(int(found[1]), int(found[2] or found[1]) + 1)


@official.command("list")
def list_snapshots(case: CaseArg, json_: JsonFlag = False, lang: LangOpt = None) -> None:
    """List the snapshots of a case. Without any, the election's own published figures are used."""
    snapshots = snapshots_of(state(open_case(case)))
    if json_:
        emit({"snapshots": [one.to_dict() for one in snapshots]})
        return
    rows = [(one.name, one.as_of, one.source, len(one.figures), one.sha256[:12]) for one in snapshots]
    show(
        out(),
        table([*heads(chosen(lang), "snapshot", "as_of", "source", "figures"), "sha256"], rows, numbers=(3,)),
    )
    if not snapshots:
        note("no snapshots: the figures that come with the election are used")
