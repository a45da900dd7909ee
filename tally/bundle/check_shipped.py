"""Files that are the same in every bundle of a version: scripts, pages, rules. And files that belong to none."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tally.bundle import layout
from tally.bundle.contents import Contents
from tally.bundle.crops import VIEW_NAME
from tally.bundle.known import since
from tally.bundle.verified import Verified
from tally.bundle.write import ALONE, PAGES, rules_files
from tally.election import own_hashes
from tally.own_election import recorded
from tally.version import PROGRAM

_SCRIPT: Final = "is of no hattama that is known to this one: do not run or follow it"
_RULES: Final = "is of no hattama that is known to this one; sums were checked with our rules"
_WRITTEN: Final = (
    *(layout.LEDGER, layout.CHECKPOINT, layout.CROP_INDEX, layout.PHOTOS, layout.READINGS, layout.ENTRIES),
    *(layout.PROTOCOLS, layout.COVERAGE, layout.TOTALS, layout.FINDINGS, layout.SNAPSHOTS, layout.CONFIG),
    *(layout.PROGRAMS, layout.CASE),
)
_CHECKED_ELSEWHERE: Final = tuple(
    f"{folder}/" for folder in (layout.ORIGINALS, layout.CROPS, layout.OFFICIAL, layout.REPORT)
)
"""Folders whose every file is held against the ledger, the index of crops or the report typeset again."""


def check_shipped(bag: Path, again: Contents, found: Verified) -> None:
    """Compare scripts, pages and rules with those of this hattama and of earlier ones; name what belongs nowhere."""
    scripts = {script: ALONE / script for script in layout.SCRIPTS}
    scripts |= {f"{layout.CHECK}/{page.name}": page for page in PAGES.glob("*.txt")}
    rules = rules_files(again)
    _compare(bag, scripts, "script", _SCRIPT, found)
    _compare(bag, rules, "rules", _RULES, found)
    if again.own_election is not None:
        found.notes.append("own_election")
        told = recorded(again.events)
        if told is not None and told != own_hashes(again.own_election):
            found.add("rules", f"data/{layout.ELECTION}", "is not the election that the ledger names")
    for path in sorted(path for path in (bag / "data").rglob("*") if path.is_file()):
        name = path.relative_to(bag / "data").as_posix()
        if name.startswith(_CHECKED_ELSEWHERE) or name in (*_WRITTEN, *scripts, *rules):
            continue
        if name.startswith(f"{layout.VIEWS}/") and VIEW_NAME.fullmatch(path.name):
            continue
        if day := since(name, path.read_bytes()):
            found.earlier.append((f"data/{name}", day))
        else:
            found.add("added", f"data/{name}", "belongs to no bundle of hattama: somebody added it")
    told = json.loads((bag / "data" / layout.PROGRAMS).read_bytes())
    if told.get("bundle_written_by") != PROGRAM:
        found.notes.append("other_version")


def _compare(bag: Path, shipped: Mapping[str, Path], what: str, message: str, found: Verified) -> None:
    for name, own in shipped.items():
        path = bag / "data" / name
        theirs = path.read_bytes() if path.is_file() else b""
        if theirs == own.read_bytes():
            continue
        if day := since(name, theirs):
            found.earlier.append((f"data/{name}", day))
        else:
            found.add(what, f"data/{name}", message)
