"""Our readers, Tesseract and PP-OCRv6 as it comes on the same cell crops, cut where the numbers really are.

Cutting at the true place leaves the finding of rows out of it: only reading is compared. PP-OCRv6's recogniser
is the one that RapidOCR runs; it is measured if ``make train`` has fetched it, and left out otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnxruntime
import pytesseract

from benchmarks.results import progress
from benchmarks.usage import cpu_seconds
from ocr.crops import cut
from ocr.focus import focus
from ocr.photo import open_photos
from ocr.pooling import combine
from ocr.prepared import prepare
from ocr.readings import classify, readers, witnesses
from ocr.segments import Pixels
from tally.model import Mark

FIRST_SEED = 800_000
"""Sheets of this comparison alone."""
RECOGNISER = Path(".cache/train/PP-OCRv6_rec_small.onnx")
DIGITS = 4
"""Digits that a cell of the form has room for."""
Reader = Callable[[Sequence[Pixels]], list[tuple[int | None, float]]]
"""Crops in; value (or None) and confidence 0..1 of each out."""


def cellwise(count: int, first_seed: int = FIRST_SEED, recogniser: Path = RECOGNISER) -> dict[str, Any]:
    """Compare all readers on the numbers of ``count`` generated sheets."""
    crops, truth = samples_of(count, first_seed)
    found: dict[str, Any] = {}
    for name, reader in contestants(recogniser).items():
        started = cpu_seconds()
        read = reader(crops)
        spent = cpu_seconds() - started
        found[name] = {**score(read, truth), "cpu_ms_per_cell": round(1000 * spent / len(crops), 2)}
    result: dict[str, Any] = {
        "what": "cellwise",
        "first_seed": first_seed,
        "cells": len(crops),
        "readers": found,
    }
    if not recogniser.is_file():
        result["left_out"] = {"PP-OCRv6 small": "run `make train` once: it fetches the recogniser"}
    return result


def samples_of(count: int, first_seed: int) -> tuple[list[Pixels], list[int]]:
    """Crops and numbers of generated sheets; cells without a number are left out."""
    from samples.generic import some_sample

    crops: list[Pixels] = []
    truth: list[int] = []
    for seed in progress(range(first_seed, first_seed + count), count, "sheets to cut"):
        sample = some_sample(seed)
        (photo,) = open_photos(sample.jpeg, f"seed {seed}")
        for cell in sample.truth["cells"].values():
            if cell["value"] is not None:
                a, b, c, d = ((int(x), int(y)) for x, y in cell["quad_px"])
                crops.append(focus(cut(photo.pixels, (a, b, c, d))))
                truth.append(int(cell["value"]))
    return crops, truth


def contestants(recogniser: Path) -> dict[str, Reader]:
    """Every reader by the name it has in the table."""
    found: dict[str, Reader] = {
        "hattama": _all,
        "hattama, large alone": lambda crops: _alone(0, crops),
        "hattama, small alone": lambda crops: _alone(1, crops),
        "hattama, third alone": lambda crops: _alone(2, crops),
        "Tesseract, digits only": lambda crops: [_tesseract(crop) for crop in crops],
    }
    if recogniser.is_file():
        found["PP-OCRv6 small, digits only"] = PaddleReader(recogniser)
    return found


def score(read: Sequence[tuple[int | None, float]], truth: Sequence[int]) -> dict[str, Any]:
    """Exact numbers, and the error left when the least confident tenth or three tenths go to a person."""
    wrong = np.array([value != number for (value, _), number in zip(read, truth, strict=True)])
    order = np.argsort([-sure for _, sure in read], kind="stable")
    rest = {left: wrong[order][: max(1, len(wrong) * (100 - left) // 100)] for left in (10, 30)}
    return {
        "exact": round(100 * float(1 - wrong.mean()), 2),
        "silent": round(
            100 * float(np.mean([w and v is not None for w, (v, _) in zip(wrong, read, strict=True)])), 2
        ),
        "error_when_leaving": {str(left): round(100 * float(part.mean()), 2) for left, part in rest.items()},
    }


def _all(crops: Sequence[Pixels]) -> list[tuple[int | None, float]]:
    """Large and small on every crop, the third on those in doubt: as a page is read."""
    return [
        _value(seen.text, seen.confidence)
        for seen in (combine(*reads) for reads in witnesses([prepare(crop) for crop in crops]))
    ]


def _alone(which: int, crops: Sequence[Pixels]) -> list[tuple[int | None, float]]:
    return [_value(seen.text, seen.confidence) for seen in readers()[which].read(crops)]


def _value(text: str, confidence: float) -> tuple[int | None, float]:
    mark, value = classify(text, DIGITS)
    return (value if mark is Mark.READ else None), confidence


def _tesseract(crop: Pixels) -> tuple[int | None, float]:
    """Page segmentation for one line, digits only, on the crop at twice its size with a white border."""
    grey = cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY)
    big = cv2.copyMakeBorder(
        cv2.resize(grey, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC),
        20,
        20,
        20,
        20,
        cv2.BORDER_REPLICATE,
    )
    found = pytesseract.image_to_data(
        big,
        config="--psm 7 -c tessedit_char_whitelist=0123456789",
        output_type=pytesseract.Output.DICT,
    )
    words = [(t.strip(), float(c)) for t, c in zip(found["text"], found["conf"], strict=True) if t.strip()]
    text = "".join(word for word, _ in words)
    return (int(text), min(sure for _, sure in words) / 100) if text.isdigit() else (None, 0.0)


class PaddleReader:
    """The recogniser in RapidOCR's own preparation: height 48, (x / 255 - 0.5) / 0.5; other characters masked."""

    def __init__(self, path: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        characters = self.session.get_modelmeta().custom_metadata_map["character"].split("\n")
        self.classes = [0, *(characters.index(digit) + 1 for digit in "0123456789")]

    def __call__(self, crops: Sequence[Pixels]) -> list[tuple[int | None, float]]:
        """Value and mean probability of the kept characters, as RapidOCR scores a line."""
        return [self._one(crop) for crop in crops]

    def _one(self, crop: Pixels) -> tuple[int | None, float]:
        width = int(np.clip(round(crop.shape[1] * 48 / crop.shape[0]), 48, 960))
        image = cv2.resize(crop, (width, 48)).astype(np.float32).transpose(2, 0, 1)[None] / 127.5 - 1
        probabilities = self.session.run(None, {self.session.get_inputs()[0].name: image})[0][0][
            :, self.classes
        ]
        kept = list(_collapsed(probabilities))
        text = "".join(str(digit) for digit, _ in kept)
        return (int(text), float(np.mean([p for _, p in kept]))) if text else (None, 0.0)


def _collapsed(probabilities: np.ndarray[Any, Any]) -> Iterator[tuple[int, float]]:
    before = 0
    for step in probabilities:
        best = int(step.argmax())
        if best and best != before:
            yield best - 1, float(step[best])
        before = best
