"""What names people: encrypted for the keys of the case before it touches the disk. See docs/adr/0008-pseudonyms.md.

The format is age (https://age-encryption.org/v1); ``age -d -i KEY FILE`` opens it. This program holds no key that can.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from tally.errors import CaseError, UsageError


def check_recipient(text: str) -> str:
    """A public key ``age1...``, as it is. Raises :class:`UsageError` if it is none."""
    import pyrage

    try:
        pyrage.x25519.Recipient.from_str(text.strip())
    except Exception as error:  # pyrage raises several classes of its own
        secret = text.strip().upper().startswith("AGE-SECRET-KEY")
        raise UsageError(
            "this is the secret key: keep it away from this computer."
            if secret
            else "this is not an age public key.",
            advice="Give the public one, which begins with age1. `age-keygen` makes a pair.",
        ) from error
    return text.strip()


def seal(folder: Path, name: str, data: bytes, recipients: Sequence[str]) -> Path:
    """Write ``folder/name.age``, whole or not at all; what is there already stays. Raises :class:`CaseError`."""
    import pyrage

    target = folder / f"{name}.age"
    if target.exists():
        return target
    keys = [pyrage.x25519.Recipient.from_str(key) for key in recipients]
    part = folder / f".part-{secrets.token_hex(8)}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with part.open("xb") as file:
            file.write(pyrage.encrypt(data, keys))
            file.flush()
            os.fsync(file.fileno())
        part.rename(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise CaseError(
            f"the names could not be sealed: {error.strerror or error}.", file=str(folder)
        ) from error
    return target
