"""What a page costs: CPU by step, memory, and whole-page Tesseract and RapidOCR on the same pages for comparison."""

from __future__ import annotations

import functools
import importlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from statistics import median
from typing import Any

import cv2
import numpy as np
import pytesseract

from benchmarks.accuracy import FIRST_SEED, FORM
from benchmarks.compare import RAPIDOCR_WHOLE, rapidocr
from benchmarks.results import progress
from benchmarks.usage import cpu_seconds, peak_of_worker
from ocr.pipeline import read_file
from tally.form import load_form

LONG_SIDE, SHORT_SIDE = 1600, 1200
STEPS = {
    "decode": ("ocr.pipeline", "open_photos"),
    "straighten": ("ocr.layout", "straighten"),
    "rules": ("ocr.layout", "find_rules"),
    "rows": ("ocr.layout", "find_rows"),
    "sharpness": ("ocr.layout", "measure"),
    "pictures of labels": ("ocr.identify", "cut_tiles"),
    "print reader": ("ocr.identify", "read_printed"),
    "labels matched to forms": ("ocr.identify", "best_match"),
    "ways up weighed": ("ocr.layout", "legibility"),
    "Tesseract, labels": ("ocr.identify", "read_labels"),
    "words of the whole page": ("ocr.layout", "read_words"),
    "networks": ("ocr.witnesses", "read_prepared"),
    "cells prepared": ("ocr.witnesses", "prepare"),
    "networks, under the seal": ("ocr.witnesses", "read_cells"),
    "networks, second looks": ("ocr.witnesses", "read_pen_alone"),
    "numbers in words": ("ocr.witnesses", "read_spelled"),
    "seal": ("ocr.protocol", "find_seal"),
    "signatures": ("ocr.marks", "find_signing_place"),
    "time of signing": ("ocr.marks", "read_cells"),
}
"""Step -> module and name of the function that does it; what remains is called ``rest``."""


def speed(count: int, first_seed: int = FIRST_SEED) -> dict[str, Any]:
    """Read ``count`` generated photos of 1600 x 1200 px, one at a time on one thread."""
    pages = pages_of(count, first_seed)
    read_file(pages[0], "warm-up.jpg", FORM)  # loads the networks, which a worker does once
    steps: dict[str, list[float]] = defaultdict(list)
    tesseract: list[float] = []
    whole: list[float] = []
    numbers: list[int] = []
    for data in progress(pages, len(pages), "speed"):
        with stopwatch() as spent:
            before = cpu_seconds()
            (page,) = read_file(data, "page.jpg", FORM)
            whole.append(cpu_seconds() - before)
        numbers.append(len(page.header) + len(page.fields))
        for step in STEPS:
            steps[step].append(spent.get(step, 0.0))
        steps["rest"].append(whole[-1] - sum(spent.values()))
        tesseract.append(_whole_page(data))  # in turn with ours: the machine's speed drifts
    rapid, version = rapidocr([(data, {}) for data in pages])
    return {
        "what": "speed",
        "pages": len(pages),
        "size": [LONG_SIDE, SHORT_SIDE],
        "numbers_per_page": round(sum(numbers) / len(numbers), 1),
        "cpu_ms_per_page": _milliseconds(whole),
        "cpu_ms_by_step": {step: _milliseconds(times) for step, times in steps.items()},
        "next_halving": next_halving({step: median(times) for step, times in steps.items()}),
        "tesseract_whole_page_cpu_ms": _milliseconds(tesseract),
        "rapidocr": version,
        "rapidocr_whole_page_cpu_ms": {
            name: _milliseconds([ms / 1000 for ms in tally.cpu_ms])
            for name, tally in rapid.items()
            if name == RAPIDOCR_WHOLE
        },
        "worker_peak_mib": peak_of_worker(pages[:3], FORM),
    }


def next_halving(steps: Mapping[str, float]) -> list[str]:
    """The fewest steps that together cost half of a page: what must become free for a page to cost half of it."""
    left, out = sum(steps.values()) / 2, []
    for step in sorted(steps, key=lambda name: -steps[name]):
        if left <= 0:
            break
        out.append(step)
        left -= steps[step]
    return out


def pages_of(count: int, first_seed: int) -> list[bytes]:
    """JPEGs of generated sheets, scaled so that all have the same size."""
    from samples.generic import some_sample

    return [_scaled(some_sample(seed).jpeg) for seed in range(first_seed, first_seed + count)]


def _scaled(jpeg: bytes) -> bytes:
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    upright = picture.shape[0] >= picture.shape[1]
    size = (SHORT_SIDE, LONG_SIDE) if upright else (LONG_SIDE, SHORT_SIDE)
    scaled = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    ok, data = cv2.imencode(".jpg", scaled, [cv2.IMWRITE_JPEG_QUALITY, 88])
    assert ok
    return data.tobytes()


@contextmanager
def stopwatch() -> Iterator[dict[str, float]]:
    """CPU seconds of each step while it is open. Steps do not call one another, so nothing counts twice."""
    spent: dict[str, float] = {}
    replaced = []
    for step, (module_name, name) in STEPS.items():
        module = importlib.import_module(module_name)
        original = getattr(module, name)
        replaced.append((module, name, original))
        setattr(module, name, _timed(original, step, spent))
    try:
        yield spent
    finally:
        for module, name, original in replaced:
            setattr(module, name, original)


def _timed(function: Callable[..., Any], step: str, spent: dict[str, float]) -> Callable[..., Any]:
    @functools.wraps(function)
    def run(*args: Any, **options: Any) -> Any:
        before = cpu_seconds()
        result = function(*args, **options)
        if isinstance(result, Iterator):  # a generator works only when it is asked
            result = iter(list(result))
        spent[step] = spent.get(step, 0.0) + cpu_seconds() - before
        return result

    return run


def _whole_page(data: bytes) -> float:
    """CPU seconds of decoding a page and giving all of it to Tesseract."""
    before = cpu_seconds()
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    pytesseract.image_to_data(picture, lang="+".join(load_form(FORM).languages))
    return cpu_seconds() - before


def _milliseconds(seconds: Sequence[float]) -> dict[str, float]:
    ordered = sorted(1000 * s for s in seconds)
    return {
        "median": round(median(ordered), 1),
        "mean": round(sum(ordered) / len(ordered), 1),
        "worst": round(ordered[-1], 1),
    }
