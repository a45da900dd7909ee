"""One training cell: a hand, paper, rules, a stamp, a photo; and the line that the reader makes of it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ocr.scripts import CYRILLIC, LATIN, Script
from ocr.segments import Pixels
from ocr.train.degrade import bend, photograph, thicken
from ocr.train.glyphs import Mask
from ocr.train.inwords.faces import Hand
from ocr.train.inwords.texts import WordTexts
from ocr.train.inwords.writer import Manner, can_write, some_manner, write
from ocr.train.marks import dash, scribble
from ocr.train.paper import blank_paper, edge_rules, intruders, underscore
from ocr.train.pen import paste
from ocr.wordings import folded
from ocr.wordings_latin import unaccented
from ocr.wordline import line_of

HEIGHT = 96
"""Pixels of a cell before the photo makes it smaller."""


@dataclass(frozen=True)
class WordCell:
    """What a place of words looks like and says."""

    picture: Pixels
    text: str
    """In the reader's alphabet; ``#`` is a signature."""
    value: int | None
    """None if it is no number."""
    language: str


class CellWriter:
    """Draws cells of words. The same seed gives the same cell."""

    def __init__(self, hands: list[Hand], numbers: float = 0.8, script: Script = CYRILLIC) -> None:
        self.hands, self.numbers, self.script, self.texts = hands, numbers, script, WordTexts(script)

    def sample(self, seed: tuple[int, ...]) -> tuple[Pixels, str]:
        """A line (height, W) and what it says."""
        for attempt in range(100):
            cell = self.cell((*seed, attempt))
            line = line_of(cell.picture, self.script.height)
            # A line with too few columns for its letters cannot be learned: writing that fell apart.
            if line is not None and cell.text and line.shape[1] // 4 > 1.15 * len(cell.text):
                return line, cell.text
        raise RuntimeError("no cell of a hundred could be made out: are the fonts complete?")

    def cell(self, seed: tuple[int, ...]) -> WordCell:
        """A cell as a phone sees it."""
        rng = np.random.default_rng(seed)
        manner = some_manner(self.hands, rng)
        value, language, text = self._said(manner, rng)
        wide = int(HEIGHT * np.clip(rng.lognormal(1.65, 0.3), 2.5, 10))
        layer: Mask = np.zeros((HEIGHT, wide), np.uint8)
        if text in ("#", "-"):
            _mark(layer, text, rng)
        else:
            _fill(layer, text, manner, rng)
        layer = thicken(bend(layer, rng) if rng.random() < 0.6 else layer, rng)
        picture = _photo(layer, rng)
        fold = unaccented if self.script is LATIN else folded
        said = "".join(char for char in fold(text) if char in self.script.letters.letters)
        return WordCell(picture, " ".join(said.split()), value, language)

    def _said(self, manner: Manner, rng: np.random.Generator) -> tuple[int | None, str, str]:
        """(value, language, text) that the hand can write."""
        for _ in range(50):
            chance = rng.random()
            if chance < self.numbers:
                value, language, text = self.texts.number(rng)
                text = self.texts.written(text, value, rng)
                if can_write(manner.hand, text):
                    return value, language, text
            elif chance < self.numbers + 0.75 * (1 - self.numbers):
                text = self.texts.other(rng)
                if can_write(manner.hand, text):
                    return None, "", text
            else:
                return None, "", "#" if rng.random() < 0.6 else "-"
        return None, "", "#"


def _mark(layer: Mask, kind: str, rng: np.random.Generator) -> None:
    tall = HEIGHT * float(rng.uniform(0.4, 0.8))
    top, left = float(rng.uniform(4, HEIGHT - tall)), float(rng.uniform(6, 0.3 * layer.shape[1]))
    pen = float(rng.uniform(1.5, 5))
    if kind == "-":
        dash(layer, left, top, float(rng.uniform(0.4, 2.0)) * tall, tall, pen, rng)
    else:
        right = left + tall * float(rng.uniform(1.2, 4))
        scribble(layer, (left, top, min(right, layer.shape[1] - 4), top + tall), pen, rng)


def _fill(layer: Mask, text: str, manner: Manner, rng: np.random.Generator) -> None:
    """Write on one line, or on two if it does not fit."""
    room = layer.shape[1] - 8
    tall = HEIGHT * float(np.clip(rng.normal(0.22, 0.05), 0.12, 0.36))
    ink = write(text, manner, tall, rng)
    if ink.shape[1] > room and " " in text and rng.random() < 0.5:
        parts = [write(part, manner, min(tall, 0.17 * HEIGHT), rng) for part in _halves(text)]
        shrink = min(
            1.0, room / max(part.shape[1] for part in parts), 0.62 * HEIGHT / max(p.shape[0] for p in parts)
        )
        left, pitch = float(rng.uniform(2, 12)), HEIGHT * float(rng.uniform(0.36, 0.46))
        for k, part in enumerate(parts):
            middle = HEIGHT / 2 + (k - 0.5) * pitch
            ink = _shrunk(part, shrink)
            paste(layer, ink, round(left + rng.normal(0, 6)), round(middle - ink.shape[0] / 2))
        return
    ink = _shrunk(ink, min(1.0, room / ink.shape[1], 1.1 * HEIGHT / ink.shape[0]))
    slack = max(0.0, room - ink.shape[1])
    x = slack * float(np.clip(rng.normal(0.15, 0.25), 0, 1))
    y = (HEIGHT - ink.shape[0]) / 2 + float(rng.normal(0, 0.06)) * HEIGHT
    paste(layer, ink, round(4 + x), round(y))


def _shrunk(ink: Mask, scale: float) -> Mask:
    if scale >= 1:
        return ink
    size = (max(2, round(ink.shape[1] * scale)), max(2, round(ink.shape[0] * scale)))
    return np.asarray(cv2.resize(ink, size, interpolation=cv2.INTER_AREA), np.uint8)


def _halves(text: str) -> tuple[str, str]:
    words = text.split()
    cut = min(range(1, len(words)), key=lambda n: abs(len(" ".join(words[:n])) - len(text) / 2))
    return " ".join(words[:cut]), " ".join(words[cut:])


def _photo(layer: Mask, rng: np.random.Generator) -> Pixels:
    """Ink on paper with what else is there, photographed."""
    dark = blank_paper(rng, layer.shape)
    if rng.random() < 0.25:
        underscore(dark, rng, HEIGHT * float(rng.uniform(0.72, 0.95)))
    if rng.random() < 0.7:
        edge_rules(dark, rng)
    if rng.random() < 0.15:
        intruders(dark, rng)
    depth = float(rng.uniform(0.45, 1.0))
    ink = layer.astype(np.float32) * np.float32(depth / 255)
    dark = np.asarray(np.maximum(dark, ink) if rng.random() < 0.5 else dark + ink * (1 - dark), np.float32)
    harsh = float(rng.random()) ** 2.2
    return photograph(dark, rng, harsh, float(rng.uniform(28, 40)))


class ShownAgain:
    """Lines of a writer, each shown several times, a little changed: drawing one takes longer than learning from it."""

    def __init__(self, writer: CellWriter, times: int, together: int) -> None:
        self.writer, self.times, self.together = writer, times, together
        self._lap, self._drawn = -1, dict[int, tuple[Pixels, str]]()

    def sample(self, seed: tuple[int, ...]) -> tuple[Pixels, str]:
        """The line of ``(stream, number)``; ``times`` runs of ``together`` numbers show the same lines."""
        run, at = divmod(seed[-1], self.together)
        if run // self.times != self._lap:
            self._lap, self._drawn = run // self.times, {}
        if at not in self._drawn:
            self._drawn[at] = self.writer.sample((*seed[:-1], self._lap * self.together + at))
        line, text = self._drawn[at]
        return (_changed(line, text, np.random.default_rng(seed)) if run % self.times else line), text


def _changed(line: Pixels, text: str, rng: np.random.Generator) -> Pixels:
    """Narrower or wider, slanted, paler."""
    least = int(4 * (1.15 * len(text) + 1)) + 1
    wide = max(round(line.shape[1] * float(rng.uniform(0.85, 1.18))), min(least, line.shape[1]))
    high = line.shape[0]
    slant = float(rng.normal(0, 0.12))
    matrix = np.array(
        [[wide / line.shape[1], -slant, slant * high / 2], [0, 1, rng.normal(0, 0.7)]], np.float32
    )
    moved = cv2.warpAffine(line, matrix, (wide, high), flags=cv2.INTER_LINEAR, borderValue=(255,))
    pale = np.float32(rng.uniform(0.7, 1.0))
    return (255 - (255 - moved.astype(np.float32)) * pale).astype(np.uint8)
