"""Official figures that stand beside nothing: silence must not look like agreement."""

from __future__ import annotations

from collections.abc import Iterator

from tally import texts
from tally.findings import Finding, observed
from tally.rules.view import View


def beside_nothing(view: View) -> Iterator[Finding]:
    """P3: candidates have official figures, lines have votes, and nobody says whose lines these are."""
    contest, sums = view.totals.contest, view.totals.sums
    nameless = any(subject.startswith("votes.") for subject in sums)
    lost = [c.id for c in contest.candidates if view.figure(c.id) is not None and c.id not in sums]
    if not (nameless and lost):
        return
    names = {language: ", ".join(view.name(one)[language] for one in lost) for language in texts.LANGUAGES}
    text = texts.say("P3", names=names, place=view.place, ids=", ".join(lost))
    sources = tuple(dict.fromkeys(view.official[one].source for one in lost))
    yield observed("P3", "sheet", view.id, lost[0], text, sources, {"candidates": lost})
