"""The homography that straightens a page, from its printed lines.

Both bundles of parallel printed lines meet in a vanishing point; sending both points to infinity undoes the
perspective (Hartley and Zisserman, Multiple View Geometry, 2nd ed., section 2.7). This needs no outline of the
paper or of one table, so it works for sheets with several tables and for cut-off sheets.
"""

from __future__ import annotations

import numpy as np

from ocr.direction import runs_along_text
from ocr.segments import Floats, Pixels, Segments
from ocr.view import project

SHORT = 0.15
"""Halves of the photo that the lines of a bundle must measure together: less, and they may be scraps of a seal or of
signatures, and tell nothing."""
SPREAD = 0.1
"""Standard deviation, in halves of the photo, of where the lines of a bundle lie: less, and they tell no perspective.
One column of numbers has 0.05 to 0.09, a table 0.2 to 0.5."""


def rectifying_homography(segments: Segments, grey: Pixels) -> Floats:
    """(3, 3) homography that makes both bundles of lines parallel to the axes.

    Args:
        segments: lines found in ``grey``.
        grey: (H, W) uint8; lines of text in it tell which bundle is horizontal.
    """
    size = (grey.shape[1], grey.shape[0])
    centre = np.array([size[0] / 2, size[1] / 2])
    norm = max(size) / 2
    normalise = np.array([[1 / norm, 0, -centre[0] / norm], [0, 1 / norm, -centre[1] / norm], [0, 0, 1.0]])
    along, across = (_normalised(ends, normalise) for ends in _bundles(segments, grey))
    horizon_x = _meeting_point(along)
    if horizon_x is None:
        return np.eye(3)
    horizon_y = _meeting_point(across)
    if horizon_y is None:
        horizon_y = _square_to(horizon_x)
    return np.asarray(np.linalg.inv(normalise) @ _to_infinity(horizon_x, horizon_y) @ normalise)


def _bundles(segments: Segments, grey: Pixels) -> tuple[Floats, Floats]:
    """Segments along the text and across it; (N, 4) each."""
    if not len(segments.ends):
        return np.zeros((0, 4)), np.zeros((0, 4))
    weights, angles = segments.lengths, segments.angles
    peak = _peak(angles, weights)
    first = segments.ends[_off(angles, peak) < 20]
    second = segments.ends[_off(angles, peak + 90) < 25]
    if runs_along_text(grey, peak):
        return first, second
    return second, first


def _peak(angles: Floats, weights: Floats) -> float:
    """Dominant direction in degrees, from lines and their perpendiculars together."""
    folded = np.radians((angles % 90.0) * 4.0)
    mean = np.degrees(np.arctan2((weights * np.sin(folded)).sum(), (weights * np.cos(folded)).sum())) / 4.0
    here = weights[_off(angles, mean) < 15].sum()
    there = weights[_off(angles, mean + 90) < 15].sum()
    return float(mean if here >= there else mean + 90)


def _off(angles: Floats, target: float) -> Floats:
    gap = np.abs((angles - target) % 180.0)
    return np.asarray(np.minimum(gap, 180.0 - gap))


def _normalised(ends: Floats, normalise: Floats) -> Floats:
    return np.hstack([project(normalise, ends[:, :2]), project(normalise, ends[:, 2:])])


def _meeting_point(ends: Floats) -> Floats | None:
    """Where a bundle, (N, 4) in halves of the photo, meets: a homogeneous point (3,); ``None`` for too few lines.

    Lines of one narrow column tell their direction, not where they meet: a digit or a watermark that touches one of
    them would move that point from one side of the photo to the other. They count as parallel.
    """
    lengths = np.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1])
    if len(ends) < 3 or lengths.sum() < SHORT:
        return None
    x, y = direction = _direction(ends)
    places = (ends[:, :2] + ends[:, 2:]) @ np.array([-y, x]) / 2
    middle = np.average(places, weights=lengths)
    if np.average((places - middle) ** 2, weights=lengths) < SPREAD**2:
        return np.append(direction, 0.0)
    return _vanishing_point(ends)


def _direction(ends: Floats) -> Floats:
    """The median direction (2,) of a bundle by length, which a few diagonals do not turn."""
    along = ends[:, 2:] - ends[:, :2]
    lengths = np.hypot(along[:, 0], along[:, 1])
    doubled = np.array([along[:, 0] ** 2 - along[:, 1] ** 2, 2 * along[:, 0] * along[:, 1]])
    run, rise = doubled.sum(axis=1)  # lines have no sense: twice the angle is the same both ways
    usual = np.arctan2(rise, run)
    turned = (np.arctan2(doubled[1], doubled[0]) - usual + np.pi) % (2 * np.pi) - np.pi
    order = np.argsort(turned)
    half = np.searchsorted(np.cumsum(lengths[order]), lengths.sum() / 2)
    angle = (usual + turned[order[half]]) / 2
    return np.array([np.cos(angle), np.sin(angle)])


def _vanishing_point(ends: Floats) -> Floats:
    """Homogeneous point (3,) where the segments meet, by reweighted least squares (6 rounds).

    No segment weighs more than two usual ones: a single long diagonal (a fold, a hole that is no cell) must not
    outweigh the many short edges of cells.
    """
    first = np.c_[ends[:, :2], np.ones(len(ends))]
    second = np.c_[ends[:, 2:], np.ones(len(ends))]
    lines = np.cross(first, second)
    lines /= np.maximum(np.hypot(lines[:, 0], lines[:, 1]), 1e-9)[:, None]
    along = ends[:, 2:] - ends[:, :2]
    lengths = np.hypot(along[:, 0], along[:, 1])
    middles = (ends[:, :2] + ends[:, 2:]) / 2
    base = np.minimum(lengths, 2 * np.median(lengths))
    weights = base
    point = np.array([1.0, 0.0, 0.0])
    for _ in range(6):
        point = np.linalg.svd(lines * weights[:, None], full_matrices=False)[2][-1]
        wanted = point[:2] - point[2] * middles
        wanted /= np.maximum(np.linalg.norm(wanted, axis=1), 1e-9)[:, None]
        found = along / np.maximum(lengths, 1e-9)[:, None]
        error = np.abs(found[:, 0] * wanted[:, 1] - found[:, 1] * wanted[:, 0])
        weights = base / (1.0 + (error / 0.01) ** 2)
    return np.asarray(point)


def _square_to(point: Floats) -> Floats:
    """Direction at infinity perpendicular to a vanishing point: no vertical lines were printed."""
    return np.array([-point[1], point[0], 0.0])


def _to_infinity(horizon_x: Floats, horizon_y: Floats) -> Floats:
    line = np.cross(horizon_x, horizon_y)
    if abs(line[2]) < 1e-9:
        return np.eye(3)
    line = line / line[2]
    if np.hypot(line[0], line[1]) > 0.8:  # the horizon would cross the photo: the lines lied
        line = np.array([0.0, 0.0, 1.0])
    flatten = np.array([[1, 0, 0], [0, 1, 0], line])
    x_axis, y_axis = (flatten @ horizon_x)[:2], (flatten @ horizon_y)[:2]
    x_axis = x_axis / np.linalg.norm(x_axis) * (1 if x_axis[0] + x_axis[1] * 0.1 >= 0 else -1)
    y_axis = y_axis / np.linalg.norm(y_axis)
    if x_axis[0] * y_axis[1] - x_axis[1] * y_axis[0] < 0:  # never mirror a sheet
        y_axis = -y_axis
    shear = np.linalg.inv(np.array([[x_axis[0], y_axis[0]], [x_axis[1], y_axis[1]]]))
    affine = np.eye(3)
    affine[:2, :2] = shear
    return np.asarray(affine @ flatten)
