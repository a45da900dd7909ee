"""A phone photo of a sheet: desk, perspective, light, blur, noise and a messenger's compression."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from samples.paper import Picture
from tally.model import Quad

Points: TypeAlias = NDArray[np.float64]
"""Shape (n, 2), pixels; or a 3x3 homography."""

FRAME = (1200, 1600)
"""Width and height of the camera's picture before recompression."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A photo and the way from the sheet to it."""

    jpeg: bytes
    width: int
    height: int
    homography: NDArray[np.float64]
    """Sheet to camera frame, 3x3."""
    bend: float
    """Amplitude of the paper's bend in pixels of the sheet."""
    sheet_width: int
    turn: int
    """Quarter turns counterclockwise, 0..3."""
    scale: float

    def quad(self, box: tuple[int, int, int, int]) -> Quad:
        """The corners of a box of the sheet in the photo: top left, top right, bottom right, bottom left.

        "Top left" is meant as on the upright sheet, also in a turned photo.
        """
        left, top, right, bottom = box
        points = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], float)
        a, b, c, d = ((int(round(x)), int(round(y))) for x, y in self.project(points))
        return (a, b, c, d)

    def project(self, points: Points) -> Points:
        """Points of the sheet in the photo."""
        flat = points.copy()
        flat[:, 1] -= self.bend * np.sin(np.pi * points[:, 0] / self.sheet_width)
        seen = cv2.perspectiveTransform(flat[None].astype(np.float64), self.homography)[0].astype(np.float64)
        wide, high = FRAME
        turns = {0: seen, 1: np.column_stack([seen[:, 1], wide - 1 - seen[:, 0]])}
        turns[2] = np.column_stack([wide - 1 - seen[:, 0], high - 1 - seen[:, 1]])
        turns[3] = np.column_stack([high - 1 - seen[:, 1], seen[:, 0]])
        return np.asarray((turns[self.turn] + 0.5) * self.scale - 0.5)


def photograph(
    sheet: Picture, must_show: Points, rng: np.random.Generator, severity: float = 1.0, turn: int = 0
) -> Shot:
    """A photo of ``sheet``; every point of ``must_show`` (pixels of the sheet) stays inside the frame.

    ``severity`` 0 (flat, sharp, even light) to 3 (strong perspective, blur, shadow, a corner cut off).
    """
    homography = _view(sheet, must_show, rng, severity)
    bend = float(rng.uniform(-5, 5) * severity) if rng.random() < 0.5 else 0.0
    picture = _project(sheet, homography, bend, rng)
    picture = _light(picture, rng, severity)
    picture = _optics(picture, rng, severity)
    picture = _sensor(picture, rng, severity)
    turned = np.ascontiguousarray(np.rot90(picture, turn))
    jpeg, scale = _send(turned, rng, severity)
    high, wide = turned.shape[:2]
    size = (int(round(wide * scale)), int(round(high * scale)))
    return Shot(jpeg, size[0], size[1], homography, bend, sheet.shape[1], turn, scale)


def _view(sheet: Picture, must_show: Points, rng: np.random.Generator, severity: float) -> Points:
    """A homography that keeps ``must_show`` in the frame with a little air around it."""
    high, wide = sheet.shape[:2]
    corners = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    fill = rng.uniform(0.9, 0.97) + (rng.uniform(0.06, 0.14) if severity > 2.5 else 0.0)
    angle = np.deg2rad(rng.normal(0, 0.5 + 1.3 * severity))
    push = rng.normal(0, 0.007 + 0.012 * severity, (4, 2)) * FRAME[0]
    shift = rng.normal(0, 0.006 + 0.008 * severity, 2) * FRAME[0]
    for _ in range(40):
        scale = fill * min(FRAME[0] / wide, FRAME[1] / high)
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        placed = (corners - [wide / 2, high / 2]) @ turn.T * scale + np.array(FRAME) / 2 + shift + push
        matrix = cv2.getPerspectiveTransform(corners, placed.astype(np.float32)).astype(np.float64)
        seen = cv2.perspectiveTransform(must_show[None], matrix)[0]
        if seen.min() > 16 and (np.array(FRAME) - seen).min() > 16:
            return matrix
        fill, shift = fill * 0.985, shift * 0.9
    return matrix


@lru_cache(maxsize=1)
def _grain() -> NDArray[np.float32]:
    """One fixed field of unit noise, 2200 x 2200; every photo takes another window of it."""
    return np.random.default_rng(20230319).standard_normal((2200, 2200), np.float32)


def _window(rng: np.random.Generator, high: int, wide: int) -> NDArray[np.float32]:
    top, left = (int(rng.integers(0, 2200 - side + 1)) for side in (high, wide))
    return _grain()[top : top + high, left : left + wide]


def _desk(rng: np.random.Generator) -> NDArray[np.float32]:
    """A table top at a quarter of the frame's size: wood-like streaks, or a soft pattern."""
    wide, high = FRAME[0] // 4, FRAME[1] // 4
    tones = ((96, 132, 172), (70, 96, 128), (168, 176, 184), (120, 110, 104), (62, 66, 78), (150, 168, 190))
    tone = np.array(tones[int(rng.integers(0, len(tones)))], np.float32)
    streak = (int(rng.integers(3, 8)), int(rng.integers(60, 160)))
    grid = rng.normal(0, 1, streak if rng.random() < 0.5 else streak[::-1]).astype(np.float32)
    field = cv2.resize(grid, (wide, high), interpolation=cv2.INTER_CUBIC) * float(rng.uniform(3, 10))
    return np.asarray(tone + (field + _window(rng, high, wide) * 2.5)[..., None], np.float32)


@lru_cache(maxsize=2)
def _places(high: int, wide: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Column and row of every pixel."""
    ys, xs = np.mgrid[0:high, 0:wide].astype(np.float32)
    return xs, ys


def _project(sheet: Picture, matrix: NDArray[np.float64], bend: float, rng: np.random.Generator) -> Picture:
    """The sheet on the desk, with a soft shadow beside its edge."""
    soft = cv2.GaussianBlur(sheet, (3, 3), 0.55)
    if bend:
        xs, ys = _places(*sheet.shape[:2])
        wave = np.float32(bend) * np.sin(np.pi * xs[:1] / sheet.shape[1])
        soft = cv2.remap(soft, xs, ys + wave, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    desk = _desk(rng)
    high, wide = desk.shape[:2]
    quarter = np.diag([0.25, 0.25, 1.0]) @ matrix
    whole = np.full(sheet.shape[:2], 255, np.uint8)
    mask = cv2.warpPerspective(whole, quarter, (wide, high), flags=cv2.INTER_NEAREST)
    lower = cv2.GaussianBlur(mask, (0, 0), 4.5).astype(np.float32)
    shade = cv2.warpAffine(lower, np.array([[1, 0, 2.4], [0, 1, 3.2]]), (wide, high))
    desk *= (1 - shade * np.float32(0.4 / 255))[..., None]
    out = cv2.resize(np.clip(desk, 0, 255).astype(np.uint8), FRAME, interpolation=cv2.INTER_LINEAR)
    return np.asarray(
        cv2.warpPerspective(soft, matrix, FRAME, out, cv2.INTER_LINEAR, cv2.BORDER_TRANSPARENT), np.uint8
    )


def _light(picture: Picture, rng: np.random.Generator, severity: float) -> Picture:
    """Uneven light, the shadow of a hand or phone, and a white balance that is off."""
    wide, high = FRAME
    ys, xs = np.mgrid[0:50, 0:38].astype(np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    slope = (np.cos(angle) * (xs / 38 - 0.5) + np.sin(angle) * (ys / 50 - 0.5)).astype(np.float32)
    field = 1 - (0.06 + 0.1 * severity) * (slope + 0.5) + rng.normal(0, 0.006, (50, 38)).astype(np.float32)
    if rng.random() < 0.25 + 0.18 * severity:
        edge = np.cos(angle + 1.1) * (xs / 38 - rng.uniform(0.2, 0.8)) + np.sin(angle + 1.1) * (ys / 50 - 0.5)
        field -= np.float32(rng.uniform(0.08, 0.12 + 0.08 * severity)) / (1 + np.exp(-edge * 22))
    warm, green = rng.normal(0, 0.018 + 0.014 * severity), rng.normal(0, 0.007)
    gain = np.clip([1 - warm, 1 + green, 1 + warm], 0.86, 1.1) * rng.uniform(0.84, 1.0)
    smooth = cv2.resize(np.asarray(field, np.float32), (wide, high), interpolation=cv2.INTER_CUBIC)
    planes = cv2.merge([smooth * np.float32(g) for g in gain])
    return np.asarray(cv2.multiply(picture, planes, dtype=0), np.uint8)


def _optics(picture: Picture, rng: np.random.Generator, severity: float) -> Picture:
    """Focus and shake."""
    focus = float(rng.uniform(0.3, 0.45 + 0.2 * severity) + (rng.uniform(0.3, 0.9) if severity > 2.5 else 0))
    picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), focus), np.uint8)
    length = int(rng.uniform(0, 1.1 + 1.1 * severity))
    if length < 1:
        return picture
    side = 2 * length + 1
    kernel = np.zeros((side, side), np.float32)
    angle = rng.uniform(0, np.pi)
    reach = (length * np.cos(angle) / 2, length * np.sin(angle) / 2)
    ends = [(int(round(length + s * reach[0])), int(round(length + s * reach[1]))) for s in (-1, 1)]
    cv2.line(kernel, ends[0], ends[1], 1.0, 1)
    return np.asarray(cv2.filter2D(picture, -1, kernel / kernel.sum()), np.uint8)


def _sensor(picture: Picture, rng: np.random.Generator, severity: float) -> Picture:
    """Noise of the sensor: brightness plus a coarser noise of colour."""
    high, wide = picture.shape[:2]
    grey = _window(rng, high, wide) * np.float32(rng.uniform(0.8, 1.6 + 1.4 * severity))
    coarse = _window(rng, high // 3, wide // 3) * np.float32(rng.uniform(0.4, 0.8 + severity))
    tint = cv2.resize(coarse, (wide, high))
    noise = cv2.merge([grey + tint, grey, grey - tint])
    return np.asarray(cv2.add(picture, noise, dtype=0), np.uint8)


def _send(picture: Picture, rng: np.random.Generator, severity: float) -> tuple[bytes, float]:
    """The camera's JPEG, then a messenger's: longest side 1280..1600, quality 60..85."""
    high, wide = picture.shape[:2]
    side = int(rng.choice([1600, 1600, 1440, 1280])) if severity > 0.3 else 1600
    quality = int(rng.integers(60, 86)) if severity > 0.3 else 88
    scale = side / max(high, wide)
    kept = decode(encode(picture, 93))
    if scale < 1:
        size = (int(round(wide * scale)), int(round(high * scale)))
        kept = np.asarray(cv2.resize(kept, size, interpolation=cv2.INTER_AREA), np.uint8)
    return encode(kept, quality), scale


def encode(picture: Picture, quality: int) -> bytes:
    """``picture`` as JPEG."""
    done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done, "OpenCV always encodes 8-bit colour pictures"
    return data.tobytes()


def decode(jpeg: bytes) -> Picture:
    """The picture of a JPEG that was made here."""
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)


def corners_of(boxes: Sequence[tuple[int, int, int, int]]) -> Points:
    """All corners of ``boxes``, shape (4n, 2)."""
    return np.array([p for x0, y0, x1, y1 in boxes for p in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))], float)
