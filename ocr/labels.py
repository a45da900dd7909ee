"""Printed labels read by Tesseract, in one call: those that the print reader left open.

Starting Tesseract costs 20-100 ms and each line of text 15-20 ms more, so only label areas are shown to it, stacked
under one another in one picture; everything else on the sheet (numbers, words, seals) stays out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from ocr.boxes import Box
from ocr.segments import Pixels
from ocr.tesseract import word_table
from ocr.tiles import LabelText
from tally.errors import ReaderStopped

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
    found = _read_tiles(tiles, languages, SCALE)
    # Tesseract now and then drops one short line of many; alone and larger it reads it.
    missed = {area: tile for area, tile in tiles.items() if area not in found}
    if 0 < len(missed) <= MAX_MISSED < len(found):
        found |= _read_tiles(missed, again or languages, 1.5 * SCALE)
    return found


def _read_tiles(tiles: Mapping[Box, Pixels], languages: Sequence[str], scale: float) -> dict[Box, LabelText]:
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


def _words(stack: Pixels, languages: Sequence[str]) -> list[_Word]:
    try:
        table = word_table(stack, languages, CONFIG, TIMEOUT)
    except RuntimeError as error:  # it crashed or ran out of time: not the same as a sheet without labels
        raise ReaderStopped(f"Tesseract did not read the labels: {error}.", advice=STOPPED) from error
    return [
        _Word(text.strip(), top + height / 2, float(confidence) / 100)
        for text, top, height, confidence in zip(
            table["text"], table["top"], table["height"], table["conf"], strict=True
        )
        if text.strip() and float(confidence) >= 0
    ]


def _collect(words: Sequence[_Word], span: tuple[int, int]) -> LabelText:
    inside = [word for word in words if span[0] <= word.middle < span[1]]
    if not inside:
        return LabelText("", 0.0)
    return LabelText(
        " ".join(word.text for word in inside), sum(word.confidence for word in inside) / len(inside)
    )
