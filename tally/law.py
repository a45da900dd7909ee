"""Legal profiles are data: norms, terms and addressees, each with its edition and whether a lawyer has confirmed it.

A profile is a TOML file in data/law. Nothing here knows a law; what nobody has confirmed is said to be so.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tally.catalogue import LANGUAGES
from tally.election import Election
from tally.errors import FormError

LAW_DIR = Path(__file__).parent / "data" / "law"
STARTS = ("election_day",)
"""From when a term may run."""


@dataclass(frozen=True, slots=True)
class Norm:
    """One rule of law as far as it is known."""

    id: str
    act: Mapping[str, str]
    article: str
    edition: str
    """Which edition was read; empty if none."""
    seen: bool
    """True if the text of the norm, or a report of it, was read; false if it rests on memory."""
    confirmed: str
    """Lawyer and date; empty until one has confirmed it."""
    source: str
    says: Mapping[str, str]
    days: int | None
    """Length of the term in days; ``None`` where no term runs."""

    def last_day(self, start: date) -> date | None:
        """The last day of the term, counted from the day after ``start``."""
        return None if self.days is None else start + timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Addressee:
    """Where a complaint may go."""

    id: str
    name: Mapping[str, str]
    confirmed: str


@dataclass(frozen=True, slots=True)
class Law:
    """The profile of one country."""

    id: str
    edition: str
    norms: tuple[Norm, ...]
    addressees: tuple[Addressee, ...]

    def deadlines(self, election: Election, today: date) -> list[dict[str, Any]]:
        """Terms that run from the day of the election, the nearest first; ``days_left`` < 0: it is over."""
        start = date.fromisoformat(election.date)
        found = [(norm.last_day(start), norm) for norm in self.norms]
        return [
            {
                "id": norm.id,
                "last_day": last.isoformat(),
                "days_left": (last - today).days,
                "article": norm.article,
                "edition": norm.edition,
                "seen": norm.seen,
                "confirmed": norm.confirmed,
                "text": dict(norm.says),
            }
            for last, norm in sorted(((a, b) for a, b in found if a is not None), key=lambda pair: pair[0])
        ]


def law_file(election: Election) -> Path | None:
    """The shipped profile of an election's country; ``None`` if there is none."""
    for path in sorted(LAW_DIR.glob("*.toml")):
        if any(election.id.startswith(prefix) for prefix in read_law(path)["elections"]):
            return path
    return None


def read_law(path: Path) -> dict[str, Any]:
    """The data of a profile. Raises :class:`FormError`."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise FormError(f"the legal profile cannot be read: {error}.", file=str(path)) from error


def parse_law(raw: Mapping[str, Any], file: str) -> Law:
    """A profile from the data of its file. Raises :class:`FormError`."""
    try:
        norms = tuple(_norm(one) for one in raw["norm"])
        places = tuple(
            Addressee(one["id"], _texts(one["name"]), str(one["confirmed"])) for one in raw["addressee"]
        )
        return Law(str(raw["id"]), str(raw["edition"]), norms, places)
    except (KeyError, TypeError, ValueError) as error:
        raise FormError(f"the legal profile is broken: {error!r}.", file=file) from error


def _norm(one: Mapping[str, Any]) -> Norm:
    days = one.get("days")
    if days is not None and (not isinstance(days, int) or one.get("from") not in STARTS):
        raise ValueError(f"{one['id']}: a term needs whole days and one of {', '.join(STARTS)}")
    return Norm(
        id=str(one["id"]),
        act=_texts(one["act"]),
        article=str(one["article"]),
        edition=str(one["edition"]),
        seen=bool(one["seen"]),
        confirmed=str(one["confirmed"]),
        source=str(one["source"]),
        says=_texts(one["says"]),
        days=days,
    )


def _texts(value: Mapping[str, str]) -> dict[str, str]:
    return {language: str(value[language]) for language in LANGUAGES}
