"""The straight parts of an outline: the sides of a cell, the rule under a number."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MAX_LEAN = 25.0
"""Degrees between a piece of a cell's outline and the side that it belongs to; more, and it is of a corner's round."""
THIN = 14.0
"""A rule with nothing on it is at least so many times as long as it is thick."""
BARE = 0.5
"""Share of a rule's length that is bare of digits and straight."""
PLACES, ROUNDS = 100, 3
"""At how many places along a rule its thickness is taken; and how often a line is fitted, each time to what is near."""
STRAY = 1.5
"""Pixels by which the middle of a bare rule strays from a straight line: print, steps of pixels, a little bend."""


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


def axis_of(outline: cv2.typing.MatLike) -> Floats | None:
    """The axis, (4,) x0, y0, x1, y1, of the rectangle around a speck, (N, 1, 2) int32; ``None`` if it is not thin."""
    centre, (width, height), _ = rect = cv2.minAreaRect(outline)
    long, short = max(width, height), min(width, height)
    if long < THIN * max(short, 1.0):
        return None
    box = cv2.boxPoints(rect)
    first, second = box[1] - box[0], box[2] - box[1]
    half = np.asarray(first if np.hypot(*first) > np.hypot(*second) else second, np.float64) / 2
    middle = np.asarray(centre, np.float64)
    return np.concatenate([middle - half, middle + half])


def middle_of(outline: cv2.typing.MatLike) -> Floats | None:
    """The line, (4,) x0, y0, x1, y1, along the middle of a long thin speck; ``None`` if that is not straight.

    A digit on a rule turns the rectangle around both by up to two degrees. So the middle is taken where the speck is
    as thin as it mostly is: where the rule is bare.

    Args:
        outline: (N, 1, 2) int32, from :func:`cv2.findContours`.
    """
    left, top, width, height = cv2.boundingRect(outline)
    drawn = np.zeros((height, width), np.uint8)
    cv2.drawContours(drawn, [outline], -1, 1, cv2.FILLED, offset=(-left, -top))
    lies = width >= height
    step = 1 + max(width, height) // PLACES
    drawn = np.ascontiguousarray(drawn[:, ::step] if lies else drawn[::step].T)
    thick = cv2.reduce(drawn, 0, cv2.REDUCE_SUM, dtype=cv2.CV_32S)[0]
    bare = np.flatnonzero(thick <= _median(thick) + 1)
    along = bare * float(step)
    across: Floats = drawn[:, bare].argmax(axis=0) + (thick[bare] - 1) / 2.0
    kept = np.ones(len(bare), np.bool_)
    for _ in range(ROUNDS):
        slope, start = _fitted(along[kept], across[kept])
        off = np.abs(across - slope * along - start)
        kept = off <= max(1.0, 2 * _median(off))
    on = along[off <= STRAY]
    if len(on) < BARE * len(thick):
        return None
    ends = np.array([[on[0], slope * on[0] + start], [on[-1], slope * on[-1] + start]])
    return np.asarray((ends if lies else ends[:, ::-1]) + (left, top), np.float64).ravel()


def _median(values: NDArray[Any]) -> float:
    """As NumPy's, of a few dozen values in a quarter of the time."""
    half = len(values) // 2
    return float(np.partition(values, half)[half])


def _fitted(x: NDArray[Any], y: NDArray[Any]) -> tuple[float, float]:
    """Slope of the line of least squares and its height at 0."""
    middle_x, middle_y = float(x.mean()), float(y.mean())
    away = x - middle_x
    slope = float(away @ y) / max(1e-9, float(away @ away))
    return slope, middle_y - slope * middle_x
