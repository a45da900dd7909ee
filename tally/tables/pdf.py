"""PDFs with a text layer: tables with ruled lines, taken apart so that no digit of a table is lost."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

from tally.errors import TableError
from tally.tables.grid import Grid, digits_in

MAX_PAGES = 100
MAX_CHARS = 60_000
"""Characters of one page: a page of 90 lines of 200 characters has 18,000."""
MAX_INFLATED = 128 * 2**20
"""Bytes of one stream when unpacked; a full page in colour at 300 dpi has 26 MB."""
_STREAM = re.compile(rb"stream\r?\n")
_ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
_NESTED = 3
_TYPE_IT = "Type the figures into a CSV (docs/rules.md shows its columns) and name the PDF as the source."


def read_pdf(data: bytes, file: str, pages: Sequence[int] | None = None) -> tuple[Grid, ...]:
    """Ruled tables, page by page (1-based ``pages``, or all).

    Raises :class:`TableError` if it is locked, damaged, too long, unpacks to too much, has no text layer or
    no ruled table, or if a digit inside a table is in none of its cells.
    """
    _no_bomb(data, file)
    with _opened(data, file) as document:
        wanted = _wanted(len(document.pages), pages, file)
        grids: list[Grid] = []
        chars = 0
        for number in wanted:
            page = document.pages[number - 1]
            chars += _checked_chars(page, number, file)
            grids += _tables(_once(page), number, file)
            page.close()
    if not chars:
        raise TableError(
            "this PDF has no text layer: its pages are pictures.",
            file=file,
            advice="If they are protocols, add it with `hattama add`. " + _TYPE_IT,
        )
    if not grids:
        raise TableError("no table with ruled lines was found in this PDF.", file=file, advice=_TYPE_IT)
    return tuple(grids)


def _opened(data: bytes, file: str) -> Any:
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfplumber.utils.exceptions import PdfminerException

    try:
        document = pdfplumber.open(io.BytesIO(data))
        len(document.pages)
    except PdfminerException as error:
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in (*error.args, error.__context__)):
            raise TableError(
                "this PDF is locked with a password.",
                file=file,
                advice="Print it to a PDF without a password, and keep the locked one beside it.",
            ) from error
        raise _damaged(file) from error
    except Exception as error:
        raise _damaged(file) from error
    return document


def _damaged(file: str) -> TableError:
    return TableError("this PDF is damaged or only half there.", file=file, advice="Fetch it again.")


def _wanted(count: int, pages: Sequence[int] | None, file: str) -> Sequence[int]:
    if not count:
        raise _damaged(file)
    wanted = range(1, count + 1) if pages is None else pages
    if absent := [number for number in wanted if not 1 <= number <= count]:
        raise TableError(f"there is no page {absent[0]}; the PDF has {count}.", file=file)
    if len(wanted) > MAX_PAGES:
        raise TableError(
            f"this PDF has {len(wanted)} pages; at most {MAX_PAGES} are read at once.",
            file=file,
            advice="Name the pages of the table: --pages 3-8.",
        )
    return wanted


def _checked_chars(page: Any, number: int, file: str) -> int:
    try:
        count = len(page.chars)
    except Exception as error:
        raise _damaged(file) from error
    if count > MAX_CHARS:
        raise TableError(f"page {number} holds {count:,} characters; no printed page does.", file=file)
    return count


def _once(page: Any) -> Any:
    """The page without the second copy of each letter, which some programs print to make it look bold."""
    places = [
        (char["text"], round(char["x0"]), round(char["top"])) for char in page.chars if char["text"] != " "
    ]
    return page.dedupe_chars() if len(places) != len(set(places)) else page


def _tables(page: Any, number: int, file: str) -> Iterator[Grid]:
    for table in page.find_tables():
        left, top, right, bottom = table.bbox
        inside = [
            char["text"]
            for char in page.chars
            if left <= (char["x0"] + char["x1"]) / 2 <= right
            and top <= (char["top"] + char["bottom"]) / 2 <= bottom
        ]
        rows = [[cell or "" for cell in row] for row in table.extract()]
        printed, taken = digits_in(inside), digits_in([cell for row in rows for cell in row])
        if printed != taken:
            raise TableError(
                f"page {number}: {printed} digits are printed in the table, but {taken} fall into its cells.",
                file=file,
                advice=_TYPE_IT,
            )
        if printed:
            yield Grid(f"page {number}", tuple(enumerate(rows, 1)))


def _no_bomb(data: bytes, file: str) -> None:
    """Unpack every stream as far as the limit, keeping nothing: the parser itself knows no limit."""
    for found in _STREAM.finditer(data):
        packed: bytes = data[found.end() :]
        for _ in range(_NESTED):
            if not packed.startswith(_ZLIB):
                break
            unpacker = zlib.decompressobj()
            try:
                packed = unpacker.decompress(packed, MAX_INFLATED)
            except zlib.error:
                break
            if len(packed) >= MAX_INFLATED:
                raise TableError(
                    f"a part of this PDF unpacks to more than {MAX_INFLATED // 2**20} MB.",
                    file=file,
                    advice="Print the page of the table to a new PDF. " + _TYPE_IT,
                )
