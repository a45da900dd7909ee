"""Tell the pen's ink from all that is weaker or of another colour: security print, watermark, guilloche, show-through.

A seal lies in one place and is found by its ring; what is printed under a table may lie under any cell and has no shape
to be found by. But one pen wrote the page, and it is darker than the print under it, or of another colour. What is left
of a cell when only that pen's ink is kept is shown to the networks where they were in doubt; a number that then reads
otherwise stays in doubt, for somebody may have written with another pen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from ocr.focus import focus
from ocr.quantiles import quantile
from ocr.readings import CellReading, read_cells
from ocr.segments import Floats, Pixels
from ocr.unseal import LEAST, RIVAL, light_taken
from tally.form import Field
from tally.model import Mark

SURE = 0.9
"""Confidence of a number or a blank from which on a cell is not looked at again."""
EMPTY = 0.8
"""Confidence from which on a cell without its print is clearly empty."""
MARGIN = 0.2
"""How much surer another number must be: faint strokes may be the pen's too, a leading 1 above all."""
SAMPLE = 24
"""Height in pixels of the reduced pictures from which the inks are told."""
PEN = 0.5
"""Share of the page's strongest strokes from which on a pixel is the pen's."""
FLOOR = 0.25
"""The same below which a stroke is not the pen's: print under the table, the back of the sheet, grain."""
APART = 18.0
"""Degrees between the pen's direction and that of print of another colour. Blue and violet pens on orange print are 35
to 60 apart, black ones 25 to 40; the soft edges of one pen's strokes stay within 10."""
COLOURED = 0.75
"""Share of the light taken in the strongest channel that the weakest takes at most: grey is shadow, or another pen."""
PRESENT = 0.01
"""Share of all pixels that print of another colour covers at least."""
ALIKE = 0.6
"""Share of these pixels that lie within ``APART`` of their common direction: one print, not a medley."""
PAPER = 235.0


@dataclass(frozen=True, slots=True)
class Pen:
    """The ink that wrote a page."""

    direction: Floats
    """(3,) light taken in blue, green and red, length 1."""
    strength: float
    """Light taken by its strongest strokes."""
    print_: Floats | None
    """The same direction of coloured print under the table, if there is any."""

    def alone(self, cell: Pixels) -> Pixels:
        """The cell, (H, W, 3) uint8 BGR, with nothing but this pen's ink on even paper."""
        taken = light_taken(cell)
        amount = taken @ self.direction
        if self.print_ is not None:
            both = taken @ np.linalg.pinv(np.column_stack([self.print_, self.direction])).T
            amount = np.where(both[..., 0] > 0, both[..., 1], amount)
        floor = FLOOR * self.strength
        kept = np.clip(amount - floor, 0, None) * self.strength / (self.strength - floor)
        left = PAPER * np.exp(-kept[..., None] * self.direction)
        return np.asarray(np.clip(np.round(left), 0, 255), np.uint8)


def find_pen(cells: Sequence[Pixels]) -> Pen | None:
    """The pen that wrote a page, from the pictures of its number cells, (H, W, 3) uint8 BGR; ``None`` without ink."""
    taken = [light for cell in cells if (light := _light(cell)) is not None]
    if not taken:
        return None
    pixels = np.concatenate(taken)
    strength = np.linalg.norm(pixels, axis=1)
    strongest = quantile(strength, 0.995)
    drawn = strength >= PEN * strongest
    if strongest < 4 * LEAST or not drawn.any():
        return None
    pen = _direction(pixels[drawn])
    coloured = pixels.min(axis=1) <= COLOURED * pixels.max(axis=1)
    other = coloured & (strength >= LEAST) & ~drawn & (_angle(pixels, pen) >= APART)
    if other.mean() < PRESENT:
        return Pen(pen, strongest, None)
    print_ = _direction(pixels[other])
    alike = float((_angle(pixels[other], print_) <= APART).mean())
    return Pen(pen, strongest, print_ if alike >= ALIKE else None)


def read_pen_alone(
    pictures: Sequence[Pixels], asked: Sequence[Field], seen: Sequence[CellReading], open_: Sequence[bool]
) -> list[CellReading]:
    """The readings of a page's cells, those in doubt weighed against what its pen's ink alone says; same order.

    Args:
        pictures: (H, W, 3) uint8 BGR, of all number cells of the page.
        asked: the field of each.
        seen: what was read in each picture as it is.
        open_: False for digit boxes, whose printed rules are as dark as the pen.
    """
    at = [index for index, cell in enumerate(seen) if open_[index] and _in_doubt(cell)]
    pen = find_pen(pictures) if at else None
    if pen is None:
        return list(seen)
    alone = read_cells([focus(pen.alone(pictures[index])) for index in at], [asked[index] for index in at])
    out = list(seen)
    for index, cell in zip(at, alone, strict=True):
        out[index] = weighed(seen[index], cell)
    return out


def weighed(seen: CellReading, alone: CellReading) -> CellReading:
    """One reading from that of the cell and that of its pen's ink alone.

    Both alike: the surer one. Else the surer one, if it is a number or clearly empty, but below every threshold.
    """
    if (seen.mark, seen.value) == (alone.mark, alone.value):
        return max(seen, alone, key=lambda one: (one.agreed, one.confidence))
    empty = alone.mark is Mark.BLANK and alone.confidence >= EMPTY
    least = seen.confidence + (MARGIN if seen.mark is Mark.READ else 0.0)
    if alone.confidence > least and (empty or alone.mark is Mark.READ):
        return alone.doubted()
    rival = alone.mark is Mark.READ and alone.confidence >= RIVAL
    return seen.doubted() if seen.mark is Mark.READ and (rival or empty) else seen


def _in_doubt(seen: CellReading) -> bool:
    """True if a cell is worth a second look: neither a clear number nor clearly empty."""
    return seen.confidence < SURE or seen.mark not in (Mark.READ, Mark.BLANK)


def _light(cell: Pixels) -> Floats | None:
    """(N, 3) light taken by the pixels of a reduced picture, its edges with their rules left out."""
    height, width = cell.shape[:2]
    inner = cell[height // 6 : height - height // 6, width // 20 : width - width // 20]
    if min(inner.shape[:2]) < 8:
        return None
    size = (max(8, round(inner.shape[1] * SAMPLE / inner.shape[0])), SAMPLE)
    small = np.asarray(cv2.resize(inner, size, interpolation=cv2.INTER_AREA), np.uint8)
    return light_taken(small).reshape(-1, 3)


def _direction(pixels: Floats) -> Floats:
    """(3,) common direction, length 1."""
    lengths = np.maximum(np.linalg.norm(pixels, axis=1, keepdims=True), 1e-9)
    middle = np.median(pixels / lengths, axis=0)
    return np.asarray(middle / max(1e-9, float(np.linalg.norm(middle))))


def _angle(pixels: Floats, direction: Floats) -> Floats:
    """(N,) degrees from a direction."""
    lengths = np.maximum(np.linalg.norm(pixels, axis=1), 1e-9)
    return np.asarray(np.degrees(np.arccos(np.clip(pixels @ direction / lengths, -1, 1))))
