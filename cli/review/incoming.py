"""Uploads on their way: pieces on disk under a random name, until the whole file is there.

A piece is acknowledged when it is written; after a dropped connection, a closed phone or a killed server the sender
asks how much is there and goes on. Nothing is decoded here, and no name from outside becomes a path.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from cli.console import printable
from tally.errors import CaseError, UsageError

MAX_UPLOAD_BYTES = 64 * 2**20
CHUNK_BYTES = 512 * 1024
_STALE_SECONDS = 48 * 3600
_MOST_OPEN = 20
"""Uploads that one person may have open: parts fill the disk."""
_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Upload:
    """One file on its way."""

    id: str
    name: str
    """As claimed; a label only."""
    size: int
    """Bytes, as announced."""
    person: str
    precinct: int | None
    """What the sender says it is of."""


class OutOfStep(UsageError):
    """A piece that does not follow the last one; ``offset`` says what is there."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"the next piece has to begin at byte {offset}.", advice="Send from there.")
        self.offset = offset


class Incoming:
    """The folder of uploads that are not complete."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def begin(self, name: str, size: int, person: str, precinct: int | None) -> Upload:
        """Open an upload. Raises ``UsageError`` on a size that no photo has."""
        if not 0 < size <= MAX_UPLOAD_BYTES:
            raise UsageError(
                f"a photo has 1 to {MAX_UPLOAD_BYTES // 2**20} MB.",
                advice="Send the photo itself, not a video.",
            )
        try:
            self.folder.mkdir(exist_ok=True)
            self._sweep()
            if sum(one.person == person for one in self._all()) >= _MOST_OPEN:
                raise UsageError("too many uploads are open.", advice="Finish or wait.")
            upload = Upload(secrets.token_hex(16), _label(name), size, person, precinct)
            self._about(upload.id).write_text(json.dumps(asdict(upload)), encoding="utf-8")
            self.part(upload.id).touch()
        except OSError as error:
            raise CaseError(f"the upload cannot be kept: {error.strerror}.", file=str(self.folder)) from error
        return upload

    def find(self, upload_id: str, person: str) -> Upload | None:
        """The open upload of this person; ``None`` if there is none."""
        if not _ID.fullmatch(upload_id) or not self._about(upload_id).is_file():
            return None
        found = Upload(**json.loads(self._about(upload_id).read_text(encoding="utf-8")))
        return found if found.person == person else None

    def offset(self, upload: Upload) -> int:
        """Bytes that are there."""
        return self.part(upload.id).stat().st_size

    def write(self, upload: Upload, offset: int, data: bytes) -> int:
        """Add a piece; returns how many bytes are there. Raises :class:`OutOfStep` or ``UsageError``."""
        there = self.offset(upload)
        if offset + len(data) <= there:  # a piece sent again
            return there
        if offset != there:
            raise OutOfStep(there)
        if there + len(data) > upload.size:
            raise UsageError("more bytes came than were announced.", advice="Begin the upload anew.")
        try:
            with self.part(upload.id).open("ab") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise CaseError(f"the piece cannot be kept: {error.strerror}.", file=str(self.folder)) from error
        return there + len(data)

    def part(self, upload_id: str) -> Path:
        """Where the pieces are."""
        return self.folder / f"{upload_id}.part"

    def forget(self, upload: Upload) -> None:
        """The file is in the store: its pieces are not needed."""
        for path in (self.part(upload.id), self._about(upload.id)):
            with suppress(OSError):
                path.unlink()

    def _about(self, upload_id: str) -> Path:
        return self.folder / f"{upload_id}.json"

    def _all(self) -> list[Upload]:
        out = []
        for path in self.folder.glob("*.json"):
            with suppress(OSError, ValueError, TypeError):
                out.append(Upload(**json.loads(path.read_text(encoding="utf-8"))))
        return out

    def _sweep(self) -> None:
        for path in self.folder.iterdir():
            with suppress(OSError):
                if _ID.match(path.name) and time.time() - path.stat().st_mtime > _STALE_SECONDS:
                    path.unlink()


def _label(name: str) -> str:
    """A name that can be shown: no control characters, nothing that turns the direction of writing."""
    return "".join(char for char in printable(name) if char.isprintable())[:200] or "photo"
