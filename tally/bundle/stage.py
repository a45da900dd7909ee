"""Stage a bundle in a folder of its own, bag it with bagit-python, rename it: it is there whole or not at all."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from tally.bundle import layout
from tally.bundle.bagging import bagit
from tally.bundle.contents import Contents
from tally.errors import CaseError, UsageError


def staged(
    out: Path,
    found: Contents,
    fill: Callable[[Path], None],
    report: Callable[[Path, str], Iterable[tuple[str, bytes]]] = lambda _stage, _name: (),
) -> str:
    """Let ``fill`` write the payload, name the bundle by it, add what carries the name, and bag it.

    Raises :class:`UsageError` if ``out`` exists, :class:`CaseError` if the disk fails; then nothing is left.
    """
    if out.exists():
        raise UsageError("this folder exists already.", file=str(out), advice="A bundle is never replaced.")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as folder:
            stage = Path(folder) / "bag"
            stage.mkdir()
            fill(stage)
            name = _identity(stage)
            for path, data in report(stage, name):
                put(stage / path, data)
            _bag(stage, found, name)
            stage.rename(out)
    except OSError as error:
        raise CaseError(f"the bundle cannot be written: {error.strerror}.", file=str(out)) from error
    return name


def as_json(document: Any) -> bytes:
    """Indented JSON with sorted keys, in UTF-8: readable by a person, and the same bytes for the same data."""
    return (json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")


def put(path: Path, content: bytes) -> None:
    """Write a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _identity(stage: Path) -> str:
    lines = []
    for path in sorted(stage.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            lines.append(f"{digest}  data/{path.relative_to(stage).as_posix()}")
    return layout.bundle_id(lines)


def _bag(stage: Path, found: Contents, name: str) -> None:
    logging.getLogger("bagit").setLevel(logging.CRITICAL)
    here = Path.cwd()
    info = {
        "Bagging-Date": found.latest.time_utc[:10],
        "External-Identifier": name,
        "External-Description": f"hattama bundle of election {found.election.id}",
        "Hattama-Format": str(layout.FORMAT),
    }
    try:
        bagit.make_bag(str(stage), info, checksums=list(layout.ALGORITHMS))
    finally:
        os.chdir(here)
    # bagit-python declares version 0.97 although it writes nothing that 1.0 (RFC 8493) does not allow.
    (stage / "bagit.txt").write_bytes(b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    for algorithm in layout.ALGORITHMS:
        write_tagmanifest(stage, algorithm)


def write_tagmanifest(bag: Path, algorithm: str) -> None:
    """List the tag files in the order of their names, in the form that ``sha256sum -c`` takes everywhere."""
    names = ["bag-info.txt", "bagit.txt", *(f"manifest-{each}.txt" for each in sorted(layout.ALGORITHMS))]
    lines = [f"{hashlib.new(algorithm, (bag / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (bag / f"tagmanifest-{algorithm}.txt").write_bytes("".join(lines).encode("ascii"))
