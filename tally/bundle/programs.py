"""Which programs and libraries made a bundle.

The machine, its user and its clock are not named: they would make the bytes differ from one computer to the next
and are no part of the proof.
"""

from __future__ import annotations

import platform
import re
from importlib.metadata import PackageNotFoundError, distribution, version
from typing import Any

from tally.bundle.contents import Contents
from tally.version import PROGRAM

_NAME = re.compile(r"[A-Za-z0-9._-]+")


def programs(found: Contents) -> dict[str, Any]:
    """This program, its libraries, and every program and pipeline that ever wrote into the ledger."""
    wrote = {str(event.body["program"]) for event in found.events if event.body.get("program")}
    pipelines = {name for by_pipeline in found.state.readings.values() for name in by_pipeline}
    readers = {page.reader for page in found.state.pages() if page.reader}
    return {
        "bundle_written_by": PROGRAM,
        "python": platform.python_version(),
        "libraries": libraries(),
        "ledger_written_by": sorted(wrote),
        "pipelines": sorted(pipelines),
        "readers": sorted(readers),
    }


def libraries() -> dict[str, str]:
    """Installed versions of all direct dependencies, by name; empty when run from a folder never installed."""
    try:
        required = distribution("hattama").requires or []
    except PackageNotFoundError:
        return {}
    names = {match.group() for line in required if "extra ==" not in line and (match := _NAME.match(line))}
    return {name: _version(name) for name in sorted(names, key=str.casefold)}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
