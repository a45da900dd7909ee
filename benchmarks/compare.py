"""Our reader beside whole-page Tesseract and RapidOCR, and all of them on identical crops of single numbers.

The others do not know which number stands where, so they are given that: a text belongs to the cell in which its
middle lies on the true page, and only its digits count. That is more than a user of theirs would have.
"""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import cv2
import numpy as np
import pytesseract

from benchmarks.accuracy import FIRST_SEED, FORM
from benchmarks.results import progress
from benchmarks.usage import cpu_seconds, peak_of_worker
from ocr import crops
from ocr.pipeline import read_file
from ocr.readings import read_cells
from ocr.segments import Pixels
from tally.form import load_form

RAPIDOCR_PYTHON = "HATTAMA_RAPIDOCR_PYTHON"
"""Environment variable: the interpreter of an environment in which ``rapidocr`` is installed; it is no dependency."""
RAPIDOCR_WHOLE = "RapidOCR, whole page"
WORKER = Path(__file__).with_name("rapid_worker.py")
Text = tuple[str, float, float]
"""A text and the middle of its box, x and y in photo pixels."""


@dataclass(slots=True)
class Tally:
    """Numbers of one reader and what they cost."""

    exact: int = 0
    wrong: int = 0
    nothing: int = 0
    cpu_ms: list[float] = field(default_factory=list)
    """For each page."""
    peak_mib: int | None = None

    def count(self, said: int | None, value: int) -> None:
        """One number on the paper."""
        self.exact += said == value
        self.wrong += said is not None and said != value
        self.nothing += said is None

    def to_dict(self) -> dict[str, Any]:
        """Stable keys of the result file."""
        return {
            "exact": self.exact,
            "wrong": self.wrong,
            "nothing": self.nothing,
            "cpu_ms_per_page": round(median(self.cpu_ms), 1) if self.cpu_ms else None,
            "peak_mib": self.peak_mib,
        }


def compare(count: int, first_seed: int = FIRST_SEED) -> dict[str, Any]:
    """Read ``count`` generated pages with every reader that is there, one thread each."""
    from samples.generic import some_sample

    samples = [some_sample(seed) for seed in range(first_seed, first_seed + count)]
    pages = [(sample.jpeg, _numbers(sample.truth)) for sample in samples]
    tallies = {
        "hattama, whole page": Tally(peak_mib=peak_of_worker([page for page, _ in pages[:3]], FORM)),
        "hattama, given crops": Tally(),
        "Tesseract, whole page": Tally(),
        "Tesseract, given crops": Tally(),
    }
    read_file(pages[0][0], "warm-up.jpg", FORM)
    for jpeg, cells in progress(pages, len(pages), "compare"):
        _ours(tallies, jpeg, cells)
        _tesseract(tallies, jpeg, cells)
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    for name, tally in tallies.items():
        if name.startswith("Tesseract"):
            tally.peak_mib = round(children / 1024)
    rapid, version = rapidocr(pages)
    return {
        "what": "compare",
        "form": FORM,
        "first_seed": first_seed,
        "pages": count,
        "numbers": sum(len(cells) for _, cells in pages),
        "rapidocr": version,
        "by": {name: tally.to_dict() for name, tally in (tallies | rapid).items()},
    }


Cells = Mapping[str, tuple[int, Any]]


def _numbers(truth: Mapping[str, Any]) -> Cells:
    """Code -> number and its corners, of cells that hold a plain number."""
    return {
        code: (cell["value"], cell["quad_px"])
        for code, cell in truth["cells"].items()
        if cell["value"] is not None and cell["mark"] == "read"
    }


def _ours(tallies: Mapping[str, Tally], jpeg: bytes, cells: Cells) -> None:
    before = cpu_seconds()
    (page,) = read_file(jpeg, "page.jpg", FORM)
    tallies["hattama, whole page"].cpu_ms.append(1000 * (cpu_seconds() - before))
    found = {**page.header, **page.fields}
    for code, (value, _) in cells.items():
        tallies["hattama, whole page"].count(found[code].value if code in found else None, value)
    form = load_form(FORM)
    before = cpu_seconds()
    seen = read_cells(_crops(jpeg, cells), [form.field(code) for code in cells])
    tallies["hattama, given crops"].cpu_ms.append(1000 * (cpu_seconds() - before))
    for cell, (value, _) in zip(seen, cells.values(), strict=True):
        tallies["hattama, given crops"].count(cell.value, value)


def _tesseract(tallies: Mapping[str, Tally], jpeg: bytes, cells: Cells) -> None:
    before = cpu_seconds()
    grey = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
    data = pytesseract.image_to_data(
        grey, lang="+".join(load_form(FORM).languages), output_type=pytesseract.Output.DICT
    )
    tallies["Tesseract, whole page"].cpu_ms.append(1000 * (cpu_seconds() - before))
    boxes = zip(data["text"], data["left"], data["top"], data["width"], data["height"], strict=True)
    texts = [(text, x + w / 2, y + h / 2) for text, x, y, w, h in boxes if text.strip()]
    _count_texts(tallies["Tesseract, whole page"], texts, cells)
    before = cpu_seconds()
    pictures = _crops(jpeg, cells)
    options = "--psm 7 -c tessedit_char_whitelist=0123456789"
    seen = [pytesseract.image_to_string(picture, lang="eng", config=options) for picture in pictures]
    tallies["Tesseract, given crops"].cpu_ms.append(1000 * (cpu_seconds() - before))
    _count_each(tallies["Tesseract, given crops"], seen, cells)


def rapidocr(pages: Sequence[tuple[bytes, Cells]]) -> tuple[dict[str, Tally], str]:
    """RapidOCR in its own environment, and its version; or why it was not measured."""
    python = os.environ.get(RAPIDOCR_PYTHON)
    if not python:
        return {}, f"not measured: {RAPIDOCR_PYTHON} names no interpreter that has it"
    with tempfile.TemporaryDirectory() as folder:
        for at, (jpeg, cells) in enumerate(pages):
            Path(folder, f"{at:04d}.jpg").write_bytes(jpeg)
            for number, picture in enumerate(_crops(jpeg, cells)):
                cv2.imwrite(str(Path(folder, f"{at:04d}-{number:02d}.png")), picture)
        done = subprocess.run([python, str(WORKER), folder], capture_output=True, text=True, check=False)
    if done.returncode:
        return {}, "not measured: " + (done.stderr.strip().splitlines() or ["it failed"])[-1][:200]
    answer = json.loads(done.stdout.splitlines()[-1])
    whole, given = Tally(peak_mib=answer["peak_mib"]), Tally(peak_mib=answer["peak_mib"])
    for (_, cells), page in zip(pages, answer["pages"], strict=True):
        whole.cpu_ms.append(page["whole_ms"])
        given.cpu_ms.append(page["crops_ms"])
        _count_texts(whole, [tuple(text) for text in page["texts"]], cells)
        _count_each(given, page["crops"], cells)
    return {RAPIDOCR_WHOLE: whole, "RapidOCR, given crops": given}, answer["version"]


def _crops(jpeg: bytes, cells: Cells) -> list[Pixels]:
    """The cells, cut along their true corners."""
    photo = np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)
    return [crops.cut(photo, quad) for _, quad in cells.values()]


def _count_texts(tally: Tally, texts: Iterable[Text], cells: Cells) -> None:
    """Texts from left to right in the cell in which their middle lies."""
    ordered = sorted(texts, key=lambda text: text[1])
    for value, quad in cells.values():
        corners = np.array(quad, np.float32).reshape(-1, 1, 2)
        inside = [t for t, x, y in ordered if cv2.pointPolygonTest(corners, (float(x), float(y)), False) >= 0]
        tally.count(_digits("".join(inside)), value)


def _count_each(tally: Tally, texts: Sequence[str], cells: Cells) -> None:
    for text, (value, _) in zip(texts, cells.values(), strict=True):
        tally.count(_digits(text), value)


def _digits(text: str) -> int | None:
    found = re.sub(r"[^0-9]", "", text)
    return int(found) if found and len(found) <= 9 else None
