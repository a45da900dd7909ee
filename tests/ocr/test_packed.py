"""Filters of packed pictures are OpenCV's."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr.packed import Packed, opened_along


def some_mask(shape: tuple[int, int]) -> np.ndarray:
    return np.where(np.random.default_rng(4).random(shape) < 0.8, 255, 0).astype(np.uint8)


@pytest.mark.parametrize("length", [1, 2, 3, 5, 6, 17, 40])
@pytest.mark.parametrize("shape", [(90, 61), (33, 64), (5, 9), (1, 1)])
def test_a_run_of_pixels_is_lost_or_moved(length, shape):
    mask = some_mask(shape)
    down, along = np.ones((length, 1), np.uint8), np.ones((1, length), np.uint8)
    packed = Packed.of(mask)
    assert (packed.mask() == mask).all()
    assert (packed.opened(length).mask() == cv2.morphologyEx(mask, cv2.MORPH_OPEN, down)).all()
    assert (packed.closed(length).mask() == cv2.morphologyEx(mask, cv2.MORPH_CLOSE, down)).all()
    assert (opened_along(mask, length) == cv2.morphologyEx(mask, cv2.MORPH_OPEN, along)).all()
