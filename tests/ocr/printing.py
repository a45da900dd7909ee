"""Printed text for tests, drawn with the fonts of the samples."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from samples.faces import printed


def tile(*lines: str, size: int = 20, family: str = "print-1", gap: float = 1.35) -> NDArray[np.uint8]:
    """A label of some lines, dark on white, with a little paper around it."""
    font = printed(family, size)
    width = int(max(font.getlength(line) for line in lines)) + 30
    pitch = int(size * gap)
    picture = Image.new("L", (width, pitch * len(lines) + 24), 245)
    draw = ImageDraw.Draw(picture)
    for k, line in enumerate(lines):
        draw.text((15, 10 + k * pitch), line, font=font, fill=40)
    return np.asarray(picture, np.uint8)
