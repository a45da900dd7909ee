"""Straighten the sheet: one homography from the printed lines, no fixed coordinates, no blank form.

Both bundles of parallel printed lines meet in a vanishing point; sending both points to infinity undoes the
perspective (Hartley and Zisserman, Multiple View Geometry, 2nd ed., section 2.7). This needs no outline of the
paper or of one table, so it works for sheets with several tables and for cut-off sheets.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ocr.direction import runs_along_text, text_slope
from ocr.segments import Floats, Pixels, Segments, find_segments, on_paper

WORK_SIDE = 1600
"""Long side in pixels of the reduced grey picture in which lines are sought."""
SHEET_SIDE = 1800
"""Long side in pixels of the straightened sheet; A4 at about 155 dpi."""


NEIGHBOUR = 0.45
"""A second bright sheet of at least this share of the first one's size may be a protocol too."""
RULED = 30
"""Cells from which on the rules alone give the direction, unless the text plainly has another."""
LEVEL, TILTED = 0.004, 0.012
"""Slopes of the text, in pixels down per pixel right, that are put right: without a ruled network, and with one. Narrow
digit boxes have long upright sides and short level ones, so a sheet of them may be left tilted: then a number stands
beside the label of the row above. Slopes of level ruled sheets are 0.000 to 0.006, of tilted ones 0.018 to 0.036."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A straightened sheet and the way back to the photo."""

    grey: Pixels
    """(H, W) uint8."""
    colour: Pixels
    """(H, W, 3) uint8 BGR, same size."""
    to_photo: Floats
    """(3, 3) homography: sheet pixels -> photo pixels."""
    neighbour: bool = False
    """True if another sheet of like size lies beside this one in the photo and was left out."""

    def quad_in_photo(self, box: tuple[float, float, float, float]) -> Floats:
        """Corners (4, 2) in photo pixels of the sheet box (x0, y0, x1, y1): TL, TR, BR, BL."""
        x0, y0, x1, y1 = box
        return project(self.to_photo, np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], dtype=np.float64))

    def upside_down(self) -> Sheet:
        """The same sheet turned by 180 degrees."""
        height, width = self.grey.shape
        turn = np.array([[-1, 0, width], [0, -1, height], [0, 0, 1.0]])
        return Sheet(
            np.ascontiguousarray(self.grey[::-1, ::-1]),
            np.ascontiguousarray(self.colour[::-1, ::-1]),
            self.to_photo @ turn,
            self.neighbour,
        )


def project(homography: Floats, points: Floats) -> Floats:
    """Map (N, 2) points."""
    mapped = np.c_[points, np.ones(len(points))] @ homography.T
    return np.asarray(mapped[:, :2] / mapped[:, 2:3])


def straighten(photo: Pixels, quarter_turns: int = 0) -> Sheet:
    """Rectify a photo, (H, W, 3) uint8 BGR.

    Args:
        quarter_turns: extra turns by 90 degrees clockwise after straightening, 0..3.

    A photo without usable lines is only scaled and turned; it will fail later, at its labels.
    """
    scale = WORK_SIDE / max(photo.shape[:2])
    small = cv2.resize(
        photo, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    )
    grey = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    segments = on_paper(find_segments(grey), grey)
    upright = _turn(quarter_turns) @ rectifying_homography(segments, grey)
    upright = upright @ np.diag([scale, scale, 1.0])
    sheet = _warp(photo, upright, segments, scale)
    slope, fan = text_slope(sheet.grey)
    ruled = len(segments.cells) >= RULED
    if abs(slope) < (TILTED if ruled else LEVEL) and (ruled or not fan):
        return sheet
    levelled = _level(slope, fan, sheet.grey.shape) @ np.linalg.inv(sheet.to_photo)
    return _warp(photo, levelled / (levelled[2] @ _middle(photo)), segments, scale)


def _level(slope: float, fan: float, shape: tuple[int, ...]) -> Floats:
    """Homography that lays lines level which fall by ``slope + fan * y`` per pixel, y counted from the middle."""
    to_middle = np.array([[1, 0, -shape[1] / 2], [0, 1, -shape[0] / 2], [0, 0, 1.0]])
    level = np.array([[1, 0, 0], [-slope, 1, 0], [fan, 0, 1.0]])
    return np.asarray(np.linalg.inv(to_middle) @ level @ to_middle)


def _middle(photo: Pixels) -> Floats:
    return np.array([photo.shape[1] / 2, photo.shape[0] / 2, 1.0])


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
    along, across = _bundles(segments, grey)
    if len(along) < 3:
        return np.eye(3)
    ends = _normalised(along, normalise)
    horizon_x = _vanishing_point(ends)
    horizon_y = (
        _vanishing_point(_normalised(across, normalise)) if len(across) >= 3 else _square_to(horizon_x)
    )
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


def _turn(quarters: int) -> Floats:
    angle = np.radians(90 * quarters)
    turn = np.round(np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]))
    out = np.eye(3)
    out[:2, :2] = turn
    return out


def _warp(photo: Pixels, upright: Floats, segments: Segments, scale: float) -> Sheet:
    """Cut the straightened picture around the printed lines and as much of the photo as is not blown up."""
    height, width = photo.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float64)
    box, neighbour = _paper(photo, upright, _bounds(upright, corners, segments, scale))
    zoom = SHEET_SIDE / max(box[2] - box[0], box[3] - box[1])
    shift = np.array([[zoom, 0, -zoom * box[0]], [0, zoom, -zoom * box[1]], [0, 0, 1.0]])
    to_sheet = shift @ upright
    size = (max(1, round(zoom * (box[2] - box[0]))), max(1, round(zoom * (box[3] - box[1]))))
    colour = cv2.warpPerspective(
        photo,
        to_sheet,
        size,
        flags=cv2.INTER_AREA,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(255, 255, 255),
    )
    grey = np.asarray(cv2.cvtColor(colour, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    return Sheet(
        grey,
        np.asarray(colour, dtype=np.uint8),
        np.asarray(np.linalg.inv(to_sheet), dtype=np.float64),
        neighbour,
    )


def _paper(
    photo: Pixels, upright: Floats, box: tuple[float, float, float, float]
) -> tuple[tuple[float, float, float, float], bool]:
    """Narrow the cut to the bright sheet where it lies on something darker; and whether a second sheet is left out."""
    zoom = 240 / max(box[2] - box[0], box[3] - box[1])
    shift = np.array([[zoom, 0, -zoom * box[0]], [0, zoom, -zoom * box[1]], [0, 0, 1.0]])
    size = (max(8, round(zoom * (box[2] - box[0]))), max(8, round(zoom * (box[3] - box[1]))))
    tiny = cv2.warpPerspective(photo, shift @ upright, size, flags=cv2.INTER_AREA)
    grey = cv2.medianBlur(np.asarray(cv2.cvtColor(tiny, cv2.COLOR_BGR2GRAY)), 5)
    _, bright = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    bright = cv2.morphologyEx(bright, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(bright, connectivity=4)
    if count < 2:
        return box, False
    largest, *others = sorted(stats[1:], key=lambda row: -int(row[4]))
    left, top, width, height, area = largest
    if area < 0.25 * size[0] * size[1] or area < 0.75 * width * height:
        return box, False
    neighbour = any(o[4] >= NEIGHBOUR * area and o[4] >= 0.75 * o[2] * o[3] for o in others)
    pad = 4
    narrowed = (
        box[0] + max(0, left - pad) / zoom,
        box[1] + max(0, top - pad) / zoom,
        box[0] + min(size[0], left + width + pad) / zoom,
        box[1] + min(size[1], top + height + pad) / zoom,
    )
    return narrowed, neighbour


def _bounds(
    upright: Floats, corners: Floats, segments: Segments, scale: float
) -> tuple[float, float, float, float]:
    depth = np.c_[corners, np.ones(4)] @ upright[2]
    mapped = project(upright, corners) if (depth > 0.15).all() else None
    if len(segments.cells) >= 4:
        table = project(upright, segments.cells.reshape(-1, 2) / scale)
        low, high = np.percentile(table, 1, axis=0), np.percentile(table, 99, axis=0)
        # Generous: where the label column is not ruled, only the number column was found.
        reach = 1.5 * (high - low).max()
        low, high = low - reach, high + reach
        if mapped is not None:
            low, high = np.maximum(low, mapped.min(axis=0)), np.minimum(high, mapped.max(axis=0))
    else:
        inside = mapped if mapped is not None else corners
        low, high = inside.min(axis=0), inside.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])
