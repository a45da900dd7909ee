"""What people hand in (files, folders, zips) as a stream of named bytes.

Nothing is unpacked to disk, and no name from outside ever becomes a path: names are labels only.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cli.console import printable
from cli.zips import ZipTrouble, looks_like_zip, members
from tally.errors import ExitCode, HattamaError, UsageError

MAX_STORED_BYTES = 256 * 2**20
"""Largest file that a case takes in: a long PDF scan has tens of MB, a video has more than this."""

_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"II*\0", b"MM\0*")
"""How JPEG, PNG and TIFF begin."""

# Left behind by operating systems in every folder they touch; never evidence.
_LITTER = frozenset({".ds_store", "thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class Handed:
    """One file as handed in."""

    name: str
    """File name without folder; ``archive.zip!name`` for a member of a zip."""
    data: bytes | None
    """The bytes; ``None`` if there are none to store."""
    trouble: str = ""
    """Why it is missing (no bytes) or cannot be a photo (bytes are stored all the same)."""


class MissingFile(HattamaError):
    """A file that was handed in is not there."""

    exit_code = ExitCode.UNREADABLE_PHOTO


def must_be_there(path: Path) -> None:
    """Raise ``MissingFile`` if there is nothing under this name."""
    if not path.exists():
        raise MissingFile("there is no such file.", advice="Check the name.", file=printable(str(path)))


def photos_in(folder: Path) -> tuple[list[Path], int]:
    """The pictures and PDFs directly in ``folder``, by content, sorted; and how many other files lie there.

    Raises ``UsageError`` if the folder cannot be opened or holds none.
    """
    shown = printable(str(folder))
    try:
        files = [path for path in sorted(folder.iterdir()) if path.is_file() and not is_litter(path.name)]
    except OSError as error:
        raise UsageError(f"the folder cannot be opened: {error.strerror}.", file=shown) from error
    photos = [path for path in files if _looks_like_photo(path)]
    if not photos:
        raise UsageError(
            "there is no photo or PDF in this folder.",
            advice="Folders in folders and zips are taken in by `hattama add`.",
            file=shown,
        )
    return photos, len(files) - len(photos)


def _looks_like_photo(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            head = file.read(1024)
    except OSError:
        return True  # to be read, so that it is said why it cannot be
    # HEIC (ftyp) too: a phone's photo is not passed by in silence.
    return head.startswith(_PICTURES) or head[8:12] == b"WEBP" or head[4:8] == b"ftyp" or b"%PDF-" in head


def handed_in(paths: Iterable[Path]) -> Iterator[Handed]:
    """Everything under ``paths``, in a stable order. Never raises for one bad file: it says so instead."""
    for path in paths:
        if path.is_dir():
            for inner in _walk(path):
                yield from _file(inner)
        else:
            yield from _file(path)


def count(paths: Iterable[Path]) -> int:
    """How many files lie under ``paths`` (a zip counts as one), for a progress bar."""
    return sum(sum(1 for _ in _walk(path)) if path.is_dir() else 1 for path in paths)


def _walk(folder: Path) -> Iterator[Path]:
    # Links to folders are not followed: a loop would never end.
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__MACOSX")
        yield from (Path(root, name) for name in sorted(files) if not is_litter(name))


def is_litter(name: str) -> bool:
    """True for files that an operating system, not a person, put there."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return last.lower() in _LITTER or last.startswith("._") or name.startswith("__MACOSX/")


def _file(path: Path) -> Iterator[Handed]:
    name = printable(path.name)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            yield Handed(name, None, "not a normal file")
        elif looks_like_zip(path):
            yield from _zip(path, name)
        elif status.st_size > MAX_STORED_BYTES:
            yield Handed(
                name, None, f"larger than {MAX_STORED_BYTES // 2**20} MB, not taken in; send photos only"
            )
        else:
            yield Handed(name, path.read_bytes())
    except FileNotFoundError:
        yield Handed(str(path), None, "there is no such file or folder")
    except OSError as error:
        yield Handed(name, None, f"cannot be opened: {error.strerror or error}")


def _zip(path: Path, name: str) -> Iterator[Handed]:
    """The members; the archive itself (bytes kept, with the reason) when it cannot be trusted or read."""
    why = ""
    try:
        for member in members(path):
            if is_litter(member.name):
                continue
            yield Handed(f"{name}!{printable(member.name)}", member.data, member.trouble)
            if member.data is None:
                why = "kept whole: some of its files could not be unpacked"
    except ZipTrouble as trouble:
        why = str(trouble)
    if why:
        fits = path.stat().st_size <= MAX_STORED_BYTES
        yield Handed(name, path.read_bytes() if fits else None, why)
