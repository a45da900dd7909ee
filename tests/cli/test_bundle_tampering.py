"""Attacks on a bundle, from the photo to the history. Every attack but the first kind repairs what it can reach."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tally.bundle.alone import verify
from tally.bundle.bagging import bagit
from tally.bundle.check_bagit import second_opinion
from tally.bundle.verified import Verified
from tally.checkpoint import checkpoint_of, parse_checkpoint
from tests.cli import bundling
from tests.cli.bundling import check, edit, events_in, repair_ledger, repair_manifests, rewrite_all, said


@pytest.fixture(scope="module")
def clean(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("bundle")
    return bundling.make_bundle(bundling.make_case(folder / "case"), folder / "bag")


def photo(bag: Path, name: str = "district-27-1.jpg") -> tuple[str, Path]:
    """Hash and path of an original."""
    told = next(
        p for p in json.loads((bag / "data/photos.json").read_bytes()) if p["receipts"][0]["name"] == name
    )
    return told["sha256"], bag / "data" / told["file"]


def kept(bag: Path):
    """The checkpoint as somebody outside received it."""
    return parse_checkpoint((bag / "data/checkpoint.txt").read_text("ascii"))


def test_a_clean_bundle_has_no_problems(clean):
    found = check(clean, kept(clean))
    assert said(found) == ""
    assert found.crops > 20
    assert found.crops_alike == 0
    assert bagit.Bag(str(clean)).is_valid()


def regions(bag: Path) -> list[Path]:
    """One file of every kind that a bundle holds: each by name, and the first of every folder of many."""
    seen: dict[str, Path] = {}
    for path in sorted(path for path in bag.rglob("*") if path.is_file()):
        parts = path.relative_to(bag).parts
        many = len(parts) > 2 and parts[1] in ("originals", "crops", "official", "views")
        seen.setdefault(parts[1] if many else "/".join(parts), path)
    return list(seen.values())


def test_one_flipped_bit_in_every_region(bag):
    names = set()
    for path in regions(bag):
        before = path.read_bytes()
        middle = len(before) // 2
        path.write_bytes(before[:middle] + bytes([before[middle] ^ 1]) + before[middle + 1 :])
        name = path.relative_to(bag).as_posix()
        try:
            files = {problem.file for problem in check(bag).problems}
            assert files, name
            # A broken manifest accuses the files that it lists, or cannot be read; any other file is named itself.
            assert name in files or "manifest" in name, (name, files)
            assert not bagit.Bag(str(bag)).is_valid() if "bagit.txt" not in name else True
        except bagit.BagError:
            pass  # so damaged that the library does not open it
        finally:
            path.write_bytes(before)
        names.add(name.split("/")[1] if name.startswith("data/") else name)
    assert {"originals", "crops", "official", "ledger.jsonl", "totals.json", "bagit.txt"} <= names
    assert said(check(bag)) == ""


def library(bag: Path) -> list[str]:
    """What the library says through us, without any finding of our own."""
    found = Verified()
    second_opinion(bag, found, verify.hashed(bag))
    return [problem.file for problem in found.problems]


def full(bag: Path) -> bool:
    """The library's whole validation, hashing included."""
    try:
        return bool(bagit.Bag(str(bag)).is_valid())
    except bagit.BagError:
        return False


def test_hashing_once_says_what_the_library_says_when_it_hashes_itself(bag):
    assert full(bag)
    assert library(bag) == []
    for path in regions(bag):
        before, name = path.read_bytes(), path.relative_to(bag).as_posix()
        for at in {0, len(before) // 2, len(before) - 1}:
            path.write_bytes(before[:at] + bytes([before[at] ^ 1]) + before[at + 1 :])
            assert bool(library(bag)) is not full(bag), (name, at)
        path.unlink()
        assert bool(library(bag)) is not full(bag), name
        path.write_bytes(before)
    (bag / "data/added.txt").write_text("added")
    assert library(bag)  # it counts bytes before it looks at names
    assert not full(bag)


def test_the_photos_are_hashed_once(bag, monkeypatch):
    def twice(*_: object) -> None:
        raise AssertionError("the library hashes the payload again")

    monkeypatch.setattr(bagit, "_calc_hashes", twice)
    assert said(check(bag)) == ""


def test_the_first_the_middle_and_the_last_bit_of_every_region_are_seen_without_hattama(bag):
    """By verify.py alone; what it prints is all that a stranger has."""
    for path in regions(bag):
        before, name = path.read_bytes(), path.relative_to(bag).as_posix()
        for at in {0, len(before) // 2, len(before) - 1}:
            path.write_bytes(before[:at] + bytes([before[at] ^ 1]) + before[at + 1 :])
            files = {problem.file for problem in verify.problems(bag)}
            # A manifest may still list what it listed (a blank at its end); its own hash does not fit any more.
            assert name in files or (name.startswith("tagmanifest") and files), (name, at, files)
        path.write_bytes(before)
    assert verify.problems(bag) == []


def test_a_removed_photo(bag):
    sha256, path = photo(bag)
    path.unlink()
    assert f"data/{path.parent.name}/{path.name} is missing, but listed in manifest-sha256.txt" in said(
        check(bag)
    )
    repair_manifests(bag)
    assert f"original data/originals/{sha256} is missing, but the ledger says it was received" in said(
        check(bag)
    )


def test_a_photo_removed_with_everything_that_speaks_of_it(bag):
    sha256, path = photo(bag)
    path.unlink()
    shutil.rmtree(bag / "data/crops" / sha256)
    edit(bag, "photos.json", lambda photos: [p for p in photos if p["sha256"] != sha256])
    edit(bag, "crops.json", lambda crops: [c for c in crops if c["photo"] != sha256])
    lines = (bag / "data/readings.jsonl").read_text("utf-8").splitlines(keepends=True)
    (bag / "data/readings.jsonl").write_text("".join(line for line in lines if sha256 not in line), "utf-8")
    repair_manifests(bag)
    assert f"{sha256} is missing, but the ledger says it was received" in said(check(bag))


def test_an_added_photo(bag):
    sha256 = "a591a6d40bf420404a011733cfb7b190d62c65bf0bcda32b57b277d9ad9f146e"
    (bag / f"data/originals/{sha256}.bin").write_bytes(b"Hello World")
    assert "is not listed in manifest-sha512.txt: it was added later" in said(check(bag))
    repair_manifests(bag)
    assert f"data/originals/{sha256}.bin no event of the ledger says that it was received" in said(check(bag))


def test_a_photo_replaced_by_another_of_the_same_sheet(bag):
    _, path = photo(bag)
    path.write_bytes((bundling.SAMPLES / "district-27-3.jpg").read_bytes())
    repair_manifests(bag)
    assert f"original data/originals/{path.name} its bytes have sha256" in said(check(bag))


def test_a_swapped_crop(bag):
    crops = json.loads((bag / "data/crops.json").read_bytes())
    mine, other = (
        next(c for c in crops if any(r["code"] == code for r in c["read_as"]))
        for code in ("votes.1", "votes.2")
    )
    picture = (bag / "data" / other["file"]).read_bytes()
    (bag / "data" / mine["file"]).write_bytes(picture)
    for crop in crops:
        if crop["file"] == mine["file"]:
            crop["sha256"] = other["sha256"]
    edit(bag, "crops.json", lambda _: crops)
    repair_manifests(bag)
    shown = said(check(bag))
    assert f"crop data/{mine['file']} is not what the photo shows at the recorded corners" in shown


def test_a_crop_taken_from_another_place(bag):
    def move(crops):
        crops[0]["quad_px"] = crops[5]["quad_px"]

    edit(bag, "crops.json", move)
    repair_manifests(bag)
    assert "no reading of the ledger has these corners" in said(check(bag))


def change_reading(event, value: int) -> None:
    event["body"]["reading"]["fields"]["votes.1"]["value"] = value


def test_an_edited_reading_with_repaired_manifests(bag):
    path = bag / "data/readings.jsonl"
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    rows[0]["reading"]["fields"]["votes.1"]["value"] = 1
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    repair_manifests(bag)
    assert f"reading data/readings.jsonl event {rows[0]['event']} is not what the ledger says" in said(
        check(bag)
    )


def test_a_reading_edited_in_the_ledger_without_a_new_chain(bag):
    events = events_in(bag)
    number = next(i for i, event in enumerate(events) if event["kind"] == "read")
    change_reading(events[number], 1)
    text = "".join(json.dumps(e, sort_keys=True, separators=(",", ":")) + "\n" for e in events)
    (bag / "data/ledger.jsonl").write_text(text, "ascii")
    repair_manifests(bag)
    assert f"event {number + 1} (read) is not what was written" in said(check(bag))


def test_a_reading_edited_in_the_ledger_with_chain_and_checkpoint_repaired(bag):
    events, outside = events_in(bag), kept(bag)
    read = next(event for event in events if event["kind"] == "read")
    change_reading(read, 1)
    repair_ledger(bag, events)
    path = bag / "data/readings.jsonl"
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    rows[0]["reading"]["fields"]["votes.1"]["value"] = 1
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    repair_manifests(bag)
    shown = said(check(bag))
    assert "votes.1: nobody read or typed" in shown
    assert "data/totals.json contests[0].sums.altaev" in shown
    assert "does not begin with the" in said(check(bag, outside))


def test_a_bundle_rewritten_as_a_whole_is_found_by_a_checkpoint_kept_elsewhere(bag):
    events, outside = events_in(bag), kept(bag)
    change_reading(next(event for event in events if event["kind"] == "read"), 1)
    repair_ledger(bag, events)
    rewrite_all(bag)
    repair_manifests(bag)
    alone = check(bag)
    # Nothing inside can show it, and the output says so; the picture still shows another number.
    assert said(alone) == ""
    assert "no_checkpoint" in alone.notes
    assert said(check(bag, outside)).startswith("checkpoint data/ledger.jsonl does not begin with the")


def test_a_cut_tail_of_the_ledger(bag):
    path = bag / "data/ledger.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-2]))
    repair_manifests(bag)
    assert f"speaks of {len(lines)} events, but data/ledger.jsonl has {len(lines) - 2}" in said(check(bag))


def test_a_cut_tail_with_the_checkpoint_repaired(bag):
    outside, events = kept(bag), events_in(bag)
    repair_ledger(bag, events[:-2])
    repair_manifests(bag)
    shown = said(check(bag))
    assert f"entry data/entries.json event {len(events) - 1} is not in the ledger" in shown
    rewrite_all(bag)
    (official,) = (bag / "data/official").iterdir()
    official.unlink()
    repair_manifests(bag)
    assert said(check(bag)) == ""
    assert "its tail was cut" in said(check(bag, outside))


def test_a_changed_sum_with_everything_outside_repaired(bag):
    def change(totals):
        totals["contests"][0]["sums"]["altaev"]["low"] += 1

    edit(bag, "totals.json", change)
    repair_manifests(bag)
    shown = said(check(bag))
    assert "sum data/totals.json smd-27 altaev: the protocols add up to" in shown
    assert "recomputed data/totals.json contests[0].sums.altaev.low is not what follows" in shown


def test_a_changed_cell_with_its_sum(bag):
    def cell(contests):
        version = contests[0]["protocols"][0]["versions"][0]
        for cells in (version["cells"], version["sheets"][0]["cells"]):
            cells["votes.1"] |= {"low": 1, "high": 1, "value": 1}

    before = json.loads((bag / "data/protocols.json").read_bytes())
    true = before[0]["protocols"][0]["versions"][0]["cells"]["votes.1"]["low"]

    def total(totals):
        for key in ("low", "high", "as_read"):
            totals["contests"][0]["sums"]["altaev"][key] += 1 - true

    edit(bag, "protocols.json", cell)
    edit(bag, "totals.json", total)
    repair_manifests(bag)
    shown = said(check(bag))
    assert "sum data/totals.json" not in shown  # the attacker added up well
    assert "votes.1: nobody read or typed 1 from" in shown


def test_a_sheet_left_out_of_the_protocols(bag):
    edit(bag, "protocols.json", lambda contests: contests[0]["protocols"].pop(0) and None)
    repair_manifests(bag)
    assert "was read and is left out" in said(check(bag))


def test_a_finding_taken_away(bag):
    edit(bag, "findings.json", lambda told: told.update(findings=[]))
    repair_manifests(bag)
    assert "recomputed data/findings.json findings is not what follows" in said(check(bag))


@pytest.mark.parametrize("name", ["verify.py", "sums.py", "check/check-kk.txt"])
def test_a_means_of_checking_that_always_agrees(bag, name):
    (bag / "data" / name).write_text("print('nothing is wrong')\n", "utf-8")
    repair_manifests(bag)
    assert f"script data/{name} is of no hattama that is known to this one" in said(check(bag))
    assert check(bag).earlier == []


def test_a_form_with_other_checks(bag):
    path = bag / "data/forms/kz-2023-majilis-smd.toml"
    path.write_text(path.read_text("utf-8").replace('relation = "=="', 'relation = "<="'), "utf-8")
    repair_manifests(bag)
    assert "rules data/forms/kz-2023-majilis-smd.toml" in said(check(bag))


@pytest.mark.parametrize("name", ["note.txt", "forms/mine.toml", "views/face.jpg", "check/check-de.txt"])
def test_a_file_that_belongs_to_no_bundle(bag, name):
    (bag / "data" / name).write_bytes(b"read me first")
    repair_manifests(bag)
    assert f"added data/{name} belongs to no bundle of hattama" in said(check(bag))


def test_all_problems_are_listed_not_only_the_first(bag):
    for name in ("totals.json", "entries.json", "crops.json", "ledger.jsonl", "photos.json"):
        (bag / "data" / name).write_bytes(b"{")
    files = {problem.file for problem in check(bag).problems}
    assert {f"data/{n}" for n in ("totals.json", "entries.json", "crops.json", "ledger.jsonl")} <= files


def test_a_link_out_of_the_bundle(bag, tmp_path):
    _, path = photo(bag)
    outside = tmp_path / "elsewhere.jpg"
    path.rename(outside)
    path.symlink_to(outside)
    assert "is a link; a bundle holds only files" in said(check(bag))


def test_a_photo_that_kills_nothing_but_itself(bag):
    """A crop list with corners of a page that is not there is a problem, not a traceback."""

    def page(crops):
        crops[0]["page"] = 9

    edit(bag, "crops.json", page)
    assert "cannot be cut again" in said(check(bag))


def test_the_checkpoint_of_another_case(bag):
    other = checkpoint_of([])
    assert "is another ledger" in said(check(bag, other))


def test_a_crop_list_that_points_out_of_the_bundle(bag, tmp_path):
    """Whoever checks a stranger's bundle opens and writes nothing outside it."""
    crops = json.loads((bag / "data/crops.json").read_bytes())
    outside = tmp_path / "outside.png"
    outside.write_bytes((bag / "data" / crops[0]["file"]).read_bytes())
    (bag / "data" / crops[0]["file"]).unlink()
    crops[0]["file"] = "../../outside.png"
    edit(bag, "crops.json", lambda _: crops)
    repair_manifests(bag)
    assert "crop data/crops.json '../../outside.png' is no name of a crop" in said(check(bag))


def test_a_picture_made_to_exhaust_the_machine_is_not_decoded(bag):
    import resource
    import struct
    import zlib

    crops = json.loads((bag / "data/crops.json").read_bytes())
    rows = zlib.compress(bytes((30_000 // 8 + 1) * 30_000), 9)  # 30,000 x 30,000 pixels in some kilobytes
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", 30_000, 30_000, 1, 0, 0, 0, 0)),
        (b"IDAT", rows),
        (b"IEND", b""),
    ]
    picture = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
    (bag / "data" / crops[0]["file"]).write_bytes(picture)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert f"crop data/{crops[0]['file']} is not what the photo shows" in said(check(bag))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300 * 1024  # it would take gigabytes


def test_nested_nonsense_and_a_pipe_instead_of_files(bag):
    import os

    (bag / "data/entries.json").write_text("[" * 200_000)
    os.mkfifo(bag / "data/originals/pipe")
    shown = said(check(bag))
    assert "data/entries.json its bytes do not have the sha256" in shown
    assert "data/originals/pipe is not listed in manifest-sha256.txt" in shown
