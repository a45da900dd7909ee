"""Measure the shipped readers on hands they never saw; JSON for the model card."""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnxruntime

from ocr.digits import DigitReader, Transcript, combine
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


def measure(group: MeasureSet, large: DigitReader, small: DigitReader) -> dict[str, Any]:
    """Every figure of one set."""
    cells, truth = [s[0] for s in group.samples], [s[1] for s in group.samples]
    started = time.process_time()
    first = large.read(cells)
    middle = time.process_time()
    second = small.read(cells)
    ended = time.process_time()
    both = [combine(a, b) for a, b in zip(first, second, strict=True)]
    agreed = [(a.text == b.text, a.text == t) for a, b, t in zip(first, second, truth, strict=True)]
    return {
        "set": group.name,
        "made_of": group.made_of,
        "cells": len(cells),
        "exact": {"large": exact(first, truth), "small": exact(second, truth), "both": exact(both, truth)},
        "either": round(
            100
            * float(np.mean([t in (a.text, b.text) for a, b, t in zip(first, second, truth, strict=True)])),
            2,
        ),
        "error_when_leaving": {
            "large": errors_when_leaving(first, truth),
            "both": errors_when_leaving(both, truth),
        },
        "agree": round(100 * float(np.mean([a for a, _ in agreed])), 2),
        "agreed_and_wrong": round(100 * float(np.mean([a and not r for a, r in agreed])), 2),
        "mean_confidence": round(100 * float(np.mean([b.confidence for b in both])), 2),
        "sure_and_wrong": sum(b.confidence > 0.99 and b.text != t for b, t in zip(both, truth, strict=True)),
        "sure": sum(b.confidence > 0.99 for b in both),
        "cpu_ms_per_cell": {
            "large": round((middle - started) * 1000 / len(cells), 2),
            "small": round((ended - middle) * 1000 / len(cells), 2),
        },
        "wrong": [
            [t, b.text, round(b.confidence, 3)] for b, t in zip(both, truth, strict=True) if b.text != t
        ][:12],
    }


def evaluate(digits: Path, cache: Path, target: Path, count: int = 1000) -> list[dict[str, Any]]:
    """Measure all sets and write the figures to ``target``."""
    large, small = DigitReader.load_large(), DigitReader.load_small()
    rows = []
    for group in all_sets(digits, cache, count):
        rows.append(measure(group, large, small))
        row = rows[-1]
        print(
            f"  {row['set']:28} {row['cells']:5} {row['exact']} agreed wrong {row['agreed_and_wrong']} "
            f"left {row['error_when_leaving']['both']}",
            file=sys.stderr,
            flush=True,
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    readers = {r.name: {"version": r.version, "sha256": r.sha256} for r in (large, small)}
    found = {**conditions(), "readers": readers, "sets": rows}
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
