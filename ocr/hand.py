"""Whose 1 and whose 7: the digits of one sheet were written by one hand, and its other numbers show how.

The readers see one cell at a time. A 1 with a long flag and a 7 without a bar are one shape in some hands; in the hand
of one writer they hardly ever are. So the ones and sevens of a number that no sum covers are held against those of the
sheet's other numbers: where one of them looks more like the writer's other digit, a person looks; where it looks
clearly like its own, what the readers held for the other digit counts less.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.prepared import Grey, writing
from ocr.readings import CellReading
from tally.model import Mark

TWINS = {"1": "7", "7": "1"}
SURE = 0.9
"""Confidence from which on a number shows how its writer writes."""
NEARER, CONTRARY, CLEAR, ALIKE = 0.02, -0.05, 0.08, 0.91
"""How much nearer a digit must be to its own kind than to the writer's other one: less than the first, and its
number is in doubt; less than the second, also if the readers are ``FIRM``; the third or more, and it is clear. One that
is as near as the fourth to the other one, where nothing of its own kind stands on the sheet, is in doubt. Likeness is a
correlation, -1..1. Chosen on generated sheets of seeds 1810000 to 1810159 and 1820000 to 1820119 and on one sheet that
had been accepted wrongly (1700183): docs/adr/0019-hand.md."""
FIRM = 0.995
WEIGHT = 10.0
"""A reading that is clear by the hand has this much better odds against its twin: fewer than what was measured (of ones
and sevens read rightly 88 % are clear, of those read wrongly 1.4 % would be)."""
TALL, ROOM = 24, 38
"""Size in pixels to which a digit is brought, and the width of the picture that holds it."""

Shape = NDArray[np.float32]
Piece = tuple[int, int, int, int, tuple[int, ...]]
"""Left, top, right and bottom of ink that hangs together, and the numbers of its components."""


def weigh_hand(
    prepared: Sequence[Grey], seen: Sequence[CellReading], lone: Sequence[bool]
) -> list[CellReading]:
    """What was seen, where no sum covers it held against the writer's other ones and sevens.

    Args:
        prepared: the crops as the readers took them, from :func:`ocr.prepared.prepare`.
        seen: what was read in each.
        lone: whether no equality of the form covers the number.
    """
    asked = [at for at, cell in enumerate(seen) if lone[at] and set(_digits(cell)) & set(TWINS)]
    if not asked:
        return list(seen)
    telling = {*asked, *(at for at, cell in enumerate(seen) if cell.confidence > SURE)}
    shapes = {at: found for at in sorted(telling) if (found := _shapes(prepared[at], seen[at]))}
    out = list(seen)
    for at in asked:
        if at in shapes:
            others = _examples(seen, {k: found for k, found in shapes.items() if k != at})
            out[at] = _weighed(seen[at], shapes[at], others)
    return out


def _weighed(cell: CellReading, own: Sequence[Shape], others: Mapping[str, Sequence[Shape]]) -> CellReading:
    digits = _digits(cell)
    clear = set()
    for place, digit in enumerate(digits):
        if digit not in TWINS:
            continue
        same, twin = (likeness(own[place], others[one]) for one in (digit, TWINS[digit]))
        if twin is None:
            continue
        least = CONTRARY if cell.confidence >= FIRM else NEARER
        if (same is None and twin >= ALIKE) or (same is not None and same - twin < least):
            return cell.doubted()
        if same is not None and same - twin >= CLEAR:
            clear.add(place)
    return _surer(cell, digits, clear)


def _surer(cell: CellReading, digits: str, clear: set[int]) -> CellReading:
    """The reading with less left for numbers that differ from it only where the hand is clear."""
    won, rest = 0.0, []
    for value, chance in cell.alternatives:
        other = str(value).zfill(len(digits))
        differs = {k for k, (a, b) in enumerate(zip(digits, other, strict=False)) if a != b}
        twins = len(other) == len(digits) and all(TWINS.get(digits[k]) == other[k] for k in differs)
        gone = chance * (1 - 1 / WEIGHT) if twins and differs <= clear else 0.0
        won += gone
        rest.append((value, chance - gone))
    ranked = tuple(sorted(rest, key=lambda one: -one[1]))
    return replace(cell, confidence=min(cell.confidence + won, 0.9999), alternatives=ranked)


def likeness(shape: Shape, others: Sequence[Shape]) -> float | None:
    """The greatest correlation with any of the others, shifted by up to two pixels; None if there are none."""
    shifted = [np.roll(shape, step, 1).ravel() for step in range(-2, 3)]
    return max((float(np.dot(one, other.ravel())) for other in others for one in shifted), default=None)


def _examples(
    seen: Sequence[CellReading], shapes: Mapping[int, Sequence[Shape]]
) -> Mapping[str, list[Shape]]:
    """The ones and sevens of numbers that were read surely."""
    out: dict[str, list[Shape]] = defaultdict(list)
    for at, found in shapes.items():
        if seen[at].confidence > SURE:
            for digit, shape in zip(_digits(seen[at]), found, strict=True):
                if digit in TWINS:
                    out[digit].append(shape)
    return out


def _digits(cell: CellReading) -> str:
    """The digits as written, zeros in front and all; empty where ink between or beside them was not a digit."""
    text = cell.text.strip("-x")
    return text if cell.mark is Mark.READ and text.isdigit() and int(text) == cell.value else ""


def _shapes(prepared: Grey, cell: CellReading) -> list[Shape]:
    """One shape a digit, from left to right; empty unless the ink falls into as many pieces as digits were read."""
    digits = _digits(cell)
    if not set(digits) & set(TWINS):
        return []
    ink = writing(prepared)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    boxes: list[Piece] = []
    for number, (x, y, width, height, area) in enumerate(stats.tolist()):
        if number and area >= 8:
            boxes.append((x, y, x + width, y + height, (number,)))
    pieces = _side_by_side(boxes)
    tallest = max((bottom - top for _, top, _, bottom, _ in pieces), default=0)
    pieces = [one for one in pieces if one[3] - one[1] > 0.45 * tallest and one[2] - one[0] >= 2]
    if len(pieces) != len(digits) or tallest < 14:
        return []
    return [_shape(np.isin(labels[y0:y1, x0:x1], of).astype(np.uint8)) for x0, y0, x1, y1, of in pieces]


def _side_by_side(pieces: list[Piece]) -> list[Piece]:
    """Pieces above one another joined: the bar of a 5, a 7 that fell apart."""
    out: list[Piece] = []
    for piece in sorted(pieces):
        last = out[-1] if out else None
        shared = min(last[2], piece[2]) - max(last[0], piece[0]) if last else 0
        if last and shared > 0.4 * min(last[2] - last[0], piece[2] - piece[0]):
            x0, y0, x1, y1 = (
                f(a, b) for f, a, b in zip((min, min, max, max), last[:4], piece[:4], strict=True)
            )
            out[-1] = (x0, y0, x1, y1, last[4] + piece[4])
        else:
            out.append(piece)
    return out


def _shape(mask: Grey) -> Shape:
    """A digit brought to one height, blurred, of mean 0 and length 1."""
    height, width = mask.shape
    wide = min(ROOM - 8, max(2, round(width * TALL / height)))
    digit = cv2.resize(mask.astype(np.float32), (wide, TALL), interpolation=cv2.INTER_AREA)
    canvas = np.zeros((TALL + 8, ROOM), np.float32)
    left = (ROOM - wide) // 2
    canvas[4 : 4 + TALL, left : left + wide] = digit
    soft = cv2.GaussianBlur(canvas, (0, 0), 1.6)
    soft = soft - soft.mean()
    return np.asarray(soft / (np.linalg.norm(soft) + 1e-9), np.float32)
