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
from ocr.packed import opened_along
from ocr.printed import read_printed
from ocr.quantiles import percentile
from ocr.rowtypes import Row, RowKind
from ocr.segments import Floats, Pixels, ink_mask
from ocr.tiles import LabelText, cut_tiles, joined
from tally.form import Form

TOGETHER = 26
"""Lines to sign on end within this many sheet pixels of each other."""
DRAWN = 0.6
"""Share of a line's length that must be seen: signatures hide some of it."""
HALF_DRAWN, END_DRAWN = 0.35, 0.40
"""Share from which on a line may have been missed, between or before lines and after them: then there is no count."""
TIME_LOWER = 14
"""Sheet pixels by which the blank for the time may stand lower than the next line to sign on would."""
BEYOND = (30, 55)
"""Sheet pixels beyond the lines' ends where a rule of the table goes on."""
BROAD = 6
"""Sheet pixels: pens draw thinner strokes."""
PALE = 0.5
"""Share of the darkest ink's depth that a watermark stays below."""
SIGNED, EMPTY = 0.27, 0.08
"""Share of the line's length with ink on it from which on it is signed, and below which it is not; between them
nobody knows. Chosen on 504 lines of generated sheets, seeds 800000 to 800039 and 810000 to 810059: of the empty ones
none had more than 0.26, of the signed ones none less than 0.13."""
ROLE = 0.72
"""Likeness from which on a printed word is one of the form's words for those who sign."""
ABOVE = 60
"""Sheet pixels above the foot that are looked at with it."""
FEWEST = 3
"""Commissions have at least three members."""
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
    whole: bool = False
    """True if no line seems to be missed and none of the table's is among them; else they are not counted."""


def find_signing_place(grey: Pixels, blanks: Sequence[Box], top: int, form: Form) -> SigningPlace:
    """Signature lines and the blank for the time below ``top``; empty if the form names nobody who signs.

    Args:
        grey: (H, W) uint8, the straightened sheet.
        blanks: from :func:`ocr.rules.find_rules`.
        top: lower edge of the last row of numbers in sheet pixels.
    """
    if not form.signatures.roles:
        return SigningPlace()
    ink = _ink_below(grey, top)
    below = [blank for blank in blanks if blank.y1 > top + 8]
    ruled = _ruled(ink, below, top)
    if ruled is None or len(ruled.heights) < 2:
        return SigningPlace()
    rooms = ruled.rooms
    last = rooms[-1]
    late = [b for b in below if b.y1 > last.y1 + 0.4 * last.height and b.x0 < last.x1 and b.width < 400]
    rows = [Row(box, (_beside(box, rooms[0].height),), RowKind.BLANK) for box in (*rooms, *late)]
    texts = read_printed(cut_tiles(grey, rows))
    labels = [joined(texts, row) for row in rows]
    roles = [_alike(label, form.signatures.roles) for label in labels[: len(rooms)]]
    if max(roles) < ROLE:
        return SigningPlace()
    timed = [_alike(label, form.signatures.time) >= ROLE for label in labels]
    times = [box for box, found in zip(late, timed[len(rooms) :], strict=True) if found]
    written = _without_watermark(grey, ink)
    # Those who sign with a title sign first: what stands before them is a rule of the table.
    first = next(at for at, score in enumerate(roles) if score >= ROLE)
    lines = [_looked_at(written, room) for room, found in zip(rooms, timed, strict=False) if not found][
        first:
    ]
    # A first title that was not read looks like a rule of the table: then the lines are shown, and not counted.
    whole = not ruled.missed(top, times) and first == 0 and len(lines) == len(rooms) >= FEWEST
    return SigningPlace(tuple(lines), times[0] if len(times) == 1 else None, whole)


def _ink_below(grey: Pixels, top: int) -> Pixels:
    """Ink of the sheet below ``top`` and a little above it; none elsewhere, which saves the time of looking."""
    start = max(0, top - ABOVE)
    ink = np.zeros_like(grey)
    if start < grey.shape[0] - 1:
        ink[start:] = ink_mask(grey[start:], 8)
    return ink


def _beside(room: Box, pitch: int) -> Box:
    """Where the words before a line are printed: on the line, so a little above and below it."""
    return Box(max(0, room.y1 - round(0.8 * pitch)), 0, room.y1 + round(0.2 * pitch), max(1, room.x0 - 4))


def _alike(label: LabelText, words: Sequence[str]) -> float:
    return similarity(label.text, words, any(is_cyrillic(word) for word in words))


@dataclass(frozen=True, slots=True)
class _Ruled:
    """Lines of one length that end together, equally far apart."""

    drawn: Floats
    """(H,) share of the way between the two ends that is ruled, at each height of the sheet."""
    heights: Sequence[int]
    pitch: int
    left: int
    right: int

    @property
    def rooms(self) -> list[Box]:
        """Where one signs: above each line, up to the one before."""
        return [Box(max(0, y - self.pitch), self.left, y, self.right) for y in self.heights]

    def missed(self, top: int, times: Sequence[Box]) -> bool:
        """True if something like a line stands where one would be: between two of them, or before or after them.

        Blanks for the time, ``times``, may stand after them: their share of the way is no line's.
        """
        near, wide = max(3, self.pitch // 8), max(3, self.pitch // 4)
        places = [((a + b) // 2, near, HALF_DRAWN) for a, b in pairwise(self.heights)]
        after = self.heights[-1] + self.pitch
        timed = [box for box in times if abs(box.y1 - after) <= wide + TIME_LOWER]
        places.append((after, wide, END_DRAWN + max((self._share(box) for box in timed), default=0.0)))
        if self.heights[0] - self.pitch - top >= 0.55 * self.pitch:
            places.append((self.heights[0] - self.pitch, wide, HALF_DRAWN))
        return any(float(self.drawn[y - r : y + r].max(initial=0.0)) >= least for y, r, least in places)

    def _share(self, box: Box) -> float:
        """Share of the way between the lines' ends that a box stands on."""
        return max(0, min(box.x1, self.right) - max(box.x0, self.left)) / (self.right - self.left)


def _ruled(ink: Pixels, blanks: Sequence[Box], top: int) -> _Ruled | None:
    """Lines of one length that end together below ``top``, if there are two."""
    wide = [blank for blank in blanks if blank.width >= 0.06 * ink.shape[1]]
    groups = [[b for b in wide if abs(b.x1 - one.x1) <= TOGETHER] for one in wide]
    group = max(groups, key=len, default=[])
    if len(group) < 2:
        return None
    left = int(np.percentile([b.x0 for b in group], 25))
    right = int(np.median([b.x1 for b in group]))
    drawn = _drawn(ink, left, right)
    heights, pitch = _regular(_lines(drawn, top))
    # The rule under the last row may stand as far from the first line as the lines from one another.
    return _Ruled(drawn, [y for y in heights if y - top >= 0.55 * pitch], pitch, left, right)


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


def _drawn(ink: Pixels, left: int, right: int) -> Floats:
    """(H,) share of the way between two columns that is ruled at each height; 0 where the rule goes on at both ends.

    A rule that does is one of the table's.
    """
    length = max(12, (right - left) // 8)
    x0, x1 = max(0, left - BEYOND[1]), min(ink.shape[1], right + BEYOND[1])
    start = max(0, int(np.argmax(ink.any(axis=1))) - 2)  # above it nothing can be ruled
    band = opened_along(ink[start:, x0:x1], length)
    ruled = np.asarray(cv2.dilate(band, np.ones((5, 1), np.uint8)), np.uint8)
    drawn = np.zeros(len(ink))
    drawn[start:] = _shares(ruled[:, left - x0 : right - x0])
    first, last = ruled[:, : max(1, left - x0 - BEYOND[0])], ruled[:, right - x0 + BEYOND[0] :]
    if last.shape[1]:
        drawn[start:][(_shares(first) > DRAWN) & (_shares(last) > DRAWN)] = 0
    return drawn


def _shares(mask: Pixels) -> Floats:
    """(H,) share of every row that is set; ``mask`` is 0 or 255."""
    inked = np.ravel(cv2.reduce(mask, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S)) // 255
    return np.asarray(inked / mask.shape[1])


def _lines(drawn: Floats, top: int) -> list[int]:
    """Heights of the lines below ``top``."""
    heights: list[int] = []
    for y in np.argsort(-drawn, kind="stable"):
        if drawn[y] < DRAWN:
            break
        if y > top + 12 and all(abs(int(y) - other) > 12 for other in heights):
            heights.append(int(y))
    return sorted(heights)


def _without_watermark(grey: Pixels, ink: Pixels) -> Pixels:
    """The ink without broad pale strokes: those are printed under what is written."""
    start = max(0, int(np.argmax(ink.any(axis=1))) - ABOVE)
    part = ink[start:]
    broad = cv2.morphologyEx(part, cv2.MORPH_OPEN, np.ones((BROAD, BROAD), np.uint8))
    if not broad.any():
        return ink
    paper = cv2.blur(cv2.dilate(grey[start:], np.ones((5, 5), np.uint8)), (45, 45))
    depth = cv2.subtract(paper, grey[start:])
    dark = depth >= PALE * percentile(depth[part > 0], 90)
    pale = ((broad > 0) & ~dark).astype(np.uint8)
    under = cv2.dilate(pale, np.ones((BROAD + 3, BROAD + 3), np.uint8))
    out = ink.copy()
    out[start:][(under > 0) & ~dark] = 0
    return out


def _looked_at(ink: Pixels, room: Box) -> SignatureLine:
    """How much of a line's length carries ink in the lower half of its room; the line itself is left out."""
    part = ink[room.y1 - max(6, room.height // 2) : room.y1 - 3, room.x0 : room.x1]
    line = cv2.morphologyEx(part, cv2.MORPH_OPEN, np.ones((1, max(12, room.width // 6)), np.uint8))
    strokes = cv2.subtract(part, cv2.dilate(line, np.ones((3, 1), np.uint8)))
    cover = float((strokes > 0).any(axis=0).mean()) if strokes.size else 0.0
    unsure = room.height < NARROW or EMPTY < cover < SIGNED
    return SignatureLine(room, None if unsure else cover >= SIGNED, cover)


__all__ = ["SignatureLine", "SigningPlace", "find_signing_place"]
