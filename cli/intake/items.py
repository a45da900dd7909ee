"""One file of a folder, an archive or a mail: what it is called, and how to read it when its turn comes."""

from __future__ import annotations

import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cli.console import printable
from cli.intake import handed
from cli.intake.handed import Handed
from cli.intake.zips import Archive

# Left behind by operating systems in every folder they touch; never evidence.
_LITTER = frozenset({".ds_store", "thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class Item:
    """One file. Its names are labels, never paths to write to."""

    path: str
    """Folder and name inside the source, with ``/``: to find what a chat speaks of."""
    read: Callable[[], Handed]
    """Reads the bytes, or says why there are none."""

    @property
    def folder(self) -> str:
        """The folder inside the source; empty at the top."""
        return self.path.rpartition("/")[0]

    @property
    def name(self) -> str:
        """The name without folders."""
        return self.path.rpartition("/")[2]


def is_litter(path: str) -> bool:
    """True for files that an operating system, not a person, put there."""
    *folders, last = path.replace("\\", "/").split("/")
    return last.lower() in _LITTER or last.startswith("._") or "__MACOSX" in folders


def file_item(path: Path, folder: Path) -> Item:
    """A file under ``folder``."""
    inside = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name
    return Item(printable(inside), lambda: _read_file(path))


def data_item(name: str, data: bytes) -> Item:
    """A file that is in memory already."""
    return Item(printable(name.replace("/", "_")), lambda: Handed(printable(name), data))


def archive_items(archive: Archive, name: str) -> list[Item]:
    """The members of an open zip that is called ``name``."""
    return [_member(archive, label, name) for label in archive.members if not is_litter(label)]


def _member(archive: Archive, label: str, name: str) -> Item:
    shown = f"{name}!{printable(label.rpartition('/')[2])}"

    def read() -> Handed:
        unpacked = archive.read(label)
        return Handed(shown, unpacked.data, unpacked.trouble)

    return Item(printable(label), read)


def _read_file(path: Path) -> Handed:
    name = printable(path.name)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            return Handed(name, None, "not a normal file")
        if status.st_size > handed.MAX_STORED_BYTES:
            limit = handed.MAX_STORED_BYTES // 2**20
            return Handed(name, None, f"larger than {limit} MB, not taken in; send photos only")
        return Handed(name, path.read_bytes())
    except FileNotFoundError:
        return Handed(printable(str(path)), None, "there is no such file or folder")
    except OSError as error:
        return Handed(name, None, f"cannot be opened: {error.strerror or error}")
