"""Official figures out of any published file: what kind it is, which of its tables is meant, long or wide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tally.columns import ColumnMap, rename
from tally.election import Contest, Election, OfficialFigure
from tally.errors import TableError, UsageError
from tally.foreign import read_foreign, text_cells, told
from tally.official import COLUMNS, figures_of
from tally.official_table import Problems, header_names
from tally.tables import Grid, grids_of, kind_of
from tally.tables.heads import wide_columns
from tally.tables.wide import WideCell, read_wide

_ENOUGH = 2
"""A header that names so many candidates or counts is the header of a wide table."""


@dataclass(frozen=True, slots=True)
class TableChoice:
    """What a person says about a file that does not say it itself."""

    contest: str = ""
    """Id of the contest that a wide table is about; empty if the case has only one."""
    part: str = ""
    """Name of the sheet or table that is meant; empty if only one fits."""
    pages: Sequence[int] | None = None
    """1-based pages of a PDF; ``None`` for all."""
    skip: Sequence[str] = ()
    """Columns of a wide table to leave out."""
    as_printed: bool = False
    """Take a wide table whose total row differs from the sum of its rows."""
    mapping: ColumnMap = field(default_factory=dict)
    """What columns are, by head or ``#n``: region, district, a candidate, a count; empty to leave one out."""


def read_official(
    data: bytes,
    file: str,
    election: Election,
    scope: Sequence[Contest],
    choice: TableChoice,
    source: str,
    as_of: str,
) -> tuple[tuple[OfficialFigure, ...], tuple[str, ...]]:
    """Figures of a published file, and notes on how it was read. ``scope``: the contests of the case.

    Raises :class:`TableError` with every problem, :class:`UsageError` if a contest or sheet has to be named.
    """
    grids = _named(grids_of(data, file, pages=choice.pages), choice.part, file)
    notes = tuple(note for grid in grids for note in grid.notes)
    is_text, mapping = kind_of(data) == "text", choice.mapping
    long = [grid for grid in grids if any(_heads_a_long_table(cells, mapping) for _, cells in grid.rows[:20])]
    if long or (is_text and not choice.contest and not _wide(grids, scope, mapping)):
        cells = (
            text_cells(data, file, COLUMNS, mapping) if is_text else _below_title(_only(long, file), mapping)
        )
        problems = Problems(file, [])
        rows = read_foreign(cells, file, COLUMNS, mapping, problems).rows
        problems.raise_if_any()
        figures = figures_of(rows, file, election, source, as_of)
        pairs = zip(rows, figures, strict=True)
        named = [(row.cells["subject"], one.subject) for row, one in pairs if one.kind == "count"]
        return figures, (*notes, *told("rows", named))
    contest = _contest(scope, choice.contest)
    wide = _one_table(grids, contest, mapping, file)
    table = read_wide(wide, file, election, contest, mapping, skip=choice.skip, as_printed=choice.as_printed)
    return tuple(_figure(c, election, source, as_of) for c in table.cells), (*notes, *table.notes)


def _heads_a_long_table(cells: Sequence[str], mapping: ColumnMap) -> bool:
    return {"subject", "votes"} <= header_names(rename(cells, mapping), COLUMNS)


def _below_title(grid: Grid, mapping: ColumnMap) -> list[tuple[int, list[str]]]:
    """From the header on: workbooks and pages have titles above it."""
    start = next(i for i, (_, cells) in enumerate(grid.rows) if _heads_a_long_table(cells, mapping))
    return list(grid.rows[start:])


def _named(grids: Sequence[Grid], part: str, file: str) -> Sequence[Grid]:
    if not part:
        return grids
    found = [grid for grid in grids if grid.name.casefold() == part.casefold()]
    if not found:
        known = ", ".join(repr(grid.name) for grid in grids)
        raise TableError(f"there is no sheet or table {part!r}.", file=file, advice=f"There are {known}.")
    return found


def _only(grids: Sequence[Grid], file: str) -> Grid:
    if len(grids) > 1:
        raise TableError(
            f"several tables fit: {', '.join(repr(grid.name) for grid in grids)}.",
            file=file,
            advice="Name the one that is meant: --part NAME.",
        )
    return grids[0]


def _wide(grids: Sequence[Grid], scope: Sequence[Contest], mapping: ColumnMap) -> bool:
    return any(wide_columns(grid, contest, mapping) >= _ENOUGH for grid in grids for contest in scope[:1])


def _contest(scope: Sequence[Contest], named: str) -> Contest:
    if named:
        found = next((contest for contest in scope if contest.id == named), None)
        if found is None:
            known = ", ".join(contest.id for contest in scope)
            raise UsageError(f"there is no contest {named!r} in this case.", advice=f"It has {known}.")
        return found
    if len(scope) != 1:
        raise UsageError(
            "this table does not say which contest it is about.", advice="Name it: --contest ID."
        )
    return scope[0]


def _one_table(grids: Sequence[Grid], contest: Contest, mapping: ColumnMap, file: str) -> Sequence[Grid]:
    """The grids of one wide table: of a PDF, all pages from the one with the header on."""
    fitting = [i for i, grid in enumerate(grids) if wide_columns(grid, contest, mapping) >= _ENOUGH]
    if not fitting:
        raise TableError(
            f"no table of this file names candidates or counts of {contest.id} in its header.",
            file=file,
            advice="docs/rules.md shows the two kinds of table that are understood.",
        )
    if not grids[0].name.startswith("page "):
        return (_only([grids[i] for i in fitting], file),)
    return grids[fitting[0] :]


def _figure(cell: WideCell, election: Election, source: str, as_of: str) -> OfficialFigure:
    return OfficialFigure(
        contest=cell.contest,
        subject=cell.subject,
        unit=cell.unit,
        value=cell.value,
        printed=cell.printed,
        kind="votes" if election.contest(cell.contest).candidate(cell.subject) else "count",
        derived=False,
        source=source,
        as_of=as_of,
    )
