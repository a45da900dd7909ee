"""What the demo prints. No arithmetic: every number comes from totals or findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import Console

from cli.demo.texts import text
from cli.lang import Lang, pick
from cli.names import subject_name
from cli.render import show, span, table
from cli.words import heads, word
from tally.election import Election
from tally.findings import Finding
from tally.texts import written
from tally.totals import ContestTotals

_ABOUT_OFFICIAL = ("contradiction", "difference", "statement")
_ABOUT_SHEETS = ("copies", "sheet")


def heading(console: Console, title: str) -> None:
    """A line that separates the disputes."""
    console.print(f"\n==== {title} ====", style="bold")


def sums(console: Console, found: ContestTotals, pair: Sequence[str], election: Election, lang: Lang) -> None:
    """Coverage, and the two disputants' sums beside the official figures."""
    total = found.contest.precincts_total
    shown = text("unknown", lang) if total is None else total
    console.print(text("coverage", lang, seen=found.with_protocol, total=shown))
    rows = [
        (
            subject_name(found.contest, subject, lang),
            span(found.sums[subject].span.low, found.sums[subject].span.high),
            found.sums[subject].as_read,
            published(election, found, subject),
        )
        for subject in pair
        if subject in found.sums
    ]
    show(console, table(heads(lang, "candidate", "sum", "as_read", "official"), rows, numbers=(1, 2, 3)))


def published(election: Election, found: ContestTotals, subject: str) -> int | None:
    """The official number of votes, as the election file has it."""
    figures = election.figures(found.contest.id, subject)
    return next((figure.value for figure in figures if figure.kind == "votes"), None)


def open_sums(console: Console, found: ContestTotals, pair: Sequence[str], count: int, lang: Lang) -> None:
    """How the sums could still change."""
    console.print(text("waiting", lang, count))
    # A candidate whom no sheet names yet has no sum of his own.
    for subject in (subject for subject in pair if subject in found.sums):
        one = found.sums[subject]
        values = {
            "name": subject_name(found.contest, subject, lang),
            "low": written(one.span.low, lang.value),
            "high": written(one.span.high, lang.value),
            "as_read": written(one.as_read, lang.value),
        }
        console.print(text("open", lang, **values), soft_wrap=True)


def findings(console: Console, found: Sequence[Finding], lang: Lang, *, sheets: bool) -> None:
    """What follows about the official figures; what the paper says in full (``sheets``) or counted."""
    if not any(finding.verdict == "contradiction" for finding in found):
        console.print(text("no_contradiction", lang))
    in_full = _ABOUT_OFFICIAL + _ABOUT_SHEETS if sheets else _ABOUT_OFFICIAL
    for verdict in in_full:
        for finding in found:
            if finding.verdict == verdict:
                line = f"  {finding.code} {word(verdict, lang)}: {pick(finding.text, lang)}"
                console.print(line, soft_wrap=True)
    others = Counter(finding.code for finding in found if finding.verdict not in in_full)
    if others:
        counts = ", ".join(f"{code} x {number}" for code, number in sorted(others.items()))
        console.print(f"  {text('also', lang, counts)}")
