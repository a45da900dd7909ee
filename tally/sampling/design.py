"""The written design of a sample: what was drawn, from what, how and when. Refuses what is no random sample.

::

    contest = "smd-27"
    a = "altaev"                   # the question is whether a beats b
    b = "qyryqbaev"
    selection = "random"
    procedure = "numbers drawn from an urn before witnesses, minutes of 17 March"
    drawn_on = 2023-03-17

    [[stratum]]                    # one of them: a simple random sample
    name = "town"
    precincts = 120                # that there are
    drawn = [17, 44, 3]            # in the order of the draw
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tally.election import Contest, Election
from tally.errors import UsageError

LARGEST = 3000
"""Voters of a precinct by law, at most: no precinct can give more votes."""
_WHY = (
    "Precincts whose observers sent a photo are not a random sample: they sat where they could, and no formula "
    "knows how the others differ. Of such protocols `hattama diff` says what follows without any probability."
)


@dataclass(frozen=True, slots=True)
class Stratum:
    """A part of the contest from which precincts were drawn without replacement, each set equally likely."""

    name: str
    region: str
    """Region id; empty: the contest lies in one region."""
    precincts: int
    """That there are in this part."""
    drawn: tuple[int, ...]
    """Precinct numbers in the order of the draw."""


@dataclass(frozen=True, slots=True)
class Design:
    """A sample fixed before the vote."""

    contest: Contest
    a: str
    b: str
    procedure: str
    drawn_on: date
    strata: tuple[Stratum, ...]
    largest: int = LARGEST
    """Most votes that one precinct can give."""


def read_design(path: Path, election: Election) -> Design:
    """Raises :class:`UsageError` for a file that cannot be understood and for a sample that is none."""
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise UsageError(f"the design cannot be read: {error}.", file=str(path)) from error
    try:
        return design_of(given, election)
    except UsageError as error:
        raise UsageError(error.message, file=str(path), advice=error.advice) from error


def design_of(given: Mapping[str, Any], election: Election) -> Design:
    """A design from the tables of its file. Raises :class:`UsageError`."""
    if given.get("selection") != "random":
        raise UsageError(f"selection is {given.get('selection')!r}, not 'random'.", advice=_WHY)
    procedure = given.get("procedure")
    if not isinstance(procedure, str) or not procedure.strip():
        raise UsageError("procedure is missing: how was drawn, and who saw it?", advice=_WHY)
    drawn_on = given.get("drawn_on")
    if isinstance(drawn_on, datetime):
        drawn_on = drawn_on.date()
    if not isinstance(drawn_on, date):
        raise UsageError("drawn_on is missing.", advice="Write the day of the draw: drawn_on = 2023-03-17.")
    if drawn_on >= date.fromisoformat(str(election.date)):
        raise UsageError(
            f"the sample was drawn on {drawn_on}, not before the vote ({election.date}).", advice=_WHY
        )
    contest = _contest(given.get("contest"), election)
    a, b = (_candidate(contest, given.get(key), key) for key in ("a", "b"))
    if a == b:
        raise UsageError("a and b are one candidate.")
    strata = given.get("stratum")
    if not isinstance(strata, list) or not strata:
        raise UsageError("no [[stratum]] says what was drawn from what.")
    largest = given.get("largest", LARGEST)
    if type(largest) is not int or largest <= 0:
        raise UsageError("largest must be a number of votes.")
    found = tuple(_stratum(one, election, contest) for one in strata)
    everything = [(s.region, number) for s in found for number in s.drawn]
    if len(set(everything)) < len(everything):
        raise UsageError("a precinct is drawn twice; draws are without replacement.")
    return Design(contest, a, b, procedure, drawn_on, found, largest)


def _contest(named: object, election: Election) -> Contest:
    for contest in election.contests:
        if contest.id == named:
            return contest
    raise UsageError(f"there is no contest {named!r} in {election.id}.")


def _candidate(contest: Contest, named: object, key: str) -> str:
    if not isinstance(named, str) or contest.candidate(named) is None:
        known = ", ".join(candidate.id for candidate in contest.candidates)
        raise UsageError(f"{key} is {named!r}, no candidate of {contest.id}.", advice=f"Known are {known}.")
    return named


def _stratum(given: Any, election: Election, contest: Contest) -> Stratum:
    if not isinstance(given, dict):
        raise UsageError("a [[stratum]] must be a table.")
    name, there, drawn = str(given.get("name", "")), given.get("precincts"), given.get("drawn")
    if not isinstance(drawn, list) or not all(type(one) is int and one > 0 for one in drawn):
        raise UsageError(f"stratum {name!r}: drawn must be a list of precinct numbers.")
    if type(there) is not int or not 2 <= len(drawn) <= there:
        raise UsageError(f"stratum {name!r}: 2 precincts at least are drawn, and no more than there are.")
    region = contest.region or ""
    if "region" in given:
        found = election.region_named(str(given["region"]))
        if found is None:
            raise UsageError(f"stratum {name!r}: there is no region {given['region']!r}.")
        region = found
    return Stratum(name, region, there, tuple(drawn))
