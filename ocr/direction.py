"""Which way the lines of text run, and how much they lean: told by the print itself, not by rules."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.packed import Packed, opened_along
from ocr.segments import Pixels, ink_mask
from ocr.shadows import Shadows

SIDE = 720
"""Long side in pixels of the reduced sheet in which the fall of the lines is measured."""
STRIPS = 6
"""Parts of the page, from top to bottom, whose slopes are measured together."""
RULE = 41
"""Pixels, in a picture of half the size: no letter has as long a straight stroke."""
SLOPES = np.arange(-0.12, 0.1201, 0.006)
FANS = np.arange(-0.12, 0.1201, 0.012)
"""How much more the last line of a page may lean than its first."""
FAN_GAIN = 1.04
"""Fanned lines must be this much sharper than parallel ones: a straight page stays as it is."""


def text_slope(grey: Pixels) -> tuple[float, float]:
    """Fall of the lines of text per pixel to the right: (half way down the page, how much more per pixel down).

    The first is -0.12..0.12; the second is 0 unless the lines fan out, as on a sheet seen from the side. Found where
    the shadow of the lines on the left edge is sharpest, in all strips of the page together. Used where too few rules
    were printed to tell the direction from (a page of underscores on a wooden table).
    """
    zoom = min(1.0, SIDE / max(grey.shape))
    small = cv2.resize(grey, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_AREA) if zoom < 1 else grey
    ink = ink_mask(np.asarray(small, dtype=np.uint8), 12)
    shadows = Shadows(ink[:, ink.shape[1] // 8 : ink.shape[1] - ink.shape[1] // 8])
    sharp = _sharpness(np.array([shadows.along(float(slope)) for slope in SLOPES]))
    places = (np.arange(STRIPS) + 0.5) / STRIPS - 0.5
    fans = np.array(sorted(FANS, key=abs))
    wanted = SLOPES[:, None] + fans[:, None, None] * places
    total = np.zeros(wanted.shape[:2])
    for strip in range(STRIPS):
        total += np.interp(wanted[:, :, strip], SLOPES, sharp[:, strip])
    total[np.abs(fans) > 1e-6] /= FAN_GAIN
    total[np.abs(wanted).max(axis=2) > SLOPES[-1]] = -1.0
    fan, slope = np.unravel_index(np.argmax(total), total.shape)  # the first, so the least fanned one
    return float(SLOPES[slope]), float(fans[fan]) / grey.shape[0]


def _sharpness(shadows: NDArray[np.float64]) -> NDArray[np.float64]:
    """How sharp the shadow of each strip is in every direction: (N, H) to (N, STRIPS)."""
    steps = np.diff(shadows, axis=1) ** 2
    return np.array([strip.sum(axis=1) for strip in np.array_split(steps, STRIPS, axis=1)]).T


def runs_along_text(grey: Pixels, angle: float) -> bool:
    """True if lines of text run in this direction (degrees), not across it.

    Lines of text leave a comb of dark and white on the edge they run towards; columns of letters do not.
    """
    small = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    height, width = small.shape
    ink = ink_mask(np.asarray(small, dtype=np.uint8), 12)
    ink = _without(opened_along(ink, RULE), ink)  # printed rules run both ways; only text tells
    ink = _without(Packed.of(ink).opened(RULE).mask(), ink)
    side = int(np.hypot(height, width))
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    turn[:, 2] += np.array([(side - width) / 2, (side - height) / 2])
    upright = cv2.warpAffine(ink, turn, (side, side), flags=cv2.INTER_NEAREST)
    # Profiles of narrow strips: a whole page of bent lines would blur its own comb.
    edges = [side * part // 6 for part in range(7)]
    along = sum(_comb(upright[:, a:b], 1) for a, b in pairwise(edges))
    across = sum(_comb(upright[a:b], 0) for a, b in pairwise(edges))
    return along >= across


def _without(rules: Pixels, ink: Pixels) -> Pixels:
    return np.asarray(cv2.subtract(ink, cv2.dilate(rules, np.ones((3, 3), np.uint8))), dtype=np.uint8)


def _comb(strip: cv2.typing.MatLike, axis: int) -> float:
    profile = cv2.reduce(np.ascontiguousarray(strip), axis, cv2.REDUCE_SUM, dtype=cv2.CV_32S)
    smooth = cv2.blur(profile.reshape(-1, 1).astype(np.float32), (1, 3))
    return float((np.diff(smooth.ravel()) ** 2).sum())
