"""Ink that is not a digit: dashes, fillers, crosses, strikes, scribbles, signatures."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ocr.train.glyphs import Mask
from ocr.train.pen import draw_strokes, wander

Box = tuple[float, float, float, float]


def _shaky(
    rng: np.random.Generator, start: tuple[float, float], end: tuple[float, float], shake: float
) -> NDArray[np.float32]:
    points = np.linspace(start, end, 5).astype(np.float32)
    points[1:-1] += rng.normal(0, shake, (3, 2)).astype(np.float32)
    return points


def dash(
    layer: Mask, x: float, top: float, wide: float, line: float, pen: float, rng: np.random.Generator
) -> None:
    """A group of fillers.

    One dash, two stacked (=), a wave, or a row of short ones; one '-' in the transcript.
    """
    middle = top + line * float(np.clip(rng.normal(0.55, 0.1), 0.25, 0.85))
    kind = rng.random()
    tilt = rng.normal(0, 0.07) * wide
    if kind < 0.6:
        strokes = [_shaky(rng, (x, middle), (x + wide, middle + tilt), line * 0.02)]
    elif kind < 0.78:
        gap = line * rng.uniform(0.15, 0.35)
        strokes = [
            _shaky(rng, (x, middle + s * gap / 2), (x + wide, middle + tilt + s * gap / 2), line * 0.02)
            for s in (-1, 1)
        ]
    elif kind < 0.88:
        xs = np.linspace(0, 1, 24, dtype=np.float32)
        wave = np.sin(xs * 6.28 * rng.uniform(0.7, 1.6)) * line * rng.uniform(0.05, 0.14)
        strokes = [np.stack([x + xs * wide, middle + wave + tilt * xs], 1).astype(np.float32)]
    else:
        count = int(rng.integers(2, 4))
        step = wide / count
        strokes = [
            _shaky(rng, (x + k * step, middle), (x + (k + 0.65) * step, middle + tilt), line * 0.02)
            for k in range(count)
        ]
    draw_strokes(layer, strokes, pen, rng)


def cross(
    layer: Mask, x: float, top: float, wide: float, line: float, pen: float, rng: np.random.Generator
) -> None:
    """An X over the place of one digit or over a whole cell."""
    shake = line * 0.02
    jitter = rng.normal(0, 0.08, 8) * line
    low, high = top + line * 0.08, top + line * 0.95
    first = _shaky(rng, (x + jitter[0], low + jitter[1]), (x + wide + jitter[2], high + jitter[3]), shake)
    second = _shaky(rng, (x + wide + jitter[4], low + jitter[5]), (x + jitter[6], high + jitter[7]), shake)
    draw_strokes(layer, [first, second], pen, rng)


REACHING = {"7": (0.4, 0.62), "2": (0.82, 1.0), "4": (0.5, 0.7), "5": (0.0, 0.12), "1": (0.95, 1.03)}
"""Digits whose last stroke may run on through the next digit, and at which share of the line's height it lies."""


def join(layer: Mask, first: Box, second: Box, digit: str, pen: float, rng: np.random.Generator) -> None:
    """A bar or foot of ``digit`` in the box ``first`` that runs on into the digit beside it: nothing is struck out."""
    x0, y0, x1, y1 = first
    low, high = REACHING.get(digit, (0.75, 1.0))
    y = y0 + (y1 - y0) * float(rng.uniform(low, high))
    start = x0 + (x1 - x0) * float(rng.uniform(-0.25, 0.5) if digit in "74" else rng.uniform(0.4, 0.9))
    end = second[0] + (second[2] - second[0]) * float(rng.uniform(0.15, 1.1))
    tilt = float(rng.normal(0, 0.05)) * (y1 - y0)
    draw_strokes(layer, [_shaky(rng, (start, y), (end, y + tilt), 0.02 * (y1 - y0))], pen, rng)


def specks(layer: Mask, box: Box, pen: float, rng: np.random.Generator) -> None:
    """One to three dots where the pen rested, before a number or among its digits."""
    x0, y0, x1, y1 = box
    line = y1 - y0
    for _ in range(int(rng.integers(1, 4))):
        x = x0 - line * rng.uniform(0.12, 0.8) if rng.random() < 0.6 else rng.uniform(x0, x1)
        y = y0 + line * (0.5 if rng.random() < 0.5 else 0.95) + rng.normal(0, 0.08) * line
        dot = np.array([[x, y], [x + rng.normal(0, 0.02) * line, y + rng.normal(0, 0.02) * line]], np.float32)
        draw_strokes(layer, [dot], pen * float(rng.uniform(0.9, 1.6)), rng)


def strike(layer: Mask, box: Box, pen: float, rng: np.random.Generator) -> None:
    """Strike a number out: one to three lines through it, a diagonal, a cross over all, or a scribble."""
    x0, y0, x1, y1 = box
    line, kind = y1 - y0, rng.random()
    if kind < 0.55:
        ys = (
            y0 + line * (0.5 + np.linspace(-0.15, 0.15, int(rng.integers(1, 4)))) + rng.normal(0, 0.05) * line
        )
        out = line * 0.15
        strokes = [
            _shaky(rng, (x0 - out, y), (x1 + out, y + rng.normal(0, 0.08) * line), line * 0.03) for y in ys
        ]
    elif kind < 0.75:
        strokes = [_shaky(rng, (x0, y1), (x1, y0), line * 0.03)]
        if rng.random() < 0.6:
            strokes.append(_shaky(rng, (x0, y0), (x1, y1), line * 0.03))
    else:
        turns = int(max(4, (x1 - x0) / line * rng.uniform(4, 8)))
        xs = np.linspace(x0, x1, turns) + rng.normal(0, 0.05 * line, turns)
        ys = np.where(np.arange(turns) % 2, y0 + line * 0.15, y1 - line * 0.15) + rng.normal(
            0, 0.08 * line, turns
        )
        strokes = [np.stack([xs, ys], 1).astype(np.float32)]
    draw_strokes(layer, strokes, pen, rng)


def scribble(layer: Mask, box: Box, pen: float, rng: np.random.Generator) -> None:
    """A signature or a scribble: one long smooth line, sometimes with loops or zigzag."""
    x0, y0, x1, y1 = box
    count = int(rng.integers(9, 18))
    points = wander(rng, count, (0, y0, 1, y1))
    drift = np.linspace(x0, max(x1 - (y1 - y0) * 0.4, x0 + 4), len(points), dtype=np.float32)
    points[:, 0] = drift + points[:, 0] * (y1 - y0) * np.float32(rng.uniform(0.3, 0.9))
    draw_strokes(layer, [points], pen, rng)
