"""The pixels of a bundle: cut the places of numbers out of photos, in worker processes, and compare pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cli.pool import Limits, run_all
from tally.bundle.crops import CutTask

_ROUNDING = 24
"""Largest difference of one pixel (of 255) that another version of a decoder explains; handwriting is > 100."""


def cut(task: CutTask) -> list[bytes]:
    """One PNG per place. Raises ``PhotoError`` if the photo cannot be decoded or lacks the page."""
    import cv2

    from ocr import crops
    from ocr.photo import open_photos
    from tally.errors import PhotoError

    wanted = {place.page for place in task.places}
    found: dict[int, list[bytes]] = {}
    for photo in open_photos(task.path.read_bytes(), task.path.name):
        if photo.page in wanted:
            pieces = (
                crops.cut(photo.pixels, place.quad) for place in task.places if place.page == photo.page
            )
            found[photo.page] = [cv2.imencode(".png", piece)[1].tobytes() for piece in pieces]
    if wanted - found.keys():
        raise PhotoError("The photo has no such page.", file=task.path.name)
    by_page = {page: iter(pictures) for page, pictures in found.items()}
    return [next(by_page[place.page]) for place in task.places]


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

        a, b = (cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) for data in (one, other))
        if a is None or b is None or a.shape != b.shape:
            return False
        return int(cv2.absdiff(a, b).max(initial=0)) <= _ROUNDING
