"""Straight printed lines in an unrectified photo: the evidence from which the sheet is straightened.

The holes of the ruled network (cells) give edges in both directions; long thin specks (underscores,
lone rules) add more. Follows method A of the lab notes: holes that are nearly rectangles, not the outline
of the whole component, because a seal or a signature joins the outline.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.edges import axis_of, middle_of, sides_of

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float64]

MIN_HOLE_FILL = 0.72
"""Share of its smallest enclosing rectangle that a hole fills to be taken for a cell (lab: .72)."""
ENOUGH = 24
"""Cells from which on no fainter threshold is tried."""
WRITTEN_ON = 5.0
"""A rule is at least so many times as long as it is high with the digits on it."""
STRAIGHT = 0.7
"""Share of each side of a cell that is straight; of a loop of writing or a piece of a seal it is less."""


@dataclass(frozen=True, slots=True)
class Segments:
    """Line segments of one picture."""

    ends: Floats
    """(N, 4) x0, y0, x1, y1 in pixels of the picture they were found in."""
    cells: Floats
    """(M, 4, 2) corners of the holes that look like cells, where each side begins; may be empty."""

    @property
    def lengths(self) -> Floats:
        """(N,) pixels."""
        return np.asarray(np.hypot(self.ends[:, 2] - self.ends[:, 0], self.ends[:, 3] - self.ends[:, 1]))

    @property
    def angles(self) -> Floats:
        """(N,) degrees in [0, 180)."""
        run, rise = self.ends[:, 2] - self.ends[:, 0], self.ends[:, 3] - self.ends[:, 1]
        return np.asarray(np.degrees(np.arctan2(rise, run)) % 180.0)


def stretches(drawn: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """(start, end) of every unbroken run of True in a (N,) mask, end excluded, in order."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], drawn.astype(np.int8), [0]))))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def darker(grey: Pixels) -> Pixels:
    """How much darker than its surroundings each pixel is, in grey levels; (H, W) uint8."""
    block = max(15, (max(grey.shape) // 40) | 1)
    around = cv2.blur(grey, (block, block), borderType=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.subtract(around, grey), np.uint8)


def inked(depth: Pixels, strength: int) -> Pixels:
    """(H, W) uint8, 255 where a picture is at least ``strength`` darker than its surroundings (:func:`darker`)."""
    return np.asarray(cv2.threshold(depth, strength - 1, 255, cv2.THRESH_BINARY)[1], np.uint8)


def ink_mask(grey: Pixels, strength: int = 10) -> Pixels:
    """Dark strokes on lighter paper, whatever the light. (H, W) uint8, ink 255.

    Args:
        grey: (H, W) uint8.
        strength: how much darker than its surroundings a pixel must be, in grey levels; 1 or more.
    """
    return inked(darker(grey), strength)


def find_segments(grey: Pixels) -> Segments:
    """All segments of a picture; tries a fainter threshold when the strict one finds few cells."""
    best = _Shapes([], [], 0.0)
    depth = darker(grey)
    for strength in (11, 6, 4):
        found = _from_mask(inked(depth, strength))
        if found.length > best.length:
            best = found
        if len(best.cells) >= ENOUGH:
            break
    return _measured(best)


@dataclass(frozen=True, slots=True)
class _Shapes:
    """What one threshold shows, before its rules are measured: that takes time, and only one threshold is kept."""

    cells: list[tuple[Floats, list[Floats]]]
    rules: list[cv2.typing.MatLike]
    length: float
    """Of all sides and rules together, pixels."""


def _measured(found: _Shapes) -> Segments:
    sides = [side for _, sides in found.cells for side in sides]
    # Where cells tell the direction, the axes of clean rules are good enough, and a tenth of the work.
    measure = middle_of if len(found.cells) < ENOUGH else axis_of
    rules = [rule for outline in found.rules if (rule := measure(outline)) is not None]
    quads = np.array([quad for quad, _ in found.cells], dtype=np.float64).reshape(-1, 4, 2)
    return Segments(np.array(sides + rules, dtype=np.float64).reshape(-1, 4), quads)


def _from_mask(ink: Pixels) -> _Shapes:
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    contours, tree = cv2.findContours(closed, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    if tree is None:
        return _Shapes([], [], 0.0)
    size = max(ink.shape)
    within = tree[0][:, 3].tolist()  # plain numbers: there are thousands of letters
    cells = [
        cell
        for contour, outer in zip(contours, within, strict=True)
        if outer >= 0 and (cell := _as_cell(contour, size)) is not None
    ]
    rules = [
        (contour, length)
        for contour, outer in zip(contours, within, strict=True)
        if outer < 0 and (length := _rule_length(contour, size))
    ]
    around = sum(math.hypot(x1 - x0, y1 - y0) for _, sides in cells for x0, y0, x1, y1 in sides)
    return _Shapes(cells, [rule for rule, _ in rules], around + sum(length for _, length in rules))


def _as_cell(contour: cv2.typing.MatLike, size: int) -> tuple[Floats, list[Floats]] | None:
    """The corners (4, 2) and the sides of a hole that looks like a cell."""
    area = cv2.contourArea(contour)
    if not (0.012 * size) ** 2 * 1.5 < area < (0.6 * size) ** 2:
        return None
    hull = cv2.convexHull(contour)
    _, (width, height), angle = cv2.minAreaRect(hull)
    if min(width, height) < 0.008 * size or area < MIN_HOLE_FILL * width * height:
        return None
    sides = sides_of(np.asarray(hull.reshape(-1, 2), dtype=np.float64), angle)
    lengths = [math.hypot(x1 - x0, y1 - y0) for x0, y0, x1, y1 in sides]
    if len(sides) < 4 or min(lengths[::2]) < STRAIGHT * width or min(lengths[1::2]) < STRAIGHT * height:
        return None
    return np.array([side[:2] for side in sides]), sides


def _rule_length(contour: cv2.typing.MatLike, size: int) -> float:
    """Pixels along a long thin speck, with what is written on it; 0 for anything else."""
    _, _, across, down = cv2.boundingRect(contour)
    if math.hypot(across, down) < 0.045 * size:  # most are letters, and no rectangle around one is longer
        return 0.0
    _, (width, height), _ = cv2.minAreaRect(contour)
    long, short = max(width, height), min(width, height)
    return float(long) if long >= max(0.05 * size, WRITTEN_ON * max(short, 1.0)) else 0.0
