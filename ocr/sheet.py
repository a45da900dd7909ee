"""Straighten the sheet: one homography from the printed lines, no fixed coordinates, no blank form."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ocr.boxes import Box
from ocr.direction import SIDE as SLOPE_SIDE
from ocr.direction import text_slope
from ocr.paper import segments_on_paper
from ocr.segments import Floats, Pixels, Segments, find_segments
from ocr.vanishing import rectifying_homography
from ocr.view import project, seen, seen_small

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
    """A straightened sheet and the way back to the photo. Only its grey picture is drawn; few places need colours."""

    grey: Pixels
    """(H, W) uint8."""
    photo: Pixels
    """(H, W, 3) uint8 BGR: the photo that it was straightened from."""
    to_photo: Floats
    """(3, 3) homography: sheet pixels -> photo pixels."""
    neighbour: bool = False
    """True if another sheet of like size lies beside this one in the photo and was left out."""

    def quad_in_photo(self, box: tuple[float, float, float, float]) -> Floats:
        """Corners (4, 2) in photo pixels of the sheet box (x0, y0, x1, y1): TL, TR, BR, BL."""
        x0, y0, x1, y1 = box
        return project(self.to_photo, np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], dtype=np.float64))

    def colour_in(self, box: Box) -> Pixels:
        """(H, W, 3) uint8 BGR: a part of the sheet; what of the box lies beyond its edges is left out."""
        y0, x0 = max(0, box.y0), max(0, box.x0)
        y1, x1 = min(self.grey.shape[0], box.y1), min(self.grey.shape[1], box.x1)
        shift = np.array([[1, 0, -x0], [0, 1, -y0], [0, 0, 1.0]])
        return seen(self.photo, shift @ np.linalg.inv(self.to_photo), (max(1, x1 - x0), max(1, y1 - y0)))

    def reduced(self, side: int) -> tuple[Pixels, float]:
        """The sheet in colour, (H, W, 3) uint8 BGR, with a long side of ``side`` pixels; and its scale."""
        zoom = side / max(self.grey.shape)
        height, width = (max(1, round(zoom * one)) for one in self.grey.shape)
        to_view = np.diag([zoom, zoom, 1.0]) @ np.linalg.inv(self.to_photo)
        return seen_small(self.photo, to_view, (width, height)), zoom

    def upside_down(self) -> Sheet:
        """The same sheet turned by 180 degrees."""
        height, width = self.grey.shape
        turn = np.array([[-1, 0, width], [0, -1, height], [0, 0, 1.0]])
        grey = np.ascontiguousarray(self.grey[::-1, ::-1])
        return Sheet(grey, self.photo, self.to_photo @ turn, self.neighbour)


@dataclass(frozen=True, slots=True)
class _Frame:
    """What of a photo becomes the sheet."""

    to_sheet: Floats
    """(3, 3) homography: photo pixels -> sheet pixels."""
    size: tuple[int, int]
    """Width and height of the sheet."""
    neighbour: bool


def straighten(photo: Pixels, quarter_turns: int = 0) -> Sheet:
    """Rectify a photo, (H, W, 3) uint8 BGR.

    Args:
        quarter_turns: extra turns by 90 degrees clockwise after straightening, 0..3.

    A photo without usable lines is only scaled and turned; it will fail later, at its labels.
    """
    scale = WORK_SIDE / max(photo.shape[:2])
    small = photo
    if scale != 1:
        mode = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        small = np.asarray(cv2.resize(photo, None, fx=scale, fy=scale, interpolation=mode), np.uint8)
    grey = _grey(small)
    segments = segments_on_paper(find_segments(grey), grey)
    upright = _turn(quarter_turns) @ rectifying_homography(segments, grey)
    frame = _framed(photo, upright @ np.diag([scale, scale, 1.0]), segments, scale)
    slope, fan = _text_slope(grey, frame, scale)
    ruled = len(segments.cells) >= RULED
    if abs(slope) >= (TILTED if ruled else LEVEL) or (fan and not ruled):
        levelled = _level(slope, fan, frame.size[::-1]) @ frame.to_sheet
        frame = _framed(photo, levelled / (levelled[2] @ _middle(photo)), segments, scale)
    whole = grey if scale == 1 else _grey(photo)
    drawn = seen(whole, frame.to_sheet, frame.size)
    to_photo = np.asarray(np.linalg.inv(frame.to_sheet), dtype=np.float64)
    return Sheet(drawn, photo, to_photo, frame.neighbour)


def _grey(picture: Pixels) -> Pixels:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), dtype=np.uint8)


def _text_slope(grey: Pixels, frame: _Frame, scale: float) -> tuple[float, float]:
    """Fall of the lines of text on the sheet, in its pixels; ``grey`` is the photo, scaled."""
    zoom = SLOPE_SIDE / SHEET_SIDE
    width, height = (max(1, round(zoom * side)) for side in frame.size)
    to_small = np.diag([zoom, zoom, 1.0]) @ frame.to_sheet @ np.diag([1 / scale, 1 / scale, 1.0])
    slope, fan = text_slope(seen_small(grey, to_small, (width, height)))
    return slope, fan * zoom


def _level(slope: float, fan: float, shape: tuple[int, ...]) -> Floats:
    """Homography that lays lines level which fall by ``slope + fan * y`` per pixel, y counted from the middle."""
    to_middle = np.array([[1, 0, -shape[1] / 2], [0, 1, -shape[0] / 2], [0, 0, 1.0]])
    level = np.array([[1, 0, 0], [-slope, 1, 0], [fan, 0, 1.0]])
    return np.asarray(np.linalg.inv(to_middle) @ level @ to_middle)


def _middle(photo: Pixels) -> Floats:
    return np.array([photo.shape[1] / 2, photo.shape[0] / 2, 1.0])


def _turn(quarters: int) -> Floats:
    angle = np.radians(90 * quarters)
    turn = np.round(np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]))
    out = np.eye(3)
    out[:2, :2] = turn
    return out


def _framed(photo: Pixels, upright: Floats, segments: Segments, scale: float) -> _Frame:
    """The cut around the printed lines, with as much of the photo as is not blown up."""
    height, width = photo.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float64)
    box, neighbour = _paper(photo, upright, _bounds(upright, corners, segments, scale))
    zoom = SHEET_SIDE / max(box[2] - box[0], box[3] - box[1])
    shift = np.array([[zoom, 0, -zoom * box[0]], [0, zoom, -zoom * box[1]], [0, 0, 1.0]])
    size = (max(1, round(zoom * (box[2] - box[0]))), max(1, round(zoom * (box[3] - box[1]))))
    return _Frame(np.asarray(shift @ upright, dtype=np.float64), size, neighbour)


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
