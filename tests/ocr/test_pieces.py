"""Pieces of a mask, found without OpenCV's statistics, are what those say."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import pytest

from ocr.pieces import pieces_of, places_in
from ocr.rules import _area, _enclosed, _fills, _holes


def some_mask(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    mask = np.zeros((120, 90), np.uint8)
    for _ in range(14):
        x0, y0, x1, y1 = (int(v) for v in rng.integers(0, 90, 4))
        cv2.rectangle(mask, (x0, y0), (x1, y1), 255, 1)
    return mask


def cut(mask: np.ndarray, box: Sequence[int]) -> np.ndarray:
    x, y, width, height = box
    return mask[y : y + height, x : x + width]


@pytest.mark.parametrize("seed", range(6))
def test_a_rule_is_lost_or_moved_by_the_quick_count(seed):
    mask = some_mask(seed)
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    pieces = pieces_of(mask)
    assert sorted(zip(*(side.tolist() for side in pieces.boxes()), strict=True)) == sorted(
        tuple(row[:4]) for row in stats[1:].tolist()
    )
    assert (pieces.only(np.ones(pieces.count, bool)) == mask).all()
    assert not pieces.only(np.zeros(pieces.count, bool)).any()


@pytest.mark.parametrize("shape", [(1, 3), (7, 9), (40, 64)])
def test_a_pixel_is_passed_over(shape):
    mask = (np.random.default_rng(2).random(shape) > 0.9).astype(np.uint8) * 255
    assert places_in(mask).tolist() == np.flatnonzero(mask).tolist()
    mask[:] = 255
    assert pieces_of(mask).only(np.zeros(1, bool)).max() == 0


def test_an_empty_mask_breaks_the_count():
    pieces = pieces_of(np.zeros((5, 7), np.uint8))
    assert pieces.count == 0
    assert [side.tolist() for side in pieces.boxes()] == [[], [], [], []]
    assert not pieces.only(np.zeros(0, bool)).any()


def test_a_line_of_words_passes_for_a_drawn_rule():
    lines = np.zeros((9, 40), np.uint8)
    lines[2], lines[6] = 255, 255
    ink = lines.copy()
    ink[6, ::2] = 0
    assert pieces_of(lines).share_in(ink).tolist() == [1.0, 0.5]


@pytest.mark.parametrize("seed", range(12))
def test_a_closed_cell_is_overlooked_by_its_outline(seed):
    mask = some_mask(seed)
    _, _, stats, _ = cv2.connectedComponentsWithStats(255 - mask, connectivity=4)
    height, width = mask.shape
    inner = [
        tuple(row)
        for row in stats[1:].tolist()
        if row[0] > 0 and row[1] > 0 and row[0] + row[2] < width and row[1] + row[3] < height
    ]
    found = [(*box, _area(cut(mask, box))) for box, _ in _holes(mask)]
    assert sorted(found) == sorted(inner)
    for (*box, area), outline in zip(found, (rim for _, rim in _holes(mask)), strict=True):
        assert _enclosed(outline) >= area
        assert _fills(cut(mask, box), outline) == (area >= 0.6 * box[2] * box[3])
