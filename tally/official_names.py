"""Whom or what a row of a table speaks of: candidates by any spelling, counts by the labels of the form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from tally.election import Candidate, Contest, Election, form_of
from tally.form import Field
from tally.places import key, name_in

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


_DISTRICT_WORDS = frozenset(
    map(
        key,
        "округ округі округа округу округе district сайлау избирательный одномандатный бірмандатты".split(),
    )
)


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
    number = district_number(district)
    for candidate in election.contests:
        if number is not None and candidate.district == number:
            return candidate
    known = _few(str(c.district) for c in election.contests if c.district is not None)
    raise UnknownName(f"there is no district {district!r}; the election has {known}")


def district_number(text: str) -> int | None:
    """4 for «4», «№ 4», «Округ № 4», «№ 4 округ», «4-okrug»; ``None`` for anything with another word or number."""
    words = re.sub(r"№|\bno\b|\bnr\b", " ", key(text.replace("№", " ")))
    numbers = re.findall(r"[0-9]+", words)
    others = set(re.findall(r"[a-z]+", words)) - _DISTRICT_WORDS
    return int(numbers[0]) if len(numbers) == 1 and len(numbers[0]) <= 4 and not others else None


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
    form = form_of(contest)
    for field in form.fields:
        if not field.repeat and any(fold_name(variant) == folded for variant in count_names(field)):
            return field.code
    # Another alphabet's spelling of the same name; one that is only near is asked about, never taken.
    found = name_in(name, {candidate.id: tuple(spellings(candidate)) for candidate in contest.candidates})
    if found.id is not None:
        return found.id
    if found.options:
        ids = "this id" if len(found.options) == 1 else "one of these ids"
        raise UnknownName(f"{name!r} may be {' or '.join(found.options)} in {contest.id}; write {ids}")
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
