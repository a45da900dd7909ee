"""All printed words of a page and the lines they stand in: what is left to go by where no table was understood.

Letters that stand close to one another are one line of print, whatever lies above, below or beside it; each line is
cut out by its own strokes and read by the print reader. A page costs 0.3 to 0.5 s of CPU, Tesseract took 1.2 to 2 s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np

from ocr.boxes import Box, hull_of
from ocr.lines import INK, split_lines
from ocr.printed import PrintReader
from ocr.segments import Pixels

MIN_CONFIDENCE = 0.6
"""Lines read with less are handwriting, stamps or texture: those reach 0.4 to 0.7, print 0.75 to 1."""
PRINT = 0.7
"""Confidence from which on four letters are print."""
LETTER_GAP = 15
"""Pixels of a sheet 1800 px long between two words of one line; a word's height is 11 to 20."""
LINE = (6, 40)
"""Height in pixels of a line of print, slant included."""
MIN_WIDTH = 14
WORD_GAP = 1.6
"""Words at most this far apart, in usual word heights, belong to one line of a label; numbers stand farther off."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word as the print reader read it."""

    text: str
    box: Box
    confidence: float
    """0..1."""

    @property
    def letters(self) -> int:
        """How many of its characters are letters."""
        return sum(c.isalpha() for c in self.text)

    @property
    def is_print(self) -> bool:
        """False for what may be figures: "303" in handwriting passes for the letters "зоз"."""
        return self.letters >= 4 and self.confidence >= PRINT


@dataclass(frozen=True, slots=True)
class Line:
    """Words that follow one another."""

    words: tuple[Word, ...]
    box: Box = field(init=False)
    """Around all words."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "box", hull_of([word.box for word in self.words]))

    @property
    def lettered(self) -> Box:
        """The same without figures at its ends: a number beside a label stands as near as its words do."""
        wordy = [at for at, word in enumerate(self.words) if not word.text.isdigit()]
        return hull_of([word.box for word in self.words[wordy[0] : wordy[-1] + 1]]) if wordy else self.box

    @property
    def text(self) -> str:
        """Joined by spaces."""
        return " ".join(word.text for word in self.words)


def read_words(printed: Pixels) -> list[Word]:
    """Words of a page or of a part of it, (H, W) uint8 with dark print on white; their ends are estimated.

    Raises MissingComponent if the print reader's weights are missing.
    """
    places, pictures = [], []
    for box, tile in _lines_of_print(printed):
        for line in split_lines(tile):
            places.append(box)
            pictures.append(line.picture)
    read = PrintReader.load().read(pictures)
    return [
        word
        for box, (text, confidence) in zip(places, read, strict=True)
        if confidence >= MIN_CONFIDENCE
        for word in _words_of(text, box, confidence)
    ]


def _lines_of_print(printed: Pixels) -> list[tuple[Box, Pixels]]:
    """Place and picture of each line of print, with nothing in it but its own strokes."""
    ink = (printed < INK).astype(np.uint8)
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, LETTER_GAP), np.uint8))
    count, owner, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    out = []
    for index in range(1, count):
        left, top, width, height = (int(v) for v in stats[index, :4])
        if not LINE[0] <= height <= LINE[1] or width < max(MIN_WIDTH, 0.8 * height):
            continue
        y0, x0 = max(0, top - 3), max(0, left - 3)
        part = (slice(y0, top + height + 3), slice(x0, left + width + 3))
        own = cv2.dilate((owner[part] == index).astype(np.uint8), np.ones((5, 5), np.uint8))
        tile = np.where(own > 0, printed[part], 255).astype(np.uint8)
        out.append((Box(top, left, top + height, left + width), tile))
    return out


def _words_of(text: str, line: Box, confidence: float) -> list[Word]:
    """The words of a line, each as wide as its share of the letters."""
    step = line.width / max(1, len(text))
    out, at = [], 0
    for word in text.split(" "):
        if any(c.isalnum() for c in word):
            x0, x1 = line.x0 + round(at * step), line.x0 + round((at + len(word)) * step)
            out.append(Word(word, Box(line.y0, x0, line.y1, max(x0 + 1, x1)), confidence))
        at += len(word) + 1
    return out


def usual_height(words: Sequence[Word]) -> int:
    """Median height in pixels of words of several letters; 0 without any."""
    heights = sorted(word.box.height for word in words if word.letters >= 3)
    return heights[len(heights) // 2] if heights else 0


def lines_of(words: Sequence[Word]) -> list[Line]:
    """Words joined to lines, from top to bottom; what stands farther apart is another line."""
    gap = WORD_GAP * usual_height(words)
    groups: list[list[Word]] = []
    for word in sorted(words, key=lambda one: one.box.x0):
        home = next(
            (
                group
                for group in groups
                if -gap / 2 <= word.box.x0 - group[-1].box.x1 <= gap
                and group[-1].box.overlap_y(word.box) >= 0.5
                and word.box.height <= 2.5 * group[-1].box.height
            ),
            None,
        )
        if home is None:
            groups.append([word])
        else:
            home.append(word)
    return sorted((Line(tuple(group)) for group in groups), key=lambda line: (line.box.y0, line.box.x0))
