"""Lines of print in the picture of a label: where each stands, and its crop for the print reader.

A label is a few lines of one size on nearly even paper, so their row profile tells them apart once the slant that a
curled sheet leaves is taken out. Rules of the table and the dark edge of the table under the paper are not print.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.pieces import places_in
from ocr.quantiles import quantile
from ocr.segments import Pixels, stretches

LINE_HEIGHT = 32
"""Pixels of a line's crop, the input of the print reader."""
INK = 170
"""Darker than this is ink, on paper evened to 255."""
SLOPES = (0.0, -0.006, 0.006, -0.012, 0.012, -0.018, 0.018, -0.026, 0.026)
"""Slants that are tried, in pixels down per pixel right; the sheet itself is straight already."""
RULE = 48
"""An unbroken horizontal run of ink this long is a rule: no letter has one."""
UPRIGHT = 30
"""The same from top to bottom: a rule between two columns, or the dark beside the paper."""
MIN_BAND = 5
"""Pixels; lower bands are dots, accents or dirt."""
PAD = 0.22
"""Paper kept above and below a line, in heights of its ink."""
MAX_WIDTH = 1600
"""Pixels of a crop; a longer line is squeezed."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of print: its crop, (32, W) grey uint8, paper 255."""

    picture: Pixels
    top: int
    """First row of its ink in the tile, pixels."""


def even(tile: Pixels) -> Pixels:
    """Divide by the local paper brightness: shadows go, print stays."""
    paper = cv2.blur(cv2.dilate(tile, np.ones((9, 9), np.uint8)), (31, 31))
    return np.asarray(cv2.divide(tile, np.maximum(paper, 1), scale=255), dtype=np.uint8)


def split_lines(tile: Pixels) -> list[Line]:
    """The lines of a label from top to bottom; (H, W) grey uint8, evened."""
    ink = _print_only(tile)
    slope = _slope(ink)
    if slope:
        tile, ink = _shear(tile, slope, 255), _shear(ink, slope, 0)
    bands = _bands(ink)
    return [line for top, bottom in bands if (line := _crop(tile, ink, top, bottom)) is not None]


def _print_only(tile: Pixels) -> Pixels:
    """1 where print is: dark, and no part of a rule or of the dark beside the paper."""
    ink = (tile < INK).astype(np.uint8)
    for length in ((1, RULE), (UPRIGHT, 1)):
        unbroken = cv2.erode(ink, np.ones(length, np.uint8))
        if cv2.countNonZero(unbroken):
            rules = cv2.dilate(unbroken, np.ones(length, np.uint8))
            ink[cv2.dilate(rules, np.ones((3, 3), np.uint8)) > 0] = 0
    ink[:, _sums(ink, 0) > 0.75 * len(ink)] = 0
    return np.asarray(ink, np.uint8)


def _sums(ink: Pixels, axis: int) -> NDArray[np.int32]:
    """Of every column (axis 0) or row (axis 1)."""
    return np.ravel(cv2.reduce(ink, axis, cv2.REDUCE_SUM, dtype=cv2.CV_32S))


def _slope(ink: Pixels) -> float:
    """The slant that makes the row profile sharpest."""
    places = places_in(ink)
    if len(places) < 50:
        return 0.0
    width = ink.shape[1]
    pad = int(width * max(SLOPES)) + 2
    ys, xs = np.divmod(places, width)
    ys += pad

    def sharpness(slope: float) -> float:
        lower = np.rint(slope * (np.arange(width) - width / 2)).astype(np.intp)
        profile = np.bincount(ys - lower[xs])
        return float(profile @ profile) * (1.0 if slope else 1.03)

    return max(SLOPES, key=sharpness)


def _shear(picture: Pixels, slope: float, paper: int) -> Pixels:
    middle = picture.shape[1] / 2
    matrix = np.array([[1, 0, 0], [-slope, 1, slope * middle]], np.float32)
    size = (picture.shape[1], picture.shape[0])
    mode = cv2.INTER_LINEAR if paper else cv2.INTER_NEAREST
    return np.asarray(cv2.warpAffine(picture, matrix, size, flags=mode, borderValue=(paper,)), np.uint8)


def _bands(ink: Pixels) -> list[tuple[int, int]]:
    """(top, bottom) of each line's ink, bottom excluded."""
    profile = _sums(ink, 1).astype(np.float64)
    if profile.max(initial=0) < 4:
        return []
    floor = max(1.5, 0.06 * quantile(profile[profile > 0], 0.9))
    bands = _joined(stretches(profile >= floor))
    tall = [band for band in bands if band[1] - band[0] >= MIN_BAND]
    if not tall:
        return []
    usual = float(np.median([bottom - top for top, bottom in tall]))
    return [part for band in tall for part in _parted(profile, band, usual)]


def _joined(runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Accents and dots go to the line below them, tails to the line above."""
    out: list[tuple[int, int]] = []
    for top, bottom in runs:
        if out:
            before = out[-1]
            small = min(before[1] - before[0], bottom - top)
            gap = top - before[1]
            if gap <= 1 or (small < MIN_BAND and gap <= 3):
                out[-1] = (before[0], bottom)
                continue
        out.append((top, bottom))
    return out


def _parted(profile: NDArray[np.float64], band: tuple[int, int], usual: float) -> list[tuple[int, int]]:
    """A band as high as several lines is cut where its ink is thinnest."""
    top, bottom = band
    count = round((bottom - top) / max(usual, 12.0))
    if count < 2 or bottom - top < 1.7 * max(usual, 12.0):
        return [band]
    pitch = (bottom - top) / count
    cuts = [top]
    for k in range(1, count):
        about, reach = top + k * pitch, max(2, int(0.3 * pitch))
        low = max(top + 2, int(about) - reach)
        cuts.append(low + int(np.argmin(profile[low : min(bottom - 2, int(about) + reach)])))
    cuts.append(bottom)
    return [(a, b) for a, b in pairwise(cuts) if b - a >= MIN_BAND]


def _crop(tile: Pixels, ink: Pixels, top: int, bottom: int) -> Line | None:
    """The line with some paper around it, scaled to the reader's height."""
    columns = np.flatnonzero(ink[top:bottom].any(axis=0))
    if len(columns) < 4:
        return None
    height = bottom - top
    pad = max(2, round(PAD * height))
    x0, x1 = max(0, int(columns[0]) - pad), min(tile.shape[1], int(columns[-1]) + 1 + pad)
    y0, y1 = max(0, top - pad), min(tile.shape[0], bottom + pad)
    part = tile[y0:y1, x0:x1]
    above, below = y0 - (top - pad), (bottom + pad) - y1
    if above or below:
        part = np.asarray(
            cv2.copyMakeBorder(part, above, below, 0, 0, cv2.BORDER_CONSTANT, value=(255,)), np.uint8
        )
    width = min(MAX_WIDTH, max(8, round(part.shape[1] * LINE_HEIGHT / part.shape[0])))
    mode = cv2.INTER_AREA if part.shape[0] > LINE_HEIGHT else cv2.INTER_LINEAR
    return Line(np.asarray(cv2.resize(part, (width, LINE_HEIGHT), interpolation=mode), np.uint8), top)
