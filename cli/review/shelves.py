"""Where made pictures are kept: some in memory, more in a folder that may be deleted at any time."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import threading
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

_MEMORY_BYTES = 48 * 2**20
_FOLDER_BYTES = 1024 * 2**20
"""Some 2,000 sheets."""
_ROOM = 0.9
"""How full the folder is after something was thrown away."""


class Shelf:
    """Pictures that were asked for lately, in memory, the oldest thrown away first."""

    def __init__(self, most_bytes: int = _MEMORY_BYTES) -> None:
        self.most_bytes = most_bytes
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Sequence[bytes]] = OrderedDict()
        self._size = 0

    def find(self, key: str) -> Sequence[bytes] | None:
        """The pictures of this key; ``None`` if they are not here any more."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def keep(self, key: str, made: Sequence[bytes]) -> None:
        """Put pictures here."""
        with self._lock:
            self._size += sum(map(len, made)) - sum(map(len, self._kept.pop(key, ())))
            self._kept[key] = made
            while self._size > self.most_bytes and self._kept:
                self._size -= sum(map(len, self._kept.popitem(last=False)[1]))


class Cabinet:
    """Pictures in a folder, one file per key: what a restart would have to make again.

    Nothing here is evidence or relied upon. A file carries the hash of what it holds, so that one that a power
    cut left half written counts as not there; a folder that cannot be written to keeps nothing.
    """

    def __init__(self, folder: Path, most_bytes: int = _FOLDER_BYTES) -> None:
        self.folder, self.most_bytes = folder, most_bytes
        self._lock = threading.Lock()
        self._size: int | None = None

    def __contains__(self, key: str) -> bool:
        return self._path(key).is_file()

    def find(self, key: str) -> Sequence[bytes] | None:
        """The pictures of this key; ``None`` if they are not here, or not whole."""
        try:
            head, _, body = self._path(key).read_bytes().partition(b"\n")
            said = json.loads(head)
            sizes, digest = said["sizes"], said["sha256"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        if hashlib.sha256(body).hexdigest() != digest:
            return None
        ends = [sum(sizes[: place + 1]) for place in range(len(sizes))]
        return [body[end - size : end] for size, end in zip(sizes, ends, strict=True)]

    def keep(self, key: str, made: Sequence[bytes]) -> None:
        """Put pictures here."""
        body = b"".join(made)
        said = {"sha256": hashlib.sha256(body).hexdigest(), "sizes": [len(one) for one in made]}
        path = self._path(key)
        part = path.with_name(f".part-{secrets.token_hex(8)}")
        with suppress(OSError):  # then it is made again when somebody asks
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                part.write_bytes(json.dumps(said).encode() + b"\n" + body)
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)
            self._make_room(len(body))

    def _make_room(self, more: int) -> None:
        with self._lock:
            if self._size is not None and self._size + more <= self.most_bytes:
                self._size += more
                return
            found = sorted(_sized(self.folder), key=lambda one: one[0])
            self._size = sum(size for _, size, _ in found)
            if self._size <= self.most_bytes:
                return
            for _, size, path in found:
                if self._size <= _ROOM * self.most_bytes:
                    break
                with suppress(OSError):
                    path.unlink()
                self._size -= size

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key


def _sized(folder: Path) -> list[tuple[float, int, Path]]:
    """Time of writing, bytes and path of every file."""
    out = []
    for root, _, names in os.walk(folder):
        for name in names:
            path = Path(root, name)
            with suppress(OSError):
                stat = path.stat()
                out.append((stat.st_mtime, stat.st_size, path))
    return out
