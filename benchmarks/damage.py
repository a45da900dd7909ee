"""What goes wrong with photos of sheets: each kind of damage is a function of one picture, drawn here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""(H, W, 3) uint8 BGR."""
Damage = Callable[[Picture, np.random.Generator], Picture]


def _picture(values: object) -> Picture:
    return np.asarray(np.clip(np.asarray(values), 0, 255), dtype=np.uint8)


def screen(photo: Picture, rng: np.random.Generator) -> Picture:
    """The photo of a screen: two fine gratings beat against each other."""
    ys, xs = np.mgrid[0 : photo.shape[0], 0 : photo.shape[1]].astype(np.float32)
    angle, period = rng.uniform(0.02, 0.12), rng.uniform(3.1, 4.7)
    wave = np.sin(2 * np.pi * (xs + angle * ys) / period) * np.sin(
        2 * np.pi * (ys - angle * xs) / (period * 1.07)
    )
    return _picture(photo + 26 * wave[..., None])


def glare(photo: Picture, rng: np.random.Generator) -> Picture:
    """A lamp mirrored in the paper."""
    high, wide = photo.shape[:2]
    ys, xs = np.mgrid[0:high, 0:wide].astype(np.float32)
    x, y = rng.uniform(0.3, 0.7) * wide, rng.uniform(0.3, 0.6) * high
    spot = np.exp(-(((xs - x) / (0.16 * wide)) ** 2 + ((ys - y) / (0.1 * high)) ** 2))
    return _picture(photo + 190 * spot[..., None])


def shadow(photo: Picture, rng: np.random.Generator) -> Picture:
    """The hard shadow of the phone over half of the sheet."""
    high, wide = photo.shape[:2]
    ys, xs = np.mgrid[0:high, 0:wide].astype(np.float32)
    edge = (xs + 0.4 * ys - rng.uniform(0.5, 0.9) * wide) / 6
    dark = 1 / (1 + np.exp(-np.clip(edge, -30, 30)))
    return _picture(photo * (1 - 0.58 * dark)[..., None])


def shake(photo: Picture, rng: np.random.Generator) -> Picture:
    """Camera shake of some ten pixels."""
    length = int(rng.integers(8, 14))
    kernel = np.zeros((length, length), np.float32)
    cv2.line(kernel, (0, int(rng.integers(0, length))), (length - 1, length // 2), 1.0)
    return _picture(cv2.filter2D(photo, -1, kernel / kernel.sum()))


def fold(photo: Picture, _rng: np.random.Generator) -> Picture:
    """Folded across the middle and flattened: a dark crease, the lower half leans."""
    high, wide = photo.shape[:2]
    ys, xs = np.mgrid[0:high, 0:wide].astype(np.float32)
    below = np.clip(ys - high / 2, 0, None)
    out = cv2.remap(photo, xs + 0.05 * below * (xs / wide - 0.5), ys - 0.04 * below, cv2.INTER_LINEAR)
    crease = np.exp(-(((ys - high / 2) / 5) ** 2))
    return _picture(out * (1 - 0.4 * crease)[..., None] * np.where(ys > high / 2, 0.86, 1.0)[..., None])


def curl(photo: Picture, rng: np.random.Generator) -> Picture:
    """Paper that comes from a roll: lines bend by some 2 % of the height."""
    high, wide = photo.shape[:2]
    ys, xs = np.mgrid[0:high, 0:wide].astype(np.float32)
    bend = rng.uniform(0.012, 0.022) * high * np.sin(np.pi * xs / wide)
    return _picture(cv2.remap(photo, xs, ys + bend, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))


def steep(photo: Picture, rng: np.random.Generator) -> Picture:
    """Seen from the foot of the table."""
    high, wide = photo.shape[:2]
    inset = rng.uniform(0.12, 0.18) * wide
    corners = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    seen = np.array([[inset, 0.1 * high], [wide - inset, 0.1 * high], [wide, high], [0, high]], np.float32)
    return _picture(
        cv2.warpPerspective(
            photo, cv2.getPerspectiveTransform(corners, seen), (wide, high), borderValue=(60, 80, 90)
        )
    )


def upper_part(photo: Picture, rng: np.random.Generator) -> Picture:
    """The foot of the sheet is not in the picture."""
    return _picture(photo[: int(rng.uniform(0.5, 0.62) * photo.shape[0])])


def left_part(photo: Picture, rng: np.random.Generator) -> Picture:
    """The right edge cuts through the numbers."""
    return _picture(photo[:, : int(rng.uniform(0.72, 0.82) * photo.shape[1])])


def striped_table(photo: Picture, rng: np.random.Generator) -> Picture:
    """Small on a bright table of straight boards."""
    high, wide = photo.shape[:2]
    table = np.full((high, wide, 3), 225, np.uint8)
    for y in range(0, high, int(rng.integers(18, 40))):
        cv2.line(table, (0, y), (wide, y + 20), (150, 160, 170), 3)
    small = cv2.resize(photo, None, fx=0.78, fy=0.78, interpolation=cv2.INTER_AREA)
    top, left = (high - small.shape[0]) // 2, (wide - small.shape[1]) // 2
    table[top : top + small.shape[0], left : left + small.shape[1]] = small
    return table


def two_levels(photo: Picture, _rng: np.random.Generator) -> Picture:
    """A fax or a scan in black and white."""
    grey = cv2.cvtColor(photo, cv2.COLOR_BGR2GRAY)
    return _picture(cv2.cvtColor(cv2.adaptiveThreshold(grey, 255, 0, 0, 31, 12), cv2.COLOR_GRAY2BGR))


def preview(photo: Picture, _rng: np.random.Generator) -> Picture:
    """Half a megapixel: the messenger's preview instead of the photo."""
    return _picture(cv2.resize(photo, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))


def huge(photo: Picture, _rng: np.random.Generator) -> Picture:
    """Some 25 megapixels."""
    return _picture(cv2.resize(photo, None, fx=3.6, fy=3.6, interpolation=cv2.INTER_CUBIC))


def faint(photo: Picture, _rng: np.random.Generator) -> Picture:
    """The toner ran out: a fifth of the contrast is left."""
    return _picture(170 + 0.22 * (photo.astype(np.float32) - 170))


DAMAGES: Mapping[str, Damage] = {
    function.__name__: function
    for function in (
        screen, glare, shadow, shake, fold, curl, steep, upper_part, left_part, striped_table, two_levels, preview,
        huge, faint,
    )
}  # fmt: skip
"""Name -> damage, for sheets that stay protocols."""


def noise(rng: np.random.Generator) -> Picture:
    """A lens cap."""
    return _picture(rng.normal(110, 40, (1200, 900, 3)))


def letter(rng: np.random.Generator) -> Picture:
    """A page of text."""
    page = np.full((1600, 1130, 3), 245, np.uint8)
    for y in range(120, 1500, 34):
        text = " ".join("".join(rng.choice(list("aeioumnrst"), int(rng.integers(2, 9)))) for _ in range(11))
        cv2.putText(page, text, (90, y), cv2.FONT_HERSHEY_SIMPLEX, 0.62, (30, 30, 30), 1, cv2.LINE_AA)
    return page


def receipt(rng: np.random.Generator) -> Picture:
    """A shop's receipt: words on the left, numbers on the right, a total."""
    page = np.full((1500, 700, 3), 240, np.uint8)
    for y in range(150, 1300, 46):
        cv2.putText(page, f"article {y // 46}", (60, y), cv2.FONT_HERSHEY_PLAIN, 1.9, (40, 40, 40), 2)
        cv2.putText(
            page, f"{rng.integers(100, 9999)}", (500, y), cv2.FONT_HERSHEY_PLAIN, 1.9, (40, 40, 40), 2
        )
    return page


def empty_table(_rng: np.random.Generator) -> Picture:
    """A ruled form without a word on it."""
    page = np.full((1600, 1130, 3), 245, np.uint8)
    for y in range(200, 1400, 60):
        cv2.line(page, (90, y), (1040, y), (40, 40, 40), 2)
    for x in (90, 800, 1040):
        cv2.line(page, (x, 200), (x, 1340), (40, 40, 40), 2)
    return page


NO_PROTOCOLS: Mapping[str, Callable[[np.random.Generator], Picture]] = {
    function.__name__: function for function in (noise, letter, receipt, empty_table)
}
"""Name -> picture of something else."""
