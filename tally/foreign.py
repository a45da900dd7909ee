"""Tables whose heads are not ours: read under the columns that a person gave them, and told which was taken as what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from tally.columns import PASSED_BY, ColumnMap, rename
from tally.official_table import Problems, Row, choose_delimiter, decode, fold, shape_table, split_lines

Cells: TypeAlias = Iterable[tuple[int, list[str]]]
"""(line, cells), the header first."""
Taken: TypeAlias = tuple[tuple[str, str], ...]
"""(head as the file has it, column that it was taken as; empty if it is passed by), from left to right."""


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
    heads = _Heads(mapping, problems)
    rows = shape_table(heads.lines(cells), file, columns, problems)
    return Table(rows, heads.taken(rows[0].cells) if rows else ())


def told(what: str, taken: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """One sentence that names what was taken under another name than its own, for a person to look at, or none.

    ``registered`` may be the number on the eve of the vote, and the protocol's row be that at its close.
    """
    other = [f"{head!r} as {name}" for head, name in taken if name and fold(head) != fold(name)]
    return (f"{what} taken: {', '.join(dict.fromkeys(other))}",) if other else ()


class _Heads:
    """Heads as the mapping has them, columns that nobody wants left out, of whole rows only."""

    def __init__(self, mapping: ColumnMap, problems: Problems) -> None:
        self._mapping = mapping
        self._problems = problems
        self._printed: list[str] = []
        self._heads: list[str] = []

    def taken(self, columns: Iterable[str]) -> Taken:
        """Each printed head with the column that its cells came under; ``columns``: these, in order."""
        known = iter(columns)
        pairs = zip(self._printed, self._heads, strict=True)
        return tuple((printed, "" if head == PASSED_BY else next(known, "")) for printed, head in pairs)

    def lines(self, cells: Cells) -> Iterator[tuple[int, list[str]]]:
        for line, row in cells:
            filled = len(row) - next((i for i, cell in enumerate(reversed(row)) if cell.strip()), len(row))
            heads = self._heads
            if filled and not heads:
                self._printed = [cell.strip() for cell in row[:filled]]
                self._heads = rename(self._printed, self._mapping)
                yield line, [head for head in self._heads if head != PASSED_BY]
            elif not self._mapping or not filled:
                yield line, row
            elif filled > len(heads) or len(row) < len(heads):
                # Before columns are left out: a cell may be missing in the middle.
                said = f"this row has {max(filled, len(row))} cells, the header {len(heads)}"
                self._problems.add(line, said)
            else:
                yield line, [cell for head, cell in zip(heads, row, strict=False) if head != PASSED_BY]
