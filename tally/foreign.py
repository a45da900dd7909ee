"""Tables whose heads are not ours: read under the columns that a person gave them, and told which was taken as what."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from tally.columns import PASSED_BY, ColumnMap, rename
from tally.composed import Composed, composed
from tally.official_table import Problems, Row, choose_delimiter, decode, fold, shape_table, split_lines

Cells: TypeAlias = Iterable[tuple[int, list[str]]]
"""(line, cells), the header first."""
Taken: TypeAlias = tuple[tuple[str, str], ...]
"""From left to right: head as the file has it, or ``#n`` where it has none; column that it was taken as, empty if
it is passed by."""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a table by known columns."""

    rows: list[Row]
    taken: Taken


def text_cells(data: bytes, file: str, columns: Mapping[str, Iterable[str]], mapping: ColumnMap) -> Cells:
    """The cells of a CSV; the delimiter is the one under which the first line names most columns."""
    text = decode(data, file)
    heads = {fold(head): name for name, names in columns.items() for head in (name, *names)}
    heads |= dict.fromkeys(map(fold, mapping), "mapped")
    return split_lines(text, choose_delimiter(text, heads), file)


def read_foreign(
    cells: Cells,
    file: str,
    columns: Mapping[str, Iterable[str]],
    mapping: ColumnMap,
    problems: Problems,
) -> Table:
    """Rows by known columns, heads renamed first; ragged rows and total rows are noted in ``problems``.

    Raises :class:`TableError` for a header that is not understood.
    """
    heads = _Heads(mapping, columns, problems)
    rows = shape_table(heads.lines(cells), file, columns, problems)
    return Table(rows, heads.taken(rows[0].cells) if rows else ())


def told(what: str, taken: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """One sentence that names what was taken under another name than its own, for a person to look at, or none.

    ``registered`` may be the number on the eve of the vote, and the protocol's row be that at its close.
    """
    other = [f"{head!r} as {name}" for head, name in taken if name and fold(head) != fold(name)]
    return (f"{what} taken: {', '.join(dict.fromkeys(other))}",) if other else ()


class _Heads:
    """Heads as the mapping has them; columns that nobody wants left out, of whole rows only, others taken apart."""

    def __init__(self, mapping: ColumnMap, columns: Container[str], problems: Problems) -> None:
        self._mapping = mapping
        self._columns = columns
        self._problems = problems
        self._printed: list[str] = []
        self._meant: list[str] = []
        """What each printed head is by the mapping."""
        self._built: dict[int, Composed] = {}
        """Place of a column (from 0) -> how its cells are built, if they hold several things; from right to left."""
        self._heads: list[str] = []
        """Heads of the cells once they are taken apart."""

    def taken(self, columns: Iterable[str]) -> Taken:
        """Each printed head with the column that its cells came under; ``columns``: these, in order."""
        known, out = iter(columns), []
        for place, (printed, meant) in enumerate(zip(self._printed, self._meant, strict=True)):
            built = self._built.get(place)
            for _ in built.names if built is not None else ():
                next(known)
            column = "" if meant == PASSED_BY else meant if built is not None else next(known, "")
            out.append((printed or f"#{place + 1}", column))
        return tuple(out)

    def lines(self, cells: Cells) -> Iterator[tuple[int, list[str]]]:
        for line, row in cells:
            filled = len(row) - next((i for i, cell in enumerate(reversed(row)) if cell.strip()), len(row))
            width = len(self._printed)
            if filled and not width:
                self._name([cell.strip() for cell in row[:filled]])
                yield line, [head for head in self._heads if head != PASSED_BY]
            elif not self._mapping or not filled:
                yield line, row
            elif filled > width or len(row) < width:
                # Before columns are left out: a cell may be missing in the middle.
                self._problems.add(line, f"this row has {max(filled, len(row))} cells, the header {width}")
            else:
                try:
                    apart = self._apart(row)
                except ValueError as error:
                    self._problems.add(line, str(error))
                    continue
                yield line, [c for head, c in zip(self._heads, apart, strict=False) if head != PASSED_BY]

    def _name(self, printed: list[str]) -> None:
        self._printed, self._meant = printed, rename(printed, self._mapping)
        self._heads = list(self._meant)
        for place in reversed(range(len(printed))):
            built = composed(self._meant[place]) if self._meant[place] not in self._columns else None
            if built is not None:
                self._built[place] = built
                self._heads[place : place + 1] = built.names

    def _apart(self, row: list[str]) -> list[str]:
        """The cells of a row, those that hold several things taken apart. Raises ``ValueError`` in words."""
        cells = list(row) if self._built else row
        for place, built in self._built.items():
            cells[place : place + 1] = built.split(row[place])
        return cells
