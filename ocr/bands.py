"""Lines of writing in a cut-out number column, where no label and perhaps no whole rule is in the picture."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np

from ocr.boxes import Box, hull_of
from ocr.rowtypes import Row, RowKind
from ocr.segments import Pixels

HANGING = 0.5
"""Height, in that of its band, from which on a stroke that is cut out of a taller piece counts as a digit."""
BESIDE = 0.5
"""Gap between two digits of one number at most, in heights of the band."""

FEWEST = 4
"""Bands from which on one can tell how far apart the lines of a column are."""
NEARER = 0.65
"""Share of the usual distance below which two bands are one: 0.5 where a dash cut a number, 0.87 to 1.15 between those
of eight real columns."""


def find_bands(grey: Pixels) -> list[Row]:
    """Bands of handwriting from top to bottom of a column, (H, W) uint8 grey.

    Long strokes (rules and guarding dashes) are taken out first; what is left, dark and tall enough is writing.
    """
    size = max(grey.shape)
    writing = _writing(grey, size)
    blobs = _digits(writing, size)
    if not blobs:
        return []
    heights = sorted(blob.height for blob in blobs)
    usual = heights[len(heights) // 2]
    bands: list[list[Box]] = []
    for blob in sorted(blobs, key=lambda b: b.middle):
        if bands and blob.middle - sum(b.middle for b in bands[-1]) / len(bands[-1]) < 0.55 * usual:
            bands[-1].append(blob)
        else:
            bands.append([blob])
    whole = _merged([hull_of(band) for band in bands if len(band) >= 2 or band[0].width >= 1.2 * usual])
    return [Row(_roomy(_whole(band, writing), grey), (), RowKind.BAND) for band in _spaced(sorted(whole))]


def _spaced(bands: list[Box]) -> list[Box]:
    """Lines of a column are printed evenly: two bands much nearer than the others are one number, cut by a dash."""
    out = list(bands)
    while len(out) >= FEWEST:
        apart = [below.middle - above.middle for above, below in pairwise(out)]
        nearest = min(range(len(apart)), key=apart.__getitem__)
        if apart[nearest] >= NEARER * sorted(apart)[len(apart) // 2]:
            break
        out[nearest : nearest + 2] = [out[nearest].hull(out[nearest + 1])]
    return out


def _whole(band: Box, writing: Pixels) -> Box:
    """The band with digits beside it that hang on the line above or below and so were no digits by themselves."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(writing[band.y0 : band.y1], connectivity=8)
    strokes = [
        Box(band.y0 + int(top), int(left), band.y0 + int(top + height), int(left + width))
        for left, top, width, height, _ in stats[1:count]
        if height >= HANGING * band.height
    ]
    while near := [s for s in strokes if _is_beside(s, band)]:
        band = hull_of([band, *(Box(band.y0, s.x0, band.y1, s.x1) for s in near)])
    return band


def _is_beside(stroke: Box, band: Box) -> bool:
    """Whether a stroke reaches over an end of the band and stands as near to it as digits of one number do."""
    gap = max(stroke.x0 - band.x1, band.x0 - stroke.x1)
    return gap <= BESIDE * band.height and (stroke.x0 < band.x0 or stroke.x1 > band.x1)


def _merged(bands: list[Box]) -> list[Box]:
    """A tall digit between two lines of centres makes a band of its own: join what shares most of its height."""
    out: list[Box] = []
    for band in sorted(bands):
        if out and out[-1].overlap_y(band) > 0.5:
            out[-1] = out[-1].hull(band)
        else:
            out.append(band)
    return out


def _writing(grey: Pixels, size: int) -> Pixels:
    """Dark strokes without long lines: faint print shining through stays below the level."""
    side = round(0.035 * size) | 1
    depth = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, np.ones((side, side), np.uint8))
    inner = depth[size // 20 : -size // 20, :]
    level = max(20.0, 0.42 * float(np.percentile(inner, 99.3)))
    ink = (depth > level).astype(np.uint8) * 255
    dashes = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, round(0.045 * size)), np.uint8))
    rules = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((round(0.09 * size), 1), np.uint8))
    lines = cv2.dilate(cv2.bitwise_or(dashes, rules), np.ones((5, 5), np.uint8))
    writing = cv2.morphologyEx(cv2.subtract(ink, lines), cv2.MORPH_CLOSE, np.ones((5, 3), np.uint8))
    return np.asarray(writing, dtype=np.uint8)


def _digits(writing: Pixels, size: int) -> list[Box]:
    count, _, stats, _ = cv2.connectedComponentsWithStats(writing, connectivity=8)
    return [
        Box(int(top), int(left), int(top + height), int(left + width))
        for left, top, width, height, area in stats[1:count]
        if 0.022 * size <= height <= 0.11 * size and width <= 0.25 * size and area >= 0.06 * height * height
    ]


def _roomy(band: Box, grey: Pixels) -> Box:
    pad = max(3, band.height // 8)
    return Box(
        max(0, band.y0 - pad),
        max(0, band.x0 - 2 * pad),
        min(grey.shape[0], band.y1 + pad),
        # A last digit that touches the column's rule went with the rule: leave room for it.
        min(grey.shape[1], band.x1 + band.height // 2),
    )
