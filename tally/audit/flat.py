"""Tables of workbooks, saved pages and PDFs brought into the one shape that an audit reads: one header, plain rows.

Titles above the header are passed by, a header over several rows is read down each column, and it is taken once
where every page repeats it. What is printed below a count (a percentage) gets a column of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from tally.audit.file_columns import count_in, percent_in
from tally.errors import TableError
from tally.tables import Grid
from tally.tables.grid import looks_like_number

Rows = list[tuple[int, list[str]]]
_FEWEST_COLUMNS = 2


def flat_tables(grids: Sequence[Grid], file: str) -> list[tuple[str, Rows]]:
    """``(name, rows)`` of each table, header first. Pages that go on with the columns of the page before are one.

    Raises :class:`TableError` if no grid has a header and rows.
    """
    joined: list[tuple[str, list[list[str]], Rows]] = []
    for grid in grids:
        rows = [(line, cells) for line, cells in grid.rows if any(cell.strip() for cell in cells)]
        head, body = _split(rows)
        same = joined and (not head or head == joined[-1][1]) and _width(body) == _width(joined[-1][2])
        if same:
            joined[-1][2].extend(body)
        elif head and body:
            joined.append((grid.name, head, body))
    if not joined:
        raise TableError("no table with a header and rows was found.", file=file)
    return [(name, _unstacked(head, body)) for name, head, body in joined]


def _split(rows: Rows) -> tuple[list[list[str]], Rows]:
    """Header rows and the rest. The header ends where the first row with numbers in its columns begins."""
    first = next((i for i, (_, cells) in enumerate(rows) if _is_row(cells)), len(rows))
    head = [
        cells for _, cells in rows[:first] if sum(bool(cell.strip()) for cell in cells) >= _FEWEST_COLUMNS
    ]
    # The second row of a header may fill one column only; a title stands above every row that fills more.
    start = next((i for i, (_, cells) in enumerate(rows[:first]) if head and cells is head[0]), first)
    return [cells for _, cells in rows[start:first]], [
        row for row in rows[first:] if not _numbers_columns(row[1])
    ]


def _is_row(cells: Sequence[str]) -> bool:
    numbers = [cell for cell in cells[1:] if looks_like_number(cell)]
    return len(numbers) >= 1 and 2 * len(numbers) >= sum(bool(cell.strip()) for cell in cells[1:])


def _numbers_columns(cells: Sequence[str]) -> bool:
    """True for the row 1, 2, 3, ... that some forms print below the header."""
    texts = [cell.strip() for cell in cells if cell.strip()]
    return len(texts) > _FEWEST_COLUMNS and texts == [str(n) for n in range(1, len(texts) + 1)]


def _width(rows: Rows) -> int:
    return max((len(cells) for _, cells in rows), default=0)


def _unstacked(head: list[list[str]], body: Rows) -> Rows:
    width = max(_width(body), *(len(cells) for cells in head))
    names = [" ".join(_parts(cells[i] for cells in head if i < len(cells))) for i in range(width)]
    known = {tuple(cells) for cells in head}
    stacks = [
        (line, [list(_parts(cells[i] for cells in stack if i < len(cells))) for i in range(width)])
        for line, stack in _stacks([row for row in body if tuple(row[1]) not in known])
    ]
    below = [i for i in range(width) if any(_count_and_percent(cells[i]) for _, cells in stacks)]
    out: Rows = [(0, [*names, *(f"{names[i]} %" for i in below)])]
    for line, cells in stacks:
        pairs = {i: cells[i] for i in below if _count_and_percent(cells[i])}
        plain = [pairs[i][0] if i in pairs else " ".join(parts) for i, parts in enumerate(cells)]
        out.append((line, [*plain, *(pairs[i][1] if i in pairs else "" for i in below)]))
    return out


def _stacks(body: Rows) -> Iterator[tuple[int, list[list[str]]]]:
    """A row with those below it that have no name and hold no count: what is printed under its cells."""
    number = 0
    counted = []
    for line, cells in body:
        number += not _goes_on(cells)
        counted.append((number, line, cells))
    for _, group in groupby(counted, key=lambda row: row[0]):
        rows = list(group)
        yield rows[0][1], [cells for _, _, cells in rows]


def _goes_on(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells[1:] if cell.strip()]
    percentages = [cell for cell in filled if "%" in cell]
    return 2 * len(percentages) > len(filled) if filled else bool(cells and cells[0].strip())


def _count_and_percent(parts: Sequence[str]) -> bool:
    return (
        len(parts) == _FEWEST_COLUMNS
        and "%" in parts[1]
        and count_in(parts[0]) is not None
        and percent_in(parts[1]) is not None
    )


def _parts(cells: Iterator[str]) -> Iterator[str]:
    for cell in cells:
        yield from (part.strip() for part in cell.splitlines() if part.strip())
