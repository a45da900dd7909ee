"""Write a bundle: stage the payload, bag it with bagit-python, rename. Either the whole bundle is there or none.

The same ledger, originals and versions give the same bytes. Left out on purpose: the clock (the bag is dated by
the last event), names of machine, user and folders, file times and rights, and progress of any kind.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import bagit

from tally.bundle import documents, layout
from tally.bundle.contents import Contents
from tally.bundle.crops import CutTask, Cutter, crop_path, index_entry, pages_of, view_path, wanted
from tally.bundle.programs import programs
from tally.case import Case
from tally.checkpoint import leaf
from tally.election import ELECTIONS_DIR
from tally.errors import CaseError, UsageError
from tally.form import FORMS_DIR
from tally.law import law_file
from tally.report.render import render

ALONE = Path(__file__).parent / "alone"
PAGES = Path(__file__).parent / "pages"


def write_bundle(
    case: Case,
    found: Contents,
    out: Path,
    cutter: Cutter,
    languages: Iterable[str] = (),
    step: Callable[[], None] = lambda: None,
) -> str:
    """Write the bundle of a case to the new folder ``out`` and return its id.

    ``languages`` of the paper report: ``kk``, ``ru``, ``en``. ``step`` is called after every photo.

    Raises :class:`UsageError` if ``out`` exists, :class:`CaseError` if an
    original is missing or damaged or the disk fails; then nothing is left behind.
    """
    if out.exists():
        raise UsageError("this folder exists already.", file=str(out), advice="A bundle is never replaced.")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as folder:
            stage = Path(folder) / "bag"
            stage.mkdir()
            _payload(case, found, stage, cutter, step)
            name = _identity(stage)
            for path, data in render(found, stage, name, languages).items():
                _put(stage / path, data)
            _bag(stage, found, name)
            stage.rename(out)
    except OSError as error:
        raise CaseError(f"the bundle cannot be written: {error.strerror}.", file=str(out)) from error
    return name


def _payload(case: Case, found: Contents, data: Path, cutter: Cutter, step: Callable[[], None]) -> None:
    kept = documents.kept(found)
    files = {sha256: _original(case, sha256, data) for sha256 in kept[layout.ORIGINALS]}
    index = _cut(found, data, files, cutter, step)
    for sha256 in kept[layout.OFFICIAL]:
        _put(data / layout.OFFICIAL / sha256, case.official.read(sha256))
    _put(data / layout.LEDGER, b"".join(leaf(event) + b"\n" for event in found.events))
    _put(data / layout.CHECKPOINT, found.checkpoint.text().encode("ascii"))
    _put(data / layout.CASE, (case.path / "case.toml").read_bytes())
    _put(data / layout.READINGS, _lines(documents.readings(found)))
    for name, document in (
        (layout.PHOTOS, documents.photos(found, files)),
        (layout.CROP_INDEX, index),
        (layout.ENTRIES, documents.entries(found)),
        (layout.PROTOCOLS, documents.protocols(found)),
        (layout.COVERAGE, documents.coverage(found)),
        (layout.TOTALS, found.totals.to_dict()),
        (layout.FINDINGS, documents.findings(found)),
        (layout.SNAPSHOTS, [snapshot.to_dict() for snapshot in found.snapshots]),
        (layout.CONFIG, documents.config(found)),
        (layout.PROGRAMS, programs(found)),
    ):
        _put(data / name, as_json(document))
    for name, source in rules_files(found).items():
        _put(data / name, source.read_bytes())
    for script in layout.SCRIPTS:
        _put(data / script, (ALONE / script).read_bytes())
    for page in sorted(PAGES.glob("*.txt")):
        _put(data / layout.CHECK / page.name, page.read_bytes())


def _cut(
    found: Contents, data: Path, files: Mapping[str, str], cutter: Cutter, step: Callable[[], None]
) -> list[dict[str, Any]]:
    """Put the crops beside their photos; return the index."""
    places = wanted(found.state)
    tasks = [CutTask(data / files[sha256], each, pages_of(each)) for sha256, each in places]
    index = []
    for (sha256, each), pictures in zip(places, cutter.cut(tasks), strict=True):
        if isinstance(pictures, Exception):
            raise pictures
        for page, picture in zip(pages_of(each), pictures[len(each) :], strict=True):
            _put(data / view_path(sha256, page), picture)
        for place, picture in zip(each, pictures[: len(each)], strict=True):
            path = crop_path(sha256, place, picture)
            _put(data / path, picture)
            index.append(index_entry(sha256, place, path, picture))
        step()
    return index


def rules_files(found: Contents) -> dict[str, Path]:
    """Forms and election files that the sums rest on: path below ``data/`` -> the shipped file."""
    forms = sorted({contest.contest.form for contest in found.totals.contests})
    named = {f"{layout.FORMS}/{form}.toml": FORMS_DIR / f"{form}.toml" for form in forms}
    folder = ELECTIONS_DIR / found.election.id
    shipped = sorted(path for path in folder.iterdir() if path.is_file())
    named |= {f"{layout.LAW}/{path.name}": path for path in [law_file(found.election)] if path is not None}
    return named | {f"{layout.ELECTION}/{path.name}": path for path in shipped}


def as_json(document: Any) -> bytes:
    """Indented JSON with sorted keys, in UTF-8: readable by a person, and the same bytes for the same data."""
    return (json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")


def _lines(rows: Iterable[Mapping[str, Any]]) -> bytes:
    texts = (json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")) for row in rows)
    return "".join(f"{text}\n" for text in texts).encode("utf-8")


def _original(case: Case, sha256: str, data: Path) -> str:
    content = case.photo_bytes(sha256)
    path = f"{layout.ORIGINALS}/{sha256}.{layout.extension(content[:1024])}"
    _put(data / path, content)
    return path


def _put(path: Path, content: bytes) -> None:
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
