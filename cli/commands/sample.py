"""``hattama sample``: what precincts that were drawn before the vote say of all of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.commands.totals import case_totals
from cli.console import emit, out
from cli.intake import must_be_there
from cli.lang import pick
from cli.options import CaseArg, JsonFlag, LangOpt, chosen
from tally.case import open_case
from tally.errors import ExitCode, UsageError
from tally.sampling.design import read_design
from tally.sampling.report import sampled


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("sample")(sample)


def sample(
    case: CaseArg,
    design: Annotated[Path, typer.Option("--design", help="The written design, a .toml file.")],
    json_: JsonFlag = False,
    lang: LangOpt = None,
) -> None:
    """Estimate shares from precincts drawn at random before the vote. Volunteers' protocols are refused.

    Exit code 3 while a drawn precinct is missing or its numbers are not certain: then there is no estimate.
    """
    must_be_there(design)
    opened = open_case(case)
    plan = read_design(design, opened.election())
    totals = next((one for one in case_totals(opened).contests if one.contest.id == plan.contest.id), None)
    if totals is None:
        raise UsageError(f"{plan.contest.id} is not part of this case.", file=str(design))
    found = sampled(plan, totals)
    if json_:
        emit({"case": str(case), "contest": plan.contest.id, "a": plan.a, "b": plan.b, **found.to_dict()})
    else:
        for sentence in found.sentences:
            out().print(pick(sentence, chosen(lang)), soft_wrap=True)
    if found.missing or found.open:
        raise typer.Exit(int(ExitCode.NEEDS_REVIEW))
