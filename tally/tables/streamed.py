"""Rows of an .xlsx workbook as texts, streamed: a table of 35,000 rows does not have to fit into objects.

For typed protocols; :mod:`tally.tables.workbook` reads the small tables of official figures, with merged heads.
Numbers are taken as they are stored; whole ones never pass through rounding. What a formula shows is taken only
if the workbook holds the value that its own program computed.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, time

from openpyxl import load_workbook

from tally.errors import TableError
from tally.tables.packed import hidden, must_be_a_workbook, number_text

MAX_UNPACKED = 512 * 2**20
"""Bytes of all parts when unpacked; 200,000 rows of 20 numbers have about 200 MB of XML."""
_MARK = b"PK\x03\x04"
_HIDDEN = re.compile(rb'<(?:row|col)\s[^>]*\bhidden="(?:1|true)"')
_SAVE = "Open it and save it as CSV, then import that file."


def is_workbook(data: bytes) -> bool:
    """True for a zip, which every .xlsx is."""
    return data.startswith(_MARK)


def workbook_rows(data: bytes, file: str) -> Iterator[tuple[int, list[str]]]:
    """Pairs (row number, cells as texts) of the only sheet that holds anything.

    Raises :class:`TableError` for damage, several filled sheets, cells that are no text or whole number, and
    formulas without a value.
    """
    _must_fit(data, file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that no number depends on
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except Exception as error:
        raise TableError("this workbook cannot be opened.", file=file, advice=_SAVE) from error
    try:
        filled = [
            sheet
            for sheet in book.worksheets
            if sheet.sheet_state == "visible"
            and any(any(row) for row in sheet.iter_rows(max_row=50, values_only=True))
        ]
        if len(filled) != 1:
            names = ", ".join(sheet.title for sheet in filled) or "none"
            raise TableError(
                f"the table must be on one sheet; filled sheets: {names}.",
                file=file,
                advice="Keep one sheet.",
            )
        for number, row in enumerate(filled[0].iter_rows(values_only=True), 1):
            yield number, [_text(value, number, column, file) for column, value in enumerate(row, 1)]
    finally:
        book.close()


def _must_fit(data: bytes, file: str) -> None:
    must_be_a_workbook(data, file, MAX_UNPACKED)
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        for name in packed.namelist():
            if not name.startswith("xl/worksheets/"):
                continue
            try:
                part = packed.read(name)
            except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as error:
                raise TableError("this workbook is damaged or locked.", file=file, advice=_SAVE) from error
            if _HIDDEN.search(part):
                raise hidden("rows or columns", name.rpartition("/")[2], file)
            if b"<f" in part:
                _formulas_have_values(data, file)


def _formulas_have_values(data: bytes, file: str) -> None:
    shown = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    written = load_workbook(io.BytesIO(data), read_only=True)
    for sheet, source in zip(shown.worksheets, written.worksheets, strict=True):
        pairs = zip(sheet.iter_rows(values_only=True), source.iter_rows(values_only=True), strict=False)
        for number, (values, texts) in enumerate(pairs, 1):
            for value, text in zip(values, texts, strict=False):
                if value is None and isinstance(text, str) and text.startswith("="):
                    said = f"sheet {sheet.title}: the formula {text[:40]} has no stored value."
                    raise TableError(said, file=file, line=number, advice=_SAVE)


def _text(value: object, row: int, column: int, file: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool | date | time):
        said = f"column {column} holds {value}, which is no count and no name."
        raise TableError(said, file=file, line=row, advice="Format the cells as text or as numbers.")
    if isinstance(value, float):
        return number_text(value)  # 12.5 stays as it is and is refused as a count
    return str(value)
