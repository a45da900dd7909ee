"""The place of a number in words as its reader takes it: one line of writing, as high as the network wants it.

Light is evened, borders and the line below the writing are taken out, and writing on two lines is laid end to end.
The same in training as in use.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.lines import LINE_HEIGHT
from ocr.prepared import INK, flatten, to_grey, writing
from ocr.segments import Pixels

TALL = 64
"""Pixels of height in which the place is looked at."""
LONGEST = 20
"""Heights of a line; a longer one is squeezed. 9999 takes some 13."""
PAD = 0.16
"""Paper kept above and below the writing, in its heights."""
LINE = 48
"""Pixels; a longer level stroke near the upper or lower edge is a rule."""
PALEST = 70
"""Depth of the darkest ink beside the rules, of 255, from which on it is made black."""
SPACE = 0.375
"""Paper between two lines laid end to end, in their heights."""


def line_of(cell: Pixels, height: int = LINE_HEIGHT) -> Pixels | None:
    """The writing as one line, (height, W) grey uint8, paper 255; None if the place is empty.

    Args:
        cell: (H, W, 3) uint8 BGR or (H, W) grey, as :func:`ocr.crops.cut` gives it.
        height: of the line, in pixels.
    """
    grey = to_grey(cell)
    width = min(max(16, round(grey.shape[1] * TALL / grey.shape[0])), LONGEST * TALL)
    mode = cv2.INTER_AREA if grey.shape[0] > TALL else cv2.INTER_LINEAR
    flat = flatten(np.asarray(cv2.resize(grey, (width, TALL), interpolation=mode), np.uint8))
    # Twice: beside a black rule a pale pen is hardly ink.
    flat = _without_rules(_stretched(_without_rules(flat)))
    ink = written(flat)
    if not ink.any():
        return None
    parts = [_scaled(flat, ink, band, height) for band in _bands(ink)]
    gap = np.full((height, round(SPACE * height)), 255, np.uint8)
    line = np.hstack([piece for part in parts for piece in (gap, part)][1:])
    if line.shape[1] > LONGEST * height:
        line = np.asarray(
            cv2.resize(line, (LONGEST * height, height), interpolation=cv2.INTER_AREA), np.uint8
        )
    return np.ascontiguousarray(line)


def written(flat: Pixels) -> Pixels:
    """(TALL, W) uint8, 1 where an evened place shows writing: neither borders nor lines, specks or scraps."""
    return _kept(_without_lines(writing(flat)))


def _without_rules(flat: Pixels) -> Pixels:
    """Paper in place of borders and of the line below the writing."""
    inked = (flat < INK).astype(np.uint8)
    ours = _without_lines(writing(flat))
    others = cv2.dilate(np.asarray(cv2.subtract(inked, ours), np.uint8), np.ones((3, 3), np.uint8))
    return np.asarray(np.where((others > 0) & (ours == 0), 255, flat), np.uint8)


def _stretched(flat: Pixels) -> Pixels:
    """The darkest ink made black; what is so pale that it may be no ink stays as it is."""
    depth = 255.0 - flat
    darkest = float(np.quantile(depth, 0.992))
    if not PALEST <= darkest < 230:
        return flat
    return np.asarray(np.clip(255.0 - depth * (255.0 / darkest), 0, 255), np.uint8)


def _kept(ink: Pixels) -> Pixels:
    """Ink without specks, and without scraps that lie wholly on the edge."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    left, top, wide, high, area = stats.T
    right, bottom = left + wide, top + high
    edge = 3
    kept = (area >= 6) & (np.maximum(wide, high) >= 5)
    kept &= (bottom > edge + 1) & (top < ink.shape[0] - edge - 1)
    kept &= (right > edge + 1) & (left < ink.shape[1] - edge - 1)
    kept[0] = False
    if not kept[:count].any() or (high[kept].max() < 5 and wide[kept].max() < 12):
        return np.zeros_like(ink)
    return np.asarray(kept[labels], np.uint8)


def _without_lines(ink: Pixels) -> Pixels:
    """Ink without what is left of the rules above and below; no stroke of a letter is as long."""
    high, wide = ink.shape
    level = _long(ink, (3, 1), (1, LINE))
    zone = round(0.25 * high)
    level[zone : high - zone] = 0
    upright = _long(ink, (1, 3), (round(0.7 * high), 1))
    zone = min(high // 2, wide // 8)
    upright[:, zone : wide - zone] = 0
    return np.asarray(np.where((level > 0) | (upright > 0), 0, ink), np.uint8)


def _long(ink: Pixels, thicker: tuple[int, int], length: tuple[int, int]) -> Pixels:
    """What is left of the ink, made a little thicker across, in runs of a length."""
    thick = cv2.dilate(ink, np.ones(thicker, np.uint8))
    return np.asarray(cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones(length, np.uint8)), np.uint8)


def _bands(ink: Pixels) -> list[tuple[int, int]]:
    """(top, bottom) of the one or two lines written, bottom excluded.

    Between two lines few strokes go from top to bottom; through the middle of one line all of them do.
    """
    rows = np.flatnonzero(ink.any(axis=1))
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    tall = bottom - top
    if tall < 0.45 * len(ink):
        return [(top, bottom)]
    strokes = _soft((np.diff(ink.astype(np.int8), axis=1, prepend=0) > 0).sum(1))
    covered = _soft(ink.sum(1))
    low, high = top + round(0.3 * tall), top + round(0.7 * tall)
    cut = low + int(np.argmin(strokes[low:high]))
    if all(_parts(profile, top, cut, bottom) for profile in (strokes, covered)):
        return [(top, cut), (cut, bottom)]
    return [(top, bottom)]


def _soft(profile: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.convolve(profile, np.ones(3) / 3, "same")


def _parts(profile: NDArray[np.float64], top: int, cut: int, bottom: int) -> bool:
    """Whether a row has clearly less than the fullest row on either side of it, and both sides are full."""
    above, below = profile[top:cut].max(), profile[cut:bottom].max()
    return bool(
        profile[cut] < 0.42 * min(above, below) and min(above, below) > max(0.2 * max(above, below), 2.5)
    )


def _scaled(flat: Pixels, ink: Pixels, band: tuple[int, int], height: int) -> NDArray[np.uint8]:
    """One line of the writing with some paper around it, at the reader's height."""
    top, bottom = band
    rows = top + np.flatnonzero(ink[top:bottom].any(axis=1))
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    columns = np.flatnonzero(ink[top:bottom].any(axis=0))
    pad = max(2, round(PAD * (bottom - top)))
    x0, x1 = max(0, int(columns[0]) - pad), int(columns[-1]) + 1 + pad
    part = cv2.copyMakeBorder(flat[top:bottom, x0:x1], pad, pad, 0, 0, cv2.BORDER_CONSTANT, value=(255,))
    width = max(8, round(part.shape[1] * height / part.shape[0]))
    mode = cv2.INTER_AREA if part.shape[0] > height else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(part, (width, height), interpolation=mode), np.uint8)
