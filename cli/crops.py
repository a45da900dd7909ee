"""The pixels of a bundle: cut the places of numbers out of photos, in worker processes, and compare pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from cli.pool import Limits, run_all
from tally.bundle.crops import CutTask

_VIEW_PX = 1000
_ROUNDING = 24
"""Largest difference of one pixel (of 255) that another version of a decoder explains; handwriting is > 100."""


def cut(task: CutTask) -> list[bytes]:
    """One PNG per place, one JPEG per view. Raises ``PhotoError`` if the photo cannot be decoded or lacks the page."""
    import cv2

    from ocr import crops
    from ocr.photo import open_photos
    from tally.errors import PhotoError

    wanted = {place.page for place in task.places} | set(task.views)
    found: dict[int, list[bytes]] = {}
    views: list[bytes] = []
    for photo in open_photos(task.path.read_bytes(), task.path.name):
        if photo.page in wanted:
            pieces = (
                crops.cut(photo.pixels, place.quad) for place in task.places if place.page == photo.page
            )
            found[photo.page] = [cv2.imencode(".png", piece)[1].tobytes() for piece in pieces]
            views += [_view(photo.pixels)] if photo.page in task.views else []
    if wanted - found.keys():
        raise PhotoError("The photo has no such page.", file=task.path.name)
    by_page = {page: iter(pictures) for page, pictures in found.items()}
    return [*(next(by_page[place.page]) for place in task.places), *views]


def _view(pixels: Any) -> bytes:
    """The whole page, grey, at most 1000 px on its long side: legible on a quarter of an A4 sheet."""
    import cv2

    height, width = pixels.shape[:2]
    scale = min(1.0, _VIEW_PX / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    grey = cv2.resize(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), size, interpolation=cv2.INTER_AREA)
    return bytes(cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, 70])[1].tobytes())


def _size(picture: bytes) -> tuple[int, int] | None:
    """Width and height as the header of a PNG or JPEG says; ``None`` if it is neither."""
    import io

    from PIL import Image

    try:
        with Image.open(io.BytesIO(picture), formats=("PNG", "JPEG")) as header:
            return header.size
    except Exception:  # noqa: BLE001 - Pillow raises whatever the damage leads to
        return None


class PhotoCutter:
    """Cuts with ``jobs`` worker processes; with ``limits`` a hostile photo of a stranger costs only itself."""

    def __init__(self, jobs: int = 1, limits: Limits | None = None) -> None:
        self.jobs = jobs
        self.limits = limits

    def cut(self, tasks: Sequence[CutTask]) -> Iterator[list[bytes] | Exception]:
        """See :class:`tally.bundle.crops.Cutter`."""
        for _, pictures in run_all(cut, tasks, self.jobs, self.limits):
            yield pictures

    def alike(self, one: bytes, other: bytes) -> bool:
        """True if both decode to the same size and no pixel differs by more than rounding."""
        import cv2
        import numpy as np

        if _size(one) != _size(other):  # a stranger's picture is decoded only at the size that is expected
            return False
        a, b = (cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) for data in (one, other))
        if a is None or b is None or a.shape != b.shape:
            return False
        return int(cv2.absdiff(a, b).max(initial=0)) <= _ROUNDING
