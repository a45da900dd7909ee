"""Pages saved from a commission's site: the tables in them, cells as texts."""

from __future__ import annotations

import io
from typing import Any

from tally.errors import TableError
from tally.official_table import decode
from tally.tables.grid import Grid, looks_like_number

_COLUMNS = 300
_SAVE_AGAIN = "Open it in a browser, wait until the figures are there, save it again; or copy them into a CSV."


def read_page(data: bytes, file: str) -> tuple[Grid, ...]:
    """Every table of a page that holds a number. Raises :class:`TableError` if there is none."""
    text = _decoded(data, file)
    _no_spread_numbers(text, file)
    import pandas

    try:
        frames = pandas.read_html(
            io.StringIO(text),
            flavor="lxml",
            header=None,
            keep_default_na=False,
            converters={column: str for column in range(_COLUMNS)},
        )
    except ValueError as error:
        raise TableError("the page holds no table.", file=file, advice=_SAVE_AGAIN) from error
    grids = tuple(_grid(frame, number) for number, frame in enumerate(frames, 1))
    with_numbers = tuple(g for g in grids if any(looks_like_number(c) for _, r in g.rows for c in r))
    if not with_numbers:
        raise TableError("the tables of this page hold no number.", file=file, advice=_SAVE_AGAIN)
    return with_numbers


def _decoded(data: bytes, file: str) -> str:
    text = decode(data, file)
    return text[text.find("<") :] if text.lstrip().startswith("<?xml") else text


def _grid(frame: Any, number: int) -> Grid:
    """Header cells (``<th>`` rows become column names in pandas) first, then the rows."""
    heads = [name if isinstance(name, tuple) else (name,) for name in frame.columns]
    named = any(isinstance(part, str) for head in heads for part in head)
    levels = len(heads[0]) if heads and named else 0
    rows = [[_cell(head[level]) for head in heads] for level in range(levels)]
    rows += [[_cell(value) for value in row] for row in frame.itertuples(index=False, name=None)]
    return Grid(f"table {number}", tuple(enumerate(rows, 1)))


def _cell(value: object) -> str:
    text = str(value)
    return "" if text.startswith("Unnamed: ") or text == "nan" else text


def _no_spread_numbers(text: str, file: str) -> None:
    """Refuse a number whose cell spans several columns or rows: repeating it would count it twice."""
    from lxml import etree, html

    try:
        tree = html.document_fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8"))
    except (etree.LxmlError, ValueError) as error:
        raise TableError("the page cannot be read as HTML.", file=file, advice=_SAVE_AGAIN) from error
    for cell in tree.iterfind(".//td"):
        spans = [cell.get(name, "1").strip() for name in ("colspan", "rowspan")]
        words = " ".join("".join(cell.itertext()).split())
        if spans != ["1", "1"] and looks_like_number(words) and cell.getprevious() is not None:
            raise TableError(
                f"the number {words} stands in a cell that spans several columns or rows; it is not clear "
                "what it counts.",
                file=file,
                advice="Copy the table into a CSV, with the number where it belongs.",
            )
