"""Rows found from their printed labels alone: first what the number counts, then where it stands beside it.

For sheets whose tables are not closed, stand in several blocks, or are not ruled at all. The place of such a number is
inferred, so these rows are never anchored and no sheet that needs them is accepted without a person.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from rapidfuzz import fuzz

from ocr.anchor import ANCHOR_SCORE, Anchor
from ocr.boxes import Box, hull_of
from ocr.columns import BOX_ASPECT
from ocr.matching import fold, similarity
from ocr.rowtypes import Row, RowKind
from ocr.segments import Pixels, ink_mask
from ocr.words import Line, Word, lines_of, usual_height
from tally.form import Field

MAX_LINES = 4
"""Lines that one label may have."""
MIN_LIKENESS = 0.70
"""Mean of "the wording is in there" and "there is nothing else", from which on lines are taken for a label."""
TWICE = 0.04
"""Where a second place is this nearly as good, the wording is printed twice and neither is taken."""
REACH = 0.3
"""A number without rules stands at most this far from its label, as a share of the sheet's width."""
OWN = 0.7
"""A stroke that lies this much less in a label's own line than in another label's is not its number's."""
APART = 3.5
"""Paper, in heights of a word, that parts a number from what stands right of it."""
WIDEST = 14
"""Heights of a word that the figures of one number are wide at most."""
ROOM = 2.5
"""Paper right of a label, in heights of a word, in which a number fits."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a wording is printed."""

    lines: tuple[Line, ...]
    box: Box
    text: str


def rows_by_labels(
    fields: Mapping[str, Sequence[str]],
    words: Sequence[Word],
    cells: Sequence[Box],
    grey: Pixels,
    cyrillic: bool,
) -> dict[str, Anchor]:
    """Field code -> row, for every wording that is printed in one clear place.

    Args:
        fields: the wordings of each field.
        words: all words of the sheet.
        cells: closed cells of its tables.
        grey: (H, W) uint8, the sheet.
    """
    height = usual_height(words)
    if not height:
        return {}
    found = _spots(fields, _candidates(lines_of(words), height), cyrillic)
    ink = _writing(grey, height)
    taken = [spot.box for spot, _ in found.values()]
    out = {}
    for code, (spot, score) in found.items():
        others = [box for box in taken if box != spot.box]
        number = _number(spot.box, cells, others, words, ink, height)
        if (
            number is None and len(spot.lines) > 1
        ):  # beside the last line, which is shorter than the ones above it
            number = _number(spot.lines[-1].box, cells, others, words, ink, height)
        if number is not None:
            out[code] = Anchor(Row(number, (spot.box,), RowKind.BLANK), spot.text, score, False)
    return {code: anchor for code, anchor in out.items() if _alone(code, out)}


def _alone(code: str, rows: Mapping[str, Anchor]) -> bool:
    """True if no other label leads to the same number."""
    own = rows[code].row.number
    return not any(
        own.overlap_y(other.row.number) > 0.5 and own.overlap_x(other.row.number) > 0.3
        for name, other in rows.items()
        if name != code
    )


def _candidates(lines: Sequence[Line], height: int) -> list[Spot]:
    """Every line, and every stack of lines close under one another."""
    out = []
    for line in lines:
        stack = [line]
        while stack and len(stack) <= MAX_LINES:
            box = hull_of([one.lettered for one in stack])
            out.append(Spot(tuple(stack), box, " ".join(one.text for one in stack)))
            below = [
                other
                for other in lines
                if 0.4 * height <= other.box.y0 - stack[-1].box.y0 <= 2.4 * height
                and abs(other.box.x0 - stack[-1].box.x0) <= 3 * height
                and other.box.overlap_x(stack[-1].box) >= 0.5
            ]
            if not below:
                break
            stack.append(min(below, key=lambda other: other.box.y0))
    return out


def _spots(
    fields: Mapping[str, Sequence[str]], candidates: Sequence[Spot], cyrillic: bool
) -> dict[str, tuple[Spot, float]]:
    """The best place of each wording; one line of print belongs to one field."""
    ranked = sorted(
        (
            (score, code, index)
            for index, spot in enumerate(candidates)
            for code, variants in fields.items()
            if (score := _likeness(spot.text, variants, cyrillic)) >= MIN_LIKENESS
        ),
        key=lambda item: (-item[0], item[1], item[2]),
    )
    out: dict[str, tuple[Spot, float]] = {}
    used: set[Line] = set()
    twice: set[str] = set()
    for score, code, index in ranked:
        spot = candidates[index]
        if code in out:
            first, best = out[code]
            if best - score < TWICE and not set(first.lines) & set(spot.lines) and not used & set(spot.lines):
                twice.add(code)
        elif not used & set(spot.lines):
            out[code] = (spot, score)
            used |= set(spot.lines)
    return {code: place for code, place in out.items() if code not in twice}


def _likeness(text: str, variants: Collection[str], cyrillic: bool) -> float:
    contained = similarity(text, variants, cyrillic)
    if contained < ANCHOR_SCORE:
        return 0.0
    seen = fold(text, cyrillic)
    return (contained + max(fuzz.ratio(fold(variant, cyrillic), seen) for variant in variants) / 100) / 2


def _writing(grey: Pixels, height: int) -> list[Box]:
    """Strokes that may be digits, and upright rules; taller than most print, no dots of a dotted line."""
    ink = ink_mask(grey, 14)
    rules = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, 5 * height), np.uint8))
    ink = np.asarray(cv2.subtract(ink, cv2.dilate(rules, np.ones((3, 1), np.uint8))), dtype=np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(
        cv2.dilate(ink, np.ones((3, 3), np.uint8)), connectivity=8
    )
    return [
        Box(int(top), int(left), int(top + tall), int(left + wide))
        for left, top, wide, tall, area in stats[1:count]
        if (0.7 * height <= tall <= 6 * height and wide <= 12 * height and area >= 2 * height)
        or (tall > 6 * height and wide <= 0.7 * height)
    ]


def _number(
    label: Box,
    cells: Sequence[Box],
    labels: Sequence[Box],
    words: Sequence[Word],
    ink: Sequence[Box],
    height: int,
) -> Box | None:
    """The place of the number: the next free cell, or the writing on the paper to the right."""
    around = min((c for c in cells if _inside(label, c)), key=lambda c: c.width * c.height, default=None)
    if around is not None and around.x1 - label.x1 < ROOM * height:
        return _next_cell(around, cells, words)
    stop = min(
        [
            box.x0
            for box in [*labels, *(w.box for w in words if w.is_print)]
            if box.x0 >= label.x1 and box.overlap_y(label) >= 0.3
        ],
        default=10**6,
    )
    width = max([b.x1 for b in ink] + [label.x1])
    stop = min(
        [stop, *(b.x0 for b in ink if _is_rule(b, height) and b.x0 >= label.x1 and b.overlap_y(label) > 0)]
    )
    stop = min(stop, around.x1 if around is not None else width)
    print_ = [word.box for word in words if word.is_print]
    top, bottom = _band(label, print_, height)
    if around is not None:
        top, bottom = max(top, around.y0), min(bottom, around.y1)
    area = Box(top, label.x1 + height // 4, bottom, stop)
    if area.width < height or area.height < height:
        return None
    rivals = [_band(box, print_, height) for box in labels if box.overlap_x(label) > 0.3]
    written = [
        b
        for b in ink
        if area.x0 <= (b.x0 + b.x1) / 2 <= area.x1
        and not _is_rule(b, height)
        and b.overlap_y(area) >= 0.5
        and all(_shared(b, (top, bottom)) >= OWN * _shared(b, band) for band in rivals)
    ]
    groups = [g for g in _groups(written, height) if g[0].x0 <= label.x1 + REACH * width]
    if len(groups) != 1:  # of two groups none can be said to be the number
        return None
    hull = hull_of(groups[0])
    if hull.width > WIDEST * height:
        return None
    # Figures are written larger than print and reach into the next line; what is theirs ends halfway between labels.
    pad = height // 3
    y0, y1 = max(hull.y0 - pad, area.y0 - pad), min(hull.y1 + pad, area.y1 + pad)
    return Box(max(0, y0), max(label.x1, hull.x0 - pad), y1, hull.x1 + pad) if y1 - y0 >= height else None


def _band(label: Box, print_: Sequence[Box], height: int) -> tuple[int, int]:
    """Top and bottom of the paper that belongs to a label: halfway to the print above and below it."""
    near = [box for box in print_ if box.overlap_x(label) > 0.3]
    above = max((box.y1 for box in near if box.middle < label.y0), default=-(10**6))
    below = min((box.y0 for box in near if box.middle > label.y1), default=10**6)
    return (
        max(0, label.y0 - min(height, max(0, label.y0 - above) // 2)),
        label.y1 + min(height, max(0, below - label.y1) // 2),
    )


def _groups(written: Sequence[Box], height: int) -> list[list[Box]]:
    """Strokes from left to right, parted where wide gaps are."""
    groups: list[list[Box]] = []
    for box in sorted(written, key=lambda one: one.x0):
        if groups and box.x0 - max(one.x1 for one in groups[-1]) <= APART * height:
            groups[-1].append(box)
        else:
            groups.append([box])
    return groups


def _is_rule(ink: Box, height: int) -> bool:
    """True for an upright rule or a piece of one: there a block of the sheet ends."""
    return ink.height >= 4 * height and ink.width <= 0.7 * height


def _shared(ink: Box, band: tuple[int, int]) -> int:
    """Pixels of a stroke's height that lie in a band; strokes of two lines may touch."""
    return max(0, min(ink.y1, band[1]) - max(ink.y0, band[0]))


def _inside(label: Box, cell: Box) -> bool:
    middle = (label.x0 + label.x1) / 2
    return cell.x0 - 4 <= middle <= cell.x1 + 4 and cell.y0 - 4 <= label.middle <= cell.y1 + 4


def _next_cell(label: Box, cells: Sequence[Box], words: Sequence[Word]) -> Box | None:
    """The first cell to the right without print in it; the whole run, if these are digit boxes."""
    beside = sorted(
        (
            c
            for c in cells
            if c.x0 >= label.x1 - 6 and c.overlap_y(label) >= 0.6 and c.height <= 1.3 * label.height
        ),
        key=lambda c: (c.x0, -c.height),
    )
    printed = [w.box for w in words if w.letters >= 4 and w.confidence >= 0.7]
    free = [c for c in beside if not any(_inside(box, c) for box in printed)]
    if not free:
        return None
    run = [free[0]]
    for cell in free[1:]:
        narrow = run[0].width <= BOX_ASPECT * run[0].height and 0.6 <= cell.width / run[0].width <= 1.7
        if not narrow or cell.x0 - run[-1].x1 > 14:
            break
        run.append(cell)
    return hull_of(run)


def holds_print(number: Box, words: Sequence[Word]) -> bool:
    """True if a box taken for a number's place is full of printed words: it is another row's label."""
    inside = [w for w in words if w.letters >= 4 and w.confidence >= 0.6 and _inside(w.box, number)]
    return len(inside) >= 2


def labelled_fields(fields: Sequence[Field]) -> dict[str, list[str]]:
    """The wordings of each field that has any."""
    return {f.code: [text for group in f.labels.values() for text in group] for f in fields if f.labels}


__all__ = ["holds_print", "labelled_fields", "rows_by_labels"]
