"""What kind of file it is, by its bytes and never by its name, and the reader for each kind."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tally.errors import TableError
from tally.official_table import DELIMITERS, decode, split_lines
from tally.tables.grid import Grid

MAX_BYTES = 64 * 2**20
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|meta)\b", re.IGNORECASE)


def kind_of(data: bytes) -> str:
    """``pdf``, ``zip`` (which a workbook is), ``ole`` (an old or locked workbook), ``html`` or ``text``."""
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "ole"
    return "html" if _HTML.search(data[:4096]) else "text"


def grids_of(data: bytes, file: str, *, pages: Sequence[int] | None = None) -> tuple[Grid, ...]:
    """All tables of a file; ``pages`` (1-based) limits a PDF.

    Raises :class:`TableError` that says what is wrong with the file and what to hand in instead.
    """
    if not data.strip():
        raise TableError("the file is empty.", file=file)
    if len(data) > MAX_BYTES:
        raise TableError(
            f"the file has {len(data) // 2**20} MB; a table of figures has less than {MAX_BYTES // 2**20}.",
            file=file,
            advice="Save the one table that is meant.",
        )
    kind = kind_of(data)
    if kind == "pdf":
        from tally.tables.pdf import read_pdf

        return read_pdf(data, file, pages)
    if kind == "zip":
        from tally.tables.workbook import read_workbook

        return read_workbook(data, file)
    if kind == "ole":
        raise TableError(
            "this is a workbook of the old .xls format, or one that is locked with a password.",
            file=file,
            advice="Open it, save it as .xlsx without a password, and add that file.",
        )
    if kind == "html":
        from tally.tables.page import read_page

        return read_page(data, file)
    return (read_text(data, file),)


def read_text(data: bytes, file: str) -> Grid:
    """A text table; the delimiter is the one that cuts the first line into the most cells."""
    text = decode(data, file)
    first = next((line for line in text.splitlines() if line.strip(' ;,\t|"')), "")
    delimiter = max(DELIMITERS, key=first.count)
    return Grid("", tuple(split_lines(text, delimiter, file)))
