"""Printed labels of rows, read by Tesseract in one call per sheet.

Starting Tesseract costs 80-120 ms and each line of text about 10 ms more, so only the label areas are shown to it,
stacked under one another in one picture; everything else on the sheet (numbers, words, seals) stays out.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytesseract

from ocr.boxes import Box
from ocr.rowtypes import Row
from ocr.segments import Pixels
from tally.errors import MissingComponent, ReaderStopped

# One Tesseract is one worker: its own threads would only compete with the other workers.
os.environ.setdefault("OMP_THREAD_LIMIT", "1")

SCALE = 1.0
"""Size of the labels as shown to Tesseract. 10 pt print is about 11 px high on the sheet; 1.0 reads as well as 1.2
(mean word confidence 85 of 100 both) and costs a tenth less; below, short header labels are lost."""
GAP = 24
"""White pixels between two labels in the stack."""
TIMEOUT = 60
"""Seconds for one sheet; noise and textures can keep Tesseract busy for minutes."""
SPECKLED = 0.35
"""A label area with more dark pixels than this is texture, not print (print covers 5-20 %)."""
MAX_MISSED = 3
"""Labels that may be read a second time; where more are empty, the sheet is at fault."""
CONFIG = "--oem 1 --psm 6 -c tessedit_do_invert=0 -c tessedit_create_tsv=1"
STOPPED = "The next run tries again; if it happens again, photograph the sheet once more."
INSTALL = "Install it: apt-get install tesseract-ocr tesseract-ocr-rus tesseract-ocr-kaz"


@dataclass(frozen=True, slots=True)
class LabelText:
    """What is printed beside one place for a number."""

    text: str
    """Lines joined by spaces; empty if nothing was read."""
    confidence: float
    """Mean word confidence of Tesseract, 0..1."""


@lru_cache(maxsize=1)
def installed_languages() -> frozenset[str]:
    """Language data that Tesseract finds. Raises MissingComponent if Tesseract itself is missing."""
    try:
        return frozenset(pytesseract.get_languages(config=""))
    except (pytesseract.TesseractNotFoundError, OSError) as error:
        raise MissingComponent("The program tesseract was not found.", advice=INSTALL) from error


def usable_languages(wanted: Sequence[str]) -> str:
    """Tesseract's language argument. Raises MissingComponent if one of the wanted ones is not installed."""
    missing = [code for code in wanted if code not in installed_languages()]
    if missing:
        packages = " ".join(f"tesseract-ocr-{code}" for code in missing)
        raise MissingComponent(
            f"Tesseract has no data for {', '.join(missing)}.",
            advice=f"Install it: apt-get install {packages}",
        )
    return "+".join(wanted)


def read_labels(
    grey: Pixels, rows: Sequence[Row], languages: Sequence[str], again: Sequence[str] = ()
) -> list[LabelText]:
    """Read the label of every row, in the order given.

    Args:
        grey: (H, W) uint8, the straightened sheet.
        rows: from :func:`ocr.rows.find_rows`.
        languages: Tesseract codes.
        again: codes for a second look at labels that came out empty; the same by default.
    """
    tiles = [(index, _tile(grey, area)) for index, row in enumerate(rows) for area in row.labels]
    if not languages or all(tile is None for _, tile in tiles):
        return [LabelText("", 0.0) for _ in rows]
    wanted = usable_languages(languages)
    found = _read_tiles(tiles, len(rows), wanted, SCALE)
    # Tesseract now and then drops one short line of many; alone and larger it reads it.
    missed = [(index, tile) for index, tile in tiles if tile is not None and not found[index].text]
    if found and 0 < len(missed) <= MAX_MISSED < sum(bool(label.text) for label in found):
        second = _read_tiles(missed, len(rows), usable_languages(again or languages), 1.5 * SCALE)
        found = [new if not old.text else old for old, new in zip(found, second, strict=True)]
    return found


def _read_tiles(
    tiles: Sequence[tuple[int, Pixels | None]], count: int, languages: str, scale: float
) -> list[LabelText]:
    """Read tiles, each of the row whose index stands beside it; one text per row."""
    stack, spans = _stack([tile for _, tile in tiles], scale)
    if stack is None:
        return [LabelText("", 0.0)] * count
    words = _words(stack, languages)
    owners = [index for index, _ in tiles]
    return [
        _collect(words, [span for owner, span in zip(owners, spans, strict=True) if owner == index and span])
        for index in range(count)
    ]


def _tile(grey: Pixels, area: Box) -> Pixels | None:
    if area.width < 10 or area.height < 8:
        return None
    return _trim(_even(grey[area.y0 : area.y1, area.x0 : area.x1]))


def _even(tile: Pixels) -> Pixels:
    """Divide by the local paper brightness: shadows go, print stays."""
    paper = cv2.blur(cv2.dilate(tile, np.ones((9, 9), np.uint8)), (31, 31))
    return np.asarray(cv2.divide(tile, np.maximum(paper, 1), scale=255), dtype=np.uint8)


def _trim(tile: Pixels) -> Pixels | None:
    """Cut the white paper around the print; ``None`` if there is no print."""
    dark = tile < 150
    columns, lines = np.flatnonzero(dark.sum(axis=0) > 0), np.flatnonzero(dark.sum(axis=1) > 1)
    if len(columns) < 12 or len(lines) < 6 or float(dark.mean()) > SPECKLED:
        return None
    y0, y1 = max(0, lines[0] - 4), lines[-1] + 5
    x0, x1 = max(0, columns[0] - 4), columns[-1] + 5
    return np.ascontiguousarray(tile[y0:y1, x0:x1])


def _stack(
    tiles: Sequence[Pixels | None], scale: float
) -> tuple[Pixels | None, list[tuple[int, int] | None]]:
    """One picture with all tiles, and each tile's (top, bottom) in it."""
    scaled = [
        None
        if tile is None
        else np.asarray(
            cv2.resize(tile, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), dtype=np.uint8
        )
        for tile in tiles
    ]
    present = [tile for tile in scaled if tile is not None]
    if not present:
        return None, [None] * len(tiles)
    width = max(tile.shape[1] for tile in present) + 2 * GAP
    height = sum(tile.shape[0] + GAP for tile in present) + GAP
    stack = np.full((height, width), 255, dtype=np.uint8)
    spans: list[tuple[int, int] | None] = []
    top = GAP
    for tile in scaled:
        if tile is None:
            spans.append(None)
            continue
        stack[top : top + tile.shape[0], GAP : GAP + tile.shape[1]] = tile
        spans.append((top - GAP // 2, top + tile.shape[0] + GAP // 2))
        top += tile.shape[0] + GAP
    return stack, spans


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    middle: float
    confidence: float


def _words(stack: Pixels, languages: str) -> list[_Word]:
    try:
        table = _recognise(stack, languages)
    except pytesseract.TesseractNotFoundError as error:
        raise MissingComponent("The program tesseract was not found.", advice=INSTALL) from error
    except RuntimeError as error:  # it crashed or ran out of time: not the same as a sheet without labels
        raise ReaderStopped(f"Tesseract did not read the labels: {error}.", advice=STOPPED) from error
    return [
        _Word(text.strip(), top + height / 2, float(confidence) / 100)
        for text, top, height, confidence in zip(
            table["text"], table["top"], table["height"], table["conf"], strict=True
        )
        if text.strip() and float(confidence) >= 0
    ]


def _recognise(stack: Pixels, languages: str) -> dict[str, list[Any]]:
    """Tesseract's word table. Hands the picture over uncompressed: packing a PNG would cost 40 ms a sheet."""
    with tempfile.TemporaryDirectory(prefix="hattama-") as folder:
        path = Path(folder) / "labels.pgm"
        path.write_bytes(b"P5 %d %d 255\n" % (stack.shape[1], stack.shape[0]) + stack.tobytes())
        table: dict[str, list[Any]] = pytesseract.image_to_data(
            str(path), lang=languages, config=CONFIG, output_type=pytesseract.Output.DICT, timeout=TIMEOUT
        )
    return table


def _collect(words: Sequence[_Word], spans: Sequence[tuple[int, int]]) -> LabelText:
    inside = [word for word in words if any(top <= word.middle < bottom for top, bottom in spans)]
    if not inside:
        return LabelText("", 0.0)
    return LabelText(
        " ".join(word.text for word in inside), sum(word.confidence for word in inside) / len(inside)
    )
