"""Rows whose digits stand in boxes of their own, found by the boxes: small tables with few lines."""

from __future__ import annotations

from collections.abc import Sequence

from ocr.boxes import Box, hull_of
from ocr.columns import BOX_ASPECT
from ocr.rowtypes import Row, RowKind

MIN_BOXES = 2
MAX_BOXES = 6
FOLD = 0.1
"""Heights of a label by which the edges of its cell differ at most from those of the cell in another row."""


def rows_by_boxes(cells: Sequence[Box]) -> list[Row]:
    """Lines with a run of digit boxes, and the print to the left of each.

    Args:
        cells: closed cells in sheet pixels; they need not touch, black bars may lie between label and boxes.

    A line of which a digit crossed the rules has lost boxes; it is still one if what is left of them stands in
    the column of the others.
    """
    runs = _runs(cells)
    rows = [beside_boxes(run, hull_of(run), cells) for run in runs]
    for column in _box_columns(runs):
        rows += _broken_lines(column, cells, [row.number for row in rows])
    return sorted(rows, key=lambda row: (row.number.y0, row.number.x0)) if len(rows) >= 2 else []


def _box_columns(runs: Sequence[Sequence[Box]]) -> list[list[Sequence[Box]]]:
    """Runs under one another that begin or end together."""
    columns: list[list[Sequence[Box]]] = []
    for run in sorted(runs, key=len, reverse=True):
        reach = 0.5 * run[0].width
        home = next(
            (
                c
                for c in columns
                if run[0].x0 >= c[0][0].x0 - reach
                and run[-1].x1 <= c[0][-1].x1 + reach
                and min(abs(run[0].x0 - c[0][0].x0), abs(run[-1].x1 - c[0][-1].x1)) <= reach
            ),
            None,
        )
        if home is None:
            columns.append([run])
        else:
            home.append(run)
    return [column for column in columns if len(column) >= 2]


def _broken_lines(column: Sequence[Sequence[Box]], cells: Sequence[Box], known: Sequence[Box]) -> list[Row]:
    lengths = [len(run) for run in column]
    usual = max(set(lengths), key=lambda length: (lengths.count(length), length))
    run = next(run for run in column if len(run) == usual)
    whole, box = hull_of(run), run[0]
    pieces = [
        cell
        for cell in cells
        if cell.x0 >= whole.x0 - 0.5 * box.width
        and cell.x1 <= whole.x1 + 0.5 * box.width
        and cell.width >= 0.6 * box.width
        and 0.7 <= cell.height / box.height <= 1.4
        and not any(cell.overlap_y(other) > 0.3 for other in known)
    ]
    lines: list[list[Box]] = []
    for piece in pieces:
        home = next((line for line in lines if line[0].overlap_y(piece) > 0.6), None)
        if home is None:
            lines.append([piece])
        else:
            home.append(piece)
    return [
        beside_boxes((box,), Box(hull_of(line).y0, whole.x0, hull_of(line).y1, whole.x1), cells)
        for line in lines
        if hull_of(line).height <= 1.4 * box.height
        and min(piece.width for piece in line) <= 0.8 * whole.width
    ]


def _runs(table: Sequence[Box]) -> list[list[Box]]:
    """Alike, adjacent, narrow cells side by side; two boxes whose rule was not found may be among them."""
    runs: list[list[Box]] = []
    for cell in sorted(table, key=lambda box: box.x0):
        home = next((run for run in runs if _joins(run, cell)), None)
        if home is not None:
            home.append(cell)
        elif cell.width <= BOX_ASPECT * cell.height:
            runs.append([cell])
    return [run for run in runs if MIN_BOXES <= len(run) <= MAX_BOXES]


def _joins(run: Sequence[Box], cell: Box) -> bool:
    last, share = run[-1], cell.width / run[0].width
    return (
        -3 <= cell.x0 - last.x1 <= 14
        and last.overlap_y(cell) >= 0.8
        and 0.75 <= cell.height / last.height <= 1.33
        and ((0.6 <= share <= 1.7 and cell.width <= BOX_ASPECT * cell.height) or 1.7 <= share <= 2.4)
    )


def beside_boxes(run: Sequence[Box], number: Box, cells: Sequence[Box]) -> Row:
    """A row of boxes whose label is the widest cell beside it, or the bare paper to its left."""
    labels = sorted(
        (
            cell
            for cell in cells
            if cell.x1 <= number.x0 + 3
            and cell.overlap_y(number) >= 0.6
            and cell.height >= 0.6 * number.height
            and cell.width >= 2 * run[0].width
        ),
        key=lambda cell: -cell.width,
    )
    label = _unfolded(labels[0], cells) if labels else Box(number.y0, 0, number.y1, number.x0)
    return Row(number, (label,), RowKind.BOXES, tuple(run))


def _unfolded(label: Box, cells: Sequence[Box]) -> Box:
    """The whole cell of a label where a fold runs through it like a rule: another row's is not parted there."""
    slack = FOLD * label.height
    beside = [
        cell
        for cell in cells
        if min(abs(cell.x0 - label.x1), abs(label.x0 - cell.x1)) <= slack
        and max(abs(cell.y0 - label.y0), abs(cell.y1 - label.y1)) <= slack
    ]
    for whole in (hull_of([label, cell]) for cell in beside):
        if any(max(abs(cell.x0 - whole.x0), abs(cell.x1 - whole.x1)) <= slack for cell in cells):
            return whole
    return label
