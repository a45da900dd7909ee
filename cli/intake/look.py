"""What a worker does with one stored file: look whether it can be decoded. Plain data in, plain data out."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from tally.errors import PhotoError
from tally.provenance import Seen


@dataclass(frozen=True, slots=True)
class LookTask:
    """One stored original."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of it."""

    seen: Seen = field(default_factory=Seen)
    reason: str = ""
    """Why it cannot be decoded; empty if it can."""


def look_at(task: LookTask) -> Looked:
    """Decode the first page and read the metadata; what cannot be decoded is a result, not an error."""
    from ocr.look import look

    try:
        return Looked(look(task.path.read_bytes(), task.name))
    except PhotoError as error:
        return Looked(reason=why(error))


def why(error: Exception) -> str:
    """A refusal in one line."""
    if isinstance(error, PhotoError):
        return f"{error.message} {error.advice}".strip()
    return f"it cannot be decoded ({type(error).__name__}). Ask for it as a normal JPEG."
