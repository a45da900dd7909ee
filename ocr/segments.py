"""Straight printed lines in an unrectified photo: the evidence from which the sheet is straightened.

The holes of the ruled network (cells) give edges in both directions; long thin specks (underscores,
lone rules) add more. Follows method A of the lab notes: holes that are nearly rectangles, not the outline
of the whole component, because a seal or a signature joins the outline.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float64]

MIN_HOLE_FILL = 0.72
"""Share of its smallest enclosing rectangle that a hole fills to be taken for a cell (lab: .72)."""
MIN_ASPECT_OF_A_RULE = 14.0
STRAIGHT = 0.7
"""Share of each side of a cell that is straight; of a loop of writing or a piece of a seal it is less."""
MAX_LEAN = 25.0
"""Degrees between a piece of a cell's outline and the side that it belongs to; more, and it is of a corner's round."""


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
    best = Segments(np.zeros((0, 4)), np.zeros((0, 4, 2)))
    depth = darker(grey)
    for strength in (11, 6, 4):
        found = _from_mask(inked(depth, strength))
        if _score(found) > _score(best):
            best = found
        if len(best.cells) >= 24:
            break
    return best


def _score(found: Segments) -> float:
    return float(found.lengths.sum())


def _from_mask(ink: Pixels) -> Segments:
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    contours, tree = cv2.findContours(closed, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    if tree is None:
        return Segments(np.zeros((0, 4)), np.zeros((0, 4, 2)))
    size = max(ink.shape)
    within = tree[0][:, 3].tolist()  # plain numbers: there are thousands of letters
    cells = [
        quad
        for contour, outer in zip(contours, within, strict=True)
        if outer >= 0 and (quad := _as_cell(contour, size)) is not None
    ]
    rules = [
        rule
        for contour, outer in zip(contours, within, strict=True)
        if outer < 0 and (rule := _as_rule(contour, size)) is not None
    ]
    edges = [side for _, sides in cells for side in sides]
    quads = np.array([quad for quad, _ in cells], dtype=np.float64).reshape(-1, 4, 2)
    return Segments(np.array(edges + rules, dtype=np.float64).reshape(-1, 4), quads)


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


def sides_of(outline: Floats, angle: float) -> list[Floats]:
    """The straight sides of a nearly rectangular outline, up to four of (4,) x0, y0, x1, y1.

    A corner found by simplifying the outline may lie anywhere on the round of that corner: beside a long side, that
    turns a short one by degrees. So a side is what runs along it, from where the corner ends to where the next begins.

    Args:
        outline: (N, 2) convex polygon, in order.
        angle: direction of one pair of its sides, in degrees.
    """
    points: list[list[float]] = outline.tolist()  # plain numbers: a dozen points, and some hundred outlines
    facing = [_facing(first, second, angle) for first, second in pairwise([*points, points[0]])]
    begin: dict[int, list[float]] = {}
    end: dict[int, list[float]] = {}
    for index, side in enumerate(facing):
        if side is not None and facing[index - 1] != side:
            begin[side] = points[index]
        if side is not None and facing[(index + 1) % len(facing)] != side:
            end[side] = points[(index + 1) % len(points)]
    return [np.array(begin[side] + end[side]) for side in sorted(begin)]


def _facing(first: list[float], second: list[float], angle: float) -> int | None:
    """Which of the four sides a piece of an outline is of, counted along the outline; ``None`` in a corner."""
    quarters = (math.degrees(math.atan2(second[1] - first[1], second[0] - first[0])) - angle) / 90
    side = round(quarters)
    return side % 4 if abs(quarters - side) < MAX_LEAN / 90 else None


def _as_rule(contour: cv2.typing.MatLike, size: int) -> Floats | None:
    _, _, across, down = cv2.boundingRect(contour)
    if math.hypot(across, down) < 0.045 * size:  # most are letters, and no rectangle around one is longer
        return None
    centre, (width, height), _ = rect = cv2.minAreaRect(contour)
    long, short = max(width, height), min(width, height)
    if long < 0.05 * size or long < MIN_ASPECT_OF_A_RULE * max(short, 1.0):
        return None
    box = cv2.boxPoints(rect)
    first, second = box[1] - box[0], box[2] - box[1]
    along = first if np.hypot(*first) > np.hypot(*second) else second
    half = np.asarray(along, dtype=np.float64) / 2
    middle = np.asarray(centre, dtype=np.float64)
    return np.concatenate([middle - half, middle + half])
