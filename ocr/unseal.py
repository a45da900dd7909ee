"""Take the seal's ink out of a cell by its colour, where the pen's ink has another one.

Ink takes a share of each channel's light, and shares multiply: the logarithm of paper against picture is a sum over
the inks that lie on a spot (Beer and Lambert; as in Ruifrok and Johnston, Anal Quant Cytol Histol 23, 2001). With the
colour of both inks known, the part of the seal is told from the part of the pen. Where both look alike nothing is done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import cv2
import numpy as np

from ocr.boxes import Box
from ocr.readings import CellReading
from ocr.seals import Seal
from ocr.segments import Floats, Pixels
from ocr.sheet import Sheet
from tally.model import Mark

APART = 7.0
"""Degrees between the two inks' directions below which they are not told apart. Chosen on generated sheets of seeds
830000 to 830049, where 4.5 began to bring confident mistakes; measured on others: see benchmarks, ``seals``."""
RIVAL = 0.5
"""Confidence of a washed number from which on it puts a surer other one in doubt."""
LEAST = 0.12
"""Light taken, in natural logarithms, from which on a pixel tells an ink's colour."""


def washer(
    sheet: Sheet, seal: Seal, cells: Mapping[Box, Pixels]
) -> tuple[Callable[[Pixels], Pixels], frozenset[Box]] | None:
    """What takes the seal out of a picture, and the cells that lie under it; ``None`` where that cannot be done.

    Args:
        sheet: straightened.
        seal: found on it.
        cells: place on the sheet -> picture of each number cell, (H, W, 3) uint8 BGR.
    """
    if seal.circle is None or seal.present is False or seal.colour == "grey":
        return None
    x, y, radius = seal.circle
    under = frozenset(box for box in cells if _gap(box, x, y) < 1.05 * radius)
    if not under:
        return None
    stamp = seal_colour(sheet, seal.circle)
    pen = pen_colour([picture for box, picture in cells.items() if _gap(box, x, y) > 1.2 * radius])
    if stamp is None or pen is None or not told_apart(stamp, pen):
        return None
    return lambda picture: without_seal(picture, stamp, pen), under


def _gap(box: Box, x: float, y: float) -> float:
    """Distance of a point from a box; 0 inside."""
    return float(np.hypot(max(box.x0 - x, 0.0, x - box.x1), max(box.y0 - y, 0.0, y - box.y1)))


def weigh(seen: CellReading, washed: CellReading) -> CellReading:
    """One reading of a cell from that with the seal and that without.

    Both alike: the surer one. Else the washed number is told, or the number that was surer, but below every threshold,
    so that a person looks at it: a stroke in the seal's colour may have been a pen's that struck the number out.
    """
    if (seen.mark, seen.value) == (washed.mark, washed.value):
        return max(seen, washed, key=lambda one: (one.agreed, one.confidence))
    if washed.mark is not Mark.READ:
        return seen
    if seen.mark is Mark.READ and seen.confidence >= washed.confidence:
        return seen.doubted() if washed.confidence >= RIVAL else seen
    return washed.doubted()


def pen_colour(cells: Sequence[Pixels]) -> Floats | None:
    """(3,) direction, length 1, of the light that the ink in some cells takes; ``None`` without ink.

    Args:
        cells: (H, W, 3) uint8 BGR, away from the seal; their edges, where rules run, are left out.
    """
    found = []
    for cell in cells:
        height, width = cell.shape[:2]
        y, x = height // 5, max(2, width // 16)
        taken = light_taken(np.ascontiguousarray(cell[y : height - y, x : width - x]))
        strength = taken.sum(axis=2)
        dark = cv2.dilate((strength > 0.5 * strength.max()).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        if strength.max() >= 6 * LEAST and dark.mean() < 0.5:
            found.append(_unit(taken[dark].mean(axis=0) - np.median(taken.reshape(-1, 3), axis=0)))
    return _unit(np.median(found, axis=0)) if len(found) >= 2 else None


def seal_colour(sheet: Sheet, circle: tuple[float, float, float]) -> Floats | None:
    """The same of a seal, from its ring on the straightened sheet."""
    x, y, r = circle
    y0, x0 = max(0, round(y - 1.15 * r)), max(0, round(x - 1.15 * r))
    part = sheet.colour_in(Box(y0, x0, round(y + 1.15 * r), round(x + 1.15 * r)))
    small = np.asarray(cv2.resize(part, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
    ring = np.zeros(small.shape[:2], np.uint8)
    middle = (round((x - x0) / 2), round((y - y0) / 2))
    cv2.circle(ring, middle, round(r * 0.5), 255, max(2, round(r * 0.025)))
    cv2.circle(ring, middle, round(r * 0.41), 255, max(2, round(r * 0.09)))
    taken = light_taken(small)[ring > 0]
    strength = taken.sum(axis=1)
    some = (strength >= np.quantile(strength, 0.3)) & (strength <= np.quantile(strength, 0.85))
    if not some.any() or strength[some].mean() < 2 * LEAST:
        return None
    return _unit(taken[some].mean(axis=0) - taken[strength <= np.quantile(strength, 0.1)].mean(axis=0))


def light_taken(picture: Pixels) -> Floats:
    """(H, W, 3) natural logarithm of paper against picture, at least 0."""
    side = max(9, (min(picture.shape[:2]) // 3) | 1)
    paper = cv2.blur(cv2.dilate(picture, np.ones((side, side), np.uint8)), (side, side))
    ratio = np.maximum(paper, 1).astype(np.float64) / np.maximum(picture, 1)
    return np.asarray(np.maximum(0.0, np.log(ratio)))


def told_apart(seal: Floats, pen: Floats) -> bool:
    """True if the two directions differ enough."""
    return float(np.degrees(np.arccos(np.clip(seal @ pen, -1, 1)))) >= APART


def without_seal(cell: Pixels, seal: Floats, pen: Floats) -> Pixels:
    """The cell as it would look without the seal, same shape; the pen's share of every pixel stays."""
    taken = light_taken(cell)
    inverse = np.linalg.pinv(np.column_stack([seal, pen]))
    amounts = taken @ inverse.T
    both = np.clip(amounts, 0, None)
    # Where one ink alone explains the pixel, the other's share would be negative: it is none there.
    only_seal = np.clip(taken @ seal, 0, None)
    stamp = np.where(amounts[..., 1] < 0, only_seal, both[..., 0])
    cleaned = cell.astype(np.float64) * np.exp(np.clip(stamp[..., None] * seal, 0, None))
    return np.asarray(np.clip(np.round(cleaned), 0, 255), np.uint8)


def _unit(vector: Floats) -> Floats:
    return np.asarray(vector / max(1e-9, float(np.linalg.norm(vector))))
