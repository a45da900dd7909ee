"""Find the writing in a long blank: watermark, label ends and line pieces are left out, digits never are.

A blank of ten centimetres may hold one digit of four millimetres; shown whole, the networks would see a
watermark as large as the number. Only what is clearly weaker or lower than the writing is cut away.
"""

from __future__ import annotations

import cv2
import numpy as np

from ocr.quantiles import percentile
from ocr.segments import Pixels

LONG = 4.0
"""Crops at most this many times wider than high are left as they are."""
GAP = 1.3
"""Groups of ink are parted by this much clean paper, in crop heights: digits of one number stand nearer."""
WEAK = 0.5
"""A group with less than this share of the strongest group's height or darkness is not writing."""


def focus(crop: Pixels) -> Pixels:
    """Cut a long crop, (H, W, 3) uint8 BGR, down to its writing; returned unchanged if that is not clear."""
    height, width = crop.shape[:2]
    if width <= LONG * height or height < 12:
        return crop
    depth = _depth(np.asarray(cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY), dtype=np.uint8))
    groups = _groups(depth)
    if not groups:
        return crop
    tallest, darkest = max(g[2] for g in groups), max(g[3] for g in groups)
    kept = [g for g in groups if g[2] >= WEAK * tallest and g[3] >= WEAK * darkest]
    if not kept:
        return crop
    pad = height // 2
    left, right = max(0, min(g[0] for g in kept) - pad), min(width, max(g[1] for g in kept) + pad)
    return np.ascontiguousarray(crop[:, left:right])


def _depth(grey: Pixels) -> Pixels:
    """How much darker than the paper around it each pixel is, 0..255; long thin lines taken out."""
    paper = cv2.medianBlur(cv2.dilate(grey, np.ones((5, 5), np.uint8)), 31)
    depth = cv2.subtract(paper, grey)
    line = cv2.morphologyEx(depth, cv2.MORPH_OPEN, np.ones((1, max(9, int(1.2 * grey.shape[0]))), np.uint8))
    return np.asarray(cv2.subtract(depth, cv2.dilate(line, np.ones((3, 1), np.uint8))), dtype=np.uint8)


def _groups(depth: Pixels) -> list[tuple[int, int, int, float]]:
    """(left, right, height of the tallest stroke, darkness) of each group of ink, from left to right."""
    height = depth.shape[0]
    level = max(18.0, 0.30 * percentile(depth, 99.7))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        (depth > level).astype(np.uint8), connectivity=8
    )
    strokes = sorted(
        (int(left), int(left + w), int(h), percentile(depth[labels == i], 80))
        for i, (left, _top, w, h, area) in enumerate(stats[:count])
        if i and area >= 6 and max(w, h) >= 0.12 * height
    )
    groups: list[tuple[int, int, int, float]] = []
    for left, right, tall, dark in strokes:
        if groups and left - groups[-1][1] < GAP * height:
            last = groups[-1]
            groups[-1] = (last[0], max(last[1], right), max(last[2], tall), max(last[3], dark))
        else:
            groups.append((left, right, tall, dark))
    return groups
