"""Rows whose digits stand in boxes of their own, found by the boxes: small tables with few lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ocr.boxes import Box, hull_of
from ocr.columns import BOX_ASPECT
from ocr.rowtypes import Row, RowKind

MIN_BOXES = 2
MAX_BOXES = 6
ALIGNED = 0.012
"""Runs of boxes that end this near, as a share of the sheet's width, belong to one column."""


def rows_by_boxes(cells: Sequence[Box]) -> list[Row]:
    """Lines with a run of digit boxes and a label cell somewhere to the left.

    Args:
        cells: closed cells in sheet pixels; they need not touch, black bars may lie between label and boxes.
    """
    rows = [row for run in _runs(cells) if (row := _row(run, cells)) is not None]
    return rows if len(rows) >= 2 else []


def complete_boxes(rows: Sequence[Row]) -> list[Row]:
    """Give rows that lost a box (a digit drawn over its rule) the width of the others in their column."""
    boxed = [row for row in rows if row.kind is RowKind.BOXES]
    if len(boxed) < 3:
        return list(rows)
    reach = ALIGNED * max(row.number.x1 for row in boxed)
    return [_completed(row, boxed, reach) if row.kind is RowKind.BOXES else row for row in rows]


def _completed(row: Row, boxed: Sequence[Row], reach: float) -> Row:
    wider = [
        other.number
        for other in boxed
        if other.number.x0 <= row.number.x0 + reach and row.number.x1 <= other.number.x1 + reach
    ]
    if len(wider) < 2:
        return row
    x0 = sorted(box.x0 for box in wider)[len(wider) // 2]
    x1 = sorted(box.x1 for box in wider)[len(wider) // 2]
    number = Box(row.number.y0, min(x0, row.number.x0), row.number.y1, max(x1, row.number.x1))
    return replace(row, number=number)


def _runs(table: Sequence[Box]) -> list[list[Box]]:
    """Alike, adjacent, narrow cells side by side."""
    runs: list[list[Box]] = []
    for cell in sorted(table, key=lambda box: box.x0):
        if cell.width > BOX_ASPECT * cell.height:
            continue
        home = next((run for run in runs if _joins(run[-1], cell)), None)
        if home is None:
            runs.append([cell])
        else:
            home.append(cell)
    return [run for run in runs if MIN_BOXES <= len(run) <= MAX_BOXES]


def _joins(last: Box, cell: Box) -> bool:
    return (
        -3 <= cell.x0 - last.x1 <= 14
        and last.overlap_y(cell) >= 0.8
        and 0.6 <= cell.width / last.width <= 1.7
        and 0.75 <= cell.height / last.height <= 1.33
    )


def _row(run: Sequence[Box], cells: Sequence[Box]) -> Row | None:
    number = hull_of(run)
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
    return Row(number, (labels[0],), RowKind.BOXES, tuple(run)) if labels else None
