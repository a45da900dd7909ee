"""A bundle in one encrypted file, which only its recipients can open (age, https://age-encryption.org).

The archive inside is a plain tar of the bundle. Encryption draws random numbers: two sealed files of one bundle
are not the same bytes, the bundle inside is.
"""

from __future__ import annotations

import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import pyrage

from tally.errors import CaseError, UsageError


def seal(bag: Path, out: Path, recipients: Sequence[str]) -> None:
    """Write ``out`` for the age public keys ``recipients``. Raises :class:`UsageError` for a key that is none."""
    if out.exists():
        raise UsageError("this file exists already.", file=str(out))
    keys = []
    for text in recipients:
        try:
            keys.append(pyrage.x25519.Recipient.from_str(text.strip()))
        except pyrage.RecipientError as error:
            raise UsageError(
                f"{text[:80]!r} is not an age public key.", advice="It begins with age1."
            ) from error
    try:
        with tempfile.TemporaryFile(dir=out.parent) as plain, out.open("xb") as closed:
            archive(bag, plain)
            plain.seek(0)
            pyrage.encrypt_io(plain, closed, keys)
    except OSError as error:
        raise CaseError(f"the sealed bundle cannot be written: {error.strerror}.", file=str(out)) from error


def archive(bag: Path, target: BinaryIO) -> None:
    """Write the bundle as a tar with the same bytes every time: sorted, no times, no owners."""
    with tarfile.open(fileobj=target, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path in sorted(path for path in bag.rglob("*") if path.is_file()):
            info = tarfile.TarInfo(f"{bag.name}/{path.relative_to(bag).as_posix()}")
            info.size = path.stat().st_size
            info.mode = 0o644
            with path.open("rb") as file:
                tar.addfile(info, file)
