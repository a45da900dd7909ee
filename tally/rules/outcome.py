"""Whether first place could be another one, at best and at worst, by the protocols alone."""

from __future__ import annotations

from collections.abc import Iterator

from tally import texts
from tally.findings import Finding
from tally.rules.table import residuals
from tally.rules.view import View, certainty


def who_can_be_first(view: View) -> Iterator[Finding]:
    """W1: who can be first within the limit of votes elsewhere; W2 if only one can.

    A ``difference`` only where the limit is the published valid vote: lists and sizes of precincts can grow.
    """
    table = residuals(view)
    people = [row for row in table.rows if row.subject in view.totals.candidates and row.bounds is not None]
    known = {row.subject: row.official for row in people if row.official is not None}
    if not view.totals.contest.candidates_complete:
        return  # somebody whom the file does not know could be first
    if (
        table.room is None
        or table.basis is None
        or len(known) < 2
        or len(people) < len(view.totals.contest.candidates)
    ):
        return
    winner = max(known, key=lambda subject: known[subject])
    # The lowest end that somebody surely reaches: who cannot reach it cannot be first.
    floor = max(row.bounds.low for row in people if row.bounds)
    able = [row.subject for row in people if row.bounds and row.bounds.high >= floor]
    sums = [view.totals.sums[subject] for subject in able]
    names = {
        language: ", ".join(view.name(subject)[language] for subject in able) for language in texts.LANGUAGES
    }
    said = texts.say(
        "W2" if len(able) == 1 else "W1",
        names=names,
        room=table.room,
        basis=texts.say(f"basis-{table.basis}"),
        winner=view.name(winner),
        place=view.place,
    )
    other = winner not in able and table.basis == "valid"
    yield Finding(
        code="W2" if len(able) == 1 else "W1",
        family="district",
        verdict="difference" if other else "statement",
        contest=view.id,
        subject=winner,
        protocols=None,
        official=known[winner],
        margin=None,
        robust=True,
        text=texts.joined(said, certainty(sums[0], *sums[1:])),
        sources=view.sources(*known),
        confirmed=all(total.is_confirmed for total in sums),
        details={"able": able, "room": table.room, "basis": table.basis, "official_winner": winner},
    )
