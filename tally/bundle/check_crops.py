"""Are the crops what the photos show? Each is cut again from the original at the recorded corners, and compared."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from tally.bundle import layout
from tally.bundle.crops import CROP_NAME, SHA256, VIEW_NAME, CutTask, Cutter, Place, reduced
from tally.bundle.verified import Verified


def check_crops(bag: Path, cutter: Cutter, found: Verified, step: Callable[[], None] = lambda: None) -> None:
    """Decode every original once, cut all its crops and reduced pages, and name those that differ."""
    try:
        tasks, names = _tasks(bag)
    except Exception as error:  # noqa: BLE001 - whoever damaged the file chose which one
        found.add("crop", f"data/{layout.CROP_INDEX}", f"cannot be read: {type(error).__name__}: {error}")
        return
    for task, files, pictures in zip(tasks, names, cutter.cut(tasks), strict=True):
        if not isinstance(pictures, Exception):
            for file, own in zip(files, pictures, strict=True):
                _compare(bag, file, own, cutter, found)
        elif any((bag / "data" / file).exists() for file in files) or task.places:
            found.add("crop", task.path.relative_to(bag).as_posix(), f"cannot be cut again: {pictures}")
        step()


def _tasks(bag: Path) -> tuple[list[CutTask], list[list[str]]]:
    """What to cut from which original, and the files that must show it."""
    files = {path.name.split(".")[0]: path for path in (bag / "data" / layout.ORIGINALS).glob("*")}
    places = _grouped(bag)
    views: dict[str, set[int]] = {}
    for sha256, page in (*_read(bag), *_shown(bag)):
        views.setdefault(sha256, set()).add(page)
    tasks, names = [], []
    for sha256 in sorted(places.keys() | views.keys()):
        crops, pages = places.get(sha256, []), tuple(sorted(views.get(sha256, ())))
        path = files.get(sha256, bag / "data" / layout.ORIGINALS / sha256)
        task = CutTask(path, tuple(place for place, _ in crops), pages)
        tasks.append(task)
        names.append([*(file for _, file in crops), *reduced(sha256, task.places, pages)])
    return tasks, names


def _read(bag: Path) -> Iterator[tuple[str, int]]:
    """Photo and page of everything that a program looked at, as the ledger says."""
    for line in (bag / "data" / layout.LEDGER).read_bytes().splitlines():
        with suppress(ValueError, KeyError, TypeError):  # another check lists what is wrong with an event
            event = json.loads(line)
            if event["kind"] == "read" and SHA256.fullmatch(event["body"]["sha256"]):
                yield event["body"]["sha256"], int(event["body"]["page"])


def _shown(bag: Path) -> Iterator[tuple[str, int]]:
    for path in sorted((bag / "data" / layout.VIEWS).glob("*")):
        if name := VIEW_NAME.fullmatch(path.name):
            yield name[1], int(name[2])


def _grouped(bag: Path) -> dict[str, list[tuple[Place, str]]]:
    out: dict[str, list[tuple[Place, str]]] = {}
    for crop in json.loads((bag / "data" / layout.CROP_INDEX).read_bytes()):
        # Any other name is a problem that verify.py lists.
        if CROP_NAME.fullmatch(crop["file"]) and SHA256.fullmatch(crop["photo"]):
            out.setdefault(crop["photo"], []).append((_place(crop), crop["file"]))
    return out


def _place(crop: Any) -> Place:
    a, b, c, d = ((int(x), int(y)) for x, y in crop["quad_px"])
    return Place(int(crop["page"]), (a, b, c, d), ())


def _compare(bag: Path, file: str, own: bytes, cutter: Cutter, found: Verified) -> None:
    found.crops += 1
    try:
        told = (bag / "data" / file).read_bytes()
    except OSError:
        found.add("crop", f"data/{file}", "is missing")
        return
    if told == own:
        return
    if cutter.alike(told, own):
        found.crops_alike += 1
    else:
        found.add("crop", f"data/{file}", "is not what the photo shows at the recorded corners")
