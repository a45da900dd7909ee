"""A user's file as a table for an audit.

Two shapes are understood: a row per place with a column per candidate (and, if printed, a column of
percentages each), and a row per candidate with the columns candidate, votes, percent. Places may be nested
(region, district, precinct); a row of totals is known by its words or, failing that, by being the sum.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from tally.audit.file_columns import (
    Column,
    columns_of,
    count_in,
    missing,
    percent_in,
    role_of,
    total_label,
)
from tally.audit.flat import flat_tables
from tally.audit.model import PERCENT, ROLES_OF_COUNTS, SERIES, TURNOUT, Cell, Key, Names, Table, Unit, Unread
from tally.audit.wording import column_name, say
from tally.errors import TableError
from tally.official_table import strip_cells, take_header
from tally.tables import grids_of, kind_of
from tally.texts import LANGUAGES

_HELP = (
    "Give it a header such as: region; registered; total; invalid; Party A; Party A %; Party B; Party B %. "
    "Or a row per candidate: candidate; votes; percent."
)
_FEW_COLUMNS = 2


def read_file_tables(path: Path) -> tuple[Table, ...]:
    """The tables of a CSV, workbook (.xlsx), PDF with a text layer or saved page.

    Raises :class:`TableError` with advice if one cannot be understood.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TableError(
            f"the file cannot be opened: {error.strerror}.", file=str(path), advice="Check the name."
        ) from error
    grids = grids_of(data, path.name)
    if kind_of(data) == "text":
        return (table_from_cells(grids[0].rows, path.name),)
    flat = flat_tables(grids, path.name)
    names = [f"{path.name}, {name}" if len(flat) > 1 else path.name for name, _ in flat]
    return tuple(table_from_cells(rows, name) for name, (_, rows) in zip(names, flat, strict=True))


def table_from_cells(lines: Iterable[tuple[int, list[str]]], file: str) -> Table:
    """The table of cells that were read from a CSV, a workbook or a PDF: pairs (line, cells), header first."""
    stripped = strip_cells(lines)
    at, heads = take_header(stripped, file)
    while heads and not heads[-1]:
        heads = heads[:-1]
    _unique(heads, at, file)
    rows = [(line, _fit(cells, len(heads), line, file)) for line, cells in stripped if any(cells)]
    if not rows:
        raise TableError("the table has a header but no rows.", file=file, advice=_HELP)
    columns = columns_of(heads, [cells for _, cells in rows])
    if not any(c.kind in ("count", "percent") for c in columns):
        raise TableError(
            f"no column of votes, ballots or percentages was recognised among: {', '.join(heads)[:200]}.",
            file=file,
            line=at,
            advice=_HELP,
        )
    return _Reader(file, columns).table(rows)


def _unique(heads: Sequence[str], line: int, file: str) -> None:
    twice = next((head for head in heads if head and heads.count(head) > 1), None)
    if twice:
        raise TableError(f"column {twice!r} is there twice.", file=file, line=line, advice="Rename one.")


def _fit(cells: list[str], width: int, line: int, file: str) -> list[str]:
    while len(cells) > width and not cells[-1]:
        cells = cells[:-1]
    if len(cells) != width:
        raise TableError(
            f"this row has {len(cells)} cells, the header {width}.",
            file=file,
            line=line,
            advice="If numbers hold commas, put them in quotation marks or use semicolons between cells.",
        )
    return cells


def _same(text: str) -> Names:
    return dict.fromkeys(LANGUAGES, text)


@dataclass(slots=True)
class _Reader:
    """Collects units and cells row by row."""

    file: str
    columns: list[Column]
    cells: dict[Key, Cell] = field(default_factory=dict)
    unread: list[Unread] = field(default_factory=list)
    remarks: list[Names] = field(default_factory=list)
    names: dict[str, Names] = field(default_factory=dict)

    def table(self, rows: Sequence[tuple[int, list[str]]]) -> Table:
        """The table of all rows."""
        labels = sorted((c for c in self.columns if c.kind == "label"), key=lambda c: (c.rank, c.index))
        person = next((c for c in self.columns if c.kind == "person"), None)
        paths = self._paths(rows, labels, long=person is not None)
        units: dict[tuple[str, ...], Unit] = {}
        for (line, cells), path in zip(rows, paths, strict=True):
            name = " / ".join(path) if path else ""
            unit = units.setdefault(path, Unit(path, _same(name) if name else say("whole")))
            for column in self.columns:
                if column.kind in ("count", "percent"):
                    self._put(unit, column, cells, line, cells[person.index] if person else "")
        self._remark_unused()
        self._remark_dots()
        return Table(
            id=self.file,
            names=_same(self.file),
            units=tuple(units.values()),
            categories=self._categories(),
            column_names=self.names,
            cells=self.cells,
            unread=tuple(self.unread),
            remarks=tuple(self.remarks),
        )

    def _put(self, unit: Unit, column: Column, cells: Sequence[str], line: int, person: str) -> None:
        text = cells[column.index]
        if missing(text):
            return
        role = role_of(person) if person else None
        name = (role or person) if person else column.name
        percent = column.kind == "percent"
        if not name or (name == TURNOUT and not percent):
            return
        parsed = percent_in(text) if percent else _whole(text)
        if parsed is None:
            self.unread.append(Unread(text, unit.names["en"], column.head))
            return
        self.names.setdefault(name, column_name(name) if _known(name) else _same(name))
        key = Key(self.file, unit.path, name + (PERCENT if percent else ""))
        if key in self.cells:
            raise TableError(
                f"{name} of {unit.names['en']} is there twice (also in line {self.cells[key].line}).",
                file=self.file,
                line=line,
                advice="Keep one row, or name the place in a column of its own.",
            )
        head = column.head if not person else f"{person}, {column.head}"
        self.cells[key] = Cell(text, parsed[0], parsed[1], self.file, unit.names["en"], head, line)

    def _categories(self) -> tuple[str, ...]:
        plain = dict.fromkeys(key.column.removesuffix(PERCENT) for key in self.cells)
        return tuple(name for name in plain if not _known(name))

    def _paths(
        self, rows: Sequence[tuple[int, list[str]]], labels: Sequence[Column], *, long: bool
    ) -> list[tuple[str, ...]]:
        """Where each row belongs; a label that is left out above a lower one is that of the row before."""
        found: list[tuple[str, ...]] = []
        above: tuple[str, ...] = ()
        for line, cells in rows:
            texts = [cells[c.index] for c in labels]
            for depth, text in enumerate(texts):
                if not text and any(texts[depth + 1 :]) and len(above) > depth:
                    texts[depth] = above[depth]
            path = tuple(text for text in texts if text)
            total = next((depth for depth, text in enumerate(path) if total_label(text)), None)
            if total is not None:
                self.remarks.append(say("remark-total-words", row=" / ".join(path)))
                path = path[:total]
            elif labels and not long and not path:
                path = (f"{line}",)
            above = path if total is None else above
            found.append(path)
        if not labels and not long:
            found = [(f"{line}",) for line, _ in rows]
        return found if long else self._by_sums(rows, self._apart(rows, found))

    def _apart(
        self, rows: Sequence[tuple[int, list[str]]], paths: Sequence[tuple[str, ...]]
    ) -> list[tuple[str, ...]]:
        """Rows of one name get their line behind it: they may be two places."""
        times = Counter(paths)
        return [
            (*path[:-1], f"{path[-1]} ({line})") if path and times[path] > 1 else path
            for (line, _), path in zip(rows, paths, strict=True)
        ]

    def _by_sums(
        self, rows: Sequence[tuple[int, list[str]]], paths: list[tuple[str, ...]]
    ) -> list[tuple[str, ...]]:
        """Without a row of totals by its words, the first or last row that is the sum of the others."""
        if () in paths or len(rows) < 3:
            return paths
        for at in (-1, 0):
            equal = compared = 0
            for column in (c for c in self.columns if c.kind == "count"):
                numbers = [count_in(cells[column.index]) for _, cells in rows]
                known = [number for number in numbers if number is not None]
                if len(known) == len(numbers):
                    compared += 1
                    equal += 2 * known[at] == sum(known, Fraction())
            if equal >= _FEW_COLUMNS and 2 * equal >= compared:
                self.remarks.append(say("remark-total-sums", row=" / ".join(paths[at])))
                paths[at] = ()
                break
        return paths

    def _remark_dots(self) -> None:
        """A dot that we read as thousands, where the other cells of the table use something else."""
        counts = {k: c for k, c in self.cells.items() if not k.column.endswith(PERCENT)}
        dotted = {k: c for k, c in counts.items() if "." in c.printed}
        if 2 * len(dotted) < len(counts):
            self.remarks += [
                say("remark-dot", row=c.row, column=c.column, printed=c.printed, value=int(c.number))
                for c in dotted.values()
            ]

    def _remark_unused(self) -> None:
        unused = [c.head for c in self.columns if c.kind == "unused" and c.head]
        if unused:
            self.remarks.append(say("remark-unused", columns=", ".join(unused)))


def _known(name: str) -> bool:
    return name in ROLES_OF_COUNTS or name.startswith(SERIES)


def _whole(text: str) -> tuple[Fraction, int] | None:
    number = count_in(text)
    return None if number is None else (number, 0)
