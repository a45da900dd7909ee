"""Check a bundle from the inside out, and name every problem with its file.

First what needs no hattama (tally.bundle.alone), then bagit-python as a second opinion on the manifests, then
everything derived once more from the ledger, the rules files against the shipped ones, the crops against the
photos, and a checkpoint that somebody kept elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tally import merkle
from tally.bundle import documents, layout
from tally.bundle.alone import sums, verify
from tally.bundle.check_attest import check_attestations
from tally.bundle.check_bagit import second_opinion
from tally.bundle.check_crops import check_crops
from tally.bundle.check_report import check_report
from tally.bundle.check_shipped import check_shipped
from tally.bundle.contents import Contents
from tally.bundle.crops import Cutter
from tally.bundle.verified import Verified, contents_of_bundle, events_of
from tally.checkpoint import Checkpoint, leaves
from tally.errors import BundleError


def check_bundle(
    bag: Path,
    cutter: Cutter,
    checkpoint: Checkpoint | None = None,
    trusted: tuple[bytes, ...] = (),
    step: Callable[[], None] = lambda: None,
) -> Verified:
    """Look at everything. Damage is listed, never raised; :class:`BundleError` only if this is no bundle at all.

    ``trusted``: certificates and public keys, see :func:`tally.bundle.check_attest.check_attestations`.
    """
    if not (bag / "bagit.txt").is_file() or not (bag / "data").is_dir():
        raise BundleError(
            "this is not a bundle.", file=str(bag), advice="Give the folder that holds bagit.txt and data."
        )
    found = Verified(_name(bag))
    if (bag / "data" / layout.PUBLIC).is_file() and not (bag / "data" / layout.LEDGER).is_file():
        _public(bag, found)
        check_attestations(bag, found, trusted)
        return found
    hashes = verify.hashed(bag)
    for problem in (*verify.problems(bag, hashes), *sums.problems(bag)):
        found.add(*problem)
    second_opinion(bag, found, hashes)
    check_crops(bag, cutter, found, step)
    try:
        again = contents_of_bundle(bag)
    except Exception as error:  # noqa: BLE001 - whoever damaged the file chose which one
        found.add("recomputed", f"data/{layout.LEDGER}", f"cannot be read: {type(error).__name__}: {error}")
    else:
        for check in (_recomputed, check_shipped, check_report):
            try:
                check(bag, again, found)
            except Exception as error:  # noqa: BLE001 - the same
                name = check.__name__.removeprefix("_").removeprefix("check_")
                found.add(name, "data", f"cannot be checked: {type(error).__name__}: {error}")
    check_attestations(bag, found, trusted)
    if checkpoint is None:
        found.notes.append("no_checkpoint")
    else:
        _against(bag, checkpoint, found)
    return found


def _public(bag: Path, found: Verified) -> None:
    """A public bundle has no photos and no history: only hashes, sums and coverage can be checked."""
    found.notes.append("public")
    hashes = verify.hashed(bag)
    for problem in (*verify.problems_of_files(bag, hashes), *sums.problems_of_sums(bag)):
        found.add(*problem)
    second_opinion(bag, found, hashes)


def _name(bag: Path) -> str:
    try:
        lines = (bag / "bag-info.txt").read_text("utf-8").splitlines()
    except (OSError, ValueError):
        return ""
    found = (line.partition(": ")[2] for line in lines if line.startswith("External-Identifier: "))
    return next(found, "")


def _recomputed(bag: Path, again: Contents, found: Verified) -> None:
    files = {path.name.split(".")[0]: path.name for path in (bag / "data" / layout.ORIGINALS).glob("*")}
    files = {sha256: f"{layout.ORIGINALS}/{files.get(sha256, '?')}" for sha256 in again.state.photos}
    own: dict[str, Any] = {
        layout.PHOTOS: documents.photos(again, files),
        layout.ENTRIES: documents.entries(again),
        layout.PROTOCOLS: documents.protocols(again),
        layout.COVERAGE: documents.coverage(again),
        layout.TOTALS: again.totals.to_dict(),
        layout.FINDINGS: documents.findings(again),
        layout.SNAPSHOTS: [snapshot.to_dict() for snapshot in again.snapshots],
        layout.CONFIG: documents.config(again),
    }
    for name, document in own.items():
        try:
            told = json.loads((bag / "data" / name).read_bytes())
        except (OSError, ValueError) as error:
            found.add("recomputed", f"data/{name}", f"cannot be read: {error}")
            continue
        # Through JSON and back: tuples become lists, as in the file.
        for place in first_differences(json.loads(json.dumps(document)), told):
            found.add("recomputed", f"data/{name}", f"{place} is not what follows from the ledger")


def first_differences(ours: Any, theirs: Any, place: str = "", limit: int = 20) -> list[str]:
    """Where two JSON values differ, at most ``limit`` places, each as a path such as ``contests[0].sums``."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        keys: list[tuple[str, Any, Any]] = [
            (f"{place}.{key}".lstrip("."), ours.get(key), theirs.get(key))
            for key in sorted(ours.keys() | theirs.keys())
        ]
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        keys = [(f"{place}[{i}]", a, b) for i, (a, b) in enumerate(zip(ours, theirs, strict=True))]
    else:
        return [] if ours == theirs and type(ours) is type(theirs) else [place or "the whole file"]
    out: list[str] = []
    for inner, a, b in keys:
        if len(out) >= limit:
            break
        out += first_differences(a, b, inner, limit - len(out))
    return out


def _against(bag: Path, kept: Checkpoint, found: Verified) -> None:
    """A checkpoint that somebody kept elsewhere: the only check that a rewritten bundle cannot pass."""
    for message in _kept(bag, kept):
        found.add("checkpoint", f"data/{layout.LEDGER}", message)


def _kept(bag: Path, kept: Checkpoint) -> Iterator[str]:
    try:
        events = events_of(bag)
    except Exception as error:  # noqa: BLE001 - whoever damaged the file chose which one
        yield f"cannot be read: {error}"
        return
    hashed = leaves(events)
    if not events or not kept.origin.endswith(str(events[0].hash)[:16]):
        yield "is another ledger than that of the checkpoint that was kept"
    elif kept.size > len(hashed):
        yield f"has {len(hashed)} events, but the checkpoint that was kept has {kept.size}: its tail was cut"
    elif merkle.root(hashed[: kept.size]) != kept.root:
        yield f"does not begin with the {kept.size} events of the checkpoint that was kept"
