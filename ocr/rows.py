"""Rows of a protocol: a place for a number and the printed label that says what it counts.

Tables and underscore lines give the same thing. In a table the number stands in the first narrow column to the
right of the labels; no coordinate and no blank form is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ocr.boxes import Box, hull_of
from ocr.boxgrid import on_grid
from ocr.boxrows import rows_by_boxes
from ocr.columns import BOX_ASPECT, rows_by_columns
from ocr.columns import MIN_LABEL as MIN_LABEL_SHARE
from ocr.grid import groups_of
from ocr.rowtypes import NARROWER, Row, RowKind
from ocr.segments import Pixels
from ocr.stacks import ALIGNED

MIN_TABLE_WIDTH = 0.1
MIN_TABLE_ROWS = 2
TOUCH = 14
"""Cells of one table lie at most this many pixels apart."""
RULED = 0.6
"""Share of a label area that one closed cell covers."""
LOW = 0.5
"""A cell lower than this many rows does not say where the table begins,"""
APART = 3
"""nor does one with more than this many rows between it and the next."""
LEVEL = 0.2
"""Two blanks on one line of text end this nearly at one height, as a share of it."""
BLANKS = 2
"""A table has at most this many times as many blanks beside it as rows: a dozen, to sign on and in the header. Where
there are more, the blanks hold the counts, and the table is grain of the wood on which the sheet lies."""
PIECE = 8
"""Cells of a piece of a table: fewer are no more than a seal and some writing."""
HEADING = 2.0
"""Rows that fit between two pieces of one table: a heading of one or two lines."""
TALLER = 2.2
"""A cell higher than this many rows parts nothing: the frame of a block."""


def find_rows(cells: Sequence[Box], blanks: Sequence[Box], grey: Pixels) -> list[Row]:
    """All rows of a sheet, (H, W) uint8 grey, from top to bottom, tables and blanks together."""
    tables = _tables(cells)
    boxed = rows_by_boxes(cells)
    rows: list[Row] = []
    for table in tables:
        inside = [row for row in boxed if row.number.overlap_y(hull_of(table)) > 0.9]
        rows += _rows_of_table(table, inside)
    rows += [row for row in boxed if not _on_a_row(row.number, rows)]
    rows = on_grid(rows, cells, grey)
    rows += _rows_of_blanks(
        blanks, [row.number for row in rows], [hull_of(t) for t in tables if len(t) >= 12]
    )
    rows = [replace(row, ruled=_is_ruled(row, cells)) for row in rows]
    return sorted(rows, key=lambda row: (row.number.y0, row.number.x0))


def _is_ruled(row: Row, cells: Sequence[Box]) -> bool:
    """True if every area of the label is a closed cell, or nearly: a table leans a little."""
    return bool(row.labels) and all(
        any(
            cell.overlap_y(area) >= 0.8
            and min(cell.x1, area.x1) - max(cell.x0, area.x0) >= RULED * area.width
            and cell.height <= TALLER * row.number.height
            and cell.x1 <= row.number.x0 + 20
            for cell in cells
        )
        for area in row.labels
    )


def _rows_of_table(table: list[Box], boxed: Sequence[Row]) -> list[Row]:
    """Rows by columns; where these passed over digit boxes, the boxes are what counts."""
    rows = rows_by_columns(table)
    with_boxes = [row for row in rows if row.kind is RowKind.BOXES]
    labelled = [row for row in boxed if row.labels[0] in table]
    if len(labelled) > max(len(with_boxes), (len(rows) - len(with_boxes)) // 4):
        return [*labelled, *(row for row in with_boxes if not _on_a_row(row.number, labelled))]
    return rows or _rows_line_by_line(table)


def _on_a_row(cell: Box, rows: Sequence[Row]) -> bool:
    return any(row.number.overlap_y(cell) > 0.5 for row in rows)


def _tables(cells: Sequence[Box]) -> list[list[Box]]:
    """Groups of cells that touch each other."""
    groups = _under_one_another(_side_by_side(groups_of(cells, TOUCH)))
    widest = max((cell.x1 for cell in cells), default=0)
    return [
        sorted(group)
        for group in groups
        # Loops of digits and seals can look like a few small cells; a table spans part of the page.
        if len(group) >= 2 * MIN_TABLE_ROWS and hull_of(group).width >= MIN_TABLE_WIDTH * widest
    ]


def _side_by_side(groups: list[list[Box]]) -> list[list[Box]]:
    """Join pieces of one table between which a column is not closed."""
    out: list[list[Box]] = []
    for group in sorted(groups, key=len, reverse=True):
        hull = hull_of(group)
        home = next((o for o in out if len(group) >= 3 and hull.overlap_y(hull_of(o)) >= 0.8), None)
        if home is None:
            out.append(list(group))
        else:
            home += group
    return out


def _under_one_another(groups: list[list[Box]]) -> list[list[Box]]:
    """Join pieces of one table between which a heading is not closed.

    Where numbers cross the rules of the lower piece, the upper one says in which column they stand.
    """
    out: list[list[Box]] = []
    for group in sorted(groups, key=lambda group: hull_of(group).y0):
        home = next((upper for upper in out if _continues(upper, group)), None)
        if home is None:
            out.append(list(group))
        else:
            home += group
    return out


def _continues(upper: Sequence[Box], lower: Sequence[Box]) -> bool:
    """True if a piece of a table is as wide as the one above it, with room for a heading between."""
    if min(len(upper), len(lower)) < PIECE:
        return False
    above, below = hull_of(upper), hull_of(lower)
    reach = ALIGNED * max(above.x1, below.x1)
    usual = float(np.median([cell.height for cell in lower]))
    alike = abs(above.x0 - below.x0) <= reach and abs(above.x1 - below.x1) <= reach
    return alike and 0 <= below.y0 - above.y1 <= HEADING * usual


def _rows_line_by_line(table: list[Box]) -> list[Row]:
    """Rows of a small table, each line for itself."""
    rows = []
    for cell in table:
        chain = _chain_to_right(cell, table)
        if _is_leftmost(cell, table) and len(chain) >= 2:
            row = _row_of_chain(chain, table)
            if row is not None:
                rows.append(row)
    return _without_twins(rows)


def _is_leftmost(cell: Box, table: list[Box]) -> bool:
    return not any(other.x1 <= cell.x0 + 3 and other.overlap_y(cell) >= 0.6 for other in table)


def _chain_to_right(cell: Box, table: list[Box]) -> list[Box]:
    """The cell and those right of it on its height; where a column is split in height, the top part."""
    chain = [cell]
    for other in sorted(table, key=lambda box: (box.x0, box.y0)):
        if (
            other.x0 >= chain[-1].x1 - 3
            and other.overlap_y(cell) >= 0.6
            and other.overlap_y(chain[-1]) >= 0.6
        ):
            chain.append(other)
    return chain


def _row_of_chain(chain: list[Box], table: list[Box]) -> Row | None:
    """Divide a chain of cells into label cells and the place of the number."""
    left, right = min(box.x0 for box in table), max(box.x1 for box in table)
    body = [box for box in chain if box.width >= MIN_LABEL_SHARE * (right - left) or box is not chain[0]]
    if len(body) < 2:
        return None
    widest = body[0].width
    for index in range(1, len(body)):
        rest = body[index + 1 :]
        narrower = body[index].width < NARROWER * widest
        if narrower or not any(box.width < NARROWER * widest for box in rest):
            return _make_row(body, index)
        widest = max(widest, body[index].width)
    return None


def _make_row(body: list[Box], index: int) -> Row:
    boxes = _digit_boxes(body[index:])
    labels = tuple(body[:index])
    if len(boxes) < 2:
        return Row(body[index], labels, RowKind.CELL)
    return Row(hull_of(boxes), labels, RowKind.BOXES, tuple(boxes))


def _digit_boxes(cells: Sequence[Box]) -> list[Box]:
    """The run of alike, adjacent, narrow cells at the start of a list."""
    run: list[Box] = []
    for cell in cells:
        fits = cell.width <= BOX_ASPECT * cell.height
        joins = not run or (cell.x0 - run[-1].x1 <= 14 and 0.6 <= cell.width / run[0].width <= 1.7)
        if not (fits and joins and len(run) < 7):
            break
        run.append(cell)
    return run


def _without_twins(rows: list[Row]) -> list[Row]:
    kept: list[Row] = []
    for row in rows:
        if not any(row.number == other.number for other in kept):
            kept.append(row)
    return kept


def _rows_of_blanks(blanks: Sequence[Box], taken: Sequence[Box], tables: Sequence[Box]) -> list[Row]:
    """Blanks with the paper to their left as label; lines inside tables are rules that were not closed."""
    free = [b for b in blanks if not any(b.overlap_y(t) > 0.3 and b.overlap_x(t) > 0.3 for t in taken)]
    free = [b for b in free if not any(t.y0 < b.middle < t.y1 and b.overlap_x(t) > 0.3 for t in tables)]
    rows = []
    for blank in free:
        line = Box(blank.y0, 0, blank.y1, blank.x0)
        # On one line of text: a signature's place or an arc of the seal reaches up beside the last row.
        before = [b for b in free if b.x1 <= blank.x0 and b.overlap_y(blank) >= 0.6 and _level(b, blank)]
        start = max((b.x1 for b in before), default=0)
        label = Box(line.y0, start, line.y1, blank.x0)
        if label.width >= 10:
            rows.append(Row(blank, (label,), RowKind.BLANK))
    return rows


def _level(first: Box, second: Box) -> bool:
    """Whether two lines to write on lie side by side; an arc of the seal only reaches up beside the last row."""
    return abs(first.y1 - second.y1) <= LEVEL * max(first.height, second.height)


def worth_a_label(rows: Sequence[Row]) -> list[Row]:
    """Leave out blanks that cannot hold a count: signature lines below the table or beside the column.

    Each label read costs 20 ms, and a sheet has as many signature lines as numbers.
    """
    tabled = [row for row in rows if row.kind is not RowKind.BLANK]
    if len(tabled) >= 6 and len(rows) - len(tabled) <= BLANKS * len(tabled):
        top = _table_top(tabled)
        return [row for row in rows if row.kind is not RowKind.BLANK or row.number.y0 < top]
    column = main_column(rows)
    if len(column) < 6:
        return list(rows)
    top, model = column[0].number.y0, column[len(column) // 2].number
    return [row for row in rows if row.number.y1 <= top + 5 or row.number.overlap_x(model) >= 0.5]


def _table_top(tabled: Sequence[Row]) -> int:
    """Where the first table begins, pixels; letters or the edge of the paper may pass for cells above."""
    usual = float(np.median([row.number.height for row in tabled]))
    numbers = sorted(row.number for row in tabled if row.number.height >= LOW * usual)
    while len(numbers) > 1 and numbers[1].y0 - numbers[0].y1 > APART * usual:
        numbers = numbers[1:]
    return numbers[0].y0


def main_column(rows: Sequence[Row]) -> list[Row]:
    """The largest group of rows whose numbers begin and end together, from top to bottom."""
    reach = 25
    groups = [
        [
            o
            for o in rows
            if abs(o.number.x0 - r.number.x0) <= reach and abs(o.number.x1 - r.number.x1) <= reach
        ]
        for r in rows
    ]
    return max(groups, key=len, default=[])
