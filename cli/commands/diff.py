"""``hattama diff``: what the protocols and the official figures cannot both say."""

from __future__ import annotations

import typer
from rich.console import Console

from cli.commands.totals import case_totals
from cli.console import emit, out
from cli.findings import case_findings, case_residuals, differs
from cli.lang import Lang, pick
from cli.options import CaseArg, JsonFlag, LangOpt, chosen
from cli.residuals import print_residuals
from cli.waiting import single_entry, unread_notice, unread_photos
from cli.words import word
from tally.case import open_case
from tally.errors import ExitCode
from tally.findings import VERDICTS
from tally.reconcile import Finding
from tally.state import state
from tally.undisturbed import undisturbed


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("diff")(diff)


@undisturbed
def diff(case: CaseArg, json_: JsonFlag = False, lang: LangOpt = None) -> None:
    """Set the sums against the official figures, and every sheet against itself.

    Exit code 1 if there is a contradiction, a difference or a sheet that contradicts itself; 0 otherwise.
    """
    opened = open_case(case)
    known = state(opened)
    added = case_totals(opened, known=known)
    findings, tables = case_findings(opened, added, known), case_residuals(opened, added, known)
    if json_:
        listed, once = [finding.to_dict() for finding in findings], single_entry(known)
        emit(
            {
                "findings": listed,
                "residuals": [one.to_dict() for one in tables],
                "single_entry": once,
                "unread": unread_photos(known),
            }
        )
    else:
        print_findings(out(), findings, chosen(lang))
        print_residuals(out(), tables, opened.election(), chosen(lang))
        if unread := unread_notice(known, case, chosen(lang)):
            out().print(unread, soft_wrap=True)
        if single_entry(known):
            out().print(word("single_entry", chosen(lang)), soft_wrap=True)
    if differs(findings):
        raise typer.Exit(int(ExitCode.DIFFERENCES))


def print_findings(console: Console, findings: tuple[Finding, ...], lang: Lang) -> None:
    """Findings grouped by verdict, the heaviest first."""
    if not findings:
        console.print(word("no_findings", lang))
    for verdict in VERDICTS:
        group = [finding for finding in findings if finding.verdict == verdict]
        if group:
            console.print(f"{word(verdict, lang)} ({len(group)})")
        for finding in group:
            console.print(f"  {finding.code} {finding.contest}: {pick(finding.text, lang)}", soft_wrap=True)
