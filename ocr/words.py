"""All printed words of a page and the lines they stand in: what is left to go by where no table was understood.

Reading a whole page costs a second or two, so this is asked only where the ruled network has left rows open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ocr.boxes import Box, hull_of
from ocr.segments import Pixels
from ocr.tesseract import word_table

TIMEOUT = 60
"""Seconds for one page; noise and textures can keep Tesseract busy for minutes."""
CONFIG = "--oem 1 --psm 11 -c tessedit_do_invert=0"
MIN_CONFIDENCE = 0.15
WORD_GAP = 1.6
"""Words at most this far apart, in usual word heights, belong to one line of a label; numbers stand farther off."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word as Tesseract read it."""

    text: str
    box: Box
    confidence: float
    """0..1."""

    @property
    def letters(self) -> int:
        """How many of its characters are letters."""
        return sum(c.isalpha() for c in self.text)


@dataclass(frozen=True, slots=True)
class Line:
    """Words that follow one another."""

    words: tuple[Word, ...]

    @property
    def box(self) -> Box:
        """Around all words."""
        return hull_of([word.box for word in self.words])

    @property
    def text(self) -> str:
        """Joined by spaces."""
        return " ".join(word.text for word in self.words)


def read_words(printed: Pixels, languages: Sequence[str]) -> list[Word]:
    """Words of a page, (H, W) uint8 with dark print on white. Raises MissingComponent without Tesseract.

    A page on which Tesseract gives up has no words.
    """
    try:
        table = word_table(printed, languages, CONFIG, TIMEOUT)
    except RuntimeError:
        return []
    places = zip(table["left"], table["top"], table["width"], table["height"], strict=True)
    return [
        Word(text.strip(), Box(top, left, top + height, left + width), float(sure) / 100)
        for text, sure, (left, top, width, height) in zip(table["text"], table["conf"], places, strict=True)
        if any(c.isalnum() for c in text) and float(sure) >= 100 * MIN_CONFIDENCE
    ]


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
