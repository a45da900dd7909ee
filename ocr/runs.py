"""The candidates' rows, whose names no form knows: the unbroken run between the fields printed before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ocr.matching import is_heading
from ocr.rowtypes import Row, RowKind
from ocr.tiles import LabelText
from tally.form import Field, Form

TWO_LINES = 1.6
"""A row this much higher than its neighbours may hold two."""
HALF_LINE = 0.62
"""A row this much lower than its neighbours may be half of one, or a heading."""
MISSING = 0.6
"""Paper between two candidates' rows, in row heights: beyond it a row may have been missed."""
HEADING = {RowKind.CELL: 1.25, RowKind.BOXES: 1.25, RowKind.BLANK: 0.95}
"""The same before the first candidate, where a heading of its own stands. In a table a line without a number cell is
still seen by its other cells; lines of underscores have nothing but their own blank."""
OWN_NAME = 0.9
"""A candidate's label this like a wording of the form is no candidate's."""


@dataclass(frozen=True, slots=True)
class Run:
    """Rows of the candidates, as indices into the rows of the sheet."""

    code: str
    """Code of the repeated field."""
    rows: tuple[int, ...]
    before: str
    after: str
    """Codes of the fields that enclose the run; ``after`` is ``before`` if nothing encloses it below."""
    sure: bool
    """True if no row can be missing, doubled or merged, whatever holds for the two fields."""


def candidates_run(
    form: Form,
    rows: Sequence[Row],
    labels: Sequence[LabelText],
    scores: Sequence[Sequence[float]],
    places: Mapping[str, int],
) -> Run | None:
    """The rows between the two fields of the form; ``None`` if the form has no open list or its start was not found.

    Args:
        rows: all rows of the sheet from top to bottom; ``labels`` and ``scores`` go with them.
        scores: likeness of each label with every named field of the form.
        places: index of the row of each field that was found.
    """
    open_field = next((f for f in form.fields if f.repeat and not f.rows and not f.count), None)
    if open_field is None:
        return None
    index = form.fields.index(open_field)
    before = _nearest(form.fields[index - 1 :: -1] if index else (), places)
    after = _nearest(form.fields[index + 1 :], places)
    if before is None:
        return None
    start, stop = places[before], places[after] if after else len(rows)
    run = [i for i in range(start + 1, stop) if same_column(rows[i], rows[start])]
    cyrillic = any(code in ("rus", "kaz") for code in form.languages)
    wordings = [text for group in open_field.labels.values() for text in group]
    headed = bool(run) and is_heading(labels[run[0]].text, wordings, cyrillic)
    if headed:
        run = run[1:]
    # A row without a readable label still counts one: leaving it out would move every vote below it.
    sure = all(
        labels[i].text
        and max(scores[i], default=0.0) < OWN_NAME
        and not is_heading(labels[i].text, wordings, cyrillic)
        for i in run
    )
    sure = sure and _is_adjacent(form, before, after, open_field.code)
    return Run(
        open_field.code,
        tuple(run),
        before,
        after or before,
        sure and _unbroken(rows, [start, *run, stop], headed),
    )


def same_column(row: Row, model: Row) -> bool:
    """True if the numbers of both rows stand under one another."""
    return row.number.overlap_x(model.number) >= 0.7


def _nearest(candidates: Sequence[Field], places: Mapping[str, int]) -> str | None:
    return next((field.code for field in candidates if field.code in places), None)


def _is_adjacent(form: Form, before: str, after: str | None, code: str) -> bool:
    """True if no other field of the form could stand between the two and the candidates."""
    codes = [field.code for field in form.fields]
    middle = codes.index(code)
    return after is not None and codes.index(before) == middle - 1 and codes.index(after) == middle + 1


def _unbroken(rows: Sequence[Row], run: Sequence[int], headed: bool) -> bool:
    """True if no row can be missing, doubled or merged inside the run; a heading may stand before its first row.

    Judged by the paper between the rows, not by their distance: labels of one to three lines make uneven rows.
    """
    boxes = [rows[i].number for i in run]
    heights = sorted(box.height for box in boxes)
    usual = heights[len(heights) // 2]
    if heights[-1] > TWO_LINES * usual or heights[0] < HALF_LINE * usual:
        return False  # two lines whose rule was not found have become one row, or one has become two
    gaps = [later.y0 - earlier.y1 for earlier, later in pairwise(boxes)]
    steps = [later.middle - earlier.middle for earlier, later in pairwise(boxes)]
    if min(steps, default=0.0) < 0.5 * usual:
        return False  # two places on one line
    heading = HEADING.get(rows[run[0]].kind, 0.0)
    return (headed or gaps[0] <= heading * usual) and all(gap <= MISSING * usual for gap in gaps[1:])
