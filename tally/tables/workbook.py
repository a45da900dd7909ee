"""Workbooks (.xlsx): every cell as text exactly as it is stored, merged headers filled, merged numbers refused."""

from __future__ import annotations

import io
from datetime import date, time
from typing import Any

from tally.errors import TableError
from tally.tables.grid import MAX_ROWS, Grid, looks_like_number
from tally.tables.packed import hidden, must_be_a_workbook, number_text

MAX_UNPACKED = 96 * 2**20
"""Bytes of a workbook when unpacked: 200,000 rows of 20 numbers have about 80 MB of XML."""


def read_workbook(data: bytes, file: str) -> tuple[Grid, ...]:
    """The visible sheets that hold anything.

    Raises :class:`TableError` for a zip that is no workbook, one that unpacks to too much, hidden rows or
    columns (they would be counted unseen), formulas without a stored value, and numbers in merged cells.
    """
    must_be_a_workbook(data, file, MAX_UNPACKED)
    values, formulas = _open(data, file, values=True), _open(data, file, values=False)
    grids = [
        _grid(sheet, formulas[sheet.title], file)
        for sheet in values.worksheets
        if sheet.sheet_state == "visible"
    ]
    filled = tuple(grid for grid in grids if grid.filled)
    if not filled:
        raise TableError("the workbook holds no visible sheet with a table.", file=file)
    return filled


def _open(data: bytes, file: str, *, values: bool) -> Any:
    from openpyxl import load_workbook

    try:
        return load_workbook(io.BytesIO(data), data_only=values, keep_links=False)
    except Exception as error:
        raise TableError(
            f"the workbook cannot be opened ({type(error).__name__}).",
            file=file,
            advice="Open it in a spreadsheet program, save it as a new .xlsx, and add that file.",
        ) from error


def _grid(sheet: Any, formulas: Any, file: str) -> Grid:
    if sheet.max_row > MAX_ROWS:
        raise TableError(
            f"sheet {sheet.title!r} claims {sheet.max_row:,} rows; at most {MAX_ROWS:,} are taken.", file=file
        )
    _no_hidden(sheet, file)
    filled = _merged(sheet, file)
    rows: list[tuple[int, list[str]]] = []
    for cells in sheet.iter_rows():
        texts = []
        for cell in cells:
            text = filled.get((cell.row, cell.column))
            texts.append(_text(cell, formulas, sheet.title, file) if text is None else text)
        rows.append((cells[0].row, texts))
    return Grid(sheet.title, tuple(rows))


def _no_hidden(sheet: Any, file: str) -> None:
    rows = [str(number) for number, row in sheet.row_dimensions.items() if row.hidden]
    columns = [name for name, column in sheet.column_dimensions.items() if column.hidden]
    if rows or columns:
        what = f"rows {', '.join(rows[:10])}" if rows else f"columns {', '.join(columns[:10])}"
        raise hidden(what, sheet.title, file)


def _merged(sheet: Any, file: str) -> dict[tuple[int, int], str]:
    """Texts of merged cells for every place that they cover."""
    filled: dict[tuple[int, int], str] = {}
    for block in sheet.merged_cells.ranges:
        first = sheet.cell(block.min_row, block.min_col)
        text = "" if first.value is None else _plain(first.value)
        if looks_like_number(text) and block.min_col > 1:
            raise TableError(
                f"the number {text} stands in merged cells ({block.coord}); it is not clear what it counts.",
                file=file,
                line=block.min_row,
                advice="Unmerge the cells and write the number where it belongs.",
            )
        for row in range(block.min_row, block.max_row + 1):
            for column in range(block.min_col, block.max_col + 1):
                filled[row, column] = text
    return filled


def _text(cell: Any, formulas: Any, sheet: str, file: str) -> str:
    if cell.value is None:
        formula = formulas.cell(cell.row, cell.column).value
        if isinstance(formula, str) and formula.startswith("="):
            raise TableError(
                f"cell {cell.coordinate} of sheet {sheet!r} is a formula whose result is not stored.",
                file=file,
                line=cell.row,
                advice="Open the workbook in a spreadsheet program, save it, and add it again.",
            )
        return ""
    if cell.data_type == "e":
        raise TableError(
            f"cell {cell.coordinate} of sheet {sheet!r} holds the error {cell.value}.",
            file=file,
            line=cell.row,
        )
    return _plain(cell.value)


def _plain(value: Any) -> str:
    """A stored value as text."""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).strip()
