"""Sheets drawn for tests: a table or lines with blanks, printed and filled in with OpenCV's own fonts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.anchor import Match
from ocr.boxes import Box
from ocr.rowtypes import Row, RowKind
from ocr.tiles import LabelText
from tally.form import Form

PAPER, INK = 235, 40
SHEET = (1800, 1270)  # height, width: what the straightener makes of an A4 sheet


def blank_sheet(shape: tuple[int, int] = SHEET) -> NDArray[np.uint8]:
    return np.full(shape, PAPER, np.uint8)


def ruled(
    sheet: NDArray[np.uint8], top: int, left: int, heights: Sequence[int], widths: Sequence[int]
) -> list[list[Box]]:
    """Draw a bordered table; returns its cells by line and column."""
    ys = np.cumsum([top, *heights]).tolist()
    xs = np.cumsum([left, *widths]).tolist()
    for y in ys:
        cv2.line(sheet, (xs[0], y), (xs[-1], y), INK, 2)
    for x in xs:
        cv2.line(sheet, (x, ys[0]), (x, ys[-1]), INK, 2)
    return [[Box(y0, x0, y1, x1) for x0, x1 in pairwise(xs)] for y0, y1 in pairwise(ys)]


def write(sheet: NDArray[np.uint8], text: str, box: Box, size: float = 1.0) -> None:
    """Put figures or Latin letters into a box, near its left end."""
    at = (box.x0 + 14, box.y1 - max(8, box.height // 4))
    cv2.putText(sheet, text, at, cv2.FONT_HERSHEY_SIMPLEX, size, INK, 2, cv2.LINE_AA)


def underscore(sheet: NDArray[np.uint8], y: int, left: int, right: int) -> None:
    cv2.line(sheet, (left, y), (right, y), INK, 2)


def near(box: Box, wanted: Box, slack: int = 12) -> bool:
    """True if all four edges lie within ``slack`` pixels."""
    edges = zip((box.y0, box.x0, box.y1, box.x1), (wanted.y0, wanted.x0, wanted.y1, wanted.x1), strict=True)
    return all(abs(a - b) <= slack for a, b in edges)


@dataclass(frozen=True)
class Line:
    """One line of a sheet as the label reader would hand it over."""

    label: str
    height: int = 60
    """Distance from the line above, in pixels."""


def rows_of(lines: Sequence[Line], left: int = 900, right: int = 1080) -> tuple[list[Row], list[LabelText]]:
    """Rows under one another with their labels already read."""
    rows, labels, y = [], [], 200
    for line in lines:
        y += line.height
        rows.append(Row(Box(y, left, y + 50, right), (Box(y, 100, y + 50, left),), RowKind.CELL))
        labels.append(LabelText(line.label, 0.9 if line.label else 0.0))
    return rows, labels


def anchored(match: Match) -> set[str]:
    return {code for code, anchor in match.fields.items() if anchor.anchored}


def printed_labels(form: Form, language: str = "ru") -> list[str]:
    """The first wording of every labelled field in printed order; two candidates in their place."""
    out: list[str] = []
    for field in form.fields:
        if field.repeat:
            out += ["Иванов Иван", "Петров Пётр"]
        else:
            out.append(field.labels[language][0])
    return out
