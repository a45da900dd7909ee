"""The file of a network's weights: read, and named by its hash; each file is hashed once a process."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from tally.errors import MissingComponent


def read_weights(path: Path, name: str) -> bytes:
    """The file of the network ``name``. Raises MissingComponent if it is not installed."""
    if not path.is_file():
        raise MissingComponent(f"the weights of the {name} are missing: {path}", advice="reinstall hattama")
    return path.read_bytes()


@lru_cache(maxsize=8)
def sha256_of(path: Path, name: str) -> str:
    """Hex digest of the file of the network ``name``. Raises MissingComponent if it is not installed."""
    return hashlib.sha256(read_weights(path, name)).hexdigest()
