"""Measure the shipped readers on hands they never saw; JSON for the model card."""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnxruntime

from ocr.digits import DigitReader, Transcript
from ocr.pooling import combine, in_doubt
from ocr.train.measure_sets import MeasureSet, all_sets


def exact(read: list[Transcript], truth: list[str]) -> float:
    """Share of strings that are exactly right, in percent."""
    return round(100 * float(np.mean([r.text == t for r, t in zip(read, truth, strict=True)])), 2)


def errors_when_leaving(read: list[Transcript], truth: list[str]) -> dict[str, float]:
    """Error in percent among the rest when the least confident 0, 10, 20, 30 % go to a person."""
    order = np.argsort([-r.confidence for r in read], kind="stable")
    wrong = np.array([r.text != t for r, t in zip(read, truth, strict=True)])[order]
    return {
        str(left): round(100 * float(wrong[: max(1, len(wrong) * (100 - left) // 100)].mean()), 2)
        for left in (0, 10, 20, 30)
    }


def measure(group: MeasureSet, readers: Sequence[DigitReader]) -> dict[str, Any]:
    """Every figure of one set: each reader alone, large and small pooled, and all as they are asked."""
    cells, truth = [s[0] for s in group.samples], [s[1] for s in group.samples]
    alone: list[list[Transcript]] = []
    spent: dict[str, float] = {}
    for reader in readers:
        started = time.process_time()
        alone.append(reader.read(cells))
        spent[reader.name] = round((time.process_time() - started) * 1000 / len(cells), 2)
    pairs = list(zip(alone[0], alone[1], strict=True))
    both = [combine(*pair) for pair in pairs]
    asked = [in_doubt(one, two, seen) for (one, two), seen in zip(pairs, both, strict=True)]
    together = [
        combine(*pair, third) if ask else seen
        for pair, third, ask, seen in zip(pairs, alone[2], asked, both, strict=True)
    ]
    agreed = [(a.text == b.text, a.text == t) for (a, b), t in zip(pairs, truth, strict=True)]
    found = {**{r.name: read for r, read in zip(readers, alone, strict=True)}, "both": both, "all": together}
    return {
        "set": group.name,
        "made_of": group.made_of,
        "cells": len(cells),
        "exact": {name: exact(read, truth) for name, read in found.items()},
        "any": share(t in {one.text for one in each} for *each, t in zip(*alone, truth, strict=True)),
        "error_when_leaving": {
            name: errors_when_leaving(found[name], truth) for name in ("large", "both", "all")
        },
        "asked": share(asked),
        "agree": share(a for a, _ in agreed),
        "agreed_and_wrong": share(a and not r for a, r in agreed),
        "two_agree": share(bool(one.agreed) for one in together),
        "two_agree_and_wrong": share(
            bool(one.agreed) and one.text != t for one, t in zip(together, truth, strict=True)
        ),
        "mean_confidence": round(100 * float(np.mean([b.confidence for b in together])), 2),
        "sure_and_wrong": sum(
            b.confidence > 0.99 and b.text != t for b, t in zip(together, truth, strict=True)
        ),
        "sure": sum(b.confidence > 0.99 for b in together),
        "cpu_ms_per_cell": spent,
        "wrong": [
            [t, b.text, round(b.confidence, 3)] for b, t in zip(together, truth, strict=True) if b.text != t
        ][:12],
    }


def share(flags: Iterable[bool]) -> float:
    """Percent of the flags that are set."""
    return round(100 * float(np.mean(list(flags))), 2)


def evaluate(digits: Path, cache: Path, target: Path, count: int = 1000) -> list[dict[str, Any]]:
    """Measure all sets and write the figures to ``target``."""
    readers = (DigitReader.load_large(), DigitReader.load_small(), DigitReader.load_third())
    rows = []
    for group in all_sets(digits, cache, count):
        rows.append(measure(group, readers))
        row = rows[-1]
        print(
            f"  {row['set']:28} {row['cells']:5} {row['exact']} asked {row['asked']} "
            f"left {row['error_when_leaving']['all']}",
            file=sys.stderr,
            flush=True,
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    known = {r.name: {"version": r.version, "sha256": r.sha256} for r in readers}
    found = {**conditions(), "readers": known, "sets": rows}
    target.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return rows


def conditions() -> dict[str, Any]:
    """When and on what the figures were measured; one thread."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8", errors="replace").splitlines() if info.is_file() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "machine": {
            "cpu": named[0] if named else platform.processor(),
            "cores": os.cpu_count() or 1,
            "system": platform.system(),
        },
        "versions": {
            "onnxruntime": str(onnxruntime.__version__),
            "opencv": cv2.__version__,
            "python": platform.python_version(),
        },
    }
