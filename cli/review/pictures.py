"""Pictures for the page: re-encoded views of the originals, made in memory, never stored."""

from __future__ import annotations

import io
from functools import lru_cache

import cv2
from PIL import Image

from cli.review.desk import Desk
from ocr import crops
from ocr.photo import Photo, Pixels, open_photos
from tally.errors import PhotoError
from tally.model import Quad

_LONG_SIDE_PX = 2000
"""Enough to read handwriting on a laptop screen; a phone loads about 400 KB."""


def whole_page(desk: Desk, sha256: str, page: int) -> bytes:
    """The page as JPEG, upright, at most 2000 px on its long side. Raises ``PhotoError``."""
    picture = _picture(_photo(desk, sha256, page).pixels)
    picture.thumbnail((_LONG_SIDE_PX, _LONG_SIDE_PX))
    return _encoded(picture, "JPEG")


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
