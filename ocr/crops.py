"""Cut the place of a number out of the original photo, at the photo's own resolution."""

from __future__ import annotations

from math import dist

import cv2
import numpy as np

from ocr.boxes import Box
from ocr.segments import Pixels
from ocr.sheet import Sheet
from tally.model import Quad

MARGIN = 0.05
"""Paper kept around a cell, as a share of its height: digits lean over the rules."""
MAX_HEIGHT = 128
MIN_HEIGHT = 32


def quad_of(sheet: Sheet, box: Box, size: tuple[int, int]) -> Quad:
    """Corners of a sheet box in photo pixels, clipped to the photo of ``size`` (width, height)."""
    pad = MARGIN * box.height
    corners = sheet.quad_in_photo((box.x0 - pad, box.y0 - pad, box.x1 + pad, box.y1 + pad))
    limits = np.array([size[0] - 1, size[1] - 1])
    a, b, c, d = (tuple(int(v) for v in point) for point in np.clip(np.round(corners), 0, limits))
    return (a[0], a[1]), (b[0], b[1]), (c[0], c[1]), (d[0], d[1])


def cut(photo: Pixels, quad: Quad) -> Pixels:
    """The quadrilateral as an upright picture, (H, W, 3) uint8 BGR, 32..128 px high.

    The same corners give the same pixels, so a crop can be cut again by whoever holds the photo.
    """
    a, b, c, d = quad
    across = (dist(a, b) + dist(c, d)) / 2
    down = (dist(a, d) + dist(b, c)) / 2
    height = min(max(round(down), MIN_HEIGHT), MAX_HEIGHT)
    width = min(max(round(across * height / max(down, 1.0)), 8), 12 * height)
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    warp = cv2.getPerspectiveTransform(np.array(quad, dtype=np.float32), target)
    mode = cv2.INTER_AREA if down > height else cv2.INTER_CUBIC
    out = cv2.warpPerspective(photo, warp, (width, height), flags=mode, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(out, dtype=np.uint8)


def leaves_photo(sheet: Sheet, box: Box, size: tuple[int, int]) -> bool:
    """True if more than a sliver of the box lies outside the photo of ``size`` (width, height)."""
    corners = sheet.quad_in_photo(box.as_xyxy())
    slack = 0.12 * float(np.linalg.norm(corners[3] - corners[0]))
    outside = (corners < -slack).any() or (corners > np.array(size) + slack).any()
    return bool(outside)
