"""The last screen of the demo: the three disputes in one table, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from cli.demo.screen import heading, published
from cli.demo.story import PAIRS, Ending
from cli.demo.texts import text
from cli.lang import Lang
from cli.names import subject_name
from cli.render import show, span, table, thousands
from cli.words import heads
from samples.dispute_plans import ELECTION
from tally.election import load_election
from tally.model import Span
from tally.texts import votes_left, written


def print_summary(console: Console, endings: Sequence[Ending], out: Path, lang: Lang) -> None:
    """One row per dispute, then the commands that a person would type next."""
    heading(console, "hattama demo")
    columns = [*heads(lang, "district", "candidate", "protocols", "official"), text("follows", lang)]
    columns.append(text("mistakes", lang))
    show(console, table(columns, [_row(ending, lang) for ending in endings], numbers=(0, 5)))
    for ending in endings:
        if ending.unread:
            district = text("district", lang, ending.district)
            console.print(f"{district}: {ending.unread}", style="bold", soft_wrap=True)
    console.print(text("next", lang))
    steps = (
        (f"hattama review {out / 'district-27'} --reader NAME", "next_review"),
        ("hattama scan PHOTO.jpg --form auto", "next_scan"),
        (f"hattama new CASE --election {ELECTION} --district N", "next_new"),
    )
    for line, why in steps:
        console.print(f"  {line}   # {text(why, lang)}", soft_wrap=True)


def _row(ending: Ending, lang: Lang) -> tuple[object, ...]:
    found, election = ending.totals, load_election(ELECTION)
    pair = PAIRS[ending.district]
    names = " : ".join(subject_name(found.contest, subject, lang) for subject in pair)
    sums = [found.sums.get(subject) for subject in pair]
    ours = " : ".join("-" if one is None else span(one.span.low, one.span.high) for one in sums)
    official = [published(election, found, subject) for subject in pair]
    theirs = " : ".join("-" if figure is None else thousands(figure) for figure in official)
    sheets = len({finding.sources for finding in ending.findings if finding.code == "S1"})
    return ending.district, names, ours, theirs, _follows(ending, lang), sheets


def _follows(ending: Ending, lang: Lang) -> str:
    for finding in ending.findings:
        if finding.verdict == "contradiction":
            name = subject_name(ending.totals.contest, finding.subject, lang)
            return text("by", lang, name=name, margin=written(finding.margin or 0, lang.value))
    for finding in ending.findings:
        residual = finding.details.get("residual")
        if finding.verdict == "statement" and isinstance(residual, dict):
            pair = PAIRS[ending.district]
            return _rest(ending, {subject: Span(**residual[subject]) for subject in pair}, lang)
    return text("no_contradiction", lang)


def _rest(ending: Ending, left: dict[str, Span], lang: Lang) -> str:
    """What the other precincts must hold, and of whom the protocols may yet hold more than is official."""
    a, b = (written(votes_left(one), lang.value) for one in left.values())
    over = {subject: -one.low for subject, one in left.items() if one.low < 0}
    lines = [text("rest_open" if over else "rest", lang, a=a, b=b)]
    for subject, votes in over.items():
        name = subject_name(ending.totals.contest, subject, lang)
        lines.append(text("may_exceed", lang, name=name, over=written(votes, lang.value)))
    return "; ".join(lines)
