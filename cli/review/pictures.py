"""Pictures for the page: re-encoded views of the originals, made in memory, never stored."""

from __future__ import annotations

import io
from functools import lru_cache
from statistics import median

import cv2
import numpy as np
from PIL import Image

from cli.review.desk import Desk
from ocr import crops
from ocr.photo import Photo, Pixels, open_photos
from tally.errors import PhotoError
from tally.model import PageReading, Quad

_LONG_SIDE_PX = 2000
"""Enough to read handwriting on a laptop screen; a phone loads about 400 KB."""


def whole_page(desk: Desk, read: PageReading, turns: int = 0) -> bytes:
    """The page as JPEG, at most 2000 px on its long side, its rows running from left to right.

    ``turns`` more quarter turns clockwise, for pages on which nothing was found. Raises ``PhotoError``.
    """
    pixels = _photo(desk, read.sha256, read.page).pixels
    picture = _picture(np.ascontiguousarray(np.rot90(pixels, -(quarter_turns(read) + turns))))
    picture.thumbnail((_LONG_SIDE_PX, _LONG_SIDE_PX))
    return _encoded(picture, "JPEG")


def quarter_turns(read: PageReading) -> int:
    """Clockwise quarter turns (0..3) that bring the upper edges of the cells to run from left to right."""
    quads = [one.quad_px for one in (*read.header.values(), *read.fields.values()) if one.quad_px]
    if not quads:
        return 0
    across = median(quad[1][0] - quad[0][0] for quad in quads)
    down = median(quad[1][1] - quad[0][1] for quad in quads)
    if abs(across) >= abs(down):
        return 0 if across >= 0 else 2
    return 3 if down > 0 else 1


def cell(desk: Desk, sha256: str, page: int, quad: Quad) -> bytes:
    """One cell as PNG. Raises ``PhotoError``."""
    return _encoded(_picture(crops.cut(_photo(desk, sha256, page).pixels, quad)), "PNG")


# A sheet asks for its page and some twenty cells at once: decode it once.
@lru_cache(maxsize=2)
def _photo(desk: Desk, sha256: str, page: int) -> Photo:
    for photo in open_photos(desk.case.photo_bytes(sha256), sha256[:12]):
        if photo.page == page:
            return photo
    raise PhotoError("There is no such page in this file.", file=sha256[:12])


def _picture(pixels: Pixels) -> Image.Image:
    return Image.fromarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB))


def _encoded(picture: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, quality=85)
    return out.getvalue()
