"""How long a bundle of many protocols takes to write and to verify, and what part of it is what.

The photos are the committed samples, each lit from another side, so that no two pictures are the same; the readings
are their truth under other precinct numbers, so that reading itself is not measured.
"""

from __future__ import annotations

import io
import json
import os
import resource
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import wraps
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

import numpy as np
from PIL import Image

from cli.crops import PhotoCutter
from cli.pool import READ_LIMITS, default_jobs
from tally.bundle import check
from tally.bundle.bagging import bagit
from tally.bundle.contents import contents_of
from tally.bundle.write import write_bundle
from tally.case import Case, create_case
from tally.model import Mark, PageReading, Reading, Status

SAMPLES = Path(__file__).resolve().parent.parent / "samples" / "photos"
NAMES = tuple(f"district-27-{i}.jpg" for i in (1, 2, 4))
TRUTH: dict[str, Any] = json.loads((SAMPLES / "truth.json").read_text("utf-8"))

PARTS: dict[str, tuple[ModuleType, str]] = {
    "chain followed": (check.verify, "problems"),
    "sums added up": (check.sums, "problems"),
    "crops and pages cut": (check, "check_crops"),
    "sums and findings derived": (check, "contents_of_bundle"),
    "documents derived": (check, "_recomputed"),
    "report typeset": (check, "check_report"),
}
"""What verify works out once more: name -> the function that does it."""


def faultless(name: str, sha256: str, **changed: int) -> PageReading:
    """What a faultless reader sees in a committed sample; ``changed`` values are read instead."""
    truth = TRUTH[name]
    cells = {
        code: Reading(
            Mark(cell["mark"]),
            changed.get(code, cell["value"]),
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


def case_of(folder: Path, protocols: int) -> Case:
    """A case of district 27 with so many photographed protocols."""
    case = create_case(folder, "kz-2023-majilis", [27], actor="user:benchmark")
    for number in range(1, protocols + 1):
        name = NAMES[number % len(NAMES)]
        stored = case.add_bytes(_lit(name, number), f"{number}.jpg")
        case.record_pages(stored.sha256, [faultless(name, stored.sha256, precinct=number)], "truth")
    return case


def _lit(name: str, number: int) -> bytes:
    """A sample with light that falls off to another side, as JPEG of its own quality."""
    with Image.open(SAMPLES / name) as picture:
        pixels = np.asarray(picture.convert("RGB"), np.float32)
        tables = picture.quantization  # type: ignore[attr-defined] # of JPEGs
    height, width = pixels.shape[:2]
    across, down, overall = np.random.default_rng(number).uniform(-25, 25, 3)
    light = np.linspace(-across, across, width)[None, :] + np.linspace(-down, down, height)[:, None] + overall
    out = io.BytesIO()
    Image.fromarray(np.clip(pixels + light[:, :, None], 0, 255).astype(np.uint8)).save(
        out, "JPEG", qtables=tables
    )
    return out.getvalue()


def bundle_speed(protocols: int = 500) -> dict[str, Any]:
    """Wall and CPU seconds of every step; CPU counts all processes and threads of ours, and no others' load."""
    steps: dict[str, dict[str, float]] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        wall, cpu = time.perf_counter(), _cpu()
        result = work()
        steps[name] = {"wall_s": round(time.perf_counter() - wall, 1), "cpu_s": round(_cpu() - cpu, 1)}
        return result

    jobs = default_jobs()
    with tempfile.TemporaryDirectory() as folder:
        case = case_of(Path(folder) / "case", protocols)
        bag = Path(folder) / "bag"
        timed("write", lambda: write_bundle(case, contents_of(case), bag, PhotoCutter(jobs), ("kk", "ru")))
        timed("bagit-python's hashing", lambda: bagit.Bag(str(bag)).validate())
        with ExitStack() as stack:
            # The parts of the very run that is timed as a whole.
            for name, (module, part) in PARTS.items():
                inside = _within(timed, name, getattr(module, part))
                stack.enter_context(mock.patch.object(module, part, inside))
            checked = timed("verify", lambda: check.check_bundle(bag, PhotoCutter(jobs, READ_LIMITS)))
        if checked.problems:
            raise SystemExit(f"the bundle has problems: {checked.problems[:3]}")
        size = sum(path.stat().st_size for path in bag.rglob("*") if path.is_file())
    hashing = steps["bagit-python's hashing"]["cpu_s"]
    recomputed = sum(steps[name]["cpu_s"] for name in PARTS)
    return {
        "what": "bundle",
        "protocols": protocols,
        "pictures": checked.crops,
        "bytes": size,
        "jobs": jobs,
        "load_1_min": round(os.getloadavg()[0], 1),
        "steps": steps,
        "verify_cpu_s": steps["verify"]["cpu_s"],
        "allowed_cpu_s": round(1.5 * hashing + recomputed, 1),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "peak_child_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
    }


def _within(timed: Callable[[str, Callable[[], Any]], Any], part: str, work: Callable[..., Any]) -> Any:
    @wraps(work)
    def inside(*given: Any) -> Any:
        return timed(part, lambda: work(*given))

    return inside


def _cpu() -> float:
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime
