"""Are the crops what the photos show? Each is cut again from the original at the recorded corners, and compared."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tally.bundle import layout
from tally.bundle.crops import CROP_NAME, CutTask, Cutter, Place, pages_of, view_path
from tally.bundle.verified import Verified


def check_crops(bag: Path, cutter: Cutter, found: Verified, step: Callable[[], None] = lambda: None) -> None:
    """Decode every original once, cut all its crops and reduced pages, and name those that differ."""
    try:
        grouped = _grouped(bag)
    except Exception as error:  # noqa: BLE001 - whoever damaged the file chose which one
        found.add("crop", f"data/{layout.CROP_INDEX}", f"cannot be read: {type(error).__name__}: {error}")
        return
    tasks = []
    for path, crops in grouped:
        places = tuple(place for place, _ in crops)
        tasks.append(CutTask(path, places, pages_of(places)))
    for task, (path, crops), pictures in zip(tasks, grouped, cutter.cut(tasks), strict=True):
        if isinstance(pictures, Exception):
            found.add("crop", path.relative_to(bag).as_posix(), f"cannot be cut again: {pictures}")
        else:
            views = [view_path(path.name.split(".")[0], page) for page in task.views]
            for file, own in zip([*(file for _, file in crops), *views], pictures, strict=True):
                _compare(bag, file, own, cutter, found)
        step()


def _grouped(bag: Path) -> list[tuple[Path, list[tuple[Place, str]]]]:
    files = {path.name.split(".")[0]: path for path in (bag / "data" / layout.ORIGINALS).glob("*")}
    out: dict[str, list[tuple[Place, str]]] = {}
    for crop in json.loads((bag / "data" / layout.CROP_INDEX).read_bytes()):
        if CROP_NAME.fullmatch(crop["file"]):  # any other name is a problem that verify.py lists
            out.setdefault(crop["photo"], []).append((_place(crop), crop["file"]))
    return [(files.get(sha, bag / "data" / layout.ORIGINALS / sha), crops) for sha, crops in out.items()]


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
