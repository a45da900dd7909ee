"""Lines of words for the larger network, 48 px high: drawn as for the small one, then stretched unevenly.

Unknown cursive differs from what there is to train on most of all in its proportions: letters narrow and low beside
long tails. Rows and columns of a drawn line are therefore moved apart or together, slowly and without a break.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from ocr.segments import Pixels
from ocr.train.inwords import faces
from ocr.train.inwords.body import COLUMN, HEIGHT
from ocr.train.inwords.cells import CellWriter
from ocr.train.printed.fonts import fetch_families
from ocr.train.printed.net import batches as drawn_batches
from ocr.wordline import line_of

MORE = ("marmelad", "klee-one", "bellota-text")
"""Further families, trained on as they are."""
MORE_ITALICS = (
    "bona-nova bellota-text old-standard-tt gentium-plus tinos charis-sil brygada-1918 stix-two-text merriweather "
    "cormorant ysabeau arsenal ibm-plex-serif"
).split()
"""Further families, their italics trained on."""
CURSIVE = ("great-vibes", "lobster")
"""Joined script: drawn more often than the others."""
OFTEN = 4
UNSEEN = ("marck-script", "bad-script", "caveat")
"""Cursive that no reader of words was trained on, and the samples are written in: measured on."""
SIZE, POOL = 24, 12
"""Lines of a batch; batches that are sorted by width together."""
ROOM = 1.1
"""Columns there must be for every letter, and for the blank between two of a kind."""


def fetch(cache: Path) -> None:
    """Fetch all families that are trained on or measured. Needs npm."""
    faces.fetch(cache)
    fetch_families(cache / "word-hands", tuple(dict.fromkeys((*MORE, *MORE_ITALICS, *UNSEEN))))


def more_hands(cache: Path) -> list[faces.Hand]:
    """What the small network is trained on, and more."""
    added = faces.hands(cache, MORE, ("normal",)) + faces.hands(cache, MORE_ITALICS, ("italic",))
    return faces.training_hands(cache) + added + faces.hands(cache, CURSIVE, ("normal",)) * (OFTEN - 1)


class Lines:
    """Draws lines (48, W) and what they say. The same seed gives the same line."""

    def __init__(self, hands: list[faces.Hand], uneven: bool = True) -> None:
        self.writer, self.uneven = CellWriter(hands), uneven

    def sample(self, seed: tuple[int, ...]) -> tuple[Pixels, str]:
        """A line that has columns enough for its letters."""
        for attempt in range(100):
            cell = self.writer.cell((*seed, attempt))
            line = line_of(cell.picture, HEIGHT)
            if line is None or not cell.text:
                continue
            least = int(COLUMN * (ROOM * _columns(cell.text) + 1)) + 1
            if line.shape[1] < least:  # writing that fell apart
                continue
            if self.uneven:
                line = stretched(line, least, np.random.default_rng((*seed, attempt, 1)))
            return line, cell.text
        raise RuntimeError("no cell of a hundred could be made out: are the fonts complete?")


def _columns(text: str) -> int:
    return len(text) + sum(a == b for a, b in pairwise(text))


def stretched(line: Pixels, least: int, rng: np.random.Generator) -> Pixels:
    """Narrower or wider, slanted, paler, rows and columns moved; at least ``least`` pixels wide if it was."""
    high, before = line.shape
    wide = max(round(before * float(np.exp(rng.normal(-0.1, 0.22)))), min(least, before))
    rows = _moved(high, high, 3, 0.45, rng)
    columns = _moved(wide, before, max(2, round(wide / 40)), 0.25, rng)
    slant = float(rng.normal(0, 0.15)) * before / wide
    xs = columns[None, :] + slant * (rows[:, None] - high / 2)
    ys = np.repeat(rows[:, None] + np.float32(rng.normal(0, 0.7)), wide, 1)
    moved = cv2.remap(
        line, xs.astype(np.float32), ys.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT,
        borderValue=(255,),
    )  # fmt: skip
    pale = np.float32(rng.uniform(0.7, 1.0))
    return (255 - (255 - moved.astype(np.float32)) * pale).astype(np.uint8)


def _moved(
    count: int, before: int, knots: int, spread: float, rng: np.random.Generator
) -> NDArray[np.float32]:
    """(count) rising places in 0..before - 1 whose density varies slowly."""
    density = np.exp(rng.normal(0, spread * float(rng.random()), knots + 1))
    steps = np.interp(np.linspace(0, knots, count), np.arange(knots + 1), density)
    places = np.cumsum(steps) - steps[0]
    return np.asarray(places * ((before - 1) / max(1e-6, places[-1])), np.float32)


def batches(lines: Lines, stream: int, start: int) -> Iterator[tuple[Tensor, list[str]]]:
    """Endless batches of lines of like width, (N, 1, 48, W) in -1..1; ``start`` in batches."""
    for ink, texts in drawn_batches(lines, stream, start, SIZE, POOL):
        yield as_paper(ink), texts


def as_paper(ink: Tensor) -> Tensor:
    """From ink 1 and paper 0, as the fast networks take it, to ink -1 and paper 1."""
    return 1.0 - 2.0 * ink
