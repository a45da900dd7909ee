"""A small case with real photos and readings taken from their truth, and an attacker who repairs what he breaks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.bundle import SAMPLES, TRUTH, faultless
from cli.crops import PhotoCutter
from tally.bundle import documents, layout, stage
from tally.bundle.bagging import bagit
from tally.bundle.check import check_bundle
from tally.bundle.contents import contents_of
from tally.bundle.stage import write_tagmanifest
from tally.bundle.verified import Verified, contents_of_bundle
from tally.bundle.write import write_bundle
from tally.case import Case, create_case
from tally.checkpoint import Checkpoint, checkpoint_of, leaf
from tally.ledger import GENESIS, Event, chain_hash
from tally.official import OfficialFigure, add_figures
from tally.review.desk import ReviewDesk
from tally.typed_rows import Entry

PIPELINE = "test 1"


def make_case(path: Path) -> Case:
    """Two photos, one of them sent twice, one file that is no photo, a correction, an official table."""
    case = create_case(path, "kz-2023-majilis", [27], actor="user:test", note="a test")
    for name in ("district-27-1.jpg", "district-27-2.jpg"):
        stored = case.add_photo(SAMPLES / name)
        case.record_pages(stored.sha256, [faultless(name, stored.sha256)], PIPELINE)
    case.add_photo(SAMPLES / "district-27-1.jpg", "again.jpg")
    case.add_bytes(b"this is no photo", "note.jpg", "cannot be decoded")
    for votes, reason in ((7, ""), (8, "the 7 is an 8 under the stamp")):
        body = {
            "reader": "aliya",
            "kind": "person",
            "contest": "smd-27",
            "region": "turkistan",
            "precinct": 901,
        }
        case.record(
            "typed", body | {"sha256": None, "page": None, "fields": {"altaev": votes}, "reason": reason}
        )
    figures = [OfficialFigure("smd-27", "altaev", "", 11, "11", "votes", False, "web", "2023-03-27")]
    add_figures(case, b"district,subject,votes\n27,altaev,11\n", "cec.csv", figures, "web", "2023-03-27")
    return case


def make_bundle(case: Case, out: Path) -> Path:
    """Its bundle, without a report."""
    write_bundle(case, contents_of(case), out, PhotoCutter())
    return out


def check(bag: Path, kept: Checkpoint | None = None) -> Verified:
    """Everything, with the photos cut in this process."""
    return check_bundle(bag, PhotoCutter(), kept)


def said(found: Verified) -> str:
    """All problems as text."""
    return "\n".join(" ".join(problem) for problem in found.problems)


def edit(bag: Path, name: str, change: Callable[[Any], Any]) -> None:
    """Change a JSON document of the bundle; ``change`` may work in place or return another value."""
    path = bag / "data" / name
    data = json.loads(path.read_bytes())
    changed = change(data)
    path.write_text(json.dumps(data if changed is None else changed, ensure_ascii=False), "utf-8")


def events_in(bag: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (bag / "data" / layout.LEDGER).read_text("ascii").splitlines()]


def repair_ledger(bag: Path, events: list[dict[str, Any]]) -> None:
    """Number and chain the events anew and seal them: what an attacker with our source code would do."""
    head, chained = GENESIS, []
    for seq, event in enumerate(events, 1):
        core = {key: event[key] for key in ("time_utc", "local_offset", "actor", "kind", "body")} | {
            "seq": seq
        }
        one = Event(**core, prev_hash=head, hash=chain_hash(head, core))
        chained.append(one)
        head = one.hash
    (bag / "data" / layout.LEDGER).write_bytes(b"".join(leaf(event) + b"\n" for event in chained))
    (bag / "data" / layout.CHECKPOINT).write_text(checkpoint_of(chained).text(), "ascii")


def repair_manifests(bag: Path) -> None:
    """Write manifests, bag-info and tag manifests that fit the files as they are now."""
    files = sorted(path for path in (bag / "data").rglob("*") if path.is_file())
    names = {path: path.relative_to(bag).as_posix() for path in files}
    for algorithm in layout.ALGORITHMS:
        lines = [
            f"{hashlib.new(algorithm, path.read_bytes()).hexdigest()}  {name}\n"
            for path, name in names.items()
        ]
        (bag / f"manifest-{algorithm}.txt").write_text("".join(lines), "ascii")
    own = layout.bundle_id((bag / "manifest-sha256.txt").read_text("ascii").splitlines())
    told = {
        "External-Identifier": own,
        "Payload-Oxum": f"{sum(path.stat().st_size for path in files)}.{len(files)}",
    }
    lines = [line.partition(": ") for line in (bag / "bag-info.txt").read_text("utf-8").splitlines()]
    text = "".join(f"{key}: {told.get(key, value)}\n" for key, _, value in lines)
    (bag / "bag-info.txt").write_text(text, "utf-8")
    for algorithm in layout.ALGORITHMS:
        write_tagmanifest(bag, algorithm)
    # The attack is otherwise complete: the library finds nothing, and neither do we in the manifests.
    assert bagit.Bag(str(bag)).is_valid()
    assert not [problem for problem in check(bag).problems if problem.what == "manifest"]


def rewrite_all(bag: Path) -> None:
    """Derive every document from the ledger as it is now, with our own program."""
    again = contents_of_bundle(bag)
    files = {path.name.split(".")[0]: f"originals/{path.name}" for path in (bag / "data/originals").iterdir()}
    for name, document in {
        "photos.json": documents.photos(again, files),
        "entries.json": documents.entries(again),
        "protocols.json": documents.protocols(again),
        "coverage.json": documents.coverage(again),
        "totals.json": again.totals.to_dict(),
        "findings.json": documents.findings(again),
        "official.json": [snapshot.to_dict() for snapshot in again.snapshots],
        "config.json": documents.config(again),
    }.items():
        (bag / "data" / name).write_bytes(stage.as_json(document))
    rows = "".join(json.dumps(row) + "\n" for row in documents.readings(again))
    (bag / "data/readings.jsonl").write_text(rows, "utf-8")


def reviewed_case(path: Path) -> Case:
    """As :func:`make_case`, and three people at work: equal entries, a decision, a page put aside, a second try."""
    case = make_case(path)
    for name in ("district-27-3.jpg", "district-27-4.jpg"):
        stored = case.add_photo(SAMPLES / name)
        case.record_pages(stored.sha256, [faultless(name, stored.sha256)], PIPELINE)
    desk = ReviewDesk(case)
    photos = {photo.name: sha256 for sha256, photo in desk.state().photos.items()}
    for name, people, wrong in (
        ("district-27-1.jpg", ("Aida", "Bolat"), {}),
        ("district-27-2.jpg", ("Bolat", "Dana", "Aida"), {"votes.1": 1}),
    ):
        for number, who in enumerate(people):
            lease = desk.take((photos[name], 1), who, decides=number == 2)
            fields = _values(name) | (wrong if number == 1 else {})
            desk.enter(lease.token, who, Entry("smd-27", "turkistan", TRUTH[name]["cells"]["precinct"]["value"],
                                               None, 1, fields))  # fmt: skip
    for who in ("Aida", "Dana"):
        lease = desk.take((photos["district-27-4.jpg"], 1), who)
        desk.enter(lease.token, who, None, "photograph_again")
    lease = desk.take((photos["district-27-3.jpg"], 1), "Bolat")
    desk.enter(lease.token, "Bolat", Entry("smd-27", "turkistan", 1, None, 1, _values("district-27-3.jpg")))
    desk.withdraw((photos["district-27-3.jpg"], 1), "Bolat")
    return case


def _values(name: str) -> dict[str, int | str | None]:
    cells = TRUTH[name]["cells"]
    return {
        c: cell["value"]
        for c, cell in cells.items()
        if c not in ("precinct", "district") and cell["mark"] == "read"
    }
