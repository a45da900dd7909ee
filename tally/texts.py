"""The words of findings in Kazakh, Russian and English, and how numbers are written in each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

from tally.catalogue import LANGUAGES, messages
from tally.election import Contest, Region, form_of
from tally.model import Span

__all__ = ["LANGUAGES", "Each", "Rounded", "Value", "joined", "say", "votes_left", "written"]


@dataclass(frozen=True, slots=True)
class Rounded:
    """An exact fraction, to be shown with ``places`` decimals, half up."""

    value: Fraction
    places: int


@dataclass(frozen=True, slots=True)
class Each:
    """Several values of one thing, side by side; ``None`` where there is none."""

    values: tuple[Span | None, ...]


Value: TypeAlias = int | str | Span | Rounded | Each | Mapping[str, str]
"""What a sentence may hold. A number is never handed over as ``str``: each language writes it in its way."""

_PLACE = {"kk": "№ {} округ", "ru": "округ № {}", "en": "district {}"}
_LINE = {"kk": "бюллетеньнің {}-жолы", "ru": "строка {} бюллетеня", "en": "line {} of the ballot"}
_NAME_KEYS = {
    "kk": ("kk", "ru", "latin", "en"),
    "ru": ("ru", "kk", "latin", "en"),
    "en": ("en", "latin", "ru", "kk"),
}
_UNKNOWN = {"kk": "белгісіз", "ru": "не известен", "en": "not known"}


def say(key: str, **values: Value) -> dict[str, str]:
    """The sentence ``key`` in all languages with numbers written as each language does."""
    return {
        language: messages()[key][language].format(
            **{name: written(value, language) for name, value in values.items()}
        )
        for language in LANGUAGES
    }


def votes_left(rest: Span) -> Value:
    """An official number less a sum, as votes: what lies below 0 is no number of votes, so "at most" the rest.

    Wholly below 0 it stays as it is: that is a contradiction (D1) and no number of votes at all.
    """
    return say("at-most", votes=rest.high) if rest.low < 0 <= rest.high else rest


def joined(*texts: Mapping[str, str]) -> dict[str, str]:
    """Several sentences one after the other."""
    return {language: " ".join(text[language] for text in texts) for language in LANGUAGES}


def written(value: Value, language: str) -> str:
    """A value in a sentence: 35,178 in English, 35 178 (no-break space) in Kazakh and Russian."""
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return _number(value, language)
    if isinstance(value, Span):
        low = _number(value.low, language)
        return low if value.is_exact else f"{low}–{_number(value.high, language)}"
    if isinstance(value, Rounded):
        text = rounded(value.value, value.places).replace("-", "−")
        return text if language == "en" else text.replace(".", ",")
    if isinstance(value, Each):
        return " / ".join("?" if one is None else written(one, language) for one in value.values)
    return value[language]


@lru_cache(maxsize=10_000)
def _number(value: int, language: str) -> str:
    text = f"{value:,}"
    return (text if language == "en" else text.replace(",", "\u00a0")).replace("-", "−")


def rounded(value: Fraction, places: int) -> str:
    """A fraction with a fixed number of decimals, half up away from zero."""
    unit = Decimal(1).scaleb(-places)
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return str((Decimal(whole if value >= 0 else -whole) * unit).quantize(unit, ROUND_HALF_UP))


def place(contest: Contest) -> dict[str, str]:
    """Which part of the country a contest is about: its district, or its id."""
    if contest.district is None:
        return {language: contest.names.get(language) or contest.id for language in LANGUAGES}
    return {language: _PLACE[language].format(contest.district) for language in LANGUAGES}


def region_name(region: Region) -> dict[str, str]:
    """A region in each language."""
    return {language: _first(region.names, _NAME_KEYS[language], region.id) for language in LANGUAGES}


def subject_name(contest: Contest, subject: str) -> dict[str, str]:
    """A candidate's name or a field's label in each language."""
    for candidate in contest.candidates:
        if candidate.id == subject:
            return {
                language: _first(candidate.names, _NAME_KEYS[language], subject) for language in LANGUAGES
            }
    form = form_of(contest)
    if subject.startswith("votes."):
        line = subject.partition(".")[2]
        return {language: _LINE[language].format(line) for language in LANGUAGES}
    labels = form.field(subject).labels if form.has(subject) else {}
    return {language: _first(labels, (language, "en"), subject) for language in LANGUAGES}


def number_or_unknown(number: int | None) -> Mapping[str, str]:
    """An identifier (never grouped in thousands), or the words for not known."""
    return _UNKNOWN if number is None else dict.fromkeys(LANGUAGES, str(number))


def precinct_name(
    contest: Contest, regions: Mapping[str, Region], region: str, precinct: int | None
) -> Mapping[str, str]:
    """The number of a precinct; with its region where a contest spans several, as numbers repeat between regions."""
    number = number_or_unknown(precinct)
    if contest.region is not None or not region or len(regions) < 2:
        return number
    known = regions.get(region)
    name = region_name(known) if known is not None else dict.fromkeys(LANGUAGES, region)
    return {language: f"{number[language]} ({name[language]})" for language in LANGUAGES}


def _first(names: Mapping[str, tuple[str, ...]], keys: tuple[str, ...], fallback: str) -> str:
    return next((names[key][0] for key in keys if names.get(key)), fallback)
