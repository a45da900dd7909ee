"""The round seal on a straightened sheet: found by its ring, in colour or in grey; told by its ink.

A seal is sought as a circle of ink with clean paper around it, and each candidate is then
unrolled around its centre: of a seal nearly every direction shows ink at one radius and little just outside.
Digits, signatures and loops of letters are too small or cover few directions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.quantiles import percentile
from ocr.segments import Floats, Pixels
from ocr.sheet import Sheet

WORK_SIDE = 720
"""Long side in pixels of the picture in which rings are sought: a ring line is then one to two pixels wide."""
RADII = (0.040, 0.095)
"""Radius of a seal as a share of the sheet's long side. A seal of 38 to 42 mm on A4 has 0.064 to 0.071."""
COARSE = 2.0
"""How much smaller the picture is in which all circles are tried."""
CANDIDATES, PER_RADIUS, FITTED = 8, 2, 3
ANGLES = 180
"""Directions in which a candidate is looked at."""
INK = 14
"""Grey levels below the paper from which on a pixel of the small picture carries ink."""
SURE, NONE = 0.60, 0.40
"""Cover of the ring from which on it is a seal, and below which it is none; between them we abstain.
Chosen on generated sheets of seeds 800000 to 800039, verified on others: see benchmarks, ``marks``."""
SECTORS = 12
DESK = 0.62
"""Paper darker than this share of the sheet's bright paper is not the sheet's."""
COLOURED = 0.75
"""Share of the light taken in the strongest channel that the weakest one takes at most, in ink of a colour."""
VIOLET = 1.12
"""Green light taken against red light, from which on blue ink is called violet."""


@dataclass(frozen=True, slots=True)
class Seal:
    """The likeliest seal on a sheet."""

    present: bool | None
    """``None`` if it cannot be told."""
    confidence: float
    """That ``present`` is right, 0..1; of ``None``, that there is a seal."""
    circle: tuple[float, float, float] | None = None
    """Centre x, y and radius in sheet pixels; ``None`` where nothing looks like a seal."""
    colour: str | None = None
    """``blue``, ``violet``, ``red``, ``green`` or ``grey``."""


def find_seal(sheet: Sheet) -> Seal:
    """The seal of a straightened sheet; absence is judged on the whole picture."""
    small, zoom = sheet.reduced(WORK_SIDE)
    paper = local_paper(small)
    depth = ink_depth(small, paper)
    best, cover = None, 0.0
    for circle in _promising(depth, _candidates(depth)):
        better, found = _fitted(depth, circle)
        if found > cover:
            best, cover = better, found
    if best is None or cover < NONE:
        return Seal(False, round(1 - _likely(cover), 3), None)
    x, y, radius = (value / zoom for value in best)
    ink = _colour(small, paper, best)
    if cover < SURE:
        return Seal(None, round(_likely(cover), 3), (x, y, radius), ink)
    return Seal(True, round(_likely(cover), 3), (x, y, radius), ink)


def _likely(cover: float) -> float:
    """Probability of a seal, from the same sheets as the two thresholds."""
    return float(1 / (1 + np.exp(-(cover - 0.48) / 0.04)))


def ink_depth(colour: Pixels, paper: Pixels) -> Pixels:
    """(H, W) uint8: how much darker than the paper around it a pixel is, in its darkest channel.

    Violet ink hardly darkens blue light; the darkest channel shows every ink alike. What lies around the sheet is
    darker than half of its paper, and shows no ink. ``paper`` is from :func:`local_paper`.
    """
    depth, bright = _strongest(cv2.subtract(paper, colour)), _strongest(paper)
    depth[bright < DESK * percentile(np.asarray(bright[::3, ::3], np.uint8), 75)] = 0
    return np.asarray(depth, dtype=np.uint8)


def _strongest(colour: cv2.typing.MatLike) -> cv2.typing.MatLike:
    """The largest of the three channels at each pixel."""
    blue, green, red = cv2.split(colour)
    return cv2.max(cv2.max(blue, green), red)


def local_paper(colour: Pixels) -> Pixels:
    """(H, W, 3) uint8: the paper as it would look at each pixel without ink."""
    side = max(9, (max(colour.shape[:2]) // 60) | 1)
    return np.asarray(cv2.blur(cv2.dilate(colour, np.ones((side, side), np.uint8)), (side, side)), np.uint8)


def _candidates(depth: Pixels) -> list[tuple[float, float, float]]:
    """Centres and radii where a ring of ink with clean paper around it would fit best; no place twice."""
    tiny = cv2.resize(depth, None, fx=1 / COARSE, fy=1 / COARSE, interpolation=cv2.INTER_AREA)
    height, width = tiny.shape
    padded = np.zeros((_room(height), _room(width)), np.float32)
    padded[:height, :width] = np.clip(tiny.astype(np.float32) / (2 * INK), 0, 1)
    spectrum = cv2.dft(padded)
    found = []
    low, high = (share * WORK_SIDE / COARSE for share in RADII)
    for radius in np.arange(low, high, 1.5):
        product = cv2.mulSpectrums(spectrum, _ring(float(radius), padded.shape), 0)
        fit = cv2.dft(product, flags=cv2.DFT_INVERSE | cv2.DFT_SCALE | cv2.DFT_REAL_OUTPUT)[:height, :width]
        for _ in range(PER_RADIUS):
            _, best, _, (x, y) = cv2.minMaxLoc(fit)
            found.append((best, x * COARSE, y * COARSE, float(radius) * COARSE))
            fit[max(0, y - 6) : y + 7, max(0, x - 6) : x + 7] = -1
    return [one[1:] for one in sorted(found, reverse=True)[:CANDIDATES]]


def _room(side: int) -> int:
    """A side that holds the picture and a ring beyond its edge; few sizes, so that rings are drawn once a process."""
    return -(-(side + 40) // 80) * 80


@lru_cache(maxsize=256)
def _ring(radius: float, size: tuple[int, int]) -> NDArray[np.float32]:
    """Spectrum of the pattern sought: ink on the circle, none just outside of it."""
    ys = np.minimum(np.arange(size[0]), size[0] - np.arange(size[0]))[:, None]
    xs = np.minimum(np.arange(size[1]), size[1] - np.arange(size[1]))[None]
    away = np.hypot(ys, xs) - radius
    on = np.exp(-((away / 0.8) ** 2))
    off = ((away > 2) & (away < 5)).astype(np.float64)
    return np.asarray(cv2.dft((on / on.sum() - 0.7 * off / off.sum()).astype(np.float32)), np.float32)


def _promising(
    depth: Pixels, circles: Sequence[tuple[float, float, float]]
) -> list[tuple[float, float, float]]:
    """The few candidates that are covered best even before they are moved; one for each place."""
    apart: list[tuple[float, float, float]] = []
    for x, y, radius in circles:
        if all(abs(x - a) + abs(y - b) > 4 or abs(radius - r) > 4 for a, b, r in apart):
            apart.append((x, y, radius))
    return sorted(apart, key=lambda circle: -_covers(depth, [circle[:2]], circle[2])[0][1])[:FITTED]


def _fitted(depth: Pixels, circle: tuple[float, float, float]) -> tuple[tuple[float, float, float], float]:
    """The best circle near a candidate and its cover, 0..1."""
    x, y, radius = circle
    best, cover = (x, y, radius), 0.0
    for step in (4.0, 2.0, 1.0):
        near = [(best[0] + dx * step, best[1] + dy * step) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
        for (x, y), (there, found) in zip(near, _covers(depth, near, radius), strict=True):
            if found > cover:
                best, cover = (x, y, there), found
    return best, cover


def _covers(
    depth: Pixels, centres: Sequence[tuple[float, float]], radius: float
) -> list[tuple[float, float]]:
    """Of each centre the best radius near the given one, and how well a thin ring covers all directions there.

    Half of it is the share of directions with ink less that just outside, for the paper around a ring is clean; the
    other half is the same of the emptiest third of the sectors: digits and rules on a circle cover much of it, but
    never all around.
    """
    reach = int(radius * 1.35) + 6
    low, high = max(8, int(radius * 0.85)), min(reach - 8, int(radius * 1.15))
    if high <= low:
        return [(radius, 0.0)] * len(centres)
    across, down = _rays(low - 1, min(reach, high + 8))
    x, y = np.array(centres).T[:, :, None, None]
    maps = [
        (way + at).astype(np.float32).reshape(-1, across.shape[1]) for way, at in ((across, x), (down, y))
    ]
    # Beyond the edge of the picture there is no ink.
    rolled = cv2.remap(
        depth, maps[0], maps[1], cv2.INTER_NEAREST, borderMode=cv2.BORDER_CONSTANT, borderValue=(0,)
    )
    ink = cv2.dilate((rolled >= INK).astype(np.uint8), np.ones((1, 3), np.uint8))
    parts = ink.reshape(len(centres), SECTORS, -1, ink.shape[1])
    sectors = np.add.reduce(parts, axis=2, dtype=np.float64)[:, :, 1:] * (SECTORS / ANGLES)  # from ``low`` on
    width = high - low
    beside = sum(sectors[:, :, k : width + k] for k in range(4, 8)) / 4
    clear = np.sort(np.maximum(0.0, sectors[:, :, :width] - 0.7 * beside), axis=1)
    least = SECTORS // 3
    scores = (clear.sum(axis=1) / SECTORS + clear[:, :least].sum(axis=1) / least) / 2
    best = np.argmax(scores, axis=1)
    return [(float(low + at), float(score[at])) for at, score in zip(best, scores, strict=True)]


@lru_cache(maxsize=256)
def _rays(first: int, stop: int) -> tuple[Floats, Floats]:
    """Steps across and down from a centre to the pixels at these radii in every direction, (ANGLES, radii) each."""
    angles = np.arange(ANGLES)[:, None] * (2 * np.pi / ANGLES)
    radii = np.arange(first, stop)[None]
    return np.cos(angles) * radii, np.sin(angles) * radii


def _colour(small: Pixels, paper: Pixels, circle: tuple[float, float, float]) -> str:
    """What people call the colour of the ink between the rings.

    Judged by how much of each channel's light the ink takes, which does not depend on the lamp: black ink takes
    of all alike. Light is summed over the area, so it does not matter that cameras smear colour over thin lines.
    """
    x, y, radius = circle
    reach = round(1.3 * radius)
    around = (
        slice(max(0, round(y) - reach), round(y) + reach),
        slice(max(0, round(x) - reach), round(x) + reach),
    )
    ring = np.zeros(small.shape[:2], np.uint8)
    cv2.circle(ring, (round(x), round(y)), round(radius * 1.02), 255, max(3, round(radius * 0.06)))
    cv2.circle(ring, (round(x), round(y)), round(radius * 0.84), 255, max(3, round(radius * 0.25)))
    inked = ring[around] > 0
    light = np.maximum(small[around][inked], 1).astype(np.float32)
    bare = np.maximum(paper[around][inked], 1).astype(np.float32)
    taken = np.log(bare / light)
    if not len(taken):
        return "grey"
    blue, green, red = (max(1e-4, float(v)) for v in taken.mean(axis=0) - np.percentile(taken, 20, axis=0))
    least, most = min(blue, green, red), max(blue, green, red)
    if least > COLOURED * most:
        return "grey"
    if least == blue:
        return "violet" if green > VIOLET * red else "blue"
    return "green" if least == green else "red"


__all__ = ["Seal", "find_seal", "ink_depth"]
