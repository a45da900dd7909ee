"""Result files: one JSON per measurement, kept in the repository beside the code that made it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import track

from benchmarks.machine import conditions

FOLDER = Path(__file__).parent / "results"

Item = TypeVar("Item")


def save(name: str, result: Mapping[str, Any], folder: Path | None = None) -> Path:
    """Write ``results/<name>.json`` with the conditions of the measurement; replaces an older one."""
    target = folder or FOLDER
    target.mkdir(parents=True, exist_ok=True)
    path = target / f"{name}.json"
    text = json.dumps({"name": name, **conditions(), **result}, indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
    return path


def load_all(folder: Path | None = None) -> dict[str, dict[str, Any]]:
    """Every result by name that this package made; the training keeps figures of its own beside them."""
    paths = sorted((folder or FOLDER).glob("*.json"))
    loaded = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in paths}
    return {name: result for name, result in loaded.items() if "what" in result and "machine" in result}


def progress(items: Iterable[Item], total: int, what: str) -> Iterator[Item]:
    """The items, with a bar on a terminal and without one in a pipe."""
    console = Console(stderr=True)
    yield from track(items, what, total=total, console=console, disable=not console.is_terminal)
