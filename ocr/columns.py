"""Rows of a ruled table, by its columns rather than by single cells.

Handwriting, seals and folds break single cells; a column as a whole survives. Cells that begin and end together form
a stack; the stacks give the table's columns, one of them holds the numbers, and every line of the table gets its place
in that column even where its own cell is broken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ocr.boxes import Box
from ocr.labelcells import label_boxes
from ocr.rowtypes import NARROWER, Row, RowKind
from ocr.stacks import sections_of, usual_of

MIN_LABEL = 0.09
"""A column narrower than this share of its table holds ordinal numbers, not labels."""
WIDE_MARGIN = 0.25
"""Unruled space on the left, as a share of the table's right end, that is more than a margin."""
ADJOINING = 20
"""Pixels between two columns with only a rule between them; they lean on bent paper."""
BOX_ASPECT = 1.35
"""A digit box is at most this much wider than high."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: a stack of cells, or the unruled space between two stacks."""

    x0: int
    x1: int
    cells: tuple[Box, ...]
    """From top to bottom; empty for unruled space."""

    @property
    def width(self) -> int:
        """Pixels."""
        return self.x1 - self.x0

    def edges_at(self, y: float) -> tuple[int, int]:
        """Left and right edge beside a height: columns lean on bent paper."""
        if not self.cells:
            return self.x0, self.x1
        near = min(self.cells, key=lambda cell: abs(cell.middle - y))
        return near.x0, near.x1


def rows_by_columns(table: Sequence[Box]) -> list[Row]:
    """Rows of one table from its columns; empty if no columns are clear.

    Args:
        table: closed cells that touch each other, in sheet pixels.
    """
    rows: list[Row] = []
    for section in sections_of(table):
        columns = _with_gaps(section, table)
        rows += _rows_of_section(columns, table)
    rows = [row for row in rows if not any(_is_in_label(row.number, other) for other in rows)]
    return sorted(rows, key=lambda row: (row.number.y0, row.number.x0))


def _is_in_label(number: Box, row: Row) -> bool:
    """True if the place of a number lies in the label of another row, of the table above it or below it."""
    return any(number.overlap_y(area) > 0.5 and number.overlap_x(area) > 0.9 for area in row.labels)


def _with_gaps(section: Sequence[list[Box]], table: Sequence[Box]) -> list[Column]:
    """Columns from left to right, with unruled space as columns of its own, up to the right end of the table."""
    stacks = sorted(((usual_of(stack), tuple(stack)) for stack in section), key=lambda item: item[0].x0)
    columns: list[Column] = []
    left = 0
    right = stacks[-1][0].x1
    for usual, cells in stacks:
        if usual.x0 - left > MIN_LABEL * right:
            columns.append(Column(left, usual.x0, ()))
        columns.append(Column(usual.x0, usual.x1, cells))
        left = usual.x1
    end = max(cell.x1 for cell in table)
    if len(stacks) == 1 and end - left > MIN_LABEL * end:
        columns.append(Column(left, end, ()))  # its cells are broken, by writing or by faint rules
    return columns


def _rows_of_section(columns: Sequence[Column], table: Sequence[Box]) -> list[Row]:
    body = list(columns[_first_label(columns) :])
    place = _number_place(body)
    if place is None and len(columns) > len(body) and not columns[0].cells:
        body = list(columns)
        place = _number_place(body)
    if place is None:
        return []
    numbers = _box_columns(body[place:])
    rows = _rows(body[:place], numbers, columns, table)
    return rows + _rows_of_second_table(body[:place], body[place + len(numbers) :], table)


def _rows_of_second_table(
    labels: Sequence[Column], rest: Sequence[Column], table: Sequence[Box]
) -> list[Row]:
    """Rows of another sheet beside the first: a wide column with a narrower one after it, right of the numbers."""
    widest = max(column.width for column in labels)
    for index in range(len(rest) - 1):
        wide = rest[index].width >= 0.6 * widest
        if wide and rest[index + 1].cells and rest[index + 1].width < NARROWER * rest[index].width:
            return _rows_of_section(rest[index:], table)
    return []


def _first_label(columns: Sequence[Column]) -> int:
    """Index of the leftmost column that can hold labels: not the margin, not the ordinal numbers.

    Where the margin is very wide, the label column's own left rule was not found and the labels are in there.
    """
    right = columns[-1].x1
    total = right - next(column.x0 for column in columns if column.cells)
    first = 0
    for index, column in enumerate(columns):
        if (column.cells and column.width >= MIN_LABEL * total) or (not column.cells and index):
            first = index
            break
    before = [column for column in columns[:first] if column.cells]
    if len(before) == 1 and columns[first].width >= 2 * before[0].width:
        return first  # one narrow column before it: the rows are numbered, and what lies left of them is no label
    margin = columns[0].width if not columns[0].cells else 0
    return 0 if margin >= WIDE_MARGIN * right and columns[first].width < 0.6 * margin else first


def _number_place(body: Sequence[Column]) -> int | None:
    """Index of the number column: the first narrow one after the labels, else the one next to them."""
    if len(body) < 2:
        return None
    widest = body[0].width
    for index in range(1, len(body)):
        column = body[index]
        narrower = column.width < NARROWER * widest
        if column.cells and (
            narrower or not any(c.cells and c.width < NARROWER * widest for c in body[index + 1 :])
        ):
            return index
        widest = max(widest, column.width)
    return 1 if not any(column.cells for column in body[1:]) else None


def _box_columns(columns: Sequence[Column]) -> list[Column]:
    """The run of alike, adjacent digit-box columns at the start; one column if they are not boxes."""
    run: list[Column] = []
    for column in columns:
        heights = sorted(cell.height for cell in column.cells)
        if not heights or column.width > BOX_ASPECT * heights[len(heights) // 2]:
            break
        if run and (column.x0 - run[-1].x1 > 30 or not 0.55 <= column.width / run[0].width <= 1.8):
            break
        run.append(column)
    return run if len(run) >= 2 else [columns[0]]


def _rows(
    labels: Sequence[Column], numbers: Sequence[Column], columns: Sequence[Column], table: Sequence[Box]
) -> list[Row]:
    bands = _bands(numbers, columns, table)
    rows = []
    for top, bottom in bands:
        middle = (top + bottom) / 2
        edges = [column.edges_at(middle) for column in numbers]
        boxes = tuple(Box(top, x0, bottom, x1) for x0, x1 in edges) if len(numbers) > 1 else ()
        left = edges[0][0]
        if boxes and not any(column.cells for column in labels):
            # A first box that was not found must not cost the number its leading digit.
            left -= boxes[0].width
        right = _right_end(boxes[-1], columns, table) if boxes else edges[-1][1]
        number = Box(top, left, bottom, right)
        kind = RowKind.BOXES if boxes else RowKind.CELL
        beside = None if boxes else _beside(number, columns)
        label = label_boxes(labels[0].edges_at(number.middle)[0], number, table, bands)
        adjoins = bool(labels[-1].cells) and edges[0][0] - labels[-1].edges_at(middle)[1] <= ADJOINING
        rows.append(Row(number, label, kind, boxes, adjoins=adjoins, beside=beside))
    return rows


def _beside(number: Box, columns: Sequence[Column]) -> Box | None:
    """The number's line in the next ruled column."""
    for column in columns:
        left, right = column.edges_at(number.middle)
        if left >= number.x1 - 6:
            return Box(number.y0, left, number.y1, right) if column.cells else None
    return None


def _right_end(last: Box, columns: Sequence[Column], table: Sequence[Box]) -> int:
    """Where the number may end: the next wide column or the table's edge; boxes after the last may be broken."""
    edge = max((cell.x1 for cell in table if cell.overlap_y(last) > 0.5), default=last.x1)
    wide = [c.x0 - 4 for c in columns if c.cells and c.x0 > last.x1 and c.width > 2.5 * last.width]
    return max(last.x1, min([edge, *wide]))


def _bands(
    numbers: Sequence[Column], columns: Sequence[Column], table: Sequence[Box]
) -> list[tuple[int, int]]:
    """(top, bottom) of every line of the section, from the number cells and, where broken, from other columns."""
    own = [
        piece for column in numbers for cell in column.cells for piece in _lines_of(cell, numbers, columns)
    ]
    heights = sorted(cell.height for cell in own or [cell for column in columns for cell in column.cells])
    usual = heights[len(heights) // 2]
    others = [
        cell for column in columns for cell in column.cells if 0.6 * usual <= cell.height <= 1.7 * usual
    ]
    reach = 0.02 * columns[-1].x1
    grown = [  # a number cell that has run into the column to its right, for want of the rule between them
        cell
        for cell in table
        if abs(cell.x0 - numbers[0].edges_at(cell.middle)[0]) <= reach
        and cell.x1 > numbers[-1].x1
        and 0.85 * usual <= cell.height <= 1.7 * usual
    ]
    bands: list[Box] = []
    for cell in [*own, *others, *grown, *_last_lines(own, columns, usual)]:
        band = Box(cell.y0, 0, cell.y1, 1)
        if not any(band.overlap_y(known) > 0.4 for known in bands):
            bands.append(band)
    return sorted((band.y0, band.y1) for band in bands)


def _last_lines(own: Sequence[Box], columns: Sequence[Column], usual: int) -> list[Box]:
    """Higher lines below all numbers that two other columns agree on: the total, where its own rules are too pale."""
    end = max((cell.y1 for cell in own), default=0)
    tall = [
        (at, cell)
        for at, column in enumerate(columns)
        for cell in column.cells
        if 1.7 * usual < cell.height <= 3 * usual and end - 6 <= cell.y0 <= end + usual
    ]
    return [
        cell
        for at, cell in tall
        if any(
            at != other and max(abs(cell.y0 - near.y0), abs(cell.y1 - near.y1)) <= 0.2 * cell.height
            for other, near in tall
        )
    ]


def _lines_of(cell: Box, numbers: Sequence[Column], columns: Sequence[Column]) -> list[Box]:
    """The cell, cut where another column shows that it holds several lines whose rule was not found."""
    best: list[Box] = []
    for column in columns:
        inner = [
            other
            for other in column.cells
            if cell.y0 - 6 <= other.middle <= cell.y1 + 6 and other.height < 0.75 * cell.height
        ]
        covers = sum(other.height for other in inner) >= 0.8 * cell.height
        if column not in numbers and len(inner) >= 2 and covers and len(inner) > len(best):
            best = inner
    return [Box(other.y0, cell.x0, other.y1, cell.x1) for other in best] or [cell]
