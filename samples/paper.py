"""The sheet of paper: printed text, rules, ink, and the places of its cells."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from samples.faces import printed
from samples.hand import Alpha
from samples.style import HEIGHT, WIDTH

Picture: TypeAlias = NDArray[np.uint8]
"""A colour picture, BGR, shape (height, width, 3)."""
Box: TypeAlias = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""


@dataclass(slots=True)
class Paper:
    """A sheet that is being filled in. ``cells`` collects the places of numbers by field code."""

    print_layer: Image.Image
    pen: ImageDraw.ImageDraw
    inks: list[tuple[Alpha, int, int, tuple[int, int, int]]] = field(default_factory=list)
    cells: dict[str, Box] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)

    def text(self, x: float, y: float, text: str, font: ImageFont.FreeTypeFont, anchor: str = "la") -> None:
        """Printed ``text`` with its anchor at (x, y)."""
        self.pen.text((x, y), text, fill=255, font=font, anchor=anchor)

    def rule(self, x0: int, y0: int, x1: int, y1: int, thick: int) -> None:
        """A straight horizontal or vertical line."""
        self.pen.line((x0, y0, x1, y1), fill=235, width=thick)

    def ink(self, patch: Alpha, x: float, y: float, colour: tuple[int, int, int]) -> None:
        """Ink with the top left corner of its patch at (x, y); BGR ``colour``."""
        self.inks.append((patch, int(x), int(y), colour))

    def developed(self, rng: np.random.Generator, notice: str) -> Picture:
        """The finished sheet as a picture, with ``notice`` as light diagonal text outside of the cells."""
        tint = np.array([250, 251, 251]) - rng.integers(0, 9, 3)
        picture = np.empty((HEIGHT, WIDTH, 3), np.uint8)
        picture[:] = tint.astype(np.uint8)
        cover = np.asarray(self.print_layer)
        faint = self._diagonal(notice)
        layer = cv2.max(cover, faint)
        keep = cv2.convertScaleAbs(layer, alpha=-float(rng.uniform(0.8, 0.9)), beta=255)
        picture = np.asarray(cv2.multiply(picture, cv2.merge([keep] * 3), scale=1 / 255), np.uint8)
        for patch, x, y, colour in self.inks:
            blend(picture, patch, x, y, colour)
        return picture

    def _diagonal(self, notice: str) -> NDArray[np.uint8]:
        layer = _diagonal_text(notice).copy()
        for left, top, right, bottom in self.cells.values():
            layer[max(0, top - 8) : bottom + 8, max(0, left - 8) : right + 8] = 0
        return layer


@lru_cache(maxsize=2)
def _diagonal_text(notice: str) -> NDArray[np.uint8]:
    image = Image.new("L", (WIDTH, 700), 0)
    pen = ImageDraw.Draw(image)
    for row in range(3):
        pen.text((WIDTH / 2, 60 + 270 * row), notice, fill=26, font=printed("print-3", 60, True), anchor="mm")
    spread = image.rotate(27, resample=Image.Resampling.BILINEAR, expand=True).resize((WIDTH, HEIGHT))
    return np.asarray(spread)


def blank_paper() -> Paper:
    """An empty A4 sheet."""
    image = Image.new("L", (WIDTH, HEIGHT), 0)
    return Paper(image, ImageDraw.Draw(image))


def blend(picture: Picture, patch: Alpha, x: int, y: int, colour: tuple[int, int, int]) -> None:
    """Ink on ``picture``, in place; what hangs over the edge is cut."""
    high, wide = picture.shape[:2]
    left, top = max(0, x), max(0, y)
    right, bottom = min(wide, x + patch.shape[1]), min(high, y + patch.shape[0])
    if left >= right or top >= bottom:
        return
    cover = patch[top - y : bottom - y, left - x : right - x, None]
    spot = picture[top:bottom, left:right].astype(np.float32)
    # transparent ink: the paper's own darkness stays visible under it
    inked = np.minimum(spot, np.array(colour, np.float32) * (0.75 + spot / 1020))
    picture[top:bottom, left:right] = (spot + (inked - spot) * cover).astype(np.uint8)
