"""Cut the place of a number out of the original photo, at the photo's own resolution."""

from __future__ import annotations

from collections.abc import Sequence
from math import dist

import cv2
import numpy as np

from ocr.boxes import Box
from ocr.segments import Floats, Pixels
from ocr.sheet import Sheet
from tally.model import Quad

MARGIN = 0.05
"""Paper kept around a cell, as a share of its height: digits lean over the rules."""
MAX_HEIGHT = 128
MIN_HEIGHT = 32
LONGEST = 12
"""Width of a picture in its heights; a longer place is squeezed."""


def quad_of(sheet: Sheet, box: Box, size: tuple[int, int]) -> Quad:
    """Corners of a sheet box in photo pixels, clipped to the photo of ``size`` (width, height)."""
    pad = MARGIN * box.height
    corners = sheet.quad_in_photo((box.x0 - pad, box.y0 - pad, box.x1 + pad, box.y1 + pad))
    limits = np.array([size[0] - 1, size[1] - 1])
    a, b, c, d = (tuple(int(v) for v in point) for point in np.clip(np.round(corners), 0, limits))
    return (a[0], a[1]), (b[0], b[1]), (c[0], c[1]), (d[0], d[1])


def cut(photo: Pixels, quad: Quad, longest: int = LONGEST) -> Pixels:
    """The quadrilateral as an upright picture, (H, W, 3) uint8 BGR, 32..128 px high, at most ``longest`` heights wide.

    The same corners give the same pixels, so a crop can be cut again by whoever holds the photo.
    """
    width, height, down = _size(quad, longest)
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    warp = cv2.getPerspectiveTransform(np.array(quad, dtype=np.float32), target)
    mode = cv2.INTER_AREA if down > height else cv2.INTER_CUBIC
    out = cv2.warpPerspective(photo, warp, (width, height), flags=mode, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(out, dtype=np.uint8)


def cut_exactly(photo: Pixels, quad: Quad) -> Pixels:
    """As :func:`cut`, for evidence: the same bytes on every processor, not only the same picture.

    OpenCV rounds the way to the photo differently with each set of instructions. Here it is worked out in steps
    that IEEE 754 fixes to the last bit, and then rounded to 1/32 of a pixel, which is summed up in whole numbers.
    """
    width, height, _ = _size(quad)
    xs, ys = zip(*quad, strict=True)
    # A little more than the corners enclose: interpolation looks one pixel further.
    left, top = max(0, min(xs) - 2), max(0, min(ys) - 2)
    piece = photo[top : max(ys) + 3, left : max(xs) + 3]
    across, along = _way([(x - left, y - top) for x, y in quad], width, height)
    step = cv2.INTER_TAB_SIZE
    x, y = (np.rint(np.clip(way, -8, 32000) * step).astype(np.int32) for way in (across, along))
    whole = np.dstack([x // step, y // step]).astype(np.int16)
    rest = ((y % step) * step + x % step).astype(np.uint16)
    # Bilinear: of OpenCV's ways between pixels the one that gives the same bytes with every set of instructions.
    out = cv2.remap(piece, whole, rest, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(out, dtype=np.uint8)


def _size(quad: Quad, longest: int = LONGEST) -> tuple[int, int, float]:
    """Width and height of the picture of a quadrilateral, and its own height in the photo, in pixels."""
    a, b, c, d = quad
    across = (dist(a, b) + dist(c, d)) / 2
    down = (dist(a, d) + dist(b, c)) / 2
    height = min(max(round(down), MIN_HEIGHT), MAX_HEIGHT)
    return min(max(round(across * height / max(down, 1.0)), 8), longest * height), height, down


def _way(corners: Sequence[tuple[int, int]], width: int, height: int) -> tuple[Floats, Floats]:
    """Where every pixel of an upright picture lies between four corners: x and y, (H, W) each (Heckbert 1989)."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = corners
    u, v = (np.arange(width) / width)[None, :], (np.arange(height) / height)[:, None]
    det = (x1 - x2) * (y3 - y2) - (x3 - x2) * (y1 - y2)
    bend_x, bend_y = x0 - x1 + x2 - x3, y0 - y1 + y2 - y3
    g = (bend_x * (y3 - y2) - (x3 - x2) * bend_y) / det if det else 0.0
    h = ((x1 - x2) * bend_y - bend_x * (y1 - y2)) / det if det else 0.0
    deep = g * u + h * v + 1.0
    deep = np.where(np.abs(deep) < 1e-6, 1e-6, deep)  # corners that no camera sees
    x = ((x1 - x0 + g * x1) * u + (x3 - x0 + h * x3) * v + x0) / deep
    y = ((y1 - y0 + g * y1) * u + (y3 - y0 + h * y3) * v + y0) / deep
    return x, y


def leaves_photo(sheet: Sheet, box: Box, size: tuple[int, int]) -> bool:
    """True if more than a sliver of the box lies outside the photo of ``size`` (width, height)."""
    corners = sheet.quad_in_photo(box.as_xyxy())
    slack = 0.12 * float(np.linalg.norm(corners[3] - corners[0]))
    outside = (corners < -slack).any() or (corners > np.array(size) + slack).any()
    return bool(outside)
