"""Write a bundle: stage the payload, bag it with bagit-python, rename. Either the whole bundle is there or none.

The same ledger, originals and versions give the same bytes. Left out on purpose: the clock (the bag is dated by
the last event), names of machine, user and folders, file times and rights, and progress of any kind.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tally.bundle import documents, layout
from tally.bundle.contents import Contents
from tally.bundle.crops import CutTask, Cutter, crop_path, index_entry, reduced, wanted
from tally.bundle.programs import programs
from tally.bundle.stage import as_json, put, staged
from tally.case import Case
from tally.checkpoint import leaf
from tally.election import ELECTIONS_DIR, own_files
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

    def report(stage: Path, name: str) -> Iterator[tuple[str, bytes]]:
        return render(found, stage, name, languages)

    return staged(out, found, lambda stage: _payload(case, found, stage, cutter, step), report)


def _payload(case: Case, found: Contents, data: Path, cutter: Cutter, step: Callable[[], None]) -> None:
    kept = documents.kept(found)
    files = {sha256: _original(case, sha256, data) for sha256 in kept[layout.ORIGINALS]}
    index = cut_crops(found, data, files, cutter, step)
    official_files(case, found, data)
    put(data / layout.LEDGER, b"".join(leaf(event) + b"\n" for event in found.events))
    put(data / layout.CHECKPOINT, found.checkpoint.text().encode("ascii"))
    put(data / layout.CASE, (case.path / "case.toml").read_bytes())
    put(data / layout.READINGS, _lines(documents.readings(found)))
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
        put(data / name, as_json(document))
    for name, source in rules_files(found).items():
        put(data / name, source.read_bytes())
    for script in layout.SCRIPTS:
        put(data / script, (ALONE / script).read_bytes())
    for page in sorted(PAGES.glob("*.txt")):
        put(data / layout.CHECK / page.name, page.read_bytes())


def official_files(case: Case, found: Contents, data: Path) -> None:
    """Put official tables and registers into the bundle, byte for byte."""
    for sha256 in documents.kept(found)[layout.OFFICIAL]:
        put(data / layout.OFFICIAL / sha256, case.official.read(sha256))


def cut_crops(
    found: Contents,
    data: Path,
    files: Mapping[str, str],
    cutter: Cutter,
    step: Callable[[], None],
    *,
    views: bool = True,
) -> list[dict[str, Any]]:
    """Put the crops (and, if wanted, the reduced pages) into the bundle; return the index.

    ``files``: sha256 -> path of the photo, below ``data`` or absolute.
    """
    shown = [one for one in wanted(found.state) if views or one.places]
    tasks = [CutTask(data / files[one.sha256], one.places, one.pages if views else ()) for one in shown]
    index = []
    for (sha256, places, _), task, pictures in zip(shown, tasks, cutter.cut(tasks), strict=True):
        if isinstance(pictures, Exception):
            if places:
                raise pictures
            continue  # nothing was read there: it cannot be decoded
        for path, picture in zip(reduced(sha256, places, task.views), pictures[len(places) :], strict=True):
            put(data / path, picture)
        for place, picture in zip(places, pictures[: len(places)], strict=True):
            path = crop_path(sha256, place, picture)
            put(data / path, picture)
            index.append(index_entry(sha256, place, path, picture))
        step()
    return index


def rules_files(found: Contents) -> dict[str, Path]:
    """Forms and election files that the sums rest on: path below ``data/`` -> the shipped file, or the case's own."""
    contests = [one.contest for one in found.totals.contests]
    forms = sorted({contest.form for contest in contests if contest.form_file is None})
    named = {f"{layout.FORMS}/{form}.toml": FORMS_DIR / f"{form}.toml" for form in forms}
    named |= {f"{layout.LAW}/{path.name}": path for path in [law_file(found.election)] if path is not None}
    if found.own_election is not None:
        files = own_files(found.own_election)
    else:
        folder = ELECTIONS_DIR / found.election.id
        files = {path.name: path for path in sorted(folder.iterdir()) if path.is_file()}
    return named | {f"{layout.ELECTION}/{name}": path for name, path in files.items()}


def _lines(rows: Iterable[Mapping[str, Any]]) -> bytes:
    texts = (json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")) for row in rows)
    return "".join(f"{text}\n" for text in texts).encode("utf-8")


def _original(case: Case, sha256: str, data: Path) -> str:
    content = case.photo_bytes(sha256)
    path = f"{layout.ORIGINALS}/{sha256}.{layout.extension(content[:1024])}"
    put(data / path, content)
    return path
