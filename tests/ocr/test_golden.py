"""What passes from one step of the reader to the next, kept for one committed photo.

A change here is not wrong by itself; it must be meant. ``HATTAMA_UPDATE_GOLDEN=1`` writes the files anew.
Boxes may move by a few pixels (other versions of OpenCV), labels are left out (other versions of Tesseract),
and of the readings only marks and values are kept.
"""

from __future__ import annotations

import json
import os
from functools import lru_cache
from typing import Any

import pytest

from ocr.layout import Layout, find_layout
from ocr.photo import open_photos
from tally.form import load_form
from tests.conftest import REPOSITORY
from tests.ocr.committed import FORM, WORDS, photo_bytes, read

FOLDER = REPOSITORY / "tests" / "ocr" / "golden"
SLACK = 8  # px of a sheet that is 1800 px long


@lru_cache(maxsize=1)
def layout() -> Layout:
    (photo,) = open_photos(photo_bytes(WORDS), WORDS)
    return find_layout(photo, [load_form(FORM)])


def rows() -> list[dict[str, Any]]:
    return [{"kind": row.kind.value, "box": list(row.number.as_xyxy())} for row in layout().rows]


def anchors() -> dict[str, dict[str, Any]]:
    found = layout()
    places = {**found.match.header, **found.match.fields}
    return {
        code: {"row": found.rows.index(anchor.row), "anchored": anchor.anchored}
        for code, anchor in places.items()
    }


def readings() -> dict[str, list[Any]]:
    page = read(WORDS)
    return {code: [cell.mark.value, cell.value] for code, cell in {**page.header, **page.fields}.items()}


def kept(name: str, now: object) -> Any:
    path = FOLDER / f"{name}.json"
    if os.environ.get("HATTAMA_UPDATE_GOLDEN") == "1":
        FOLDER.mkdir(exist_ok=True)
        path.write_text(json.dumps(now, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
    if not path.is_file():
        pytest.fail(f"{path.name} is missing: run with HATTAMA_UPDATE_GOLDEN=1")
    return json.loads(path.read_text(encoding="utf-8"))


def test_rows_are_found_where_they_were():
    now, before = rows(), kept("rows", rows())
    assert [row["kind"] for row in now] == [row["kind"] for row in before]
    for row, old in zip(now, before, strict=True):
        assert all(abs(a - b) <= SLACK for a, b in zip(row["box"], old["box"], strict=True)), (row, old)


def test_rows_are_tied_to_the_fields_that_they_were_tied_to():
    assert anchors() == kept("anchors", anchors())


def test_cells_are_read_as_they_were():
    assert readings() == kept("readings", readings())
