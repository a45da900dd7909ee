"""One person writes a text: letters along a base line, with one pen, joined or not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ocr.train.glyphs import Mask
from ocr.train.inwords.faces import Hand
from ocr.train.inwords.strokes import Letter, letter, x_height

Points = NDArray[np.float32]
_SHIFT = 4


@dataclass(frozen=True)
class Manner:
    """How one person writes in one cell."""

    hand: Hand
    pen: float
    """Width of the pen, in heights of small letters."""
    slant: float
    narrow: float
    spacing: float
    """Paper added between letters, in heights of small letters."""
    joined: float
    """Chance that two letters of a word are joined."""
    jitter: float
    as_printed: bool
    """The font's own letters instead of their middle lines."""


def some_manner(hands: list[Hand], rng: np.random.Generator) -> Manner:
    """A manner of the given state."""
    hand = hands[int(rng.integers(len(hands)))]
    joins = rng.random() < (0.75 if hand.italic else 0.4)
    return Manner(
        hand,
        pen=float(np.clip(rng.lognormal(-2.0, 0.35), 0.06, 0.32)),
        slant=float(rng.normal(0.0 if hand.italic else 0.12, 0.16)),
        narrow=float(np.clip(rng.normal(0.92, 0.15), 0.6, 1.3)),
        spacing=float(rng.normal(0.04, 0.1)),
        joined=float(rng.uniform(0.5, 1.0)) if joins else 0.0,
        jitter=float(rng.uniform(0.2, 1.4)),
        as_printed=bool(rng.random() < 0.3),
    )


def can_write(hand: Hand, text: str) -> bool:
    """True if the hand has or can make every letter."""
    return all(char == " " or letter(hand, char) is not None for char in text)


def write(text: str, manner: Manner, tall: float, rng: np.random.Generator) -> Mask:
    """``text`` as ink (H, W) uint8, its small letters ``tall`` pixels high, with paper around it."""
    if manner.as_printed and all(manner.hand.file_of(char) for char in text):
        return _as_printed(text, manner, tall, rng)
    lines = _laid_out(text, manner, rng) * np.float32(tall / x_height(manner.hand))
    lines[..., 0] -= np.float32(manner.slant) * lines[..., 1]
    low, high = lines.reshape(-1, 2).min(0), lines.reshape(-1, 2).max(0)
    margin = 6 + manner.pen * tall
    size = np.ceil(high - low + 2 * margin).astype(int)
    layer: Mask = np.zeros((int(size[1]), int(size[0])), np.uint8)
    places = np.round((lines - low + np.float32(margin)) * (1 << _SHIFT)).astype(np.int32)
    width = max(1.0, manner.pen * tall)
    for part in np.array_split(places, 1 if width < 2.2 else 6):
        if len(part):
            thick = max(1, round(width * float(rng.uniform(0.85, 1.15))))
            cv2.polylines(layer, list(part.reshape(-1, 2, 1, 2)), False, 255, thick, cv2.LINE_AA, _SHIFT)
    return layer


def _laid_out(text: str, manner: Manner, rng: np.random.Generator) -> Points:
    """All short lines of the text, (N, 2, 2) in ems from the start of the base line."""
    x, unit = 0.0, x_height(manner.hand)
    drift, bow = rng.normal(0, 0.012), rng.normal(0, 0.05) * unit
    out: list[Points] = []
    last: tuple[float, float] | None = None
    for char in text:
        if char == " ":
            x, last = x + unit * float(np.clip(rng.normal(0.75, 0.25), 0.2, 1.6)), None
            continue
        shape = letter(manner.hand, char)
        if shape is None or shape.is_empty:
            continue
        scale = np.float32(1 + 0.05 * manner.jitter * rng.normal())
        y = drift * x + bow * np.sin(x) + 0.05 * unit * manner.jitter * rng.normal()
        squeeze = np.array([manner.narrow * scale, scale], np.float32)
        turn = 0.04 * manner.jitter * rng.normal()
        spin = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]], np.float32)
        put = _placer(spin, squeeze, np.array([x, y], np.float32))
        out.append(put(shape.segments))
        start = put(np.asarray(shape.entry, np.float32))
        if last is not None and rng.random() < manner.joined:
            out.append(_join(last, (float(start[0]), float(start[1])), unit))
        leave = put(np.asarray(shape.exit, np.float32))
        last = (float(leave[0]), float(leave[1])) if char.isalpha() else None
        x += _step(shape, manner, unit, rng)
    return np.concatenate(out) if out else np.zeros((1, 2, 2), np.float32)


def _placer(spin: Points, squeeze: Points, at: Points) -> Callable[[Points], Points]:
    return lambda points: (points @ spin) * squeeze + at


def _step(shape: Letter, manner: Manner, unit: float, rng: np.random.Generator) -> float:
    """How far the pen moves on; full-width letters are set as close as others."""
    xs = shape.segments[..., 0]
    room = min(shape.advance, float(xs.max()) + 0.25 * unit)
    return max(0.12, manner.narrow * room + unit * (manner.spacing + 0.04 * manner.jitter * rng.normal()))


def _join(start: tuple[float, float], end: tuple[float, float], unit: float) -> Points:
    """A hairline from one letter to the next, sagging as the pen swings up."""
    (x0, y0), (x1, y1) = start, end
    if abs(x1 - x0) > 1.2 * unit or abs(y1 - y0) > 1.6 * unit:
        return np.zeros((0, 2, 2), np.float32)
    middle = np.array([(x0 + x1) / 2, max(y0, y1) - 0.05 * unit])
    t = np.linspace(0, 1, 7)[:, None]
    curve = (1 - t) ** 2 * np.array([x0, y0]) + 2 * t * (1 - t) * middle + t**2 * np.array([x1, y1])
    return np.stack([curve[:-1], curve[1:]], 1).astype(np.float32)


def _as_printed(text: str, manner: Manner, tall: float, rng: np.random.Generator) -> Mask:
    """Set with the font, word by word, so that its own joins stay."""
    size = max(8, round(tall / x_height(manner.hand)))
    x, base = 8.0, 2.0 * size
    words = text.split(" ")
    image = Image.new("L", (round(size * (1.2 * len(text) + 2)), 3 * size), 0)
    pen = ImageDraw.Draw(image)
    for word in words:
        y = base + 0.05 * tall * manner.jitter * rng.normal()
        for piece, path in _runs(manner.hand, word):
            font = ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)
            pen.text((x, y), piece, font=font, fill=255, anchor="ls")
            x += font.getlength(piece)
        x += tall * float(np.clip(rng.normal(0.75, 0.25), 0.2, 1.6))
    layer = np.asarray(image, np.uint8)
    if rng.random() < 0.5:  # a finer or a broader pen
        soft = cv2.GaussianBlur(layer, (0, 0), max(0.6, 0.05 * tall))
        level = float(rng.uniform(70, 165))
        layer = np.clip((soft.astype(np.float32) - level) * 4 + 128, 0, 255).astype(np.uint8)
    matrix = np.array(
        [[manner.narrow, -0.6 * manner.slant, 0.6 * manner.slant * base], [0, 1, 0]], np.float32
    )
    layer = np.asarray(cv2.warpAffine(layer, matrix, (layer.shape[1], layer.shape[0])), np.uint8)
    left, top, wide, high = cv2.boundingRect((layer > 60).astype(np.uint8))
    if not wide:
        return np.zeros((8, 8), np.uint8)
    return layer[max(0, top - 6) : top + high + 6, max(0, left - 6) : left + wide + 6]


def _runs(hand: Hand, word: str) -> list[tuple[str, str]]:
    pieces: list[tuple[str, str]] = []
    for char in word:
        path = str(hand.file_of(char))
        if pieces and pieces[-1][1] == path:
            pieces[-1] = (pieces[-1][0] + char, path)
        else:
            pieces.append((char, path))
    return pieces
