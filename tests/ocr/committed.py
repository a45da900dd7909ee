"""The committed sample photos, read once per test run however many tests look at them."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import cv2
import numpy as np

from ocr.pipeline import read_file
from tally.form import load_form
from tally.model import Mark, PageReading
from tests.conftest import REPOSITORY

PHOTOS = REPOSITORY / "samples" / "photos"
FORM = "kz-2023-majilis-smd"
TABLE, WORDS, BOXES, LINES = (
    "district-14-4.jpg",
    "district-04-2.jpg",
    "district-04-3.jpg",
    "district-14-3.jpg",
)
INCONSISTENT = "district-27-4.jpg"
BLURRED = "district-27-3.jpg"


@lru_cache(maxsize=1)
def truths() -> dict[str, Any]:
    return json.loads((PHOTOS / "truth.json").read_text(encoding="utf-8"))


def photo_bytes(name: str, turns: int = 0) -> bytes:
    """The file, or the same picture turned by quarter turns counterclockwise and stored without loss."""
    data = (PHOTOS / name).read_bytes()
    if not turns:
        return data
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert pixels is not None
    ok, png = cv2.imencode(".png", np.rot90(pixels, turns))
    assert ok
    return png.tobytes()


@lru_cache(maxsize=32)
def read(name: str, turns: int = 0, form: str = FORM) -> PageReading:
    (page,) = read_file(photo_bytes(name, turns), name, form)
    return page


def wrong_numbers(
    page: PageReading, truth: dict[str, Any], *, settled_only: bool = False
) -> dict[str, tuple]:
    """Codes whose reading says another number than the paper; abstained cells are not wrong."""
    from tally.acceptance import is_settled
    from tally.checks import covered_fields

    form = load_form(page.form) if page.form else load_form(FORM)
    covered = covered_fields(form, [c for c, r in page.fields.items() if r.mark is not Mark.ABSENT])
    said = {**page.fields, **page.header}
    paper = {**truth["fields"], **{c: v for c, v in truth["header"].items() if c in page.header}}
    return {
        code: (paper.get(code), reading.value)
        for code, reading in said.items()
        if reading.value is not None
        and reading.value != paper.get(code)
        and (not settled_only or is_settled(reading, covered=code in covered))
    }


def exact_cells(page: PageReading, truth: dict[str, Any]) -> float:
    """Share of the numbers on the paper that were read as they stand there."""
    numbers = {code: value for code, value in truth["fields"].items() if value is not None}
    right = sum(code in page.fields and page.fields[code].value == value for code, value in numbers.items())
    return right / len(numbers)
