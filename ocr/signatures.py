"""The foot of a sheet: lines to sign on, which of them carry ink, and the time that was written.

Lines are found by shape (thin, below the rows, ending together) and believed only if a word of the form for those who
sign stands beside one of them. A signature is any ink on its line: whose it is, nobody here can tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from ocr.boxes import Box
from ocr.matching import is_cyrillic, similarity
from ocr.printed import read_printed
from ocr.rowtypes import Row, RowKind
from ocr.segments import Pixels, ink_mask
from ocr.tiles import LabelText, cut_tiles, joined
from tally.form import Form

TOGETHER = 26
"""Lines to sign on end within this many sheet pixels of each other."""
DRAWN = 0.6
"""Share of a line's length that must be seen: signatures hide some of it."""
SIGNED, EMPTY = 0.30, 0.06
"""Share of the line's length with ink on it from which on it is signed, and below which it is not; between them
nobody knows. Chosen on generated sheets of seeds 800000 to 800039 and 810000 to 810023."""
ROLE = 0.72
"""Likeness from which on a printed word is one of the form's words for those who sign."""
NARROW = 20
"""Sheet pixels between two lines below which signatures run into each other and are not counted."""


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One line to sign on."""

    room: Box
    """Where one signs, in sheet pixels."""
    signed: bool | None
    cover: float
    """Share of its length with ink, 0..1."""


@dataclass(frozen=True, slots=True)
class SigningPlace:
    """What was found below the rows."""

    lines: tuple[SignatureLine, ...] = ()
    time: Box | None = None
    """The blank for the time of signing."""


def find_signing_place(grey: Pixels, blanks: Sequence[Box], top: int, form: Form) -> SigningPlace:
    """Signature lines and the blank for the time below ``top``; empty if the form names nobody who signs.

    Args:
        grey: (H, W) uint8, the straightened sheet.
        blanks: from :func:`ocr.rules.find_rules`.
        top: lower edge of the last row of numbers in sheet pixels.
    """
    if not form.signatures.roles:
        return SigningPlace()
    ink = ink_mask(grey, 8)
    below = [blank for blank in blanks if blank.y1 > top + 8]
    rooms = _rooms(ink, below, top)
    if len(rooms) < 2:
        return SigningPlace()
    last = rooms[-1]
    late = [b for b in below if b.y1 > last.y1 + 0.4 * last.height and b.x0 < last.x1 and b.width < 400]
    rows = [Row(box, (_beside(box, rooms[0].height),), RowKind.BLANK) for box in (*rooms, *late)]
    texts = read_printed(cut_tiles(grey, rows))
    labels = [joined(texts, row) for row in rows]
    if not any(_alike(label, form.signatures.roles) >= ROLE for label in labels[: len(rooms)]):
        return SigningPlace()
    timed = [_alike(label, form.signatures.time) >= ROLE for label in labels]
    times = [box for box, found in zip(late, timed[len(rooms) :], strict=True) if found]
    lines = tuple(_looked_at(ink, room) for room, found in zip(rooms, timed, strict=False) if not found)
    return SigningPlace(lines, times[0] if len(times) == 1 else None)


def _beside(room: Box, pitch: int) -> Box:
    """Where the words before a line are printed: on the line, so a little above and below it."""
    return Box(max(0, room.y1 - round(0.8 * pitch)), 0, room.y1 + round(0.2 * pitch), max(1, room.x0 - 4))


def _alike(label: LabelText, words: Sequence[str]) -> float:
    return similarity(label.text, words, any(is_cyrillic(word) for word in words))


def _rooms(ink: Pixels, blanks: Sequence[Box], top: int) -> list[Box]:
    """The rooms above lines of one length that end together; empty if there are not two."""
    wide = [blank for blank in blanks if blank.width >= 0.06 * ink.shape[1]]
    groups = [[b for b in wide if abs(b.x1 - one.x1) <= TOGETHER] for one in wide]
    group = max(groups, key=len, default=[])
    if len(group) < 2:
        return []
    left = int(np.percentile([b.x0 for b in group], 25))
    right = int(np.median([b.x1 for b in group]))
    heights, pitch = _regular(_lines(ink, left, right, top))
    # The rule under the last row may stand as far from the first line as the lines from one another.
    return [Box(max(0, y - pitch), left, y, right) for y in heights if y - top >= 0.55 * pitch]


def _regular(heights: Sequence[int]) -> tuple[list[int], int]:
    """The longest run of heights that are equally far apart, and how far; the edge of the paper is not in it."""
    best: list[int] = []
    for first, second in pairwise(heights):
        pitch, run = second - first, [first, second]
        for height in heights:
            if abs(height - run[-1] - pitch) <= 0.2 * pitch:
                run.append(height)
        best = max(best, run, key=len)
    return best, (best[-1] - best[0]) // (len(best) - 1) if best else 0


def _lines(ink: Pixels, left: int, right: int, top: int) -> list[int]:
    """Heights of the horizontal lines between two columns below ``top``."""
    length = max(12, (right - left) // 8)
    band = cv2.morphologyEx(ink[:, left:right], cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    drawn = (cv2.dilate(band, np.ones((5, 1), np.uint8)) > 0).mean(axis=1)
    heights: list[int] = []
    for y in np.argsort(-drawn, kind="stable"):
        if drawn[y] < DRAWN:
            break
        if y > top + 12 and all(abs(int(y) - other) > 12 for other in heights):
            heights.append(int(y))
    return sorted(heights)


def _looked_at(ink: Pixels, room: Box) -> SignatureLine:
    """How much of a line's length carries ink in the lower half of its room; the line itself is left out."""
    part = ink[room.y1 - max(6, room.height // 2) : room.y1 - 3, room.x0 : room.x1]
    line = cv2.morphologyEx(part, cv2.MORPH_OPEN, np.ones((1, max(12, room.width // 6)), np.uint8))
    strokes = cv2.subtract(part, cv2.dilate(line, np.ones((3, 1), np.uint8)))
    cover = float((strokes > 0).any(axis=0).mean()) if strokes.size else 0.0
    unsure = room.height < NARROW or EMPTY < cover < SIGNED
    return SignatureLine(room, None if unsure else cover >= SIGNED, cover)


__all__ = ["SignatureLine", "SigningPlace", "find_signing_place"]
