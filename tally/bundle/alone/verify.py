"""Check a hattama bundle with nothing but Python's standard library.

Run it in the folder of the bundle:  python3 data/verify.py

This file and sums.py beside it import nothing of hattama and can be read in a quarter of an hour. They check
hashes, the chain of the ledger, that every reading and every typed number is the one in the ledger, and add the
sums up again. They cannot check what is in the pictures: look at them, or run `hattama verify`.

Exit code 0 if nothing is wrong, else 6. Every problem is listed.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

_LINE = re.compile(r"([0-9a-f]+)  (.+)")
_ALGORITHMS = ("sha256", "sha512")
_CROP = re.compile(r"crops/[0-9a-f]{64}/[0-9]+-[0-9a-f]{32}\.png")
_CORE = ("seq", "time_utc", "local_offset", "actor", "kind", "body")

_KEPT_AS = {"originals": ("received", "imported"), "official": ("official_added", "register_added")}


class Problem(NamedTuple):
    """One thing that is wrong: what kind, in which file, in words."""

    what: str
    file: str
    message: str


Hashes: TypeAlias = Mapping[str, tuple[str, ...]]
"""Path in the bundle -> sha256 and sha512 of its bytes. Every file is read once."""


def problems(bag: Path, hashes: Hashes | None = None) -> list[Problem]:
    """Everything that is wrong with the bundle in the folder ``bag``; empty if nothing is.

    ``hashes``: what :func:`hashed` says of it, if that was asked already.
    """
    files = (_manifests, _identity)
    return _all(bag, (*files, _ledger, _originals, _crops), hashes)


def problems_of_files(bag: Path, hashes: Hashes | None = None) -> list[Problem]:
    """What is wrong with the files themselves: their hashes, their number, the name of the bundle."""
    return _all(bag, (_manifests, _identity), hashes)


def _all(
    bag: Path, checks: tuple[Callable[[Path, Hashes], Iterator[Problem]], ...], hashes: Hashes | None
) -> list[Problem]:
    found: list[Problem] = []
    hashes = hashed(bag) if hashes is None else hashes
    for check in checks:
        try:
            found.extend(check(bag, hashes))
        except Exception as error:  # noqa: BLE001 - whoever damaged the file chose which one
            # What cannot be read is a problem of its own and must not hide the others.
            name = check.__name__.strip("_")
            found.append(Problem(name, "data", f"cannot be checked: {type(error).__name__}: {error}"))
    return found


def _listed(bag: Path, name: str) -> dict[str, str]:
    # Byte by byte what was written: no other line ends, or a changed one would go unseen.
    *lines, rest = (bag / name).read_bytes().decode("ascii").split("\n")
    matches = [_LINE.fullmatch(line) for line in lines]
    if rest or any(match is None for match in matches):
        raise ValueError(f"{name} is not a manifest")
    return {match.group(2): match.group(1) for match in matches if match}


def hashed(bag: Path) -> dict[str, tuple[str, ...]]:
    """The hashes of every file; what is no file, or cannot be read, has empty hashes, which fit nothing."""
    paths = sorted(Path(folder, file) for folder, _, files in os.walk(bag) for file in files)
    # Hashing leaves Python's lock, so all cores work; each takes its share at once, as most files are small.
    cores = os.cpu_count() or 1
    shares = [paths[first::cores] for first in range(cores)]
    with ThreadPoolExecutor(cores) as pool:
        done = pool.map(lambda share: [(path, _hashes(path)) for path in share], shares)
        found = dict(pair for share in done for pair in share)
    return {path.relative_to(bag).as_posix(): found[path] for path in paths}


def _hashes(path: Path) -> tuple[str, ...]:
    if os.path.islink(path) or not os.path.isfile(path):
        return "", ""
    both = hashlib.sha256(), hashlib.sha512()
    try:
        with open(path, "rb") as file:
            while block := file.read(2**20):
                for one in both:
                    one.update(block)
    except OSError:
        return "", ""
    return tuple(one.hexdigest() for one in both)


def _manifests(bag: Path, hashes: Hashes) -> Iterator[Problem]:
    for name in _links(bag):
        yield Problem("manifest", name, "is a link; a bundle holds only files")
    payload = {name for name in hashes if name.startswith("data/")}
    tags = {name for name in hashes if not name.startswith(("data/", "attest/", "tagmanifest-"))}
    for kind, inside in (("manifest", payload), ("tagmanifest", tags)):
        for place, algorithm in enumerate(_ALGORITHMS):
            name = f"{kind}-{algorithm}.txt"
            try:
                listed = _listed(bag, name)
            except (OSError, ValueError) as error:
                yield Problem("manifest", name, f"cannot be read: {error}")
                continue
            for file in sorted(inside - listed.keys()):
                yield Problem("manifest", file, f"is not listed in {name}: it was added later")
            for file, digest in listed.items():
                if file not in inside:
                    yield Problem("manifest", file, f"is missing, but listed in {name}")
                elif hashes[file][place] != digest:
                    yield Problem("manifest", file, f"its bytes do not have the {algorithm} of {name}")


def _links(bag: Path) -> list[str]:
    """Links to files and to folders; none is followed."""
    found = []
    for folder, folders, files in os.walk(bag):
        found += [path for name in (*folders, *files) if os.path.islink(path := os.path.join(folder, name))]
    return sorted(Path(path).relative_to(bag).as_posix() for path in found)


def _json(bag: Path, name: str) -> Any:
    return json.loads((bag / "data" / name).read_bytes())


def _canonical(data: Any) -> bytes:
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def _events(bag: Path) -> list[dict[str, Any]]:
    return _parsed((bag / "data/ledger.jsonl").read_bytes())


@lru_cache(maxsize=1)  # what it gives is only looked at, never changed
def _parsed(ledger: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ledger.splitlines()]


def _ledger(bag: Path, _: Hashes) -> Iterator[Problem]:
    head, leaves, first = "0" * 64, [], ""
    for number, line in enumerate((bag / "data/ledger.jsonl").read_bytes().splitlines(), 1):
        where = f"event {number}"
        leaves.append(hashlib.sha256(b"\0" + line).digest())
        try:
            event = json.loads(line)
            core = {key: event[key] for key in _CORE}
            claimed, before = event["hash"], event["prev_hash"]
            fits = _canonical(event) == line
        except (ValueError, KeyError, TypeError):
            yield Problem("ledger", "data/ledger.jsonl", f"{where} is not an event")
            continue
        own = hashlib.sha256(before.encode() + _canonical(core)).hexdigest()
        if own != claimed or not fits or event["seq"] != number:
            said = f"{where} ({event['kind']}) is not what was written: its hash does not fit"
            yield Problem("ledger", "data/ledger.jsonl", said)
        if before != head:
            yield Problem("ledger", "data/ledger.jsonl", f"{where} does not follow on the event before it")
        head, first = claimed, first or claimed
    lines = (bag / "data/checkpoint.txt").read_text("ascii").splitlines()
    if lines[0] != f"hattama/ledger/{first[:16]}":
        yield Problem("ledger", "data/checkpoint.txt", "belongs to another ledger")
    if int(lines[1]) != len(leaves):
        said = f"speaks of {lines[1]} events, but data/ledger.jsonl has {len(leaves)}"
        yield Problem("ledger", "data/checkpoint.txt", said)
    elif lines[2] != base64.b64encode(_root(leaves)).decode():
        yield Problem("ledger", "data/checkpoint.txt", "its root is not that of the events (RFC 6962)")


def _root(leaves: list[bytes]) -> bytes:
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256(b"").digest()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + _root(leaves[:split]) + _root(leaves[split:])).digest()


def _originals(bag: Path, hashes: Hashes) -> Iterator[Problem]:
    events = _events(bag)
    received = {e["body"]["sha256"]: e["body"]["size"] for e in events if e["kind"] == "received"}
    reasons = _quarantined(events)
    for folder, kinds in _KEPT_AS.items():
        known = {e["body"]["sha256"] for e in events if e["kind"] in kinds}
        held = {}
        for path in sorted((bag / "data" / folder).glob("*")):
            shown = f"data/{folder}/{path.name}"
            digest = hashes[shown][0]
            held[digest] = path
            if path.name.split(".")[0] != digest:
                yield Problem("original", shown, f"its bytes have sha256 {digest}, not that of its name")
            if digest not in known:
                yield Problem("original", shown, "no event of the ledger says that it was received")
        for sha256 in sorted(known - held.keys()):
            shown = f"data/{folder}/{sha256}"
            yield Problem("original", shown, "is missing, but the ledger says it was received")
    photos = {photo["sha256"]: photo for photo in _json(bag, "photos.json")}
    for sha256 in sorted(received.keys() ^ photos.keys()):
        yield Problem(
            "original", "data/photos.json", f"photo {sha256}: in the ledger or in the list, not in both"
        )
    for sha256 in received.keys() & photos.keys():
        told = photos[sha256]
        if told["size"] != received[sha256] or told["quarantined"] != reasons.get(sha256):
            yield Problem(
                "original", "data/photos.json", f"photo {sha256}: size or quarantine is not the ledger's"
            )


def _quarantined(events: list[dict[str, Any]]) -> dict[str, str]:
    """Why a file could not be decoded; a later version of the program may have decoded it after all."""
    reasons: dict[str, str] = {}
    for event in events:
        if event["kind"] == "quarantined":
            reasons[event["body"]["sha256"]] = event["body"]["reason"]
        elif event["kind"] == "received" and event["body"].get("look", {}).get("format"):
            reasons.pop(event["body"]["sha256"], None)
    return reasons


def _crops(bag: Path, hashes: Hashes) -> Iterator[Problem]:
    read, shown, named = _places(bag), set(), set()
    for crop in _json(bag, "crops.json"):
        file = f"data/{crop['file']}"
        named.add(file)
        if not _CROP.fullmatch(crop["file"]):
            yield Problem("crop", "data/crops.json", f"{crop['file']!r} is no name of a crop")
        elif file not in hashes:
            yield Problem("crop", file, "is missing")
        elif hashes[file][0] != crop["sha256"]:
            yield Problem("crop", file, "is not the picture that data/crops.json names")
        corners = str(crop["quad_px"])
        for one in crop["read_as"]:
            shown.add((crop["photo"], crop["page"], one["pipeline"], one["code"], corners))
    for file in sorted(file for file in hashes if file.startswith("data/crops/")):
        if file not in named:
            yield Problem("crop", file, "is not listed in data/crops.json")
    for photo, page, _, code, corners in sorted(shown - read):
        said = f"{photo} page {page} {code} {corners}: no reading of the ledger has these corners"
        yield Problem("crop", "data/crops.json", said)
    # A page that one pipeline read twice keeps both readings in the ledger; the crop of the later one is shown.
    cut = {place[:4] for place in shown}
    for photo, page, _, code in sorted({place[:4] for place in read} - cut):
        said = f"{photo} page {page} {code}: there is no crop of this reading"
        yield Problem("crop", "data/crops.json", said)


def _places(bag: Path) -> set[tuple[str, int, str, str, str]]:
    """Photo, page, pipeline, code and corners of every number that the ledger says was read."""
    found = set()
    for event in _events(bag):
        if event["kind"] == "read":
            body, page = event["body"], event["body"]["reading"]
            cells = {f"header.{code}": cell for code, cell in page["header"].items()} | page["fields"]
            for code, cell in cells.items():
                if cell.get("quad_px"):
                    corners = str(cell["quad_px"])
                    found.add((body["sha256"], body["page"], body["pipeline"], code, corners))
    return found


def _identity(bag: Path, _: Hashes) -> Iterator[Problem]:
    """The name of the bundle follows from the manifest of the evidence; every page of the report carries it."""
    lines = (bag / "manifest-sha256.txt").read_text("ascii").splitlines()
    kept = sorted(line.strip() for line in lines if line.strip() and "  data/report/" not in line)
    own = hashlib.sha256("".join(f"{line}\n" for line in kept).encode("ascii")).hexdigest()[:16]
    if f"External-Identifier: {own}" not in (bag / "bag-info.txt").read_text("utf-8").splitlines():
        yield Problem("manifest", "bag-info.txt", f"does not name this bundle: by its manifest it is {own}")


def main() -> int:
    """Check the bundle in which this file lies, or the folder given; print every problem."""
    sys.dont_write_bytecode = True  # or checking would add a file to the bundle
    from sums import problems as of_sums  # type: ignore[import-not-found]  # it lies beside this file

    bag = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent
    found = [*problems(bag), *(Problem(*one) for one in of_sums(bag))]
    for one in found:
        sys.stdout.write(f"{one.what}: {one.file}: {one.message}\n")
    sys.stdout.write(f"{bag}: {len(found)} problems\n" if found else f"{bag}: nothing is wrong\n")
    return 6 if found else 0


if __name__ == "__main__":
    sys.exit(main())
