"""Puts ink into the cells of a sheet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from samples.hand import Alpha, Writer, write_dash, write_digits, write_words
from samples.paper import Box, Paper
from samples.plan import SheetPlan
from samples.style import Style
from samples.words import in_words

BOXES = 4
"""Digit boxes of one cell: a precinct holds at most 3,000 voters."""


@dataclass(frozen=True, slots=True)
class Body:
    """A sheet that is being filled in: what, how, by whom."""

    paper: Paper
    plan: SheetPlan
    style: Style
    writer: Writer
    rng: np.random.Generator


def fill_number(body: Body, code: str, cell: Box) -> None:
    """The number, dash or nothing of ``code`` in its cell."""
    boxed = body.style.layout == "boxes"
    if boxed:
        _rule_boxes(body, cell)
    mark = body.plan.marks.get(code, "read")
    if mark == "dash":
        _put(body, write_dash(body.writer, body.rng), cell, "centre")
    elif mark == "read" and boxed:
        _fill_boxes(body, body.plan.values[code], cell)
    elif mark == "read":
        patch = _fitting(body, str(body.plan.values[code]), cell)
        _put(body, patch, cell, body.style.align, on_line=body.style.layout == "lines")


def fill_words(body: Body, code: str, cell: Box) -> None:
    """The same number in words beside it, or the one that the plan wants there; a dash stays a dash."""
    mark = body.plan.marks.get(code, "read")
    if mark == "dash":
        _put(body, write_dash(body.writer, body.rng), cell, "left")
    elif mark == "read":
        language = body.style.words_language
        text = in_words(body.plan.words.get(code, body.plan.values[code]), language)
        _put(body, write_words(body.writer, text, language, body.rng, cell[2] - cell[0] - 12), cell, "left")


def write_on_line(body: Body, text: str, box: Box) -> None:
    """Digits on a blank of the header or the foot."""
    _put(body, _fitting(body, text, box), box, "centre", on_line=True)


def _fitting(body: Body, text: str, cell: Box) -> Alpha:
    """``text`` in the writer's size, or smaller if the cell is too tight for it."""
    patch = write_digits(body.writer, text, body.rng)
    room = min((cell[2] - cell[0] - 8) / patch.shape[1], (cell[3] - cell[1] - 2) / patch.shape[0])
    return patch if room >= 1 else write_digits(body.writer, text, body.rng, room * 0.94)


def _put(body: Body, patch: Alpha, cell: Box, align: str, on_line: bool = False) -> None:
    """Ink in a cell: in its middle, or standing on the line 8 pixels above its lower edge."""
    left, top, right, bottom = cell
    high, wide = patch.shape
    slack = max(0.0, right - left - wide - 8.0)
    place = {"left": 0.12, "centre": 0.5, "right": 0.88}[align] + body.rng.normal(0, 0.07)
    middle = bottom - 7 - high if on_line else (top + bottom - high) / 2
    y = middle + float(np.clip(body.rng.normal(0, 2.5 if on_line else 3.5), -7, 7))
    body.paper.ink(patch, left + 4 + slack * float(np.clip(place, 0, 1)), y, body.writer.colour)


def _box_edges(cell: Box) -> list[int]:
    width = (cell[2] - cell[0]) / BOXES
    return [round(cell[0] + n * width) for n in range(BOXES + 1)]


def _rule_boxes(body: Body, cell: Box) -> None:
    for x in _box_edges(cell)[1:-1]:
        body.paper.rule(x, cell[1], x, cell[3], max(1, body.style.rule - 1))


def _fill_boxes(body: Body, value: int, cell: Box) -> None:
    """One digit per box, right-aligned; empty boxes or zeros before them."""
    text = str(value).rjust(BOXES, "0" if body.style.leading_zeros else " ")
    edges = _box_edges(cell)
    for n, char in enumerate(text):
        if char != " ":
            box = (edges[n], cell[1], edges[n + 1], cell[3])
            _put(body, _fitting(body, char, box), box, "centre")
