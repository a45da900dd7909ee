"""How well the print of a picture can be read, from a handful of its lines: enough to tell which way up a page is."""

from __future__ import annotations

import cv2
import numpy as np

from ocr.lines import even, split_lines
from ocr.printed import PrintReader
from ocr.segments import Pixels, ink_mask
from ocr.tiles import SPECKLED

WINDOW = (180, 600)
"""Height and width in sheet pixels of the places that are looked at: a few lines of print."""
PLACES = 6
"""How many of them, those with the most ink first."""
LINES = 18
"""Lines that are read at most, some 1.5 ms each: this bounds the work, whatever is in the picture."""
FEWEST = 40
"""Letters below which nothing can be told."""


def legibility(grey: Pixels) -> float:
    """Mean confidence of the print reader, 0..1, over some lines of a picture, (H, W) uint8; 0 without print."""
    lines = [line.picture for tile in _tiles(grey) for line in split_lines(tile)]
    wide = sorted(lines, key=lambda line: -line.shape[1])[:LINES]
    read = PrintReader.load().read(wide)
    letters = sum(len(text) for text, _ in read)
    return sum(sure * len(text) for text, sure in read) / letters if letters >= FEWEST else 0.0


def _tiles(grey: Pixels) -> list[Pixels]:
    """The places with the most ink that is not texture."""
    height, width = (min(size, side) for size, side in zip(WINDOW, grey.shape, strict=True))
    quarter = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    ink = ink_mask(np.asarray(quarter, np.uint8), 10) > 0
    found = []
    for top in range(0, grey.shape[0] - height + 1, height):
        for left in range(0, grey.shape[1] - width + 1, width):
            share = float(ink[top // 4 : (top + height) // 4, left // 4 : (left + width) // 4].mean())
            if share <= SPECKLED:
                found.append((share, top, left))
    best = sorted(found, reverse=True)[:PLACES]
    return [even(grey[top : top + height, left : left + width]) for _, top, left in best]
