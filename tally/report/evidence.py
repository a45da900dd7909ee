"""The documents and pictures of a bundle that the report points to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tally.bundle import layout


@dataclass(frozen=True, slots=True)
class Evidence:
    """What lies in the ``data`` folder of a bundle beside its report."""

    photos: list[dict[str, Any]]
    numbers: Mapping[tuple[str, int, str, str], int]
    """(photo, page, pipeline, code) -> which one it is, from 0, in the picture of the numbers of that page."""
    on_page: Mapping[tuple[str, int], int]
    """(photo, page) -> how many numbers that picture holds."""
    views: frozenset[str]
    """Paths of the reduced pages below ``data/``."""

    def exhibits(self) -> dict[str, str]:
        """Photo -> its number in the list of exhibits."""
        return {str(photo["sha256"]): str(number) for number, photo in enumerate(self.photos, 1)}

    @classmethod
    def of(cls, data: Path) -> Evidence:
        """Read them from the ``data`` folder of a bundle."""
        numbers: dict[tuple[str, int, str, str], int] = {}
        on_page: dict[tuple[str, int], int] = {}
        for one in json.loads((data / layout.CROP_INDEX).read_bytes()):
            page = (one["photo"], one["page"])
            place = on_page.get(page, 0)
            on_page[page] = place + 1
            numbers |= {(*page, read["pipeline"], read["code"]): place for read in one["read_as"]}
        views = frozenset(f"{layout.VIEWS}/{path.name}" for path in (data / layout.VIEWS).glob("*.jpg"))
        return cls(json.loads((data / layout.PHOTOS).read_bytes()), numbers, on_page, views)
