"""What both ways of reading an .xlsx workbook ask of the file before a cell is read, and how a number is written."""

from __future__ import annotations

import io
import zipfile

from tally.errors import TableError

MAX_RATIO = 150
"""A sheet of numbers shrinks to a tenth or a twentieth; a bomb to a thousandth."""
_BOMB_FLOOR = 2**20


def must_be_a_workbook(data: bytes, file: str, most: int) -> None:
    """Raise :class:`TableError` for half a file, another zip, and one that unpacks to more than ``most`` bytes."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            members = packed.infolist()
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError) as error:
        raise TableError(
            "the workbook is damaged or only half there.", file=file, advice="Fetch it again."
        ) from error
    unpacked, stored = sum(m.file_size for m in members), sum(m.compress_size for m in members)
    if unpacked > most or (unpacked > _BOMB_FLOOR and unpacked > MAX_RATIO * max(stored, 1)):
        raise TableError(
            f"this file would unpack to {unpacked / 2**20:,.0f} MB; no table of figures does.",
            file=file,
            advice="Save the one sheet that is meant as a new workbook, or as CSV.",
        )
    if "xl/workbook.xml" not in {m.filename for m in members}:
        raise TableError(
            "this is a zip, but not an .xlsx workbook.",
            file=file,
            advice="Unpack it and add the table inside; save .xlsb and .ods workbooks as .xlsx first.",
        )


def number_text(value: float) -> str:
    """A stored number as text: a whole one never gets a decimal point, another one never loses it."""
    # Spreadsheets store 35116 as 35116.0, which is exact up to 2 to the 53.
    return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)


def hidden(what: str, sheet: str, file: str) -> TableError:
    """The error for rows, columns or cells that nobody sees and that would be counted."""
    return TableError(
        f"{what} of sheet {sheet!r} are hidden, so that nobody sees what would be counted.",
        file=file,
        advice="Show them, look at them, and save the workbook again.",
    )
