"""Seals, signatures and times on generated sheets whose foot is known: found, wrongly told, left open."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np

from benchmarks.bounds import upper_bound
from benchmarks.results import progress
from ocr.pipeline import read_file

FIRST_SEED = 820_000
"""Thresholds were chosen on seeds 800000 to 810023; none of them is measured here."""
FORM = "kz-2023-majilis-smd"
KINDS = ("colour", "grey", "bilevel")


def marks(count: int, first_seed: int | None = None) -> dict[str, Any]:
    """Read ``count`` sheets with and without seal, signatures and time, each as one kind of picture in turn."""
    first = FIRST_SEED if first_seed is None else first_seed
    tallies: dict[str, Counter[str]] = defaultdict(Counter)
    for seed in progress(range(first, first + count), count, "marks"):
        kind = KINDS[seed % len(KINDS)]
        jpeg, truth = _sheet(seed)
        (page,) = read_file(_as(kind, jpeg), f"{seed}.jpg", FORM)
        for name, counted in _outcomes(page.marks, truth):
            tallies[name][counted] += 1
            if name == "seal":
                tallies[f"seal, {kind}"][counted] += 1
    return {
        "what": "marks",
        "form": FORM,
        "first_seed": first,
        "sheets": count,
        "by": {name: _summary(c) for name, c in sorted(tallies.items())},
    }


def _sheet(seed: int) -> tuple[bytes, dict[str, Any]]:
    from samples.generic import some_sample
    from samples.sheet import FootPlan

    rng = np.random.default_rng([seed, 77])
    foot = FootPlan(
        seal=bool(rng.random() < 0.6),
        seal_over=str(rng.choice(["", "", "", "votes.1", "ballots_valid"])),
        unsigned=tuple(int(n) for n in rng.choice(7, int(rng.integers(0, 3)), replace=False)),
        time=(int(rng.integers(18, 24)), int(rng.integers(0, 60))) if rng.random() < 0.5 else None,
        timed=bool(rng.random() < 0.85),
    )
    sample = some_sample(seed, foot=foot)
    return sample.jpeg, sample.truth


def _as(kind: str, jpeg: bytes) -> bytes:
    """The photo as it is, without colour, or in black and white as an office scanner stores it."""
    if kind == "colour":
        return jpeg
    grey = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert grey is not None
    if kind == "bilevel":
        grey = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_GAUSSIAN_C, cv2.THRESH_BINARY, 31, 12)
    ok, png = cv2.imencode(".png", grey)
    assert ok
    return png.tobytes()


def _outcomes(found: Any, truth: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(what, outcome): ``right``, ``wrong`` or ``open``, and for the seal which of the two it was."""
    paper = "seal on the paper" if truth["seal"] else "no seal on the paper"
    yield "seal", _verdict(found.get("seal"), truth["seal"])
    yield paper, _verdict(found.get("seal"), truth["seal"])
    yield "signatures", _verdict(found.get("signatures"), truth["signatures"])
    yield "signature lines", _verdict(found.get("signature_lines"), truth["signature_lines"])
    if truth["time"] is not None:
        yield "time on the paper", _verdict(found.get("time"), truth["time"])
    else:
        yield "no time on the paper", "open" if found.get("time") is None else "wrong"


def _verdict(said: object, is_so: object) -> str:
    return "open" if said is None else "right" if said == is_so else "wrong"


def _summary(counted: Counter[str]) -> dict[str, Any]:
    told = counted["right"] + counted["wrong"]
    return {
        "right": counted["right"],
        "wrong": counted["wrong"],
        "open": counted["open"],
        "wrong_upper_95": round(upper_bound(counted["wrong"], told), 4) if told else None,
    }
