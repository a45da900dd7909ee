"""From an ideal drawing to a crop of a phone photo: warp, scale, blur, noise, JPEG."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.train.glyphs import Mask


def bend(layer: Mask, rng: np.random.Generator) -> Mask:
    """Slant, turn and sometimes ripple a coverage layer."""
    height, width = layer.shape
    slant, turn = rng.normal(0.05, 0.16), rng.normal(0, 0.02)
    matrix = np.array([[1, -slant, slant * height / 2], [turn, 1, -turn * width / 2]], np.float32)
    layer = np.asarray(cv2.warpAffine(layer, matrix, (width, height), flags=cv2.INTER_LINEAR), np.uint8)
    if rng.random() < 0.3:
        grid = (3, max(3, 3 * width // height))
        shift = [
            cv2.resize(rng.normal(0, height * 0.025, grid).astype(np.float32), (width, height))
            for _ in range(2)
        ]
        xs = np.arange(width, dtype=np.float32)[None] + shift[0]
        ys = np.arange(height, dtype=np.float32)[:, None] + shift[1]
        layer = np.asarray(cv2.remap(layer, xs, ys, cv2.INTER_LINEAR), np.uint8)
    return layer


def thicken(layer: Mask, rng: np.random.Generator) -> Mask:
    """Bleeding or thin ink."""
    choice = rng.random()
    kernel = np.ones((2, 2), np.uint8)
    if choice < 0.15:
        return np.asarray(cv2.dilate(layer, kernel), np.uint8)
    if choice < 0.24:
        soft = cv2.blur(layer, (2, 2))
        return np.asarray(np.minimum(layer, soft), np.uint8)
    return layer


def perspective(image: NDArray[np.float32], rng: np.random.Generator, amount: float) -> NDArray[np.float32]:
    """Crop that is off by up to ``amount`` of the height at each corner."""
    height, width = image.shape
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = corners + rng.uniform(-amount, amount, (4, 2)).astype(np.float32) * height
    matrix = cv2.getPerspectiveTransform(corners, moved)
    warped = cv2.warpPerspective(
        image, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(warped, np.float32)


def photograph(
    dark: NDArray[np.float32], rng: np.random.Generator, harsh: float, least: float
) -> NDArray[np.uint8]:
    """Darkness (H, W) in 0..1 to a grey crop as a camera and a JPEG file leave it.

    ``harsh`` in 0..1 scales blur, noise, compression and lack of contrast. The crop is 18..60 px high, and
    at least ``least`` px: what nobody could read teaches nothing.
    """
    if rng.random() < 0.5:
        dark = perspective(dark, rng, 0.03)
    tall = int(max(np.clip(rng.normal(48 - 14 * harsh, 10), 18, 60), min(least, 60)))
    wide = max(4, round(dark.shape[1] * tall / dark.shape[0]))
    white, black = rng.uniform(205 - 60 * harsh, 255), rng.uniform(0, 40 + 35 * harsh)
    image: NDArray[Any] = white - np.clip(dark, 0, 1) * (white - black)
    interpolation = cv2.INTER_AREA if rng.random() < 0.7 else cv2.INTER_LINEAR
    image = cv2.resize(image.astype(np.float32), (wide, tall), interpolation=interpolation)
    if rng.random() < 0.5:
        image = cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.3, 0.4 + tall * 0.022 * harsh)))
    if rng.random() < 0.22 * harsh:
        image = cv2.filter2D(image, -1, motion(rng, tall))
    if rng.random() < 0.15:  # sharpening as phones do it
        image = image + (image - cv2.GaussianBlur(image, (0, 0), 1.2)) * rng.uniform(0.3, 1.5)
    if rng.random() < 0.7:
        image = image + rng.normal(0, rng.uniform(1, 3 + 8 * harsh), image.shape)
    grey = np.clip(image, 0, 255).astype(np.uint8)
    if rng.random() < 0.8:
        quality = int(rng.integers(70 - round(42 * harsh), 92))
        grey = np.asarray(
            cv2.imdecode(cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], 0), np.uint8
        )
    return grey


def motion(rng: np.random.Generator, tall: int) -> NDArray[np.float32]:
    """Blur kernel of a short straight hand movement."""
    size = int(rng.integers(2, max(3, tall // 9) + 1)) * 2 + 1
    kernel = np.zeros((size, size), np.float32)
    turn, half = rng.uniform(0, 3.14), size // 2
    dx, dy = round(np.cos(turn) * half * 0.7), round(np.sin(turn) * half * 0.7)
    cv2.line(kernel, (half - dx, half - dy), (half + dx, half + dy), 1.0, 1)
    return kernel / kernel.sum()
