"""What bagit-python says of a bundle: structure, completeness, and its own reading of all manifests.

It reads the manifests itself; the bytes are hashed once, by us, and both readings are held against the same hashes.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

from tally.bundle import layout
from tally.bundle.alone.verify import Hashes
from tally.bundle.bagging import bagit
from tally.bundle.verified import Verified


class _Bag(bagit.Bag):  # type: ignore[misc] # the library has no types
    """Asks once for each name whether it leads out of the folder: both manifests list the same names."""

    def __init__(self, path: str) -> None:
        self._dangerous: dict[str, bool] = {}
        super().__init__(path)

    def _path_is_dangerous(self, path: str) -> bool:
        if path not in self._dangerous:
            self._dangerous[path] = bool(super()._path_is_dangerous(path))
        return self._dangerous[path]


def second_opinion(bag: Path, found: Verified, hashes: Hashes) -> None:
    """Add what the library finds and we do not; ``hashes``: :func:`tally.bundle.alone.verify.hashed`."""
    logging.getLogger("bagit").setLevel(logging.CRITICAL)
    for path, message in _problems(bag, hashes):
        if all(problem.file != path for problem in found.problems):
            found.add("manifest", path, f"bagit-python: {message}")


def _problems(bag: Path, hashes: Hashes) -> Iterator[tuple[str, str]]:
    try:
        read = _Bag(str(bag))
    except Exception as error:  # noqa: BLE001 - a stranger's bag
        yield "bagit.txt", str(error)
        return
    try:
        read.validate(completeness_only=True)
    except bagit.BagValidationError as error:
        for one in error.details or [error]:
            yield str(getattr(one, "path", "") or "bagit.txt"), str(one)
    except Exception as error:  # noqa: BLE001 - the same
        yield "bagit.txt", str(error)
    for path, told in read.entries.items():
        own = dict(zip(layout.ALGORITHMS, hashes.get(path, ()), strict=False))
        # A missing file was named above. An algorithm that is not ours is none of a hattama bundle.
        for algorithm, digest in told.items():
            if own and own.get(algorithm) != digest.lower():
                yield path, f"{algorithm} is {own.get(algorithm)}, the manifest says {digest}"
