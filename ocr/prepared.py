"""A cell crop as the readers take it: light evened, cut to the writing, 48 pixels high.

The same for every reader, in training as in use.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.quantiles import quantile

HEIGHT, STEP, MIN_WIDTH, MAX_WIDTH = 48, 32, 64, 384  # px of a prepared cell; widths are multiples of STEP
INK = 140
"""Below this an evened pixel, 0 the darkest ink and 255 paper, counts as ink."""
BESIDE = 1.0
"""A stroke on the edge of the crop that is nearer than this to the writing, in its heights, belongs to it."""
_STRETCH = 1.2  # cells are widened a little: narrow digits need more steps than the network has columns

Grey = NDArray[np.uint8]


def to_grey(cell: NDArray[np.uint8]) -> Grey:
    """(H, W) or (H, W, 3) BGR, at least 1 x 1 px, to (H, W) grey. Raises ValueError on any other array."""
    if cell.dtype != np.uint8 or cell.size == 0:
        raise ValueError(f"a cell must be a non-empty uint8 image, got {cell.dtype} of shape {cell.shape}")
    if cell.ndim == 3 and cell.shape[2] == 3:
        return np.asarray(cv2.cvtColor(np.ascontiguousarray(cell), cv2.COLOR_BGR2GRAY), np.uint8)
    if cell.ndim != 2:
        raise ValueError(f"a cell must have shape (H, W) or (H, W, 3), got {cell.shape}")
    return np.ascontiguousarray(cell)


def flatten(grey: Grey) -> Grey:
    """Even out light, stretch contrast: paper to 255, darkest ink to about 0; faint noise is not blown up."""
    height, width = grey.shape
    if height < 8 or width < 8:
        return grey
    coarse = cv2.resize(grey, (max(3, width * 12 // height), 12), interpolation=cv2.INTER_AREA)
    light = cv2.blur(cv2.dilate(coarse, np.ones((5, 5), np.uint8)), (5, 5))
    paper = cv2.resize(light, (width, height), interpolation=cv2.INTER_LINEAR).astype(np.float32)
    depth = 1.0 - grey / np.maximum(paper, 1.0)
    darkest = max(quantile(depth, 0.992), 0.22)
    return np.clip(255.0 * (1.0 - depth / darkest), 0, 255).astype(np.uint8)


def writing(flat: Grey) -> Grey:
    """(H, W) uint8, 1 where ink is that may be writing: neither border of the cell nor the line one writes on."""
    height, width = flat.shape
    inked = (flat < INK).astype(np.uint8)
    ink = inked.copy()
    ink[_shares(inked, 1) > 0.7] = 0
    if width >= 1.5 * height:
        ink[_lines_along(inked) > 0] = 0
    side = max(1, width // 12)
    edges = _shares(inked, 0) > 0.92
    edges[side : width - side] = False
    ink[:, edges] = 0
    zone = max(3, round(0.18 * height))
    thick = cv2.dilate(inked, np.ones((1, 3), np.uint8))
    upright = np.ones((max(5, height // 3), 1), np.uint8)
    standing = np.asarray(cv2.morphologyEx(thick, cv2.MORPH_OPEN, upright), np.uint8)
    for edge in (slice(0, zone), slice(width - zone, width)):
        if _is_border(standing[:, edge]):
            ink[:, edge][standing[:, edge] > 0] = 0
    return ink


def _shares(ink: Grey, axis: int) -> NDArray[np.float64]:
    """The share of every row (axis 1) or column (axis 0) that is ink."""
    return np.asarray(np.ravel(cv2.reduce(ink, axis, cv2.REDUCE_SUM, dtype=cv2.CV_32S)) / ink.shape[axis])


def _lines_along(ink: Grey) -> Grey:
    """Long thin lines above and below, level or not; what lies in the middle may be a dash."""
    height, width = ink.shape
    thick = cv2.dilate(ink, np.ones((3, 1), np.uint8))
    long = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, max(height, width // 3)), np.uint8))
    broad = cv2.morphologyEx(long, cv2.MORPH_OPEN, np.ones((max(5, height // 6), 1), np.uint8))
    lines = np.asarray(cv2.subtract(long, broad), np.uint8)
    lines[int(0.15 * height) : int(0.62 * height)] = 0
    return lines


def _is_border(standing: Grey) -> bool:
    """Whether upright strokes beside an edge are one thin line from top to bottom, as no 1 inside a cell is."""
    height = len(standing)
    rows = np.flatnonzero(standing.any(1))
    return (
        len(rows) > 0.8 * height
        and rows[0] <= 0.12 * height
        and rows[-1] >= 0.88 * height
        and int(standing.sum(1).max()) <= max(4, 0.13 * height)
    )


def tighten(flat: Grey) -> Grey:
    """Cut away blank paper around the ink, generously: rules of the table do not count as ink.

    Returns a view with at least 55 % of the height; the whole image when there is no ink to speak of.
    """
    height, width = flat.shape
    if height < 12 or width < 12:
        return flat
    # A thin stroke of a worn scan is a row of dots: joined, it is as tall as it was written.
    joined = cv2.morphologyEx(writing(flat), cv2.MORPH_CLOSE, np.ones((max(3, height // 12), 1), np.uint8))
    left, top, wide, high = cv2.connectedComponentsWithStats(joined, connectivity=8)[2][1:, :4].T
    right, bottom = left + wide, top + high
    edge = max(1, height // 16)  # what lies wholly in it is a scrap of a rule
    kept = np.maximum(high, wide // 2) >= max(3, height // 10)
    kept &= (bottom > edge + 1) & (top < height - edge - 1)
    scraps = kept & ((right <= edge + 1) | (left >= width - edge - 1))
    inner = kept & ~scraps
    if not inner.any():
        return flat
    reach = BESIDE * (bottom[inner].max() - top[inner].min())
    # Unless it may be a 1 on the very edge: as near to the others as digits stand.
    kept = inner | (scraps & (right > left[inner].min() - reach) & (left < right[inner].max() + reach))
    x0, y0, x1, y1 = left[kept].min(), top[kept].min(), right[kept].max(), bottom[kept].max()
    tall = max(int((y1 - y0) * 1.3), int(height * 0.55))
    middle, margin = (y0 + y1) // 2, max(3, tall // 6)
    rows = slice(max(0, middle - tall // 2), min(height, middle + (tall + 1) // 2))
    return flat[rows, max(0, x0 - margin) : min(width, x1 + margin)]


def prepare(cell: NDArray[np.uint8]) -> Grey:
    """Cell crop to a (48, W) image, paper 255, ink dark, W a multiple of 32 in 64..384.

    The input of both networks.
    """
    grey = to_grey(cell)
    height, width = grey.shape
    if height > 96 or width > 12 * height:  # never work on more pixels than a number can need
        scale = min(1.0, 96 / height)
        size = (
            max(1, min(round(width * scale), int(12 * height * scale) or 1)),
            max(1, round(height * scale)),
        )
        grey = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
    tight = tighten(flatten(grey))
    wanted = min(max(round(tight.shape[1] * HEIGHT / tight.shape[0] * _STRETCH), 16), MAX_WIDTH)
    shrink = tight.shape[0] > HEIGHT
    ink = cv2.resize(tight, (wanted, HEIGHT), interpolation=cv2.INTER_AREA if shrink else cv2.INTER_LINEAR)
    padded = np.full((HEIGHT, max(MIN_WIDTH, -(-wanted // STEP) * STEP)), 255, np.uint8)
    left = (padded.shape[1] - wanted) // 2
    padded[:, left : left + wanted] = ink
    return padded
