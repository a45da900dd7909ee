"""Whether confidence means what it says: per cell (reliability) and per sheet (abstention curve)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf
from typing import Any

from benchmarks.accuracy import FORM, severity_band
from benchmarks.bounds import upper_bound
from benchmarks.results import progress
from benchmarks.scoring import score_page
from ocr.pipeline import read_file
from tally.acceptance import decide, margin
from tally.checks import covered_fields
from tally.form import load_form
from tally.model import Mark, PageReading, Reading

FIRST_SEED = 700_000
"""Sheets of this measurement alone; thresholds were chosen on seeds from 300000 on."""
EDGES = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 1.0)
SHIFTS = tuple(k / 4 for k in range(-16, 17))
"""Log odds by which all thresholds are moved together; 0 is what is shipped."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One number on the paper and how sure the reader was of its own."""

    confidence: float
    right: bool


@dataclass(frozen=True, slots=True)
class SheetMargin:
    """How far a sheet lies above the thresholds, and whether a number of it is wrong."""

    band: str
    margin: float
    wrong: bool


def confidence(count: int, first_seed: int = FIRST_SEED) -> dict[str, Any]:
    """Read ``count`` generated sheets once and judge every confidence."""
    from samples.generic import some_sample

    cells: list[Cell] = []
    sheets: list[SheetMargin] = []
    for seed in progress(range(first_seed, first_seed + count), count, "confidence"):
        sample = some_sample(seed)
        page = read_file(sample.jpeg, f"seed {seed}", FORM)[0]
        cells += cells_of(page, sample.truth)
        wrong = score_page(f"seed {seed}", page, sample.truth)
        sheets.append(
            SheetMargin(
                severity_band(sample.truth["severity"]),
                sheet_margin(page),
                has_wrong(page, sample.truth, wrong.wrong),
            )
        )
    return {
        "what": "confidence",
        "first_seed": first_seed,
        "sheets": count,
        "cells": len(cells),
        "reliability": reliability(cells),
        "expected_calibration_error": calibration_error(cells),
        "curve": {"all": curve(sheets)} | {band: curve(found) for band, found in by_band(sheets).items()},
    }


def cells_of(page: PageReading, truth: dict[str, Any]) -> list[Cell]:
    """Cells in which a number stands and a number was read: what confidence makes a promise about."""
    paper = {**truth["fields"], "precinct": truth.get("header", {}).get("precinct")}
    read = {**page.header, **page.fields}
    return [
        Cell(read[code].confidence, read[code].value == value)
        for code, value in paper.items()
        if value is not None and code in read and read[code].mark is Mark.READ
    ]


def has_wrong(page: PageReading, truth: dict[str, Any], wrong: int) -> bool:
    """True if any number read, in the header too, is not the one on the paper."""
    header = truth.get("header", {})
    return wrong > 0 or any(
        reading.value is not None and isinstance(header.get(code), int) and reading.value != header[code]
        for code, reading in page.header.items()
    )


def sheet_margin(page: PageReading) -> float:
    """Smallest margin of all cells that acceptance asks about; ``-inf`` if anything else stands against it."""
    if page.form is None:
        return -inf
    form = load_form(page.form)
    certain = {code: _certain(reading) for code, reading in page.fields.items()}
    header = {code: _certain(reading) for code, reading in page.header.items()}
    if decide(form, replace(page, fields=certain, header=header))[1]:
        return -inf
    covered = covered_fields(form, [code for code, r in page.fields.items() if r.mark is not Mark.ABSENT])
    margins = [  # the sums hold: decide() has just asked them
        margin(reading, covered=code in covered, sums_hold=True)
        for code, reading in page.fields.items()
        if reading.mark is not Mark.ABSENT and code not in page.arbitrated
    ]
    return min([*margins, *(margin(r, covered=False) for r in page.header.values() if r.mark is Mark.READ)])


def _certain(reading: Reading) -> Reading:
    return replace(reading, confidence=1.0, agreed=True)


def reliability(cells: Sequence[Cell]) -> list[dict[str, Any]]:
    """Per band of confidence: how many cells, what was promised on average, what was kept."""
    bins = []
    for low, high in pairwise(EDGES):
        found = [c for c in cells if low <= c.confidence < high or (high == 1.0 and c.confidence == 1.0)]
        if found:
            right = sum(c.right for c in found)
            bins.append(
                {
                    "from": low,
                    "to": high,
                    "cells": len(found),
                    "promised": round(sum(c.confidence for c in found) / len(found), 5),
                    "kept": round(right / len(found), 5),
                    "wrong_upper_95": round(upper_bound(len(found) - right, len(found)), 5),
                }
            )
    return bins


def calibration_error(cells: Sequence[Cell]) -> float:
    """Mean distance between promised and kept over the bands, weighted by cells (Naeini et al., AAAI 2015)."""
    total = sum(b["cells"] * abs(b["promised"] - b["kept"]) for b in reliability(cells))
    return round(total / max(1, len(cells)), 5)


def by_band(sheets: Iterable[SheetMargin]) -> dict[str, list[SheetMargin]]:
    """Sheets by quality of the photo."""
    bands: dict[str, list[SheetMargin]] = defaultdict(list)
    for sheet in sheets:
        bands[sheet.band].append(sheet)
    return dict(sorted(bands.items()))


def curve(sheets: Sequence[SheetMargin]) -> list[dict[str, Any]]:
    """Accepted share and wrong among accepted for stricter and laxer thresholds."""
    points = []
    for shift in SHIFTS:
        accepted = [s for s in sheets if s.margin >= shift]
        wrong = sum(s.wrong for s in accepted)
        points.append(
            {
                "shift": shift,
                "accepted": len(accepted),
                "share": round(len(accepted) / max(1, len(sheets)), 4),
                "wrong": wrong,
                "wrong_upper_95": round(upper_bound(wrong, len(accepted)), 4),
            }
        )
    return points
