"""Lines of writing in a cut-out number column, where no label and perhaps no whole rule is in the picture."""

from __future__ import annotations

import cv2
import numpy as np

from ocr.boxes import Box
from ocr.rowtypes import Row, RowKind
from ocr.segments import Pixels, ink_mask


def find_bands(grey: Pixels) -> list[Row]:
    """Bands of handwriting from top to bottom of a column, (H, W) uint8 grey.

    Long strokes (rules and guarding dashes) are taken out first; what is left and tall enough is writing.
    """
    size = max(grey.shape)
    ink = ink_mask(grey, 14)
    dashes = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, round(0.05 * size)), np.uint8))
    rules = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((round(0.09 * size), 1), np.uint8))
    writing = ink & ~cv2.dilate(dashes | rules, np.ones((3, 3), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(writing, connectivity=8)
    blobs = [
        Box(int(top), int(left), int(top + height), int(left + width))
        for left, top, width, height, area in stats[1:count]
        if height >= 0.018 * size and width < 0.5 * grey.shape[1] and area >= 0.25 * height * 3
    ]
    bands: list[Box] = []
    for blob in sorted(blobs, key=lambda b: b.middle):
        home = next((i for i, band in enumerate(bands) if band.overlap_y(blob) > 0.5), None)
        if home is None:
            bands.append(blob)
        else:
            bands[home] = bands[home].hull(blob)
    usual = sorted(b.height for b in bands)[len(bands) // 2] if bands else 0
    wide = [b for b in bands if b.height >= 0.55 * usual and b.width >= 0.8 * b.height]
    return [Row(_roomy(band, grey), (), RowKind.BAND) for band in sorted(wide)]


def _roomy(band: Box, grey: Pixels) -> Box:
    pad = max(3, band.height // 8)
    return Box(
        max(0, band.y0 - pad),
        max(0, band.x0 - 2 * pad),
        min(grey.shape[0], band.y1 + pad),
        min(grey.shape[1], band.x1 + 2 * pad),
    )
