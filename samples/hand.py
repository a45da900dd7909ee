"""One writer's hand: digits, words and marks as ink on a transparent patch."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from samples.faces import HANDS, RUSSIAN_HANDS, WORD_HANDS, face

Alpha: TypeAlias = NDArray[np.float32]
"""Ink cover of a patch, 0..1, shape (height, width)."""

INKS = {"blue": (150, 62, 38), "black": (48, 42, 40), "violet": (136, 44, 84)}
"""Pen colours in BGR."""

_EM = 96  # pixels of the glyphs that are scaled down to the writer's size
_PAD = 14


@dataclass(frozen=True, slots=True)
class Writer:
    """How one person writes on one sheet."""

    font: str
    words_font: dict[str, str]
    """Language -> font for numbers in words."""
    height: float
    """Height of a digit in pixels of the sheet."""
    slant: float
    """Horizontal shift per pixel of height, positive leans right."""
    weight: float
    """Threshold of the stroke, 0.25 (broad pen) to 0.5 (fine pen)."""
    spacing: float
    """Gap between digits as a part of their height; negative digits touch."""
    wobble: float
    """Elastic deformation in pixels."""
    drift: float
    """Slope of the base line."""
    ink: str
    colour: tuple[int, int, int]
    """BGR."""


def some_writer(rng: np.random.Generator) -> Writer:
    """A writer of the given seed."""
    font = str(rng.choice(HANDS))
    kazakh = font if font in WORD_HANDS else str(rng.choice(WORD_HANDS))
    ink = str(rng.choice(list(INKS), p=[0.62, 0.25, 0.13]))
    colour = np.clip(np.array(INKS[ink]) + rng.normal(0, 9, 3), 10, 200).astype(int)
    return Writer(
        font=font,
        words_font={"kk": kazakh, "ru": font if font in RUSSIAN_HANDS else kazakh},
        height=float(rng.uniform(31, 42)),
        slant=float(rng.normal(0.06, 0.09)),
        weight=float(rng.uniform(0.26, 0.44)),
        spacing=float(rng.choice([rng.uniform(0.08, 0.3), rng.uniform(-0.02, 0.08)], p=[0.8, 0.2])),
        wobble=float(rng.uniform(0.7, 1.9)),
        drift=float(rng.normal(0, 0.025)),
        ink=ink,
        colour=(int(colour[0]), int(colour[1]), int(colour[2])),
    )


@lru_cache(maxsize=256)
def _glyph(font: str, char: str) -> tuple[Alpha, float]:
    """The tight bitmap of a digit, and the height of the font's digits, both at the em size."""
    left, top, right, bottom = face(font, _EM).getbbox(char, anchor="ls")
    image = Image.new("L", (int(right - left) + 8, int(bottom - top) + 8), 0)
    ImageDraw.Draw(image).text((4 - left, 4 - top), char, fill=255, font=face(font, _EM), anchor="ls")
    tall = face(font, _EM).getbbox("8", anchor="ls")
    return np.asarray(image, np.float32) / np.float32(255), float(tall[3] - tall[1])


def write_digits(writer: Writer, text: str, rng: np.random.Generator, scale: float = 1.0) -> Alpha:
    """``text`` (digits only) as ink; the patch is padded on all sides."""
    height = writer.height * scale
    turned = [_digit(writer, char, rng, height) for char in text]
    gap = writer.spacing * height
    width = int(sum(p.shape[1] + gap for p in turned) + 2 * _PAD + height)
    tall = max(p.shape[0] for p in turned)
    patch = np.zeros((tall + 2 * _PAD + int(abs(writer.drift) * width) + 6, width), np.float32)
    x = float(_PAD)
    for glyph in turned:
        y = _PAD + (tall - glyph.shape[0]) / 2 + writer.drift * x + rng.normal(0, 0.035 * height)
        top, left = int(max(0, min(y, patch.shape[0] - glyph.shape[0]))), int(x)
        spot = patch[top : top + glyph.shape[0], left : left + glyph.shape[1]]
        np.maximum(spot, glyph[:, : spot.shape[1]], out=spot)
        # Digits may touch, but a 1 drawn into a 0 would be illegible to a person too.
        x += glyph.shape[1] + max(gap + rng.normal(0, 0.04 * height), -0.03 * height)
    return trim(_pen(elastic(patch, writer.wobble, rng), writer, rng))


def _digit(writer: Writer, char: str, rng: np.random.Generator, height: float) -> Alpha:
    bitmap, tall = _glyph(writer.font, char)
    size = height / tall * rng.normal(1.0, 0.05)
    turn = np.deg2rad(rng.normal(0, 2.6))
    skew = writer.slant + rng.normal(0, 0.035)
    squeeze = rng.normal(1.0, 0.06)
    matrix = size * np.array([[squeeze * np.cos(turn), -np.sin(turn) - skew], [np.sin(turn), np.cos(turn)]])
    high, wide = bitmap.shape
    corners = matrix @ np.array([[0, wide, wide, 0], [0, 0, high, high]], float)
    low = corners.min(axis=1)
    span = np.ceil(corners.max(axis=1) - low).astype(int) + 1
    affine = np.column_stack([matrix, -low]).astype(np.float32)
    soft = cv2.GaussianBlur(bitmap, (0, 0), 0.5 / size)
    return trim(np.asarray(cv2.warpAffine(soft, affine, (int(span[0]), int(span[1]))), np.float32), 0)


def write_words(writer: Writer, text: str, language: str, rng: np.random.Generator, width: int) -> Alpha:
    """``text`` as running handwriting that fits into ``width`` pixels, on one or two lines."""
    name = writer.words_font[language]
    size = int(writer.height * rng.uniform(0.82, 0.98) * (1.12 if name == "hand-1" else 0.86))
    lines = [text]
    while face(name, size).getlength(max(lines, key=len)) > width - 6 and size > 13:
        if len(lines) == 1 and size < 24 and " " in text:
            lines = _halves(text)
        else:
            size -= 1
    step = int(size * 0.9)
    image = Image.new("L", (width + 2 * _PAD, step * len(lines) + size + _PAD), 0)
    pen = ImageDraw.Draw(image)
    for row, line in enumerate(lines):
        pen.text((_PAD, size + row * step), line, fill=255, font=face(name, size), anchor="ls")
    patch = elastic(np.asarray(image, np.float32) / np.float32(255), writer.wobble * 0.7, rng)
    return trim(_pen(patch, writer, rng, soft=0.45))


def _halves(text: str) -> list[str]:
    words = text.split()
    cut = min(range(1, len(words)), key=lambda n: abs(len(" ".join(words[:n])) - len(text) / 2))
    return [" ".join(words[:cut]), " ".join(words[cut:])]


def write_dash(writer: Writer, rng: np.random.Generator) -> Alpha:
    """A dash, as put where nothing is to be counted."""
    length, thick = int(writer.height * rng.uniform(0.8, 1.4)), int(rng.integers(2, 4))
    patch = np.zeros((40, length + 2 * _PAD), np.float32)
    rise = int(rng.integers(-4, 5))
    cv2.line(patch, (_PAD, 20 + rise), (_PAD + length, 20 - rise), 1.0, thick, cv2.LINE_AA)
    return trim(_pen(elastic(patch, writer.wobble, rng), writer, rng))


def elastic(patch: Alpha, amount: float, rng: np.random.Generator) -> Alpha:
    """``patch`` under a smooth random displacement of about ``amount`` pixels."""
    high, wide = patch.shape
    coarse = rng.normal(0, amount, (2, max(3, high // 16), max(3, wide // 16))).astype(np.float32)
    shift = [cv2.resize(c, (wide, high), interpolation=cv2.INTER_CUBIC) for c in coarse]
    xs = np.arange(wide, dtype=np.float32)[None] + shift[0]
    ys = np.arange(high, dtype=np.float32)[:, None] + shift[1]
    return np.asarray(cv2.remap(patch, xs, ys, cv2.INTER_LINEAR), np.float32)


def _pen(patch: Alpha, writer: Writer, rng: np.random.Generator, soft: float = 0.8) -> Alpha:
    """Stroke width and ink density that change slowly along the stroke."""
    high, wide = patch.shape
    coarse = rng.normal(0, 1, (2, max(2, high // 24), max(2, wide // 24))).astype(np.float32)
    slow = [cv2.resize(c, (wide, high), interpolation=cv2.INTER_CUBIC) for c in coarse]
    blurred = cv2.GaussianBlur(patch, (0, 0), soft)
    edge = np.clip(writer.weight + 0.05 * slow[0], 0.16, 0.6)
    cover = np.clip((blurred - edge) * 2.6 + 0.5, 0, 1) * (blurred > 0.05)
    return np.asarray(cover * np.clip(0.9 + 0.07 * slow[1], 0.66, 1.0), np.float32)


def trim(patch: Alpha, margin: int = 2) -> Alpha:
    """``patch`` cut to its ink plus ``margin`` pixels; unchanged if it holds none."""
    inked = (patch > 0.08).astype(np.uint8)
    left, top, wide, high = cv2.boundingRect(inked)
    if wide == 0:
        return patch
    return patch[max(0, top - margin) : top + high + margin, max(0, left - margin) : left + wide + margin]
