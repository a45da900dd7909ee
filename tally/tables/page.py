"""Pages saved from a commission's site: the tables in them, cells as texts."""

from __future__ import annotations

import io
from typing import Any

from tally.errors import TableError
from tally.official_table import decode
from tally.tables.grid import Grid, looks_like_number

_SAVE_AGAIN = (
    "Open it in a browser, wait until the figures are there, save it again; or copy them into a CSV."
)


def read_page(data: bytes, file: str) -> tuple[Grid, ...]:
    """Every innermost table of a page that holds a number. Raises :class:`TableError` if there is none."""
    tables = [table for table in _tree(data, file).iter("table") if table.find(".//table") is None]
    if not tables:
        raise TableError("the page holds no table.", file=file, advice=_SAVE_AGAIN)
    for table in tables:
        _no_spread_numbers(table, file)
    frames = ((number, _frame(table)) for number, table in enumerate(tables, 1))
    grids = [_grid(frame, number) for number, frame in frames if frame is not None]
    with_numbers = tuple(g for g in grids if any(looks_like_number(c) for _, r in g.rows for c in r))
    if not with_numbers:
        raise TableError("the tables of this page hold no number.", file=file, advice=_SAVE_AGAIN)
    return with_numbers


def _tree(data: bytes, file: str) -> Any:
    from lxml import etree, html

    try:
        return html.document_fromstring(
            _decoded(data, file).encode(), parser=html.HTMLParser(encoding="utf-8")
        )
    except (etree.LxmlError, ValueError) as error:
        raise TableError("the page cannot be read as HTML.", file=file, advice=_SAVE_AGAIN) from error


def _frame(table: Any) -> Any:
    """One table as pandas understands it (spans filled), every cell a text; ``None`` without rows.

    pandas turns texts into numbers unless it is told not to, column by column, so it is asked twice: first how
    many columns there are.
    """
    import pandas as pd
    from lxml import html

    text = html.tostring(table, encoding="unicode")
    try:
        width = len(pd.read_html(io.StringIO(text), flavor="lxml")[0].columns)
        as_text = dict.fromkeys(range(width), str)
        return pd.read_html(io.StringIO(text), flavor="lxml", keep_default_na=False, converters=as_text)[0]
    except (ValueError, IndexError):  # what pandas says of a table without rows or without columns
        return None


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


def _no_spread_numbers(table: Any, file: str) -> None:
    """Refuse a number whose cell spans several columns or rows: repeating it would count it twice."""
    for cell in table.iterfind(".//td"):
        spans = [cell.get(name, "1").strip() for name in ("colspan", "rowspan")]
        words = " ".join("".join(cell.itertext()).split())
        if spans != ["1", "1"] and looks_like_number(words) and cell.getprevious() is not None:
            raise TableError(
                f"the number {words} stands in a cell that spans several columns or rows; it is not clear "
                "what it counts.",
                file=file,
                advice="Copy the table into a CSV, with the number where it belongs.",
            )
