"""What the readers are shown of a cell: the writing, as large as it can be, and never less than all of it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr.prepared import Grey, flatten, prepare, tighten


def paper(height: int = 52, width: int = 170) -> Grey:
    return np.full((height, width), 236, np.uint8)


def written(text: str, left: int = 14, height: int = 52, width: int = 170) -> Grey:
    cell = paper(height, width)
    cv2.putText(cell, text, (left, height - 12), cv2.FONT_HERSHEY_SIMPLEX, 1.15, 40, 2, cv2.LINE_AA)
    return np.asarray(cv2.GaussianBlur(cell, (0, 0), 0.6), np.uint8)


def line(cell: Grey, start: tuple[int, int], end: tuple[int, int], thick: int = 2) -> Grey:
    return np.asarray(cv2.line(cell.copy(), start, end, 60, thick, cv2.LINE_AA), np.uint8)


def shown(cell: Grey) -> tuple[int, int]:
    """First and last column of the cell that the readers see."""
    flat = flatten(cell)
    tight = tighten(flat)
    assert np.shares_memory(tight, flat)  # a view, so its address tells where it was cut
    left = (tight.ctypes.data - flat.ctypes.data) % flat.strides[0]
    return left, left + tight.shape[1] - 1


def test_prepared_cells_have_the_size_of_the_networks() -> None:
    for cell in (written("1023"), paper(20, 300), paper(100, 10), written("7", width=400)):
        shape = prepare(cell).shape
        assert shape[0] == 48
        assert shape[1] % 32 == 0
        assert 64 <= shape[1] <= 384


def test_light_and_shadow_are_evened_out() -> None:
    cell = written("366").astype(np.float32)
    cell *= np.linspace(1.0, 0.55, cell.shape[1], dtype=np.float32)[None]
    flat = flatten(cell.astype(np.uint8))
    assert np.median(flat[:, -20:]) > 225
    assert flat.min() < 60


@pytest.mark.parametrize("lean", [0, 1, 2, 3])
def test_borders_that_lean_do_not_make_the_number_small(lean: int) -> None:
    cell = line(line(written("58", left=50), (2, 0), (2 + lean, 51)), (167 - lean, 0), (167, 51), 1)
    left, right = shown(cell)
    assert left > 25
    assert right < 130


@pytest.mark.parametrize("fall", [0, 3, -4])
def test_a_line_below_the_number_does_not_make_it_small(fall: int) -> None:
    cell = line(written("9", left=70), (0, 45), (169, 45 + fall))
    left, right = shown(cell)
    assert right - left < 80


@pytest.mark.parametrize("left", [0, 2, 4, 8])
def test_a_one_beside_the_edge_is_not_taken_for_a_border(left: int) -> None:
    cell = line(written("23", left=left + 22), (left + 1, 9), (left + 1, 40), 3)
    assert shown(cell)[0] <= max(0, left - 1)


def test_a_tall_one_inside_the_cell_is_not_taken_for_a_border() -> None:
    cell = line(written("23", left=70), (12, 3), (9, 48), 3)
    assert shown(cell)[0] <= 9


def test_a_dash_over_the_whole_cell_is_shown() -> None:
    cell = line(paper(), (10, 26), (160, 24))
    left, right = shown(cell)
    assert left <= 10
    assert right >= 160


def test_a_border_with_nothing_beside_it_leaves_the_cell_as_it_is() -> None:
    cell = line(paper(), (1, 0), (1, 51))
    assert shown(cell) == (0, 169)
