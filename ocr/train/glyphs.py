"""Writers: anything that can put a digit on paper. One number is written by one writer with one pen.

A glyph is either pen strokes of unit height, or a mask image (uint8, ink bright, cut to the ink).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from fontTools.ttLib import TTFont
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ocr.train import sources
from ocr.train.hands import SchoolHand

Mask = NDArray[np.uint8]


@dataclass(frozen=True)
class Glyph:
    """Either strokes ((N, 2) float arrays, y down, about 1 high) or a mask; never both."""

    strokes: list[NDArray[np.float32]] | None = None
    mask: Mask | None = None
    drop: float = 0.0  # how far the top lies below the line's top, as a share of the line height (fonts)
    size: float = 1.0  # height as a share of the line height


class Writer(Protocol):
    """Draws one character."""

    def glyph(self, char: str, rng: np.random.Generator, /) -> Glyph:
        """One sample of a digit."""


def tight(mask: Mask) -> Mask:
    """Cut a mask to its ink; an empty mask stays."""
    ys, xs = np.nonzero(mask > 40)
    return (
        mask if len(ys) == 0 else np.ascontiguousarray(mask[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1])
    )


class PenWriter:
    """A real writer of the pen-stroke collection."""

    def __init__(self, digits: dict[str, list[sources.Strokes]]) -> None:
        self.digits = digits

    def glyph(self, char: str, rng: np.random.Generator) -> Glyph:
        """One sample of a digit by this hand."""
        samples = self.digits[char]
        return Glyph(strokes=samples[int(rng.integers(len(samples)))])


class SchoolWriter:
    """An invented writer, see :mod:`ocr.train.hands`."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.hand = SchoolHand(rng)

    def glyph(self, char: str, rng: np.random.Generator) -> Glyph:
        """One sample of a digit by this hand."""
        return Glyph(strokes=self.hand.strokes(char, rng))


class ImageCollection:
    """Scanned digits without writers' names: samples of similar pen width stand for one writer."""

    def __init__(
        self, images: NDArray[np.uint8], labels: NDArray[np.uint8], aspect: tuple[float, float] = (1, 1)
    ) -> None:
        self.aspect = aspect
        area = (images > 100).mean((1, 2))
        self.by_digit: dict[str, NDArray[np.uint8]] = {}
        for digit in range(10):
            chosen = np.flatnonzero(labels == digit)
            self.by_digit[str(digit)] = images[chosen[np.argsort(area[chosen], kind="stable")]]

    def writer(self, rng: np.random.Generator) -> ImageWriter:
        """A random hand of this collection."""
        return ImageWriter(self, float(rng.uniform()), float(rng.uniform(*self.aspect)))


class ImageWriter:
    """Draws from one pen-width neighbourhood of a collection."""

    def __init__(self, collection: ImageCollection, rank: float, aspect: float) -> None:
        self.collection, self.rank, self.aspect = collection, rank, aspect

    def glyph(self, char: str, rng: np.random.Generator) -> Glyph:
        """One sample of a digit by this hand."""
        images = self.collection.by_digit[char]
        at = int(np.clip((self.rank + rng.normal(0, 0.04)) * len(images), 0, len(images) - 1))
        mask = tight(images[at])
        if self.aspect != 1:  # collections stretched to a square box lost their true shape
            narrow = 0.45 if char == "1" else 1.0
            width = max(2, round(mask.shape[1] * self.aspect * narrow))
            mask = np.asarray(
                cv2.resize(mask, (width, mask.shape[0]), interpolation=cv2.INTER_AREA), np.uint8
            )
        return Glyph(mask=mask)


class FontWriter:
    """A typeface; also writes letters when the file has them."""

    def __init__(self, path: Path) -> None:
        self.font = ImageFont.truetype(str(path), 64)
        self.letters = "".join(
            chr(c) for c in sorted(TTFont(str(path)).getBestCmap() or {}) if chr(c).isalpha()
        )
        self.glyphs: dict[str, Glyph] = {}
        boxes = [self.font.getbbox(d) for d in "0123456789"]
        self.top = min(b[1] for b in boxes)
        self.line = max(b[3] for b in boxes) - self.top

    def glyph(self, char: str, _rng: np.random.Generator) -> Glyph:
        """The typeface's only shape of a character."""
        if char not in self.glyphs:
            box = self.font.getbbox(char)
            canvas = Image.new("L", (int(box[2] - box[0]) + 8, int(box[3] - box[1]) + 8))
            ImageDraw.Draw(canvas).text((4 - box[0], 4 - box[1]), char, font=self.font, fill=255)
            drop, size = float((box[1] - self.top) / self.line), float((box[3] - box[1]) / self.line)
            self.glyphs[char] = Glyph(mask=tight(np.asarray(canvas)), drop=drop, size=max(size, 0.1))
        return self.glyphs[char]

    def word(self, text: str) -> Mask:
        """Mask of a word in this typeface, cut to the ink."""
        box = self.font.getbbox(text)
        canvas = Image.new("L", (int(box[2] - box[0]) + 8, int(box[3] - box[1]) + 8))
        ImageDraw.Draw(canvas).text((4 - box[0], 4 - box[1]), text, font=self.font, fill=255)
        return tight(np.asarray(canvas))


class FontHand:
    """A typeface in one person's pen: broader or finer, wider or narrower, each digit a little turned."""

    def __init__(self, font: FontWriter, rng: np.random.Generator) -> None:
        self.font = font
        self.weight = int(np.clip(round(rng.normal(0.8, 2.2)), -2, 6))
        self.aspect = float(np.clip(rng.normal(1, 0.13), 0.7, 1.4))

    def glyph(self, char: str, rng: np.random.Generator) -> Glyph:
        """One sample of a digit by this hand."""
        shape = self.font.glyph(char, rng)
        assert shape.mask is not None
        room = 10
        mask = cv2.copyMakeBorder(shape.mask, room, room, room, room, cv2.BORDER_CONSTANT, value=0)
        if self.weight:
            kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (abs(self.weight) + 1,) * 2)
            change = cv2.dilate if self.weight > 0 else cv2.erode
            changed = change(mask, kernel)
            mask = changed if int((changed > 120).sum()) * 3 > int((mask > 120).sum()) else mask
        height, width = mask.shape
        turn, skew = rng.normal(0, 0.04), rng.normal(0, 0.04)
        wide = max(4, round(width * self.aspect * float(np.clip(rng.normal(1, 0.06), 0.85, 1.15))))
        matrix = np.array(
            [[wide / width, -turn - skew, (turn + skew) * height / 2], [turn, 1, -turn * width / 2]],
            np.float32,
        )
        mask = np.asarray(cv2.warpAffine(mask, matrix, (wide, height)), np.uint8)
        return Glyph(mask=tight(np.asarray(mask, np.uint8)), drop=shape.drop, size=shape.size)


@lru_cache(maxsize=256)
def font_writer(path: Path) -> FontWriter:
    """Typefaces are loaded once."""
    return FontWriter(path)
