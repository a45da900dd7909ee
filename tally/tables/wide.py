"""Tables with one row per region or district and one column per candidate or count.

The header may be stacked over several rows and stand again on every page; a cell may hold a count with its
percentage below. A total row is never added to the rest: it is compared with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tally.columns import ColumnMap
from tally.composed import Composed
from tally.election import Contest, Election
from tally.errors import TableError
from tally.foreign import told
from tally.official_names import UnknownName, find_contest, fold_name
from tally.official_table import Problems, is_total, parse_count
from tally.tables.grid import Grid
from tally.tables.heads import name_heads, split_header

_WHOLE = {"по республике", "республика бойынша", "республика казахстан", "қазақстан республикасы", "national"}


@dataclass(frozen=True, slots=True)
class WideCell:
    """One count of a wide table."""

    contest: str
    subject: str
    unit: str
    """Region id, or empty for the whole contest."""
    value: int
    printed: str
    """All that stands in the cell, line by line: the count, often with a percentage."""
    line: int
    """Row within its grid."""


@dataclass(frozen=True, slots=True)
class WideTable:
    """What a wide table says, and how it was read."""

    cells: tuple[WideCell, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Stacked:
    """One row of the table, its cells as the lines that stand in them."""

    line: int
    place: str
    """Name of the grid; empty if the table is one grid."""
    unit: str
    cells: tuple[tuple[str, ...], ...]

    @property
    def says(self) -> str:
        """How a message names the row."""
        return f"{self.place}, {self.unit}" if self.place else self.unit


def read_wide(
    grids: Sequence[Grid],
    file: str,
    election: Election,
    contest: Contest,
    mapping: ColumnMap,
    *,
    skip: Iterable[str] = (),
    as_printed: bool = False,
) -> WideTable:
    """The counts of a table that may run over several grids (the pages of a PDF).

    ``mapping`` says what columns are, ``skip`` names some to leave out. ``as_printed`` takes a table whose
    total row differs from its rows.
    Raises :class:`TableError` with all problems, each with its row.
    """
    rows = [(line, grid.name, cells) for grid in grids for line, cells in grid.rows]
    width = max(len(cells) for *_, cells in rows)
    rows = [(line, place, [*cells, *[""] * (width - len(cells))]) for line, place, cells in rows]
    printed, header_rows = split_header([cells for *_, cells in rows], contest, mapping)
    heads = name_heads(printed, contest, mapping, skip, file)
    repeated = {tuple(cells) for *_, cells in rows[:header_rows]}
    body = [row for row in rows[header_rows:] if any(row[2]) and tuple(row[2]) not in repeated]
    problems = Problems(file, [])
    found: list[WideCell] = []
    totals: list[WideCell] = []
    first: dict[tuple[str, str], _Stacked] = {}
    for row in _stack(body, heads.unit, heads.subjects, election, problems):
        whole, where = _where(row, heads.built, election, contest, problems)
        if where is None:
            continue
        known = first.setdefault(where, row)
        if known is not row:
            problems.add(row.line, f"{row.says} is listed twice (first as {known.says}). Keep one")
            continue
        cells = list(_counts(row, where, heads.subjects, problems))
        (totals if whole else found).extend(cells)
    problems.raise_if_any()
    if not found and not totals:
        raise TableError("the table has a header but no rows.", file=file)
    notes = [f"column {name!r} was left out" for name in heads.left_out]
    notes += told("columns", ((printed[column], subject) for column, subject in heads.subjects.items()))
    notes += _compare(found, totals, file, as_printed=as_printed)
    return WideTable((*found, *totals), tuple(notes))


def _stack(
    rows: Iterable[tuple[int, str, list[str]]],
    unit: int,
    subjects: Iterable[int],
    election: Election,
    problems: Problems,
) -> Iterator[_Stacked]:
    """Rows that only go on with the row above belong to it: percentages below counts, the rest of a name."""
    columns = tuple(subjects)
    above: tuple[int, str, list[list[str]]] | None = None
    for line, place, cells in rows:
        parts = [[part.strip() for part in cell.splitlines() if part.strip()] for cell in cells]
        numbers = [part for column in columns for part in parts[column]]
        if above is not None and _goes_on(" ".join(parts[unit]), numbers, election):
            for mine, more in zip(above[2], parts, strict=True):
                mine.extend(more)
        elif parts[unit]:
            if above is not None:
                yield _closed(above, unit)
            above = (line, place, parts)
        elif numbers:
            problems.add(line, f"{place or 'the table'}: these numbers belong to no region or district")
    if above is not None:
        yield _closed(above, unit)


def _goes_on(unit: str, numbers: Sequence[str], election: Election) -> bool:
    """True for a row of percentages or nothing that names no region or district of its own.

    A row of a region whose numbers are missing is a row of its own: it has to be told, not swallowed.
    """
    if any(not number.endswith("%") for number in numbers):
        return False
    return not unit or (bool(numbers) and election.region_named(unit) is None and not unit.isdigit())


def _closed(row: tuple[int, str, list[list[str]]], unit: int) -> _Stacked:
    return _Stacked(row[0], row[1], " ".join(row[2][unit]), tuple(tuple(parts) for parts in row[2]))


def _where(
    row: _Stacked, built: Composed | None, election: Election, contest: Contest, problems: Problems
) -> tuple[bool, tuple[str, str] | None]:
    """Is it the total row, and which contest and region it is about."""
    if is_total(row.unit) or fold_name(row.unit) in {fold_name(words) for words in _WHOLE}:
        return True, (contest.id, "")
    try:
        unit = built.split(row.unit)[0] if built is not None else row.unit
    except ValueError as error:
        problems.add(row.line, f"{row.place}: {error}" if row.place else str(error))
        return False, None
    region = election.region_named(unit)
    if region is not None:
        return False, (contest.id, "" if contest.region == region else region)
    try:
        return False, (find_contest(election, "", unit).id, "")
    except UnknownName:
        problems.add(row.line, f"{row.says}: there is no such region or district in {election.id}")
        return False, None


def _counts(
    row: _Stacked, where: tuple[str, str], subjects: Mapping[int, str], problems: Problems
) -> Iterator[WideCell]:
    for column, subject in subjects.items():
        parts = row.cells[column]
        counts = [part for part in parts if not part.endswith("%")]
        if not counts:
            problems.add(row.line, f"{row.says}, {subject}: the number is missing")
        elif len(counts) > 1:
            problems.add(
                row.line, f"{row.says}, {subject}: one number is expected, not {' and '.join(counts)}"
            )
        else:
            try:
                value = parse_count(counts[0])
            except ValueError as error:
                problems.add(row.line, f"{row.says}, {subject}: {error}")
                continue
            yield WideCell(where[0], subject, where[1], value, "\n".join(parts), row.line)


def _compare(
    found: Sequence[WideCell], totals: Sequence[WideCell], file: str, *, as_printed: bool
) -> Iterator[str]:
    """The total row against the sum of the rows, column by column."""
    if not found or not totals:
        return
    sums: dict[str, int] = {}
    for cell in found:
        sums[cell.subject] = sums.get(cell.subject, 0) + cell.value
    wrong = [
        f"{cell.subject}: the rows add up to {sums[cell.subject]}, the total row says {cell.value}"
        for cell in totals
        if sums.get(cell.subject, cell.value) != cell.value
    ]
    if wrong and not as_printed:
        raise TableError(
            "\n".join(wrong),
            file=file,
            line=totals[0].line,
            advice="Compare with the publication: a row may be missing, or a digit wrong. If it is printed so, "
            "take it as it is with --as-printed.",
        )
    yield from wrong
    yield f"the total row agrees with the rows in {len(totals) - len(wrong)} of {len(totals)} columns"
