"""Where files lie: folders, zips and single paths, as what they hold and what is claimed about it.

Nothing is unpacked to disk, and no name from outside ever becomes a path: names are labels only.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from cli.console import printable
from cli.intake import handed
from cli.intake.exports import paired, without_contact
from cli.intake.handed import Answers, Handed, Opened
from cli.intake.items import archive_items, file_item, is_litter
from cli.intake.zips import ZipTrouble, looks_like_zip, opened
from tally.errors import ExitCode, HattamaError, UsageError

_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"II*\0", b"MM\0*")
"""How JPEG, PNG and TIFF begin."""


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


_UNANSWERED = Answers()


def handed_in(paths: Iterable[Path], answers: Answers = _UNANSWERED) -> Iterator[Handed | Opened]:
    """Everything under ``paths``, in a stable order. Never raises for one bad file: it says so instead."""
    for folder, files in _grouped(paths):
        zips = {path for path in files if _is_zip(path)}
        yield from paired([file_item(path, folder) for path in files if path not in zips], answers)
        for path in sorted(zips):
            yield from _zip(path, answers)


def count(paths: Iterable[Path]) -> int:
    """How many files lie under ``paths`` (a zip counts as one), for a progress bar."""
    return sum(sum(1 for _ in _walk(path)) if path.is_dir() else 1 for path in paths)


def _grouped(paths: Iterable[Path]) -> Iterator[tuple[Path, list[Path]]]:
    """Folders with all that lies in them, and single files by their folder: a chat belongs to the files beside it."""
    loose: dict[Path, list[Path]] = {}
    for path in paths:
        if path.is_dir():
            yield path, list(_walk(path))
        else:
            loose.setdefault(path.parent, []).append(path)
    yield from loose.items()


def _walk(folder: Path) -> Iterator[Path]:
    # Links to folders are not followed: a loop would never end.
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__MACOSX")
        yield from (Path(root, name) for name in sorted(files) if not is_litter(name))


def _is_zip(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.stat().st_mode) and looks_like_zip(path)
    except OSError:
        return False  # it will be said when it is read


def _zip(path: Path, answers: Answers) -> Iterator[Handed | Opened]:
    """The members; the archive itself (bytes kept, with the reason) when it cannot be trusted or read."""
    name = without_contact(printable(path.name))
    why, named = "", False
    try:
        with opened(path) as archive:
            for one in paired(archive_items(archive, name), answers):
                named = named or isinstance(one, Opened)
                # The text of a chat must not get into the case as it is: then the sender's own copy has to do.
                if isinstance(one, Handed) and one.data is None and not named:
                    why = "kept whole: some of its files could not be unpacked"
                yield one
    except ZipTrouble as trouble:
        why = str(trouble)
    if why:
        fits = path.stat().st_size <= handed.MAX_STORED_BYTES
        yield Handed(name, path.read_bytes() if fits else None, why)
