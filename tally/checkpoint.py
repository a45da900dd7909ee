"""Checkpoints: a text of three lines that pins a ledger down, small enough for a message or a sheet of paper.

::

    hattama/ledger/8c1f0e5a2b7d4c93
    4711
    qv4bX0m1o0...=

The origin names the ledger by the hash of its first event, then come the number of events and the root of the
RFC 6962 tree over them, as in the checkpoint format of C2SP (tlog-checkpoint). Whoever keeps such a text can
later show that no event up to then was changed, removed or slipped in.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tally import merkle
from tally.case import Case
from tally.errors import TableError
from tally.ledger import Event, canonical

ORIGIN = "hattama/ledger/"
CHECKPOINT = "checkpoint"
"""Kind of the event that says when which checkpoint was made."""
_LONGEST = 64 * 1024


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The first ``size`` events of one ledger."""

    origin: str
    size: int
    root: bytes
    """32 bytes."""

    def text(self) -> str:
        """Three lines, each with its line feed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode('ascii')}\n"

    def to_dict(self) -> dict[str, str | int]:
        """Stable keys; the root as in the text."""
        return {
            "origin": self.origin,
            "size": self.size,
            "root": base64.b64encode(self.root).decode("ascii"),
        }


@dataclass(frozen=True, slots=True)
class Compared:
    """A ledger set against an earlier checkpoint."""

    earlier: Checkpoint
    now: Checkpoint
    proof: tuple[bytes, ...]
    """Consistency proof: with both checkpoints it convinces somebody who never sees the ledger."""
    reason: str
    """Why the ledger does not extend the checkpoint; empty if it does."""

    @property
    def extends(self) -> bool:
        """True if every event of the checkpoint is still there, unchanged and in order."""
        return not self.reason


def leaf(event: Event) -> bytes:
    """The bytes of a leaf: one line of ``ledger.jsonl``, the canonical JSON of the event with both hashes."""
    return canonical(event.to_dict()).encode("ascii")


def leaves(events: Iterable[Event]) -> list[bytes]:
    """Leaf hashes, oldest first."""
    return [merkle.leaf_hash(leaf(event)) for event in events]


def checkpoint_of(events: Iterable[Event]) -> Checkpoint:
    """The checkpoint over these events, from the first on. Hashes are not checked here."""
    listed = list(events)
    first = listed[0].hash if listed else "0" * 64
    return Checkpoint(ORIGIN + first[:16], len(listed), merkle.root(leaves(listed)))


def make_checkpoint(case: Case) -> Checkpoint:
    """Seal the ledger as it is and record that this was done. Raises :class:`CaseError` if the chain is broken.

    The event that says so comes after the events that the checkpoint covers.
    """
    case.ledger.verify()
    made = checkpoint_of(case.ledger.events())
    case.record(CHECKPOINT, made.to_dict())
    return made


def compare(case: Case, earlier: Checkpoint) -> Compared:
    """Set the ledger of a case against a checkpoint that somebody kept."""
    events = list(case.ledger.events())
    hashed = leaves(events)
    now = checkpoint_of(events)
    if earlier.origin != now.origin:
        return Compared(earlier, now, (), "other_ledger")
    if earlier.size > now.size:
        return Compared(earlier, now, (), "events_missing")
    if merkle.root(hashed[: earlier.size]) != earlier.root:
        return Compared(earlier, now, (), "events_changed")
    return Compared(earlier, now, merkle.consistency_proof(hashed, earlier.size), "")


def read_checkpoint(path: Path) -> Checkpoint:
    """A checkpoint from a file. Raises :class:`TableError` (exit code 2) if there is none in it."""
    try:
        with path.open("rb") as file:
            return parse_checkpoint(file.read(_LONGEST).decode("utf-8-sig"))
    except OSError as error:
        raise TableError(f"cannot be read: {error.strerror}.", file=str(path)) from error
    except ValueError as error:
        raise TableError(
            f"this is not a checkpoint: {error}.",
            file=str(path),
            advice="It has three lines: origin, number of events, root hash.",
        ) from error


def parse_checkpoint(text: str) -> Checkpoint:
    """The three lines, wherever they stand in a pasted message. Raises ``ValueError`` in words."""
    lines = [line.strip() for line in text.splitlines()]
    start = next((i for i, line in enumerate(lines) if line.startswith(ORIGIN)), None)
    if start is None:
        raise ValueError(f"no line begins with {ORIGIN}")
    if len(lines) < start + 3:
        raise ValueError("it is cut off")
    origin, size, digest = lines[start : start + 3]
    if not (size.isascii() and size.isdigit()) or (size != "0" and size.startswith("0")):
        raise ValueError(f"{size[:40]!r} is not a number of events")
    try:
        found = base64.b64decode(digest, validate=True)
    except binascii.Error as error:
        raise ValueError(f"{digest[:60]!r} is not base64") from error
    if len(found) != 32 or base64.b64encode(found).decode("ascii") != digest:
        raise ValueError("the root hash does not have 32 bytes")
    return Checkpoint(origin, int(size), found)
