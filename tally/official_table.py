"""From the bytes of a table to its rows, in named stages. Nothing is guessed: what is not clear is refused.

Used for official figures and for typed protocols alike. Every row keeps the number of its line in the file.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tally.errors import TableError
from tally.places import name_in

DELIMITERS = (";", "\t", ",", "|")
_SHOWN = 20
_THIN = "\u00a0\u202f\u2009\u2007 "
_TOTAL = re.compile(r"(grand\s+)?total|итого|всего|итог|барлығы|жиыны|жалпы|қорытынды")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table with its cells by column."""

    line: int
    """1-based line in the file."""
    cells: Mapping[str, str]
    """Known column -> stripped text; columns that the table lacks are missing."""


@dataclass(slots=True)
class Problems:
    """Everything wrong with a table: collected first, reported together."""

    file: str
    found: list[tuple[int, str]]

    def add(self, line: int, message: str) -> None:
        """Note one problem of one row."""
        self.found.append((line, message))

    def raise_if_any(self) -> None:
        """Raise :class:`TableError` with all problems in order of rows."""
        if not self.found:
            return
        self.found.sort(key=lambda problem: problem[0])
        shown = [f"row {line}: {message}" for line, message in self.found[:_SHOWN]]
        if len(self.found) > _SHOWN:
            shown.append(f"and {len(self.found) - _SHOWN} more")
        raise TableError(
            "\n".join(shown) if len(shown) > 1 else self.found[0][1],
            advice="" if len(shown) > 1 else "Correct the row and add the table again.",
            file=self.file,
            line=self.found[0][0],
        )


def read_table(
    data: bytes, file: str, columns: Mapping[str, Iterable[str]], problems: Problems | None = None
) -> list[Row]:
    """Rows of a table whose ``columns`` are ``{name: accepted spellings}``. Other columns are refused.

    Raises :class:`TableError` for an empty or binary file, an unknown encoding, a missing header, unknown or
    repeated columns, ragged rows and total rows.
    """
    text = decode(data, file)
    delimiter = choose_delimiter(text, _by_spelling(columns))
    return shape_table(split_lines(text, delimiter, file), file, columns, problems)


def shape_table(
    cells: Iterable[tuple[int, list[str]]],
    file: str,
    columns: Mapping[str, Iterable[str]],
    problems: Problems | None = None,
) -> list[Row]:
    """:func:`read_table` for cells from elsewhere (a workbook, a PDF): pairs (line, cells), header first.

    With ``problems`` ragged rows and total rows are noted there and left out instead of ending the reading.
    """
    spellings = _by_spelling(columns)
    lines = strip_cells(cells)
    header_line, header = take_header(lines, file)
    names = name_columns(header, spellings, header_line, file)
    rows = list(reject_total_rows(shape_rows(skip_empty(lines), names, file, problems), file, problems))
    if not rows and not (problems and problems.found):
        raise TableError(
            "the table has a header but no rows.", file=file, advice="Add the rows and try again."
        )
    return rows


def decode(data: bytes, file: str) -> str:
    """UTF-8 (BOM or not), UTF-16 with BOM, or Windows-1251; anything else is refused, never replaced."""
    if not data.strip():
        raise TableError("the file is empty.", file=file)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(data, "utf-16", file)
    if b"\x00" in data or data.startswith((b"PK\x03\x04", b"%PDF", b"\x89PNG", b"\xff\xd8")):
        raise TableError(
            "this is not a text table.", file=file, advice="Save the table as CSV and add that file."
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decoded(data, "cp1251", file)


def _decoded(data: bytes, encoding: str, file: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise TableError(
            "the letters of this file cannot be read: it is neither UTF-8 nor Windows-1251.",
            file=file,
            advice="Save it as UTF-8 and try again.",
        ) from error
    if any(unicodedata.category(c) == "Cc" and c not in "\t\r\n" for c in text):
        raise TableError(
            "this is not a text table.", file=file, advice="Save the table as CSV and add that file."
        )
    return text


def choose_delimiter(text: str, spellings: Mapping[str, str]) -> str:
    """The delimiter under which the first filled line names most known columns."""
    first = next((line for line in text.splitlines() if line.strip(' ;,\t|"')), "")

    def known(delimiter: str) -> int:
        return sum(fold(cell.strip(' "')) in spellings for cell in first.split(delimiter))

    return max(DELIMITERS, key=known)


def split_lines(text: str, delimiter: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """Cells of each row with the line on which the row begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        advice = "Look for a quotation mark that is not closed."
        raise TableError(
            f"the row cannot be split into cells: {error}.", file=file, line=line, advice=advice
        ) from error


def strip_cells(lines: Iterable[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """Without the space around each cell, of whatever width."""
    for line, cells in lines:
        yield line, [cell.strip().strip(_THIN + "\ufeff") for cell in cells]


def take_header(lines: Iterator[tuple[int, list[str]]], file: str) -> tuple[int, list[str]]:
    """The first row that is not empty."""
    for line, cells in lines:
        if any(cells):
            return line, cells
    raise TableError("the file is empty.", file=file)


def name_columns(header: list[str], spellings: Mapping[str, str], line: int, file: str) -> list[str]:
    """Known name of each column; an empty trailing header is dropped."""
    while header and not header[-1]:
        header = header[:-1]
    names = [spellings.get(fold(cell), "") or _in_another_alphabet(cell, spellings) for cell in header]
    if not any(names):
        raise TableError(
            f"the first row does not name the columns: {', '.join(header)[:200]}.",
            file=file,
            line=line,
            advice=f"Columns are {_listed(spellings)}.",
        )
    unknown = [cell for cell, name in zip(header, names, strict=True) if not name]
    if unknown:
        near = name_in(unknown[0], _by_name(spellings)).options if len(unknown) == 1 else ()
        asked = f"Is it {' or '.join(near)}? Write that. " if near else ""
        raise TableError(
            f"unknown column{'s' if len(unknown) > 1 else ''} {', '.join(map(repr, unknown))}.",
            file=file,
            line=line,
            advice=f"{asked}Columns are {_listed(spellings)}.",
        )
    for name in names:
        if names.count(name) > 1:
            raise TableError(f"column {name!r} is there twice.", file=file, line=line, advice="Keep one.")
    return names


def _in_another_alphabet(head: str, spellings: Mapping[str, str]) -> str:
    """The column that a head names in other letters; empty if none does, or if several may be meant."""
    return name_in(head, _by_name(spellings)).id or ""


def _by_name(spellings: Mapping[str, str]) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for spelling, name in spellings.items():
        names.setdefault(name, []).append(spelling)
    return names


def header_names(cells: Iterable[str], columns: Mapping[str, Iterable[str]]) -> set[str]:
    """The known columns that a row names."""
    spellings = _by_spelling(columns)
    return {spellings[fold(cell)] for cell in cells if fold(cell) in spellings}


def _by_spelling(columns: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {fold(s): name for name, accepted in columns.items() for s in (name, *accepted)}


def _listed(spellings: Mapping[str, str]) -> str:
    # votes.1 stands for votes.2, votes.3 and so on.
    names = dict.fromkeys(spellings.values())
    return ", ".join(name for name in names if not re.fullmatch(r".*\.(?!1$)[0-9]+", name))


def skip_empty(lines: Iterable[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """Without empty rows. Late in the chain, so that line numbers stay those of the file."""
    for line, cells in lines:
        if any(cells):
            yield line, cells


def shape_rows(
    lines: Iterable[tuple[int, list[str]]], names: list[str], file: str, problems: Problems | None = None
) -> Iterator[Row]:
    """Cells by column. A row longer or shorter than the header is refused: a shifted cell is wrong."""
    for line, given in lines:
        cells = given
        while len(cells) > len(names) and not cells[-1]:
            cells = cells[:-1]
        if len(cells) != len(names):
            said = f"this row has {len(cells)} cells, the header {len(names)}"
            if problems is not None:
                problems.add(line, said)
                continue
            raise TableError(
                f"{said}.",
                file=file,
                line=line,
                advice="If numbers hold commas, put them in quotation marks or use semicolons between cells.",
            )
        yield Row(line, dict(zip(names, cells, strict=True)))


def reject_total_rows(rows: Iterable[Row], file: str, problems: Problems | None = None) -> Iterator[Row]:
    """Refuse a total row: adding it would count everything twice."""
    for row in rows:
        if any(is_total(cell) for cell in row.cells.values() if not cell.isdigit()):
            if problems is not None:
                problems.add(
                    row.line, "this looks like a total row; remove it, it would count everything twice"
                )
                continue
            raise TableError(
                f"this looks like a total row (row {row.line}); adding it would count everything twice.",
                file=file,
                line=row.line,
                advice="Remove the row and add the table again.",
            )
        yield row


def is_total(text: str) -> bool:
    """True for the words that head a total row in Kazakh, Russian or English."""
    return _TOTAL.fullmatch(fold(text).strip(" :.")) is not None


def parse_count(text: str) -> int:
    """A count, with or without thousands separators (spaces, comma, dot). Raises ``ValueError`` in words."""
    plain = text.strip().strip(_THIN)
    if re.match(r"[-−–]\s*\d", plain):
        raise ValueError(f"{text!r} is negative; a count of votes is not")
    if plain.endswith("%"):
        raise ValueError(f"{text!r} is a percentage; this column takes the count")
    if plain.isascii() and plain.isdigit():
        return int(plain)
    for separator in (f"[{_THIN}]", ",", r"\."):
        if re.fullmatch(rf"[1-9][0-9]{{0,2}}(?:{separator}[0-9]{{3}})+", plain):
            return int(re.sub(separator, "", plain))
    if re.fullmatch(r"[0-9 ,.\u00a0\u202f]*[.,][0-9]+", plain):
        raise ValueError(f"{text!r} is not a whole number of votes")
    raise ValueError(f"{text!r} is not a number" if plain else "the number is missing")


def fold(text: str) -> str:
    """A head or word as it is compared: case, ё, underscores and spaces do not matter."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().replace("ё", "е").replace("_", " ").split())
