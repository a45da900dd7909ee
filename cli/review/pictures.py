"""Pictures for the page: re-encoded views of the originals, made in a worker."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from cli.pool import Limits
from tally.errors import PhotoError
from tally.model import PageReading, Quad

if TYPE_CHECKING:
    from PIL import Image

    from ocr.photo import Photo, Pixels

LIMITS = Limits(seconds=30.0, memory_mb=3072)
LARGE_PX, SMALL_PX = 2000, 480
"""Long sides: enough to read handwriting on a laptop screen (a phone loads about 400 KB), and for lists."""
_MADE_AS = "1"
"""Another one for pictures that are made in another way: what was kept before is not shown then."""


@dataclass(frozen=True, slots=True)
class View:
    """What somebody wants to see of one page; plain data, because it crosses a process border."""

    path: Path
    """The stored original, named by its sha256."""
    page: int
    turns: int = 0
    """Clockwise quarter turns of the whole page."""
    side_px: int = LARGE_PX
    """Most pixels on the long side of the whole page."""
    quads: tuple[Quad, ...] = ()
    """Cells. Whoever types a sheet asks for all of them at once, and decoding takes longer than cutting."""

    def key(self) -> str:
        """64 hex digits of what goes into the pictures: bytes of the photo, what is asked for, how it is made."""
        parts = (_MADE_AS, self.path.name, self.page, self.turns, self.side_px, self.quads)
        return sha256(repr(parts).encode()).hexdigest()


def render(view: View) -> list[bytes]:
    """Worker: the page as JPEG, then its cells as PNG in the order asked for. Raises ``PhotoError``."""
    import numpy as np

    from ocr import crops

    pixels = _photo(view.path, view.page).pixels
    picture = _picture(np.ascontiguousarray(np.rot90(pixels, -view.turns)))
    picture.thumbnail((view.side_px, view.side_px))
    cells = [_encoded(_picture(crops.cut(pixels, quad)), "PNG") for quad in view.quads]
    return [_encoded(picture, "JPEG"), *cells]


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


# Turned or looked at again: decode it once.
@lru_cache(maxsize=2)
def _photo(path: Path, page: int) -> Photo:
    from ocr.photo import open_photos

    for photo in open_photos(path.read_bytes(), path.name[:12]):
        if photo.page == page:
            return photo
    raise PhotoError("There is no such page in this file.", file=path.name[:12])


def _picture(pixels: Pixels) -> Image.Image:
    import cv2
    from PIL import Image

    return Image.fromarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB))


def _encoded(picture: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, quality=85, compress_level=1)  # crops are small, and somebody waits
    return out.getvalue()
