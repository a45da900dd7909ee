"""Tables with one row per region or district and one column per candidate or count.

The header may be stacked over several rows and stand again on every page; a cell may hold a count with its
percentage below. A total row is never added to the rest: it is compared with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tally.election import Contest, Election
from tally.errors import TableError
from tally.official_names import UnknownName, find_contest, find_subject, fold_name
from tally.official_table import Problems, is_total, parse_count
from tally.tables.grid import Grid, looks_like_number

_UNIT = {
    *("district", "region", "unit", "territory", "constituency", "county", "city", "регион", "область"),
    *("округ", "территория", "тик", "район", "город", "наименование региона", "өңір", "облыс", "аймақ"),
    *("номер округа", "tik", "name", "название", "атауы", "округ нөмірі"),
}
_NUMBERING = {"", "no", "n", "#", "п п", "№", "№ п п", "nr", "р с"}
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


def wide_columns(grid: Grid, contest: Contest) -> int:
    """How many candidates or counts the header of a grid names; 2 or more make it a wide table."""
    head, _ = _split_header([cells for _, cells in grid.rows], contest)
    return sum(_subject(contest, name) is not None for name in head)


def read_wide(
    grids: Sequence[Grid],
    file: str,
    election: Election,
    contest: Contest,
    *,
    skip: Iterable[str] = (),
    as_printed: bool = False,
) -> WideTable:
    """The counts of a table that may run over several grids (the pages of a PDF).

    ``skip`` names columns to leave out. ``as_printed`` takes a table whose total row differs from its rows.
    Raises :class:`TableError` with all problems, each with its row.
    """
    rows = [(line, grid.name, cells) for grid in grids for line, cells in grid.rows]
    width = max(len(cells) for *_, cells in rows)
    rows = [(line, place, [*cells, *[""] * (width - len(cells))]) for line, place, cells in rows]
    head, header_rows = _split_header([cells for *_, cells in rows], contest)
    unit, subjects, left_out = _columns(head, contest, set(map(fold_name, skip)), file)
    repeated = {tuple(cells) for *_, cells in rows[:header_rows]}
    body = [row for row in rows[header_rows:] if any(row[2]) and tuple(row[2]) not in repeated]
    problems = Problems(file, [])
    found: list[WideCell] = []
    totals: list[WideCell] = []
    first: dict[tuple[str, str], _Stacked] = {}
    for row in _stack(body, unit, subjects, election, problems):
        whole, where = _where(row, election, contest, problems)
        if where is None:
            continue
        known = first.setdefault(where, row)
        if known is not row:
            problems.add(row.line, f"{row.says} is listed twice (first as {known.says}). Keep one")
            continue
        cells = list(_counts(row, where, subjects, problems))
        (totals if whole else found).extend(cells)
    problems.raise_if_any()
    if not found and not totals:
        raise TableError("the table has a header but no rows.", file=file)
    notes = [f"column {name!r} was left out" for name in left_out]
    notes += _compare(found, totals, file, as_printed=as_printed)
    return WideTable((*found, *totals), tuple(notes))


def _split_header(rows: Sequence[list[str]], contest: Contest) -> tuple[list[str], int]:
    """Names of the columns, and how many rows come before the first row of numbers.

    Of the rows above the numbers, titles come first and belong to no column: the header begins at the row
    from which on the most columns are understood.
    """
    end = next((i for i, cells in enumerate(rows) if _is_numbers(cells)), len(rows))
    best: tuple[int, list[str]] = (-1, [])
    for start in range(end):
        names = [_joined(column) for column in zip(*_same_width(rows[start:end]), strict=True)]
        known = sum(_subject(contest, name) is not None for name in names)
        if known >= best[0]:
            best = (known, names)
    names = best[1]
    while end < len(rows) and _is_column_numbers(rows[end]):
        end += 1
    return names, end


def _same_width(rows: Sequence[list[str]]) -> list[list[str]]:
    width = max(len(cells) for cells in rows)
    return [[*cells, *[""] * (width - len(cells))] for cells in rows]


def _is_numbers(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells[1:] if cell.strip()]
    return bool(filled) and 2 * sum(looks_like_number(cell) for cell in filled) > len(filled)


def _is_column_numbers(cells: Sequence[str]) -> bool:
    """``1 2 3 4 …`` below the header, as post-Soviet tables have it."""
    return len(cells) > 2 and [cell.strip(" .") for cell in cells] == [
        str(number) for number in range(1, len(cells) + 1)
    ]


def _joined(parts: Iterable[str]) -> str:
    """The parts of a stacked header, one below the other; a part filled down from a merged cell once."""
    kept: list[str] = []
    for part in (" ".join(text.split()) for text in parts):
        if part and (not kept or kept[-1] != part):
            kept.append(part)
    return " ".join(kept)


def _subject(contest: Contest, name: str) -> str | None:
    try:
        return find_subject(contest, name) if name else None
    except UnknownName:
        return None


def _columns(
    head: Sequence[str], contest: Contest, skip: set[str], file: str
) -> tuple[int, dict[int, str], list[str]]:
    unit: int | None = None
    subjects: dict[int, str] = {}
    left_out: list[str] = []
    for column, name in enumerate(head):
        folded = fold_name(name)
        if folded in skip or "%" in name or folded in _NUMBERING:
            if name:
                left_out.append(name)
        elif unit is None and folded in {fold_name(word) for word in _UNIT}:
            unit = column
        elif (subject := _subject(contest, name)) is None:
            raise TableError(
                f"nobody and nothing named {name!r} is known in {contest.id}.",
                file=file,
                advice=f"If the column is not needed, leave it out: --skip {name!r}.",
            )
        elif subject in subjects.values():
            raise TableError(f"two columns speak of {subject}.", file=file, advice="Leave one out: --skip.")
        else:
            subjects[column] = subject
    if not subjects:
        raise TableError(
            f"no column names a candidate or a count of {contest.id}.",
            file=file,
            advice="Name the contest of the table: --contest ID.",
        )
    return 0 if unit is None else unit, subjects, left_out


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
    row: _Stacked, election: Election, contest: Contest, problems: Problems
) -> tuple[bool, tuple[str, str] | None]:
    """Is it the total row, and which contest and region it is about."""
    if is_total(row.unit) or fold_name(row.unit) in {fold_name(words) for words in _WHOLE}:
        return True, (contest.id, "")
    region = election.region_named(row.unit)
    if region is not None:
        return False, (contest.id, "" if contest.region == region else region)
    try:
        return False, (find_contest(election, "", row.unit).id, "")
    except UnknownName:
        problems.add(row.line, f"{row.says}: there is no such region or district in {election.id}")
        return False, None


def _counts(
    row: _Stacked, where: tuple[str, str], subjects: dict[int, str], problems: Problems
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
