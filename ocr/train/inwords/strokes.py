"""Letters as strokes: the middle lines of a font's letters, which one pen can then write in any width and join.

Kazakh letters that a family lacks are made from its Russian ones, as a hand makes them: a tail under к and н, a bar
through о, an upright у.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ocr.train.inwords.faces import Hand

EM = 72
"""Size in pixels at which letters are thinned."""
Points = NDArray[np.float32]


@dataclass(frozen=True)
class Letter:
    """Strokes of one letter in ems: origin on the base line, y downwards."""

    segments: Points
    """(N, 2, 2): N short lines."""
    advance: float
    entry: tuple[float, float]
    exit: tuple[float, float]

    @property
    def is_empty(self) -> bool:
        """True of a space."""
        return len(self.segments) == 0


_MADE = {"қ": "к", "ң": "н", "ө": "о", "ү": "у", "і": "ı", "ғ": "г", "ұ": "у"}


@lru_cache(maxsize=8192)
def letter(hand: Hand, char: str) -> Letter | None:
    """The letter as this hand writes it; None if it cannot."""
    if hand.file_of(char) is not None:
        return _thinned(hand, char)
    base = _MADE.get(char.lower())
    if base is None:
        return None
    if base in "уı":
        return _made_upright(hand, char.lower(), char.isupper())
    source = letter(hand, base.upper() if char.isupper() else base)
    return None if source is None or source.is_empty else _with_sign(source, base)


def x_height(hand: Hand) -> float:
    """Height of small letters, in ems."""
    small = letter(hand, "о")
    return 0.45 if small is None or small.is_empty else float(-small.segments[..., 1].min())


def _with_sign(source: Letter, base: str) -> Letter:
    xs, ys = source.segments[..., 0], source.segments[..., 1]
    left, right, top, low = float(xs.min()), float(xs.max()), float(ys.min()), float(ys.max())
    if base in "кн":
        sign = [
            [[right, low], [right + 0.02, low + 0.12]],
            [[right + 0.02, low + 0.12], [right - 0.06, low + 0.16]],
        ]
    elif base == "о":
        middle = (top + low) / 2
        sign = [[[left, middle], [right, middle]]]
    else:
        middle = (top + low) / 2
        sign = [[[left - 0.06, middle], [left + 0.14, middle]]]
    segments = np.concatenate([source.segments, np.asarray(sign, np.float32)])
    return Letter(segments, source.advance, source.entry, source.exit)


def _made_upright(hand: Hand, char: str, is_capital: bool) -> Letter:
    """ү, ұ and і, of straight strokes in the height of the hand's small letters."""
    tall = x_height(hand) * (1.5 if is_capital else 1.0)
    if char == "і":
        lines = [[[0.1, -tall], [0.1, 0.0]], [[0.1, -tall * 1.4], [0.12, -tall * 1.36]]]
        return Letter(np.asarray(lines, np.float32), 0.24, (0.1, -tall), (0.1, 0.0))
    wide = 0.4 * tall / 0.45
    lines = [
        [[0.04, -tall], [wide / 2, 0.0]],
        [[wide, -tall], [wide / 2, 0.0]],
        [[wide / 2, 0.0], [wide / 2, 0.5 * tall]],
    ]
    if char == "ұ":
        lines.append([[wide * 0.25, 0.15 * tall], [wide * 0.75, 0.15 * tall]])
    return Letter(np.asarray(lines, np.float32), wide + 0.08, (0.04, -tall), (wide, -tall))


@lru_cache(maxsize=256)
def _open(path: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, EM, layout_engine=ImageFont.Layout.BASIC)


def _thinned(hand: Hand, char: str) -> Letter:
    font = _open(str(hand.file_of(char)))
    advance = float(font.getlength(char)) / EM
    left, top, right, bottom = (int(v) for v in font.getbbox(char, anchor="ls"))
    if right - left < 1 or bottom - top < 1:
        return Letter(np.zeros((0, 2, 2), np.float32), max(advance, 0.2), (0, 0), (0, 0))
    image = Image.new("L", (right - left + 6, bottom - top + 6), 0)
    ImageDraw.Draw(image).text((3 - left, 3 - top), char, fill=255, font=font, anchor="ls")
    ink = (cv2.GaussianBlur(np.asarray(image, np.uint8), (3, 3), 0) > 110).astype(np.uint8)
    places, pairs = _graph(thin(ink))
    if len(places) < 2:
        places = np.argwhere(ink)[:1].repeat(2, 0).astype(np.float32) + np.array([[0, 0], [1, 1]], np.float32)
        pairs = np.array([[0, 1]])
    origin = np.array([left - 3, top - 3], np.float32)
    at = (places[:, ::-1] + origin) / np.float32(EM)
    degree = np.bincount(pairs.ravel(), minlength=len(at))
    ends = at[degree == 1] if (degree == 1).any() else at
    entry, leave = ends[ends[:, 0].argmin()], ends[(ends[:, 0] + 0.3 * ends[:, 1]).argmax()]
    return Letter(
        np.asarray(at[pairs], np.float32),
        max(advance, 0.1),
        (float(entry[0]), float(entry[1])),
        (float(leave[0]), float(leave[1])),
    )


def _graph(line: NDArray[np.uint8]) -> tuple[Points, NDArray[np.intp]]:
    """Pixels of a thin line, smoothed, and which of them lie side by side."""
    ys, xs = np.nonzero(line)
    index = np.full((line.shape[0] + 2, line.shape[1] + 2), -1)
    index[ys + 1, xs + 1] = np.arange(len(ys))
    pairs = []
    for dy, dx in ((0, 1), (1, 0), (1, 1), (1, -1)):
        other = index[ys + 1 + dy, xs + 1 + dx]
        kept = other >= 0
        if dx and dy:  # not across a corner that the straight ones go round
            kept &= (index[ys + 1 + dy, xs + 1] < 0) & (index[ys + 1, xs + 1 + dx] < 0)
        pairs.append(np.stack([np.flatnonzero(kept), other[kept]], 1))
    links = np.concatenate(pairs) if pairs else np.zeros((0, 2), np.intp)
    at = np.stack([ys, xs], 1).astype(np.float32)
    degree = np.bincount(links.ravel(), minlength=len(at))
    for _ in range(3):
        total = at.copy()
        np.add.at(total, links[:, 0], at[links[:, 1]])
        np.add.at(total, links[:, 1], at[links[:, 0]])
        smooth = total / (degree + 1)[:, None]
        at = np.where((degree > 1)[:, None], smooth, at).astype(np.float32)
    return at, links


def thin(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Middle lines of strokes, (H, W) of 0 and 1 (Zhang and Suen, CACM 1984)."""
    line = np.pad(ink, 1).astype(bool)
    changed = True
    while changed:
        changed = False
        for first in (True, False):
            ring = _ring(line)
            count = sum(part.astype(np.int8) for part in ring)
            turns = sum((~a & b).astype(np.int8) for a, b in zip(ring, [*ring[1:], ring[0]], strict=True))
            n, e, s, w = ring[0], ring[2], ring[4], ring[6]
            sides = ~(n & e & s) & ~(e & s & w) if first else ~(n & e & w) & ~(n & s & w)
            gone = line[1:-1, 1:-1] & (count >= 2) & (count <= 6) & (turns == 1) & sides
            if gone.any():
                line[1:-1, 1:-1][gone] = False
                changed = True
    return line[1:-1, 1:-1].astype(np.uint8)


def _ring(line: NDArray[np.bool_]) -> list[NDArray[np.bool_]]:
    """The eight neighbours of every pixel, clockwise from above."""
    high, wide = line.shape
    steps = ((0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0), (0, 0))
    return [line[y : y + high - 2, x : x + wide - 2] for y, x in steps]
