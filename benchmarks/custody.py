"""How fast files and events go into a case, whether that slows down as the case grows, and what kills cost."""

from __future__ import annotations

import csv
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.kills import run
from tally.case import create_case, open_case
from tally.custody import check_case
from tally.state import state
from tally.totals import totals
from tally.typed import import_table

PARTS = 10
PASSED_BY = ("Constituency", "Subcounty", "Parish", "Polling Station", "PDF_created", "PDF_modified")
COLUMNS = {
    "#1": "precinct",
    "District": "region",
    "Total Votes": "ballots_found",
    **dict.fromkeys(PASSED_BY, ""),
}


def custody(files: int, kills: int, stations: Path | None) -> dict[str, Any]:
    """All measurements; wall-clock seconds, because the disk is what is measured. ``stations``: Uganda's table."""
    with tempfile.TemporaryDirectory(prefix="hattama-bench-") as folder:
        where = Path(folder)
        result: dict[str, Any] = {
            "what": "ledger",
            **_adding(where / "add", files),
            **_events(where / "events", files),
        }
        if stations is not None:
            result["import"] = _importing(where, stations)
        if kills:
            report = run(where / "kills", kills)
            result["kills"] = {
                "kills": report.kills,
                "acknowledged": report.acknowledged,
                "lost": len(report.lost),
                "problems": len(report.problems),
            }
    return result


def _adding(where: Path, files: int) -> dict[str, Any]:
    """New small files, then the same again, in tenths."""
    case = create_case(where, "kz-2023-majilis", actor="user:bench")

    def add(number: int) -> None:
        case.add_bytes(b"small file %d " % number * 20, f"{number}.jpg")

    new = _in_parts(files, add)
    case = open_case(where, actor="user:bench")
    again = _in_parts(files, add)
    began = time.perf_counter()
    checked = check_case(case)
    verify = time.perf_counter() - began
    return {
        "files": files,
        "add_per_second": _rate(files, new),
        "add_growth": _growth(new),
        "add_again_per_second": _rate(files, again),
        "add_again_growth": _growth(again),
        "verify_seconds": round(verify, 2),
        "verify_problems": len(checked.problems),
    }


def _events(where: Path, events: int) -> dict[str, Any]:
    """Events of the size of a typed protocol, one transaction each."""
    case = create_case(where, "kz-2023-majilis", actor="user:bench")
    body = {f"votes.{number}": number for number in range(20)}
    spent = _in_parts(events, lambda number: case.record("bench", {"n": number, "fields": body}))
    return {"events": events, "events_per_second": _rate(events, spent), "events_growth": _growth(spent)}


def _importing(where: Path, stations: Path) -> dict[str, Any]:
    """The first quarter, half and all of the rows: linear if all costs four times the quarter."""
    with stations.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    out: dict[str, Any] = {"rows": len(rows)}
    for name, share in (("quarter", 4), ("half", 2), ("all", 1)):
        table = where / f"{name}.csv"
        with table.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows[: len(rows) // share]])
        case = create_case(where / name, "ug-2021-president", actor="user:bench")
        began = time.perf_counter()
        import_table(case, table, "bench", "file", COLUMNS)
        taken = time.perf_counter()
        totals(state(case), case.election())
        out[name] = {
            "import_seconds": round(taken - began, 2),
            "totals_seconds": round(time.perf_counter() - taken, 2),
        }
    out["import_growth"] = round(out["all"]["import_seconds"] / out["quarter"]["import_seconds"] / 4, 2)
    out["totals_growth"] = round(out["all"]["totals_seconds"] / out["quarter"]["totals_seconds"] / 4, 2)
    return out


def _in_parts(count: int, act: Callable[[int], Any]) -> list[float]:
    """Seconds of each tenth of ``count`` acts."""
    spent = []
    for part in range(PARTS):
        began = time.perf_counter()
        for number in range(part * count // PARTS, (part + 1) * count // PARTS):
            act(number)
        spent.append(time.perf_counter() - began)
    return spent


def _rate(count: int, spent: list[float]) -> int:
    return round(count / sum(spent))


def _growth(spent: list[float]) -> float:
    """The last three tenths against the first three: 1 is linear, 7 would be quadratic."""
    return round(sum(spent[-3:]) / sum(spent[:3]), 2)
