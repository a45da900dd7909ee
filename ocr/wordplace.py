"""Where the number in words of a row is written: beside the figures or below them, and as far as the writing runs on.

Long numbers do not fit their place, so people write on over the border. A number cut off at the border is another
number, and a good one: "one hundred eight" of "one hundred eighty-five".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.boxes import Box
from ocr.prepared import INK, flatten, to_grey
from ocr.rowtypes import Row
from ocr.segments import Pixels
from ocr.wordline import TALL, written

WIDER = 1.5
"""A place below the figures reaches at least this far to the left of them, in their widths."""
ENDS = 0.4
"""It ends within this share of their width of their right end."""
BELOW = 0.35
"""It begins within this share of their height below them."""
TALLEST = 1.6
"""Its greatest height, in theirs."""
ONWARD = 1.5
"""How far beyond a place beside the figures writing is looked for, in its widths."""
NEAR = 0.5
"""Writing that ends within this many of its heights before the border may go on behind it."""
GAP = 0.9
"""The widest gap between two words, in heights of the writing."""
RULE = 6
"""Pixels on either side of the border, of ``TALL``, in which its rule is looked for."""
FAINT = 0.15
"""Share of the fullest row's ink up to which a row does not count for the height of the writing."""
UPRIGHT = 0.6
"""Share of a column that is ink from which on it is a rule."""


@dataclass(frozen=True, slots=True)
class Place:
    """Of the number in words of one row."""

    box: Box
    """Where it belongs."""
    room: Box
    """The same, and what it may run on into to the right."""

    def until(self, share: float) -> Box:
        """The room up to a share of its width."""
        return Box(self.room.y0, self.room.x0, self.room.y1, self.room.x0 + round(share * self.room.width))


def place_beside(row: Row, width: int) -> Place | None:
    """The place to the right of the figures, if the form has one; ``width`` of the sheet in pixels."""
    box = row.beside
    if box is None:
        return None
    return Place(box, Box(box.y0, box.x0, box.y1, min(width, box.x1 + round(ONWARD * box.width))))


def place_below(row: Row, cells: Sequence[Box]) -> Place | None:
    """The line below the figures, up to where they begin; what is printed there stands below them.

    Args:
        row: with its number's box.
        cells: all closed cells of the sheet.
    """
    below = [cell for cell in cells if _is_below(cell, row.number)]
    if not below:
        return None
    cell = min(below, key=lambda one: abs(one.y0 - row.number.y1))
    return Place(Box(cell.y0, cell.x0, cell.y1, min(cell.x1, row.number.x0)), cell)


def _is_below(cell: Box, number: Box) -> bool:
    return (
        cell.x0 < number.x0 - WIDER * number.width
        and abs(cell.x1 - number.x1) <= ENDS * number.width
        and -0.1 * number.height <= cell.y0 - number.y1 <= BELOW * number.height
        and cell.height <= TALLEST * number.height
    )


def share_written(room: Pixels, share: float) -> float | None:
    """How much of a room's picture holds the number, as a share of its width; None if the writing does not end in it.

    Args:
        room: (H, W, 3) uint8 BGR.
        share: where the border of the place lies.
    """
    grey = to_grey(room)
    wide = max(16, round(grey.shape[1] * TALL / grey.shape[0]))
    flat = flatten(np.asarray(cv2.resize(grey, (wide, TALL), interpolation=cv2.INTER_AREA), np.uint8))
    border = round(share * wide)
    columns, height = _inked(_without_border(flat, border), border)
    before = np.flatnonzero(columns[:border])
    if len(before) == 0 or border - before[-1] > NEAR * height:
        return share
    end = int(before[-1])
    for column in np.flatnonzero(columns[border:]) + border:
        if column - end > GAP * height:
            break
        end = int(column)
    if end < border:
        return share
    return min(1.0, (end + 0.3 * height) / wide) if end < wide - 3 else None


def _without_border(flat: Pixels, border: int) -> Pixels:
    """Paper in place of the rule that parts the place from what is behind it."""
    left, right = max(0, border - RULE), border + RULE + 1
    upright = (flat[:, left:right] < INK).mean(0) > UPRIGHT
    out = flat.copy()
    out[:, left:right][:, upright] = 255
    return out


def _inked(flat: Pixels, border: int) -> tuple[NDArray[np.bool_], int]:
    """Which columns hold writing, and how high the writing in the place itself is."""
    ink = written(flat)
    rows = ink[:, :border].sum(1)
    # Not from top to bottom: what hangs down from the row above, or a rest of a rule, would make letters of it.
    height = int((rows > FAINT * rows.max()).sum()) if rows.any() else 0
    return np.asarray(ink.any(0), np.bool_), height
