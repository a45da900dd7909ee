"""Whom or what a row of a table speaks of: candidates by any spelling, counts by the labels of the form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from tally.election import Candidate, Contest, Election
from tally.form import Field, load_form

_COUNTS = {
    "ballots_valid": ("valid", "valid votes", "valid ballots", "действительных", "действительные", "жарамды"),
    "ballots_invalid": ("invalid", "invalid ballots", "недействительных", "недействительные", "жарамсыз"),
    "ballots_found": ("ballots found", "ballots in boxes", "обнаружено бюллетеней"),
    "ballots_issued": (
        "ballots issued",
        "turnout",
        "voted",
        "приняли участие",
        "проголосовало",
        "дауыс бергендер",
    ),
    "voters_listed": ("registered", "registered voters", "voters", "избирателей", "сайлаушылар"),
    "against_all": ("against all", "против всех", "барлығына қарсы"),
}


class UnknownName(ValueError):
    """Nobody and nothing of that name in the contest; the message lists the known spellings."""


def find_contest(election: Election, contest: str, district: str) -> Contest:
    """The contest named by id or by district number. Raises :class:`UnknownName`."""
    if contest:
        for candidate in election.contests:
            if candidate.id == contest.casefold():
                return candidate
        raise UnknownName(
            f"there is no contest {contest!r}; the election has {_few(c.id for c in election.contests)}"
        )
    number = re.fullmatch(r"(?:№|no\.?|nr\.?)?\s*0*([0-9]{1,4})", district.casefold())
    for candidate in election.contests:
        if number and candidate.district == int(number.group(1)):
            return candidate
    known = _few(str(c.district) for c in election.contests if c.district is not None)
    raise UnknownName(f"there is no district {district!r}; the election has {known}")


def find_subject(contest: Contest, name: str) -> str:
    """Candidate id or field code for a printed name. Raises :class:`UnknownName` with the known spellings."""
    folded = fold_name(name)
    for candidate in contest.candidates:
        if any(fold_name(spelling) == folded for spelling in spellings(candidate)):
            return candidate.id
    tight = _tight(name)
    broken = [c.id for c in contest.candidates if tight in {_tight(spelling) for spelling in spellings(c)}]
    if len(broken) == 1:  # "TIBUHABUR WA KAGUTA": narrow columns break a name in the middle of a word
        return broken[0]
    form = load_form(contest.form)
    for field in form.fields:
        if not field.repeat and any(fold_name(variant) == folded for variant in count_names(field)):
            return field.code
    listed = "; ".join(" / ".join(dict.fromkeys(spellings(c))) for c in contest.candidates)
    counts = ", ".join(field.code for field in form.fields if not field.repeat)
    raise UnknownName(
        f"nobody named {name!r} is known in {contest.id}. Known are: {listed}. Counts are: {counts}"
    )


def count_names(field: Field) -> Iterator[str]:
    """The code, the usual words and the printed labels of a count."""
    yield field.code
    yield from _COUNTS.get(field.code, ())
    for variants in field.labels.values():
        yield from variants


def spellings(candidate: Candidate) -> Iterator[str]:
    """The id and every spelling of a candidate, in all scripts."""
    yield candidate.id
    for names in candidate.names.values():
        yield from names


def fold_name(name: str) -> str:
    """Letters and digits only, lower case, words sorted: the order of name and surname does not matter."""
    text = unicodedata.normalize("NFC", name).casefold().replace("ё", "е")
    return " ".join(sorted(re.findall(r"[^\W_]+", text)))


def _tight(name: str) -> str:
    """The letters and digits of a name in order, without what stands between them."""
    text = unicodedata.normalize("NFC", name).casefold().replace("ё", "е")
    return "".join(c for c in text if c.isalnum())


def _few(names: Iterator[str]) -> str:
    listed = list(names)
    return ", ".join(listed) if len(listed) <= 40 else f"{', '.join(listed[:40])} …"
