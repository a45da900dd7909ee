"""Ids -> names that a person knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cli.lang import Lang, pick
from tally.election import Candidate, Contest, form_of
from tally.errors import FormError
from tally.form import Field

# Which spellings of a person to show, best first.
_SPELLINGS = {
    Lang.KK: ("kk", "ru", "latin", "en"),
    Lang.RU: ("ru", "kk", "latin"),
    Lang.EN: ("en", "latin", "ru"),
}


def first_spelling(names: Mapping[str, Sequence[str]], lang: Lang) -> str:
    """The first known spelling that fits the language; ``""`` if there is none."""
    known = [names[key][0] for key in _SPELLINGS[lang] if names.get(key)]
    return known[0] if known else ""


def candidate_name(candidate: Candidate, lang: Lang) -> str:
    """The first known spelling that fits the language, else the id."""
    return first_spelling(candidate.names, lang) or candidate.id


def field_label(field: Field, lang: Lang) -> str:
    """The first printed label in the language, else in any other, else the code."""
    return (
        pick({tongue: variants[0] for tongue, variants in field.labels.items() if variants}, lang)
        or field.code
    )


def subject_name(contest: Contest, subject: str, lang: Lang) -> str:
    """A candidate's name, a field's printed label, or the id itself where neither is known."""
    candidate = contest.candidate(subject)
    if candidate is not None:
        return candidate_name(candidate, lang)
    try:
        if subject.startswith("votes."):
            return subject
        field = form_of(contest).field(subject)
        # No form is printed in English, and a code says more to an English reader than a Russian label.
        return subject if lang is Lang.EN and not field.labels.get("en") else field_label(field, lang)
    except FormError:
        return subject
