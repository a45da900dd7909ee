"""The table under the findings: seen, official, unseen for every candidate of a contest."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console

from cli.lang import Lang, pick
from cli.render import table
from cli.words import word
from tally import texts
from tally.election import Election
from tally.rules.table import Residuals, Row


def print_residuals(console: Console, tables: Iterable[Residuals], election: Election, lang: Lang) -> None:
    """One table per contest, with what it rests on. Gamma is against the official winner."""
    for one in tables:
        contest = election.contest(one.contest)
        heads = [word(key, lang) for key in ("candidate", "in_hand", "official", "unseen", "bounds")]
        rows = [
            [pick(texts.subject_name(contest, row.subject), lang), *_numbers(row, lang)] for row in one.rows
        ]
        console.print()
        console.print(f"{one.contest}: {pick(texts.say('table'), lang)}")
        console.print(table([*heads, "Γ", "Γ*"], rows, numbers=(1, 2, 3, 4, 5, 6)))
        console.print(pick(texts.say("table-note"), lang), soft_wrap=True)
        if one.only_some:
            console.print(pick(texts.say("shares-reverse"), lang), soft_wrap=True)


def _numbers(row: Row, lang: Lang) -> list[str]:
    values = (
        row.seen,
        row.official,
        None if row.unseen is None else texts.votes_left(row.unseen),
        row.bounds,
        None if row.gamma is None else texts.Rounded(row.gamma, 2),
        None if row.gamma_of_a_tie is None else texts.Rounded(row.gamma_of_a_tie, 2),
    )
    return ["—" if value is None else texts.written(value, lang.value) for value in values]
