"""Read zips from strangers: limits first, sizes counted while unpacking, names never used as paths."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

MAX_MEMBERS = 5_000
"""A district has at most some hundred precincts; a chat export of a night some thousand files."""
MAX_MEMBER_BYTES = 64 * 2**20
"""Same as the largest photo that is decoded."""
MAX_TOTAL_BYTES = 4 * 2**30
"""Unpacked, all members together, as announced; no member may hold more than it announces."""
MAX_RATIO = 200
"""Unpacked : packed. Photos hardly shrink (below 2), text about 10 times, bombs 1000 times and more."""
_SMALL = 2**20
"""Members below 1 MB may shrink as they like."""
_OFFICE = "[Content_Types].xml"
_BAD_MEMBER = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    ValueError,
    RuntimeError,
)
_BAD_ARCHIVE = (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, ValueError, OSError)


class ZipTrouble(Exception):
    """The archive as a whole cannot be read or trusted; ``str()`` says why and what to do."""


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The bytes of one member, or why there are none."""

    data: bytes | None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Archive:
    """An open zip whose directory keeps the limits."""

    zip: zipfile.ZipFile
    members: Mapping[str, zipfile.ZipInfo]
    """Labels that are unique in the archive -> members; folders are not listed."""

    def read(self, label: str) -> Unpacked:
        """Unpack one member. Raises :class:`ZipTrouble` when it holds more than it announces."""
        return _unpack(self.zip, self.members[label])


def looks_like_zip(path: Path) -> bool:
    """True if the content or the name says zip; office files (which are zips too) do not count."""
    with path.open("rb") as file:
        marked = is_zip(file.read(4))
    if not marked:
        return path.suffix.lower() == ".zip" and path.stat().st_size > 0
    try:
        with zipfile.ZipFile(path) as archive:
            return _OFFICE not in archive.namelist()
    except _BAD_ARCHIVE:
        return True


def is_zip(head: bytes) -> bool:
    """True if bytes begin like a zip."""
    return head[:4] in (b"PK\x03\x04", b"PK\x05\x06")


@contextmanager
def opened(file: Path | IO[bytes]) -> Iterator[Archive]:
    """The archive, if it keeps the limits.

    Raises:
        ZipTrouble: damaged, too many or too large files, or a packing ratio that only a bomb has.
    """
    try:
        archive = zipfile.ZipFile(file)
    except _BAD_ARCHIVE as error:
        raise ZipTrouble("the zip is damaged or only half there; ask for it again") from error
    with archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        _check_limits(infos)
        yield Archive(archive, _labelled(infos))


def _labelled(infos: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    out: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        label = _label(info)
        while label in out:  # two members may carry one name, and both are evidence
            label = f"{label}/{PurePosixPath(label).name}"
        out[label] = info
    return out


def _check_limits(infos: list[zipfile.ZipInfo]) -> None:
    if len(infos) > MAX_MEMBERS:
        raise ZipTrouble(f"the zip holds {len(infos)} files, the limit is {MAX_MEMBERS}; split it")
    if sum(info.file_size for info in infos) > MAX_TOTAL_BYTES:
        raise ZipTrouble(f"the zip would unpack to more than {MAX_TOTAL_BYTES // 2**30} GB; split it")
    for info in infos:
        if info.file_size > max(_SMALL, MAX_RATIO * info.compress_size):
            raise ZipTrouble(
                "the zip packs more than photos can be packed (a zip bomb?); send the photos unpacked"
            )


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Unpacked:
    if info.flag_bits & 0x1:
        return Unpacked(None, "locked with a password; send it unlocked")
    if info.file_size > MAX_MEMBER_BYTES:
        return Unpacked(None, f"larger than {MAX_MEMBER_BYTES // 2**20} MB, not taken in; send photos only")
    try:
        with archive.open(info) as stream:
            data = _read_bounded(stream, info.file_size)
    except _BAD_MEMBER:
        return Unpacked(None, "damaged inside the zip; ask for it again")
    if data[:4] == b"PK\x03\x04":
        return Unpacked(data, "a zip inside a zip is not opened; add it by itself")
    return Unpacked(data)


def _read_bounded(stream: IO[bytes], announced: int) -> bytes:
    # The size in the header is a claim; one byte more than claimed means that the header lies.
    data = stream.read(announced + 1)
    if len(data) > announced:
        raise ZipTrouble("the zip unpacks to more than it announces; send the photos unpacked")
    return data


def _label(info: zipfile.ZipInfo) -> str:
    """Folder and name in the archive, ``../`` and drive letters cut off: for matching and for people, never a path."""
    name = info.filename
    if not info.flag_bits & 0x800:  # not UTF-8: Windows in Russian writes code page 866
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("cp866")
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return "/".join(parts) or "unnamed"
