"""The round seal and the signatures at the foot of a sheet. Nothing of them imitates a real seal."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image, ImageDraw

from samples.faces import printed
from samples.hand import Alpha

SEAL_COLOURS = ((168, 74, 58), (158, 58, 92), (176, 92, 44))
"""Stamp inks in BGR."""


def seal(rng: np.random.Generator, precinct: int) -> Alpha:
    """A seal of about 215 to 260 pixels across that says that it is a sample; uneven like a stamp pad."""
    radius = int(rng.integers(106, 130))
    side = 2 * radius + 8
    ring = _ring(f"САЙЛАУ УЧАСКЕСІ № {precinct} · ИЗБИРАТЕЛЬНЫЙ УЧАСТОК № {precinct} · ", side, radius)
    image = Image.fromarray(ring)
    pen = ImageDraw.Draw(image)
    centre = side / 2
    for part, thick in ((1.0, 4), (0.93, 1), (0.66, 2)):
        r = radius * part
        pen.ellipse((centre - r, centre - r, centre + r, centre + r), outline=255, width=thick)
    font = printed("print-3", int(radius * 0.27), True)
    for row, word in enumerate(("ҮЛГІ", "ОБРАЗЕЦ", "SAMPLE")):
        pen.text((centre, centre + (row - 1) * radius * 0.33), word, fill=255, font=font, anchor="mm")
    coarse = rng.uniform(0.45, 1.0, (7, 7)).astype(np.float32)
    uneven = cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC)
    grain = rng.uniform(0.7, 1.0, (side, side)).astype(np.float32)
    matrix = cv2.getRotationMatrix2D((centre, centre), float(rng.uniform(-35, 35)), 1.0)
    cover = cv2.warpAffine(np.asarray(image, np.float32) / 255, matrix, (side, side))
    return np.asarray(np.clip(cover * uneven * grain, 0, 1) * float(rng.uniform(0.6, 0.85)), np.float32)


def _ring(text: str, side: int, radius: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """``text`` bent around a circle."""
    tall, around = int(radius * 0.18), int(2 * np.pi * radius * 0.8)
    font = printed("print-3", tall, True)
    strip = Image.new("L", (int(font.getlength(text)), int(tall * 1.25)), 0)
    ImageDraw.Draw(strip).text((0, 0), text, fill=255, font=font)
    flat = cv2.resize(np.asarray(strip), (around, strip.height))
    ys, xs = np.mgrid[0:side, 0:side].astype(np.float32) - side / 2
    angle = (np.arctan2(ys, xs) + np.pi / 2) % (2 * np.pi)
    u = (angle / (2 * np.pi) * (around - 1)).astype(np.float32)
    v = (radius * 0.9 - np.hypot(xs, ys)).astype(np.float32)
    return np.asarray(cv2.remap(flat, u, v, cv2.INTER_LINEAR, borderValue=0), np.uint8)


def signature(rng: np.random.Generator, width: int, height: int) -> Alpha:
    """A scribble that belongs to nobody: loops of changing size within ``width`` x ``height`` pixels."""
    time = np.linspace(0, 1, 220)
    loops = rng.uniform(3, 7)
    phase = 2 * np.pi * (loops * time ** rng.uniform(0.8, 1.4))
    fade = (1 - time) ** rng.uniform(0.2, 0.9) * rng.uniform(0.26, 0.36)
    knots = rng.uniform(0.45, 1.0, 6)
    tall = fade * np.interp(time, np.linspace(0, 1, 6), knots)
    tall[: int(rng.integers(20, 50))] *= 1.35  # the first letter is the largest
    xs = 0.12 + 0.72 * time + rng.uniform(0.02, 0.055) * np.cos(phase + rng.uniform(0.4, 2.2))
    ys = 0.56 + tall * np.sin(phase) - 0.12 * (time - 0.5)
    soft = np.hanning(9) / np.hanning(9).sum()
    smooth = np.column_stack([np.convolve(part, soft, "valid") for part in (xs * width, ys * height)])
    patch = np.zeros((height, width), np.float32)
    line = (smooth * 8).astype(np.int32).reshape(-1, 1, 2)
    cv2.polylines(patch, [line], False, 0.85, int(rng.integers(1, 3)), cv2.LINE_AA, shift=3)
    if rng.random() < 0.5:
        left, right = (int(width * rng.uniform(*part)) for part in ((0.05, 0.3), (0.6, 0.95)))
        y = int(height * rng.uniform(0.6, 0.85))
        cv2.line(patch, (left, y), (right, y - int(rng.integers(0, 18))), 0.8, 2, cv2.LINE_AA)
    return patch
