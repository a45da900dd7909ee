"""How long a bundle of many protocols takes to write and to verify, beside hashing alone.

The photos are the committed samples, each made another file by a few bytes behind the picture; the readings are
their truth under other precinct numbers, so that reading itself is not measured.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bagit

from benchmarks.machine import conditions
from cli.crops import PhotoCutter
from cli.pool import READ_LIMITS, default_jobs
from tally.bundle.check import check_bundle
from tally.bundle.contents import contents_of
from tally.bundle.verified import contents_of_bundle
from tally.bundle.write import write_bundle
from tally.case import Case, create_case
from tally.model import Mark, PageReading, Reading, Status

SAMPLES = Path(__file__).resolve().parent.parent / "samples" / "photos"
NAMES = tuple(f"district-27-{i}.jpg" for i in (1, 2, 4))


def case_of(folder: Path, protocols: int) -> Case:
    """A case of district 27 with so many photographed protocols."""
    case = create_case(folder, "kz-2023-majilis", [27], actor="user:benchmark")
    truth = json.loads((SAMPLES / "truth.json").read_text("utf-8"))
    data = {name: (SAMPLES / name).read_bytes() for name in NAMES}
    for number in range(1, protocols + 1):
        name = NAMES[number % len(NAMES)]
        stored = case.add_bytes(data[name] + number.to_bytes(4, "big"), f"{number}.jpg")
        page = _page(truth[name], f"{number}.jpg", stored.sha256, number)
        case.record_pages(stored.sha256, [page], "truth")
    return case


def _page(truth: dict[str, Any], name: str, sha256: str, precinct: int) -> PageReading:
    cells = {
        code: Reading(
            Mark.READ,
            precinct if code == "precinct" else cell["value"],
            1.0,
            "truth",
            quad_px=tuple(tuple(point) for point in cell["quad_px"]),
            anchored=True,
            agreed=True,
        )
        for code, cell in truth["cells"].items()
        if cell["mark"] == "read"
    }
    header = {code: cells.pop(code) for code in ("precinct", "district")}
    names = {"votes.1": "altaev", "votes.2": "qyryqbaev"}
    return PageReading(name, 1, sha256, truth["form"], 1.0, Status.ACCEPTED, header, cells, candidates=names)


def measure(protocols: int = 500) -> dict[str, Any]:
    """Seconds of every step, and what ``verify`` takes beyond hashing and recomputation."""
    times: dict[str, float] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        result = work()
        times[name] = round(time.perf_counter() - start, 1)
        return result

    jobs = default_jobs()
    with tempfile.TemporaryDirectory() as folder:
        case = timed("make the case", lambda: case_of(Path(folder) / "case", protocols))
        found = contents_of(case)
        plain, full = Path(folder) / "plain", Path(folder) / "full"
        timed("write without report", lambda: write_bundle(case, found, plain, PhotoCutter(jobs)))
        timed(
            "write with kk and ru", lambda: write_bundle(case, found, full, PhotoCutter(jobs), ("kk", "ru"))
        )
        timed("bagit hashing", lambda: bagit.Bag(str(plain)).validate())
        timed("recomputation", lambda: contents_of_bundle(plain))
        for name, bag in (("verify without report", plain), ("verify with kk and ru", full)):
            cutter = PhotoCutter(jobs, READ_LIMITS)
            checked = timed(name, lambda bag=bag, cutter=cutter: check_bundle(bag, cutter))
            if checked.problems:
                raise SystemExit(f"the bundle has problems: {checked.problems[:3]}")
        size = sum(path.stat().st_size for path in full.rglob("*") if path.is_file())
    return {
        "protocols": protocols,
        "crops": checked.crops,
        "bytes": size,
        "seconds": times,
        **conditions(),
    }


if __name__ == "__main__":
    made = measure(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
    print(json.dumps(made, ensure_ascii=False, indent=1))
