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
    crops: Mapping[tuple[str, int, str, str], str]
    """(photo, page, pipeline, code) -> path of the crop below ``data/``."""
    views: frozenset[str]
    """Paths of the reduced pages below ``data/``."""

    def exhibits(self) -> dict[str, str]:
        """Photo -> its number in the list of exhibits."""
        return {str(photo["sha256"]): str(number) for number, photo in enumerate(self.photos, 1)}

    @classmethod
    def of(cls, data: Path) -> Evidence:
        """Read them from the ``data`` folder of a bundle."""
        index = json.loads((data / layout.CROP_INDEX).read_bytes())
        crops = {
            (one["photo"], one["page"], read["pipeline"], read["code"]): str(one["file"])
            for one in index
            for read in one["read_as"]
        }
        views = frozenset(f"{layout.VIEWS}/{path.name}" for path in (data / layout.VIEWS).glob("*.jpg"))
        return cls(json.loads((data / layout.PHOTOS).read_bytes()), crops, views)
