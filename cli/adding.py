"""Take what was handed in into a case: bytes first, then the question whether they can be decoded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.intake import Handed, handed_in
from tally.case import Case
from tally.errors import ExitCode, PhotoError

OUTCOMES = ("new", "duplicate", "quarantined", "missing")


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file."""

    file: str
    outcome: str
    """``new``, ``duplicate``, ``quarantined`` (kept, cannot be decoded) or ``missing`` (nothing to keep)."""
    sha256: str = ""
    """Empty when missing."""
    reason: str = ""
    """Why it is quarantined or missing; empty otherwise."""

    def to_dict(self) -> dict[str, Any]:
        """Stable keys of ``add --json``."""
        return {"file": self.file, "outcome": self.outcome, "sha256": self.sha256, "reason": self.reason}


def add_all(case: Case, paths: Iterable[Path]) -> Iterator[Taken]:
    """Take in everything under ``paths``; one bad file never stops the others.

    Raises:
        CaseError: the disk is full, or somebody else is writing; what was taken before stays.
    """
    for handed in handed_in(paths):
        yield take(case, handed)


def take(case: Case, handed: Handed) -> Taken:
    """Take in one file."""
    if handed.data is None:
        return Taken(handed.name, "missing", "", handed.trouble)
    reason = handed.trouble or why_not_a_photo(handed.data, handed.name)
    added = case.add_bytes(handed.data, handed.name, quarantine_reason=reason or None)
    return Taken(handed.name, added.outcome, added.sha256, added.reason)


def why_not_a_photo(data: bytes, name: str) -> str:
    """Why the bytes cannot be decoded; empty if their first page can."""
    from ocr.photo import open_photos

    try:
        next(open_photos(data, name), None)
    except PhotoError as error:
        return f"{error.message} {error.advice}".strip()
    return ""


def counted(taken: Iterable[Taken]) -> dict[str, int]:
    """How many files of each outcome; every outcome is a key."""
    found = Counter(one.outcome for one in taken)
    return {outcome: found[outcome] for outcome in OUTCOMES}


def exit_code(counts: dict[str, int]) -> ExitCode:
    """4 if some file is missing or cannot be decoded, else 0. What could be taken in has been."""
    return ExitCode.UNREADABLE_PHOTO if counts["quarantined"] or counts["missing"] else ExitCode.OK
