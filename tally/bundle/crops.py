"""Which pieces of which photos a bundle shows: the place of every number that any program ever read.

The pixels are cut by whoever holds them (cli); here they are bytes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from tally.bundle.layout import CROPS, VIEWS
from tally.model import PageReading, Quad

if TYPE_CHECKING:  # a worker that cuts has no use for the database of a case, which takes 0.6 s to load
    from tally.state import CaseState

SHA256: Final = re.compile(r"[0-9a-f]{64}")
CROP_NAME: Final = re.compile(rf"{CROPS}/[0-9a-f]{{64}}/[0-9]+-[0-9a-f]{{32}}\.png")
"""What :func:`crop_path` writes. In a stranger's bundle any other name could point out of it."""


@dataclass(frozen=True, slots=True)
class Place:
    """The corners of one number on one page, and which numbers of which pipelines were read there."""

    page: int
    quad: Quad
    read_as: tuple[tuple[str, str], ...]
    """Pairs (pipeline, code); header codes are written ``header.precinct``."""


@dataclass(frozen=True, slots=True)
class CutTask:
    """A photo, the places to cut from it, and the pages to show whole."""

    path: Path
    places: tuple[Place, ...]
    views: tuple[int, ...] = ()
    """Numbers of pages."""


class Cutter(Protocol):
    """Whoever holds the pixels."""

    def cut(self, tasks: Sequence[CutTask]) -> Iterator[list[bytes] | Exception]:
        """Per task, in order: one PNG per place, then what :func:`reduced` names; or why it could not be cut."""

    def alike(self, one: bytes, other: bytes) -> bool:
        """True if two pictures that differ in bytes show the same, but for the rounding of another decoder."""


class Wanted(NamedTuple):
    """What a bundle shows of one photo."""

    sha256: str
    places: tuple[Place, ...]
    """In a fixed order; empty if no number was found on it."""
    pages: tuple[int, ...]
    """Pages that a program looked at; the report shows them whole."""


def wanted(state: CaseState) -> list[Wanted]:
    """Every photo that a program looked at, with all its places."""
    return [_wanted(sha256, state.readings[sha256]) for sha256 in state.photos if state.readings.get(sha256)]


def _wanted(sha256: str, by_pipeline: Mapping[str, Mapping[int, PageReading]]) -> Wanted:
    found: dict[tuple[int, Quad], list[tuple[str, str]]] = {}
    for pipeline, pages in by_pipeline.items():
        for number, page in pages.items():
            cells = [(f"header.{code}", reading) for code, reading in page.header.items()]
            for code, reading in (*cells, *page.fields.items()):
                if reading.quad_px is not None:
                    found.setdefault((number, reading.quad_px), []).append((pipeline, code))
    places = (Place(page, quad, tuple(sorted(codes))) for (page, quad), codes in found.items())
    seen = {number for pages in by_pipeline.values() for number in pages}
    return Wanted(sha256, tuple(sorted(places, key=lambda p: (p.page, p.quad))), tuple(sorted(seen)))


VIEW_NAME: Final = re.compile(r"([0-9a-f]{64})-([0-9]+)(?:-numbers)?\.jpg")
"""Photo and page of a file that :func:`view_path` or :func:`numbers_path` names."""
NUMBER_PX: Final = (256, 64)
"""Width and height of one number in the picture of all numbers of a page: 200 dpi at 8 mm."""
IN_A_COLUMN: Final = 100
"""Numbers below each other in that picture; the next one begins another column."""


def view_path(sha256: str, page: int) -> str:
    """Path below ``data/`` of the reduced copy of a page, for paper."""
    return f"{VIEWS}/{sha256}-{page}.jpg"


def numbers_path(sha256: str, page: int) -> str:
    """Path below ``data/`` of one picture of all numbers of a page, reduced, for paper; the crops are beside it."""
    return f"{VIEWS}/{sha256}-{page}-numbers.jpg"


def reduced(sha256: str, places: Sequence[Place], pages: Sequence[int]) -> list[str]:
    """Paths of the pictures for paper: every page, then the numbers of every page that has any."""
    with_numbers = {place.page for place in places}
    numbers = [numbers_path(sha256, page) for page in pages if page in with_numbers]
    return [*(view_path(sha256, page) for page in pages), *numbers]


def crop_path(sha256: str, place: Place, picture: bytes) -> str:
    """Path below ``data/``: photo, page, and the hash of the picture itself."""
    return f"{CROPS}/{sha256}/{place.page}-{hashlib.sha256(picture).hexdigest()[:32]}.png"


def index_entry(sha256: str, place: Place, path: str, picture: bytes) -> dict[str, Any]:
    """One line of ``crops.json``."""
    return {
        "photo": sha256,
        "page": place.page,
        "quad_px": [list(point) for point in place.quad],
        "read_as": [{"pipeline": pipeline, "code": code} for pipeline, code in place.read_as],
        "file": path,
        "sha256": hashlib.sha256(picture).hexdigest(),
    }
