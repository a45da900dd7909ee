"""What was found where, drawn on the photo: for the person who has to look.

Nothing is drawn over the ink: cells get an outline, and what was read stands in a margin beside the photo, at
the height of its cell. A photo that was taken sideways is turned, so that its numbers can be read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from ocr.overlay_marks import draw_marks, marks_line
from ocr.photo import Photo
from ocr.segments import Floats, Pixels
from ocr.view import project
from tally.acceptance import ZERO_MARKS, is_settled
from tally.checks import covered_fields
from tally.errors import FormError
from tally.form import load_form
from tally.model import CheckResult, Mark, Outcome, PageReading, Reading, Status

LONG_SIDE = 1600
"""Longest side of the drawing in pixels, banner and margin included."""
MARGIN = 380
"""Width of the margin in pixels."""
COLUMNS = ((20, 176), (202, 76), (284, 92))
"""Left edge and width in the margin of the field code, of what was read, and of the confidence."""
TEXT = 17
"""Height of a line of text in pixels; lines stand 1.4 times that apart."""
LINE = 24
MOST_REASONS = 5

GREEN, AMBER, RED, DARK, WHITE = (60, 150, 30), (0, 130, 235), (45, 35, 205), (45, 40, 40), (255, 255, 255)
"""BGR. The margin repeats in words what the colour says."""
_OF_STATUS = {Status.ACCEPTED: GREEN, Status.REVIEW: AMBER}

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _Tag:
    """One cell: outline in drawing pixels (4, 2), words for the columns of the margin, colour."""

    outline: Floats
    words: tuple[str, ...]
    colour: Colour

    @property
    def height(self) -> float:
        """Vertical middle of the cell."""
        return float(self.outline[:, 1].mean())


def draw(photo: Photo | Pixels, reading: PageReading) -> bytes:
    """The page with every cell and what was read in it, as PNG bytes, at most about 1600 px long.

    Args:
        photo: the page, or its (H, W, 3) uint8 BGR pixels, upright as the reader saw them.
        reading: what was read on this page; its corners are pixels of ``photo``.
    """
    pixels = photo.pixels if isinstance(photo, Photo) else photo
    banner = _banner(reading)
    small, to_small = _shrunk(pixels, reading, LONG_SIDE - LINE * (len(banner) + 1))
    tags = _tags(reading, to_small)
    for tag in tags:
        _outline(small, tag)
    draw_marks(small, reading.marks, to_small)
    canvas = _with_margin(small, tags) if tags else small
    ok, png = cv2.imencode(".png", np.vstack([_drawn(banner, canvas.shape[1]), canvas]))
    assert ok  # an array of this shape always encodes
    return png.tobytes()


def _shrunk(pixels: Pixels, reading: PageReading, most_height: int) -> tuple[Pixels, Floats]:
    """The photo turned upright and made small, and the (3, 3) map from photo to drawing pixels."""
    turns = _quarter_turns(reading)
    height, width = pixels.shape[:2]
    wide, high = (width, height) if turns % 2 == 0 else (height, width)
    scale = min(1.0, (LONG_SIDE - MARGIN) / wide, most_height / high)
    turned = {
        0: np.eye(3),
        1: np.array([[0, -1, height], [1, 0, 0], [0, 0, 1.0]]),
        2: np.array([[-1, 0, width], [0, -1, height], [0, 0, 1.0]]),
        3: np.array([[0, 1, 0], [-1, 0, width], [0, 0, 1.0]]),
    }[turns]
    size = (max(1, round(wide * scale)), max(1, round(high * scale)))
    small = cv2.resize(np.rot90(pixels, -turns), size, interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(small, dtype=np.uint8), np.diag([scale, scale, 1.0]) @ turned


def _quarter_turns(reading: PageReading) -> int:
    """Clockwise quarter turns that bring the cells' upper edges to run from left to right."""
    quads = [np.array(cell.quad_px) for _, cell in _cells(reading) if cell.quad_px is not None]
    if not quads:
        return 0
    x, y = np.median([quad[1] - quad[0] for quad in quads], axis=0)
    return int(round(-np.degrees(np.arctan2(y, x)) / 90)) % 4


def _cells(reading: PageReading) -> list[tuple[str, Reading]]:
    return [*reading.header.items(), *reading.fields.items()]


def _tags(reading: PageReading, to_small: Floats) -> list[_Tag]:
    covered = _covered(reading)
    tags = [
        _Tag(
            project(to_small, np.array(cell.quad_px, dtype=np.float64)),
            (code, *_value(cell)),
            _colour(cell, code in covered),
        )
        for code, cell in _cells(reading)
        if cell.quad_px is not None
    ]
    return sorted(tags, key=lambda tag: tag.height)


def _covered(reading: PageReading) -> frozenset[str]:
    try:
        form = load_form(reading.form or "")
    except FormError:  # a form of the user's own, known here by its id only: the stricter threshold is shown
        return frozenset()
    return covered_fields(form, [c for c, cell in reading.fields.items() if cell.mark is not Mark.ABSENT])


def _value(cell: Reading) -> tuple[str, str]:
    words = str(cell.value) if cell.mark is Mark.READ else cell.mark.value
    remark = " row?" if not cell.anchored else " words" if cell.by_words else ""
    return words, f"{cell.confidence:.2f}{remark}"


def _colour(cell: Reading, covered: bool) -> Colour:
    if is_settled(cell, covered=covered):
        return GREEN
    readable = cell.mark is Mark.READ or cell.mark in ZERO_MARKS
    return AMBER if readable and cell.anchored else RED


def _outline(picture: Pixels, tag: _Tag) -> None:
    corners = np.round(tag.outline).astype(np.int32).reshape(-1, 1, 2)
    cv2.polylines(picture, [corners], True, tag.colour, 2, cv2.LINE_AA)


def _with_margin(picture: Pixels, tags: Sequence[_Tag]) -> Pixels:
    """The picture with a margin on its right, and from each cell a thin line to its words there."""
    height, width = picture.shape[:2]
    canvas = np.full((max(height, LINE * len(tags) + LINE), width + MARGIN, 3), 250, dtype=np.uint8)
    canvas[:height, :width] = picture
    heights = _spread([tag.height for tag in tags], canvas.shape[0])
    lines = canvas.copy()
    for tag, y in zip(tags, heights, strict=True):
        right = np.round((tag.outline[1] + tag.outline[2]) / 2).astype(int)
        cv2.line(lines, (int(right[0]), int(right[1])), (width + 6, y), tag.colour, 1, cv2.LINE_AA)
    # Faint: the lines cross the numbers in words, which a person wants to compare.
    canvas = np.asarray(cv2.addWeighted(lines, 0.4, canvas, 0.6, 0), dtype=np.uint8)
    for tag, y in zip(tags, heights, strict=True):
        cv2.rectangle(canvas, (width + 6, y - 8), (width + 12, y + 8), tag.colour, cv2.FILLED)
        for words, (left, room) in zip(tag.words, COLUMNS, strict=True):
            _write(canvas, words, (width + left, y + 6), DARK, room)
    return canvas


def _spread(wanted: Sequence[float], height: int) -> list[int]:
    """Heights in the same order, as near to the wanted ones as lines that do not overlap can be."""
    placed: list[int] = []
    for y in wanted:
        placed.append(max(round(y), placed[-1] + LINE if placed else LINE // 2))
    limit = height - LINE // 2
    for index in reversed(range(len(placed))):
        placed[index] = min(placed[index], limit)
        limit = placed[index] - LINE
    return placed


def _banner(reading: PageReading) -> list[tuple[str, Colour]]:
    form = f"{reading.form} ({reading.form_confidence:.2f})" if reading.form else "no known form"
    status = reading.status.value.upper().replace("_", " ")
    head = f"{status} | {form} | {reading.file}, page {reading.page}"
    return [
        (head, _OF_STATUS.get(reading.status, RED)),
        *((line, DARK) for line in _why(reading)),
        *((line, DARK) for line in marks_line(reading)),
        (_LEGEND, DARK),
    ]


_LEGEND = (
    "green: sure | amber: not sure enough | red: not read, or the row is not certain (row?) "
    "| words: told by the words"
)


def _why(reading: PageReading) -> Iterator[str]:
    """Broken checks with both sides, then the first other reasons, then how many more there are."""
    broken = [check for check in reading.checks if check.outcome is Outcome.BROKEN]
    lines = [_broken(check) for check in broken]
    told = tuple(f"{check.id} " for check in broken)
    lines += [reason for reason in reading.reasons if not reason.startswith(told)]
    most = MOST_REASONS + len(broken)
    yield from lines[:most]
    if len(lines) > most:
        yield f"and {len(lines) - most} more"


def _broken(check: CheckResult) -> str:
    if check.left is None or check.right is None:
        return f"{check.id} does not hold: {check.says}"
    sides = [str(s.low) if s.is_exact else f"{s.low}..{s.high}" for s in (check.left, check.right)]
    return f"{check.id} does not hold: {check.says} (left {sides[0]}, right {sides[1]})"


def _drawn(lines: Sequence[tuple[str, Colour]], width: int) -> Pixels:
    banner = np.full((LINE * (len(lines) + 1), width, 3), 255, dtype=np.uint8)
    for number, (text, colour) in enumerate(lines):
        top = LINE // 3 + LINE * number
        if number == 0:
            cv2.rectangle(banner, (0, 0), (width, LINE + LINE // 3), colour, cv2.FILLED)
        _write(banner, text, (10, top + TEXT), WHITE if number == 0 else colour, width - 20)
    return banner


def _write(picture: Pixels, text: str, at: tuple[int, int], colour: Colour, room: int) -> None:
    """One line of text in any of the three alphabets, shortened to ``room`` pixels."""
    font, whole = _font(), " ".join(text.split())
    shown, kept = whole, len(whole)
    while kept > 5 and cv2.getTextSize((0, 0), shown, (0, 0), font, TEXT)[2] > room:
        kept = max(5, kept * 9 // 10 - 1)
        shown = whole[:kept].rstrip() + "..."
    cv2.putText(picture, shown, at, colour, font, TEXT)


@lru_cache(maxsize=1)
def _font() -> cv2.FontFace:
    return cv2.FontFace("sans")  # comes with OpenCV 5 and has the Kazakh letters


__all__ = ["draw"]
