"""A bundle for everybody: numbers, the pieces of paper that show them, and hashes of the originals. No people.

Made from a list of what may be shown, not by striking out what may not. Pictures are the places of numbers alone:
signatures, seals, faces and whatever lies beside a sheet are on none of them, and they carry no metadata. File
names, senders, reviewers, times, captions and the ledger stay out; its checkpoint is in, so that the full bundle can
be held against it later.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tally.bundle import documents, layout
from tally.bundle.contents import Contents
from tally.bundle.crops import Cutter
from tally.bundle.programs import programs
from tally.bundle.stage import as_json, put, staged
from tally.bundle.write import cut_crops, official_files, rules_files
from tally.case import Case

_LEFT_OUT = (
    "originals (their sha256 and size are in photos.json)",
    "the ledger (its checkpoint is in checkpoint.txt)",
    "file names, senders, reviewers, times and captions",
    "everything on a photo but the places of numbers",
    "texts of findings that name a file or a person",
)


def write_public(
    case: Case, found: Contents, out: Path, cutter: Cutter, step: Callable[[], None] = lambda: None
) -> str:
    """Write the public bundle to the new folder ``out`` and return its id. Raises as ``write_bundle`` does."""

    def fill(stage: Path) -> None:
        paths = {sha256: str(case.originals.path_of(sha256)) for sha256 in found.state.photos}
        index = cut_crops(found, stage, paths, cutter, step, views=False)
        _documents(found, stage, index)
        official_files(case, found, stage)
        for name, source in rules_files(found).items():
            put(stage / name, source.read_bytes())

    return staged(out, found, fill)


def _documents(found: Contents, data: Path, index: list[dict[str, Any]]) -> None:
    put(data / layout.CHECKPOINT, found.checkpoint.text().encode("ascii"))
    for name, document in (
        (layout.PUBLIC, {"left_out": list(_LEFT_OUT)}),
        (layout.PHOTOS, _photos(found)),
        (layout.CROP_INDEX, index),
        (layout.PROTOCOLS, _protocols(found)),
        (layout.COVERAGE, _coverage(found)),
        (layout.TOTALS, _totals(found)),
        (layout.FINDINGS, {"findings": [_finding(one, _people(found)) for one in _found(found)]}),
        (layout.SNAPSHOTS, [{**snapshot.to_dict(), "name": ""} for snapshot in found.snapshots]),
        (layout.PROGRAMS, programs(found)),
    ):
        put(data / name, as_json(document))


def _photos(found: Contents) -> list[dict[str, Any]]:
    photos = sorted(found.state.photos.values(), key=lambda photo: photo.sha256)
    return [{"sha256": p.sha256, "size": p.size, "opens": p.quarantined is None} for p in photos]


def _protocols(found: Contents) -> list[dict[str, Any]]:
    shown = documents.protocols(found)
    for contest in shown:
        for protocol in contest["protocols"]:
            for version in protocol["versions"]:
                for sheet in version["sheets"]:
                    del sheet["name"]
    return shown


def _coverage(found: Contents) -> dict[str, Any]:
    told = documents.coverage(found)
    return {"contests": told["contests"], "unassigned_pages": len(told["unassigned_pages"])}


def _totals(found: Contents) -> dict[str, Any]:
    told = found.totals.to_dict()
    for contest in told["contests"]:
        contest["not_counted"] = len(contest["not_counted"])
    return {"election": told["election"], "contests": told["contests"]}


def _found(found: Contents) -> list[dict[str, Any]]:
    return [finding.to_dict() for finding in found.findings]


def _people(found: Contents) -> set[str]:
    """Everything that may name a person: file names, readers, actors."""
    names = {name for photo in found.state.photos.values() for name in photo.names}
    names |= {row.reader for row in found.state.typed} | {event.actor for event in found.events}
    return {name.casefold() for name in names if name}


def _finding(one: Mapping[str, Any], people: set[str]) -> dict[str, Any]:
    keys = (
        "code",
        "family",
        "verdict",
        "contest",
        "subject",
        "protocols",
        "official",
        "margin",
        "robust",
        "confirmed",
    )
    shown = {key: one[key] for key in keys}
    if not any(name in text.casefold() for text in one["text"].values() for name in people):
        shown["text"] = one["text"]
    return shown
