"""Bind a report: few protocols are one file, many are a main volume and volumes of protocols beside it.

A typesetter holds all pages of a file in memory until it is written; a volume keeps that within what a laptop has.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple, TypeAlias

Content: TypeAlias = dict[str, Any]
"""What the template prints; see :func:`tally.report.data.report_data`."""
MOST: Final = 120
"""Sheets in one file. With their pictures they take some 0.4 GB while they are set."""
_EVERYWHERE: Final = ("language", "bundle", "date", "words")


def bind(content: Content) -> list[Content]:
    """Contents of the files of a report: one that holds everything, or the main volume and those of the sheets.

    Volumes are of nearly equal size; all sheets keep their order, and each stands in one volume.
    """
    sheets = [(title, sheet) for title, sheet in _sheets(content)]
    if len(sheets) <= MOST:
        return [content | {"volume": 1, "volumes": 1, "bound": [], "places": {}}]
    count = -(-len(sheets) // MOST)
    same = {key: content[key] for key in _EVERYWHERE} | {"volumes": count + 1}
    cuts = [len(sheets) * number // count for number in range(count + 1)]
    parts = [
        same | {"volume": number, "contests": _contests(sheets[first:last])}
        for number, (first, last) in enumerate(pairwise(cuts), 2)
    ]
    contests = [{**contest, "sheets": []} for contest in content["contests"]]
    return [content | same | {"volume": 1, "contests": contests}, *parts]


def _sheets(content: Content) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for contest in content["contests"]:
        for sheet in contest["sheets"]:
            yield contest["title"], sheet


def _contests(sheets: Sequence[tuple[str, Mapping[str, Any]]]) -> list[dict[str, Any]]:
    by_title: dict[str, list[Mapping[str, Any]]] = {}
    for title, sheet in sheets:
        by_title.setdefault(title, []).append(sheet)
    return [{"title": title, "sheets": rows} for title, rows in by_title.items()]


def file_name(content: Content) -> str:
    """``report-kk.pdf`` for the main volume and for a whole report, ``report-kk-2.pdf`` for the second volume."""
    ending = f"-{content['volume']}" if content["volume"] > 1 else ""
    return f"report-{content['language']}{ending}.pdf"


class Shelved(NamedTuple):
    """What the main volume says of another one."""

    row: dict[str, str]
    """Its line in the list of volumes."""
    places: list[tuple[str, str]]
    """Photo, and volume and page on which it is, in the order of the sheets."""


def shelved(part: Content, paper: bytes) -> Shelved:
    """What there is to say of a volume, once it is typeset."""
    pages, starts = _pages(paper)
    sheets = [sheet for _, sheet in _sheets(part)]
    row = {
        "n": str(part["volume"]),
        "file": file_name(part),
        "sha256": hashlib.sha256(paper).hexdigest(),
        "precincts": f"{sheets[0]['precinct']} … {sheets[-1]['precinct']}",
        "pages": str(pages),
    }
    where = [(sheet["sha256"], f"{part['volume']}: {at}") for sheet, at in zip(sheets, starts, strict=True)]
    return Shelved(row, [(sha256, place) for sha256, place in where if sha256])


def with_volumes(main: Content, others: Sequence[Shelved]) -> Content:
    """The main volume with the list of the others, and where in them each photo is. A whole report stays as it is."""
    places: dict[str, list[str]] = {}
    for one in others:
        for sha256, place in one.places:
            places.setdefault(sha256, []).append(place)
    return main | {"bound": [one.row for one in others], "places": places}


def _pages(paper: bytes) -> tuple[int, list[int]]:
    """Number of pages of a volume of sheets, and the page on which each sheet begins, from its outline."""
    import pypdfium2 as pdfium

    with pdfium.PdfDocument(io.BytesIO(paper)) as document:
        marks = [mark.get_dest() for mark in document.get_toc() if mark.level == 1]
        return len(document), [mark.get_index() + 1 for mark in marks if mark is not None]
