"""Simulated ink: strokes and masks put on a coverage layer (H, W) uint8, 255 = full ink."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.train.glyphs import Glyph, Mask

_SHIFT = 4  # cv2 sub-pixel bits


def draw_strokes(
    layer: Mask, strokes: list[NDArray[np.float32]], width: float, rng: np.random.Generator
) -> None:
    """Draw strokes given in pixels with a pen of ``width`` px whose pressure wanders by up to a third."""
    pressure = float(rng.uniform(0, 0.35))
    for stroke in strokes:
        points = np.round(stroke * (1 << _SHIFT)).astype(np.int32)
        if len(points) == 1:
            points = np.repeat(points, 2, 0)
        if width < 2.2 or pressure < 0.1:
            cv2.polylines(
                layer, [points.reshape(-1, 1, 2)], False, 255, max(1, round(width)), cv2.LINE_AA, _SHIFT
            )
            continue
        phase, speed = rng.uniform(0, 6.3), rng.uniform(0.15, 0.6)
        for start in range(0, len(points) - 1, 3):
            part = points[start : start + 4].reshape(-1, 1, 2)
            thick = width * (1 + pressure * np.sin(phase + speed * start))
            cv2.polylines(layer, [part], False, 255, max(1, round(float(thick))), cv2.LINE_AA, _SHIFT)


def paste(layer: Mask, mask: Mask, x: int, y: int) -> None:
    """Join a mask into the layer by maximum, cut at the layer's edges."""
    top, left = max(0, y), max(0, x)
    part = mask[top - y : max(0, layer.shape[0] - y), left - x : max(0, layer.shape[1] - x)]
    if part.size:
        view = layer[top : top + part.shape[0], left : left + part.shape[1]]
        np.maximum(view, part, out=view)


def glyph_width(glyph: Glyph, height: float) -> float:
    """Width in px of a glyph drawn in a line ``height`` px high."""
    if glyph.mask is not None:
        return glyph.mask.shape[1] * height * glyph.size / glyph.mask.shape[0]
    assert glyph.strokes is not None
    return max(float(max(s[:, 0].max() for s in glyph.strokes)) * height, 1.0)


def put(
    layer: Mask, glyph: Glyph, x: float, y: float, height: float, width: float, rng: np.random.Generator
) -> None:
    """Draw a glyph with its line's top left corner at (x, y), line ``height`` px, pen ``width`` px."""
    if glyph.mask is not None:
        tall = max(2, round(height * glyph.size))
        wide = max(1, round(glyph_width(glyph, height)))
        shrink = tall < glyph.mask.shape[0]
        mask = cv2.resize(
            glyph.mask, (wide, tall), interpolation=cv2.INTER_AREA if shrink else cv2.INTER_LINEAR
        )
        paste(layer, np.asarray(mask, np.uint8), round(x), round(y + glyph.drop * height))
        return
    assert glyph.strokes is not None
    turn = float(rng.normal(0, 0.05))
    spin = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]], dtype=np.float32)
    offset = np.array([x, y], dtype=np.float32)
    draw_strokes(layer, [s @ spin * height + offset for s in glyph.strokes], width, rng)


def wander(
    rng: np.random.Generator, count: int, box: tuple[float, float, float, float]
) -> NDArray[np.float32]:
    """A smooth random line of ``count`` control points inside box (x0, y0, x1, y1) in px.

    For signatures and scribbles.
    """
    from ocr.train.hands import smooth

    points = rng.uniform((box[0], box[1]), (box[2], box[3]), (count, 2)).astype(np.float32)
    return smooth(points, 8)
