"""What a case knows now, as plain data: photos, readings, typed rows, registers, official tables.

Filled by the fold over the ledger in tally.state. Nothing is computed here and nothing is forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tally.model import PageReading, Reading
from tally.review.answers import Reviewed

RANK = {"file": 1, "person": 2, "adjudicator": 3}
"""Who is believed before whom when numbers were typed for the same sheet."""


@dataclass(frozen=True, slots=True)
class Photo:
    """One file of the case, known by its bytes."""

    sha256: str
    names: tuple[str, ...]
    """All names under which it was handed in, in order, without repeats."""
    size: int
    """Bytes."""
    received_utc: str
    """Time of the first receipt."""
    receipts: int
    """How often these bytes were handed in."""
    quarantined: str | None = None
    """Why it cannot be decoded; ``None`` if nothing was said against it."""
    claims: tuple[Mapping[str, Any], ...] = ()
    """What exports and mails claim about it (``channel``, ``chat``, ``sender``, ``time``, ``caption``), each once."""
    graded: tuple[Mapping[str, Any], ...] = ()
    """Provenance (``class``, ``facts``) of every different way in which it came."""
    phash: str = ""
    """Perceptual hash of the shot, 64 hex digits; empty if there is none."""

    @property
    def name(self) -> str:
        """The first claimed name, or the start of the hash if none was given."""
        return self.names[0] if self.names else self.sha256[:12]


@dataclass(frozen=True, slots=True)
class Typed:
    """Numbers that somebody typed from a protocol."""

    seq: int
    """Number of the event in the ledger."""
    reader: str
    kind: str
    """``person``, ``adjudicator`` (both count as confirmed) or ``file`` (a named table, not confirmed)."""
    region: str
    """Region id, or empty."""
    precinct: int | None
    contest: str
    sha256: str | None
    """The photo from which it was typed, if any."""
    page: int
    fields: Mapping[str, Reading | None]
    """By field code or candidate id; ``None`` where the cell was left empty."""
    backing: Mapping[str, int] = field(default_factory=dict)
    """Field code -> how many other people typed the same value, where this row stands for theirs too."""

    @property
    def confirms(self) -> bool:
        """True if a person answers for the values."""
        return self.kind in ("person", "adjudicator")


@dataclass(frozen=True, slots=True)
class Listed:
    """One precinct of a register."""

    precinct: int
    region: str = ""
    """Region id, or empty where the contest lies in one region."""
    name: str = ""
    """Address or name as the register has it."""

    def to_dict(self) -> dict[str, Any]:
        """Stable keys."""
        return {"precinct": self.precinct, "region": self.region, "name": self.name}


@dataclass(slots=True)
class CaseState:
    """Everything that the ledger says, indexed."""

    election: str
    districts: tuple[int, ...]
    photos: dict[str, Photo] = field(default_factory=dict)
    """By sha256, in order of receipt."""
    readings: dict[str, dict[str, dict[int, PageReading]]] = field(default_factory=dict)
    """sha256 -> pipeline version -> page number -> the latest reading; pipelines in order of last use."""
    typed: list[Typed] = field(default_factory=list)
    """Everything that was typed and counts: rows of tables, and sheets that the review settled."""
    imported_rows: list[Typed] = field(default_factory=list)
    """Of ``typed`` those that came from tables."""
    review: Reviewed = field(default_factory=Reviewed)
    """What people answered in the review, settled or not."""
    official: list[Mapping[str, Any]] = field(default_factory=list)
    """Bodies of the ``official_added`` events."""
    imported: list[Mapping[str, Any]] = field(default_factory=list)
    """Bodies of the ``imported`` events."""
    register: dict[str, tuple[Listed, ...]] = field(default_factory=dict)
    """Contest id -> the precincts that the latest register of that contest lists."""
    chats: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """sha256 of the text of a chat or mail -> body of its last ``chat_received`` event."""

    @property
    def mapping(self) -> dict[str, str]:
        """Columns of foreign tables as people explained them, later explanations first in rank."""
        return {head: column for body in self.imported for head, column in body["mapping"].items()}

    def copy(self) -> CaseState:
        """A state that later events do not reach, for sums that are made beside them. The review is shared."""
        readings = {
            sha256: {name: dict(pages) for name, pages in by_pipeline.items()}
            for sha256, by_pipeline in self.readings.items()
        }
        return replace(
            self,
            photos=dict(self.photos),
            readings=readings,
            typed=list(self.typed),
            register=dict(self.register),
            chats=dict(self.chats),
            official=list(self.official),
            imported=list(self.imported),
        )

    def unread(self, pipeline: str) -> tuple[str, ...]:
        """Photos that this pipeline version has not read yet, but for quarantined ones."""
        return tuple(
            photo.sha256
            for photo in self.photos.values()
            if photo.quarantined is None and pipeline not in self.readings.get(photo.sha256, {})
        )

    def pages(self) -> tuple[PageReading, ...]:
        """The pages that count: of each file those of the pipeline that read it last, in order of receipt."""
        return tuple(page for sha256 in self.photos for page in self.pages_of(sha256))

    def pages_of(self, sha256: str) -> tuple[PageReading, ...]:
        """The pages of one file that count, in order."""
        by_pipeline = self.readings.get(sha256)
        if not by_pipeline:
            return ()
        latest = by_pipeline[next(reversed(by_pipeline))]
        if len(latest) == 1:
            return tuple(latest.values())
        return tuple(latest[number] for number in sorted(latest))

    def named(self, name_or_hash: str) -> tuple[str, ...]:
        """Hashes of the photos with this claimed name (or this hash)."""
        if name_or_hash in self.photos:
            return (name_or_hash,)
        return tuple(photo.sha256 for photo in self.photos.values() if name_or_hash in photo.names)
