"""The pixels of a bundle: cut the places of numbers out of photos, in worker processes, and compare pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from cli.pool import Limits, run_all
from tally.bundle.crops import IN_A_COLUMN, NUMBER_PX, CutTask

_VIEW_PX = 1000
_ROUNDING = 24
"""Largest difference of one pixel (of 255) that another version of a decoder explains; handwriting is > 100."""


def cut(task: CutTask) -> list[bytes]:
    """One PNG per place, one JPEG per view, one JPEG of the numbers of each view that has any.

    Raises ``PhotoError`` if the photo cannot be decoded or lacks the page.
    """
    import cv2

    from ocr import crops
    from ocr.memory import one_after_the_other
    from ocr.photo import open_photos
    from tally.errors import PhotoError

    one_after_the_other()
    wanted = {place.page for place in task.places} | set(task.views)
    found: dict[int, list[bytes]] = {}
    views: list[bytes] = []
    numbers: list[bytes] = []
    for photo in open_photos(task.path.read_bytes(), task.path.name):
        if photo.page in wanted:
            pieces = [
                crops.cut_exactly(photo.pixels, place.quad)
                for place in task.places
                if place.page == photo.page
            ]
            found[photo.page] = [cv2.imencode(".png", piece)[1].tobytes() for piece in pieces]
            if photo.page in task.views:
                views.append(_view(photo.pixels))
                numbers += [_numbers(pieces)] if pieces else []
    if wanted - found.keys():
        raise PhotoError("The photo has no such page.", file=task.path.name)
    by_page = {page: iter(pictures) for page, pictures in found.items()}
    return [*(next(by_page[place.page]) for place in task.places), *views, *numbers]


def _numbers(pieces: Sequence[Any]) -> bytes:
    """All numbers of a page in one picture on white, below each other, as large as fits, in columns."""
    import cv2
    import numpy as np

    wide, high = NUMBER_PX
    columns, rows = -(-len(pieces) // IN_A_COLUMN), min(len(pieces), IN_A_COLUMN)
    paper = np.full((rows * high, columns * wide, 3), 255, np.uint8)
    for number, piece in enumerate(pieces):
        shown = _scaled(piece, min(wide / piece.shape[1], high / piece.shape[0]))
        column, row = divmod(number, IN_A_COLUMN)
        x, y = column * wide + (wide - shown.shape[1]) // 2, row * high + (high - shown.shape[0]) // 2
        paper[y : y + shown.shape[0], x : x + shown.shape[1]] = shown
    return bytes(cv2.imencode(".jpg", paper, [cv2.IMWRITE_JPEG_QUALITY, 80])[1].tobytes())


def _view(pixels: Any) -> bytes:
    """The whole page, grey, at most 1000 px on its long side: legible on a quarter of an A4 sheet."""
    import cv2

    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    view = _scaled(grey, min(1.0, _VIEW_PX / max(grey.shape)))
    return bytes(cv2.imencode(".jpg", view, [cv2.IMWRITE_JPEG_QUALITY, 70])[1].tobytes())


def _scaled(picture: Any, scale: float) -> Any:
    """A picture made smaller or larger, in whole numbers throughout: every processor gives the same bytes."""
    import cv2

    height, width = picture.shape[:2]
    times = int(1 / scale)
    if times > 1:  # first by a whole number, each pixel the mean of a square: nothing thin is stepped over
        whole = picture[: height // times * times, : width // times * times]
        size = (max(1, width // times), max(1, height // times))
        picture = cv2.resize(whole if whole.size else picture, size, interpolation=cv2.INTER_AREA)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR_EXACT)


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
