"""Printed labels read by Tesseract, in one call: those that the print reader left open.

Starting Tesseract costs 20-100 ms and each line of text 15-20 ms more, so only label areas are shown to it, stacked
under one another in one picture; everything else on the sheet (numbers, words, seals) stays out.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytesseract

from ocr.boxes import Box
from ocr.segments import Pixels
from ocr.tiles import LabelText
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
MAX_MISSED = 3
"""Labels that may be read a second time; where more are empty, the sheet is at fault."""
CONFIG = "--oem 1 --psm 6 -c tessedit_do_invert=0 -c tessedit_create_tsv=1"
STOPPED = "The next run tries again; if it happens again, photograph the sheet once more."
INSTALL = "Install it: apt-get install tesseract-ocr tesseract-ocr-rus tesseract-ocr-kaz"


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
    tiles: Mapping[Box, Pixels], languages: Sequence[str], again: Sequence[str] = ()
) -> dict[Box, LabelText]:
    """Read label areas; those without text are left out.

    Args:
        tiles: from :func:`ocr.tiles.cut_tiles`.
        languages: Tesseract codes.
        again: codes for a second look at labels that came out empty; the same by default.
    """
    if not languages or not tiles:
        return {}
    found = _read_tiles(tiles, usable_languages(languages), SCALE)
    # Tesseract now and then drops one short line of many; alone and larger it reads it.
    missed = {area: tile for area, tile in tiles.items() if area not in found}
    if 0 < len(missed) <= MAX_MISSED < len(found):
        found |= _read_tiles(missed, usable_languages(again or languages), 1.5 * SCALE)
    return found


def _read_tiles(tiles: Mapping[Box, Pixels], languages: str, scale: float) -> dict[Box, LabelText]:
    stack, spans = _stack(list(tiles.values()), scale)
    words = _words(stack, languages)
    found = {area: _collect(words, span) for area, span in zip(tiles, spans, strict=True)}
    return {area: label for area, label in found.items() if label.text}


def _stack(tiles: Sequence[Pixels], scale: float) -> tuple[Pixels, list[tuple[int, int]]]:
    """One picture with all tiles, and each tile's (top, bottom) in it."""
    scaled = [cv2.resize(tile, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC) for tile in tiles]
    width = max(tile.shape[1] for tile in scaled) + 2 * GAP
    height = sum(tile.shape[0] + GAP for tile in scaled) + GAP
    stack = np.full((height, width), 255, dtype=np.uint8)
    spans: list[tuple[int, int]] = []
    top = GAP
    for tile in scaled:
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


def _collect(words: Sequence[_Word], span: tuple[int, int]) -> LabelText:
    inside = [word for word in words if span[0] <= word.middle < span[1]]
    if not inside:
        return LabelText("", 0.0)
    return LabelText(
        " ".join(word.text for word in inside), sum(word.confidence for word in inside) / len(inside)
    )
