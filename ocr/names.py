"""Candidates' printed names, matched to the contest's list of spellings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from ocr.matching import is_cyrillic, similarity

CandidateNames: TypeAlias = Mapping[str, Sequence[str]]
"""Candidate id -> every known spelling of the name, in any script."""

MIN_NAME = 0.72
MIN_LEAD = 0.12
"""A name must be this much nearer to its candidate than to any other: brothers stand on one ballot too."""


def recognise(labels: Mapping[str, str], names: CandidateNames | None) -> dict[str, str]:
    """Candidate ids of the rows whose printed name is clear; the others are left out, never guessed.

    Args:
        labels: field code -> printed label as read.
        names: spellings of the contest's candidates, or ``None`` if the contest is unknown.
    """
    if not names:
        return {}
    found = {code: best for code, label in labels.items() if (best := _best(label, names)) is not None}
    taken = list(found.values())
    return {code: candidate for code, candidate in found.items() if taken.count(candidate) == 1}


def _best(label: str, names: CandidateNames) -> str | None:
    cyrillic = is_cyrillic(label)
    ranked = sorted(
        (
            (similarity(label, _same_script(spellings, cyrillic), cyrillic), candidate)
            for candidate, spellings in names.items()
        ),
        reverse=True,
    )
    if not ranked or ranked[0][0] < MIN_NAME:
        return None
    if len(ranked) > 1 and ranked[0][0] - ranked[1][0] < MIN_LEAD:
        return None
    return ranked[0][1]


def _same_script(spellings: Sequence[str], cyrillic: bool) -> list[str]:
    return [name for name in spellings if is_cyrillic(name) == cyrillic]
