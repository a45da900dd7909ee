"""The store of originals: bytes exactly as received, under their sha256, never changed, never deleted.

Order of writing, so that a power cut leaves either the whole file or none: temporary file beside its future
folder, fsync of the file, rename, fsync of the folder; only then may the ledger speak of it.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tally.errors import CaseError

_CHUNK = 1 << 20
_PART = ".part-"
_STALE_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Stored:
    """Where bytes went."""

    sha256: str
    """64 hex digits."""
    size: int
    """Bytes."""
    new: bool
    """False if the same bytes were there before."""


class Store:
    """A folder of files named by their sha256: ``root/ab/ab12...``, or flat ``root/ab12...``."""

    def __init__(self, root: Path, *, flat: bool = False) -> None:
        self.root = root
        self.flat = flat

    def path_of(self, sha256: str) -> Path:
        """Where the bytes with this hash are or would be. Raises :class:`CaseError` on a malformed hash."""
        if len(sha256) != 64 or set(sha256) - set("0123456789abcdef"):
            raise CaseError(f"{sha256[:80]!r} is not a sha256.", file=str(self.root))
        return self.root / sha256 if self.flat else self.root / sha256[:2] / sha256

    def __contains__(self, sha256: str) -> bool:
        return self.path_of(sha256).is_file()

    def read(self, sha256: str) -> bytes:
        """The bytes, checked against their hash. Raises :class:`CaseError` if missing or damaged."""
        path = self.path_of(sha256)
        try:
            data = path.read_bytes()
        except OSError as error:
            raise CaseError(f"a stored original cannot be read: {error.strerror}.", file=str(path)) from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise _damaged(path)
        return data

    def put(self, stream: BinaryIO) -> Stored:
        """Keep everything that ``stream`` still holds. Raises :class:`CaseError`; then nothing was kept."""
        part = self.root / f"{_PART}{os.getpid()}-{secrets.token_hex(8)}"
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            self._sweep()
            sha256, size = _write(stream, part)
            return Stored(sha256, size, self._settle(part, sha256))
        except OSError as error:
            raise _explained(error, self.root) from error
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)

    def _sweep(self) -> None:
        # What a killed program left half written; an hour spares the files that another one is writing now.
        for part in self.root.glob(f"{_PART}*"):
            with suppress(OSError):
                if time.time() - part.stat().st_mtime > _STALE_SECONDS:
                    part.unlink()

    def _settle(self, part: Path, sha256: str) -> bool:
        target = self.path_of(sha256)
        if target.exists():
            if _hash_of(target) != sha256:
                raise _damaged(target)
            return False
        target.parent.mkdir(exist_ok=True)
        part.rename(target)
        _sync_folder(target.parent)
        _sync_folder(self.root)
        return True


def _write(stream: BinaryIO, part: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with part.open("xb") as file:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            size += file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    part.chmod(0o444)
    return digest.hexdigest(), size


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows cannot open a folder; its rename is journalled
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _damaged(path: Path) -> CaseError:
    return CaseError(
        "a stored original is damaged: its bytes no longer fit its name.",
        file=str(path),
        advice="Keep the damaged file, and restore the original from another copy of the case.",
    )


def _explained(error: OSError, root: Path) -> CaseError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return CaseError(
            "the disk is full; this file was not taken in.",
            file=str(root),
            advice="Free some space and add the file again; what was added before is safe.",
        )
    return CaseError(f"the file could not be stored: {error.strerror or error}.", file=str(root))
