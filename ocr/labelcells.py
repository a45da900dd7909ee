"""Where the label of a line of a table may be printed, from the closed cells around its number."""

from __future__ import annotations

from collections.abc import Sequence

from ocr.boxes import Box

Band = tuple[int, int]
"""(top, bottom) of a line."""
UNDER = 0.2
"""Share of the figures' width by which a line for words reaches in below them."""


def label_boxes(left: int, number: Box, table: Sequence[Box], bands: Sequence[Band]) -> tuple[Box, ...]:
    """Where the label of a line may be printed; higher than the number where the label's cell is higher.

    Args:
        left: where the column of labels begins on this line.
        number: of the line.
        table: all closed cells.
        bands: every line of the section.
    """
    if number.x0 - left <= 10:
        return ()
    tall = [
        cell
        for cell in table
        if 1.15 * number.height < cell.height <= 4 * number.height
        and cell.overlap_y(number) >= 0.8
        and left - 10 <= cell.x0
        and cell.x1 <= number.x0 + 10
        and _labels_one_line(cell, left, number, table, bands)
    ]
    if tall:
        return (max(tall, key=lambda box: box.width),)
    # The label's own cell, where it is closed: lines lean, and what has no ordinal number begins farther left.
    own = [
        cell
        for cell in table
        if cell.overlap_y(number) >= 0.6
        and 0.7 * number.height <= cell.height <= 1.4 * number.height
        and cell.x1 <= number.x0 + 10
        and min(cell.x1, number.x0) - max(cell.x0, left) >= 0.8 * (number.x0 - left)
    ]
    if own:
        return (max(own, key=lambda box: box.overlap_y(number)),)
    return (Box(number.y0, left, number.y1, number.x0),)


def _labels_one_line(cell: Box, left: int, number: Box, table: Sequence[Box], bands: Sequence[Band]) -> bool:
    """True if a tall cell is the label of this line alone.

    One that is as high as several lines has lost the rules between their labels: each label is on its own line. A
    narrow one may be parted from its number by what is printed black, and the line below be for the words, which
    run on below the figures.
    """
    lines = [
        Box(top, number.x0, bottom, number.x1)
        for top, bottom in bands
        if cell.y0 < (top + bottom) / 2 < cell.y1
    ]
    if cell.width >= 0.6 * (number.x0 - left):
        return len(lines) == 1
    if cell.width < 2 * cell.height or _has_own(cell, number, table):
        return False
    others = [line for line in lines if line.overlap_y(number) < 0.6]
    return len(others) == len(lines) - 1 and all(_runs_under(cell, line, number, table) for line in others)


def _has_own(label: Box, line: Box, table: Sequence[Box]) -> bool:
    """True if another cell, wider than a digit box, begins between a tall cell and the number of a line."""
    return any(_stands_between(cell, label, line) for cell in table)


def _runs_under(label: Box, line: Box, number: Box, table: Sequence[Box]) -> bool:
    """True if such a cell reaches in below the figures: a line for words, and no line with a label of its own."""
    boxes = [
        cell.x0
        for cell in table
        if label.x1 - 10 <= cell.x0 and cell.x1 <= number.x1 + 10 and cell.overlap_y(number) >= 0.6
    ]
    left = min([number.x0, *boxes])  # the first box may not belong to the number yet
    return any(
        _stands_between(cell, label, line) and cell.x1 >= left + UNDER * (number.x1 - left) for cell in table
    )


def _stands_between(cell: Box, label: Box, line: Box) -> bool:
    return (
        label.x1 - 10 <= cell.x0 <= line.x0 - line.height
        and cell.overlap_y(line) >= 0.6
        and cell.width >= 2 * line.height
    )
