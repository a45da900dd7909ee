"""Make faint print as dark as good print: grey labels, the far end of the sheet, the shadow of a hand."""

from __future__ import annotations

import cv2
import numpy as np

from ocr.segments import Pixels

FULL = 170
"""Darkness (0..255 below the paper) that the print of a crisp photo has."""
FAINTEST = 55
"""Weaker strokes are grain of the paper or shine through from behind; they are not raised to full darkness."""
GRAIN = 50
"""What stays this light after that is taken for paper: guilloche, watermark, the back of the sheet."""
REACH = 13
"""Side, in quarter pixels, of the neighbourhood in which the darkest stroke is sought: two lines of text."""


LONGER = 45
"""Pixels of a sheet 1800 px long: three times the height of usual letters, higher than those of a title."""


def clear_print(grey: Pixels) -> Pixels:
    """The printed letters of a sheet on white paper, all about equally dark; (H, W) uint8 in and out.

    Rules are taken out too: beside a short label Tesseract reads them as letters.
    """
    paper = cv2.blur(cv2.dilate(grey, np.ones((9, 9), np.uint8)), (31, 31))
    depth = cv2.bitwise_not(cv2.divide(grey, np.maximum(paper, 1), scale=255))
    small = cv2.resize(depth, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    # Averaging four by four pixels leaves about half of the darkness of a thin stroke.
    near = cv2.blur(cv2.dilate(small, np.ones((REACH, REACH), np.uint8)), (REACH, REACH)).astype(np.float32)
    raised = 64.0 * FULL / np.clip(1.6 * near, FAINTEST, FULL)
    gain = cv2.resize(raised.astype(np.uint8), (grey.shape[1], grey.shape[0]))
    even = cv2.multiply(depth, gain, scale=1 / 64)
    grain = np.full_like(even, GRAIN)
    clean = np.asarray(
        cv2.convertScaleAbs(cv2.subtract(even, grain), alpha=FULL / (FULL - GRAIN)), dtype=np.uint8
    )
    return np.asarray(cv2.bitwise_not(cv2.subtract(clean, _rules(clean))), dtype=np.uint8)


def _rules(depth: Pixels) -> Pixels:
    """Strokes longer than any letter's, across or upright, and their soft edges; blurred words are a weaker band."""
    along = cv2.morphologyEx(depth, cv2.MORPH_OPEN, np.ones((1, LONGER), np.uint8))
    down = cv2.morphologyEx(depth, cv2.MORPH_OPEN, np.ones((LONGER, 1), np.uint8))
    _, lines = cv2.threshold(np.maximum(along, down), FULL // 2, 255, cv2.THRESH_TOZERO)
    return np.asarray(cv2.dilate(lines, np.ones((5, 5), np.uint8)), dtype=np.uint8)
