"""Seal, signatures, time, words and lost rows, for the drawing of a page: told apart by shape, not by colour."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np

from ocr.segments import Floats, Pixels
from ocr.view import project
from tally.model import Mark, PageReading

BLUE, GREY = (200, 110, 20), (130, 130, 130)
"""BGR: what was found, and what was looked at and not found."""


def draw_marks(picture: Pixels, marks: Mapping[str, Any], to_small: Floats) -> None:
    """Draw into ``picture``: an ellipse around the seal, brackets around signed lines, a dotted line where none is.

    Words that say a number have a thin line below them.

    Args:
        picture: (H, W, 3) uint8 BGR, the drawing.
        marks: of a page; quads in photo pixels.
        to_small: (3, 3), photo pixels to pixels of the drawing.
    """
    seal = marks.get("seal_detail")
    if seal:
        _ellipse(picture, _corners(seal["quad_px"], to_small), dotted=marks.get("seal") is not True)
    for line in marks.get("signature_detail") or ():
        _signature(picture, _corners(line["quad_px"], to_small), line["signed"])
    for words in (marks.get("words") or {}).values():
        *_, right, left = (tuple(int(v) for v in corner) for corner in _corners(words["quad_px"], to_small))
        cv2.line(picture, left, right, BLUE, 1, cv2.LINE_AA)
    if marks.get("time_detail"):
        corners = _corners(marks["time_detail"]["quad_px"], to_small)
        cv2.polylines(picture, [corners.reshape(-1, 1, 2)], True, BLUE, 2, cv2.LINE_AA)


def marks_line(reading: PageReading) -> list[str]:
    """What the drawing's head says of marks, and the rows that were not found; empty if nothing is known."""
    marks, lines = reading.marks, []
    if marks:
        seal = {True: "found", False: "not found", None: "not clear"}[marks.get("seal")]
        detail = marks.get("seal_detail")
        colour = f" ({detail['colour']}, {detail['confidence']:.2f})" if detail else ""
        signed, of = marks.get("signatures"), marks.get("signature_lines")
        found = "not all lines found" if marks.get("signature_detail") else "no lines found"
        count = f"{'?' if signed is None else signed} of {of} lines" if of else found
        time = marks.get("time") or "not read"
        spelled = f" | numbers in words: {len(words)}" if (words := marks.get("words")) else ""
        lines.append(f"seal {seal}{colour} | signatures: {count} | time: {time}{spelled}")
    absent = [code for code, cell in reading.fields.items() if cell.mark is Mark.ABSENT]
    if absent:
        lines.append(f"rows not found: {', '.join(absent)}")
    return lines


def _corners(quad: Any, to_small: Floats) -> Any:
    return np.round(project(to_small, np.array(quad, dtype=np.float64))).astype(np.int32)


def _ellipse(picture: Pixels, corners: Any, *, dotted: bool) -> None:
    middle = tuple(int(v) for v in corners.mean(axis=0))
    axes = tuple(max(1, int(np.ptp(corners[:, axis]) / 2) + 3) for axis in (0, 1))
    step = 12 if dotted else 360
    for start in range(0, 360, 2 * step if dotted else 360):
        cv2.ellipse(picture, middle, axes, 0, start, start + step, BLUE, 2, cv2.LINE_AA)


def _signature(picture: Pixels, corners: Any, signed: bool | None) -> None:
    """A bracket at both ends of a signed line, a dotted line under an empty one, one bracket where it is not clear."""
    (top_left, top_right, bottom_right, bottom_left) = (tuple(int(v) for v in corner) for corner in corners)
    if signed is False:
        for part in np.linspace(0, 1, 24):
            spot = np.array(bottom_left) + (np.array(bottom_right) - np.array(bottom_left)) * part
            cv2.circle(picture, (int(spot[0]), int(spot[1])), 2, GREY, cv2.FILLED, cv2.LINE_AA)
        return
    cv2.line(picture, top_left, bottom_left, BLUE, 2, cv2.LINE_AA)
    if signed:
        cv2.line(picture, top_right, bottom_right, BLUE, 2, cv2.LINE_AA)


__all__ = ["draw_marks", "marks_line"]
