from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr import crops
from ocr.boxes import Box
from ocr.pipeline import crop
from ocr.sheet import Sheet, straighten
from ocr.view import project
from tally.errors import PhotoError, UsageError
from tests.ocr.drawing import ruled, write


def as_is(width: int, height: int) -> Sheet:
    """A sheet that is the photo itself."""
    grey = np.zeros((height, width), np.uint8)
    return Sheet(grey, np.zeros((height, width, 3), np.uint8), np.eye(3))


@pytest.fixture(scope="module")
def photo() -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (400, 600, 3), np.uint8).astype(np.uint8)


QUAD = ((100, 100), (300, 104), (298, 152), (98, 149))


def test_the_same_corners_give_the_same_pixels(photo):
    assert np.array_equal(crops.cut(photo, QUAD), crops.cut(photo.copy(), QUAD))


def test_a_crop_can_be_cut_again_from_the_original_bytes(photo):
    ok, data = cv2.imencode(".png", photo)
    assert ok
    again = cv2.imdecode(np.frombuffer(crop(data.tobytes(), 1, QUAD), np.uint8), cv2.IMREAD_COLOR)
    assert np.array_equal(again, crops.cut(photo, QUAD))


def test_an_upright_crop_shows_what_is_there(photo):
    seen = crops.cut(photo, ((50, 60), (250, 60), (250, 120), (50, 120)))
    assert seen.shape == (60, 200, 3)
    assert np.abs(seen[5:-5, 5:-5].astype(int) - photo[65:115, 55:245]).mean() < 2


@pytest.mark.parametrize(
    "quad",
    [
        ((5, 5), (5, 5), (5, 5), (5, 5)),
        ((5, 5), (6, 5), (6, 6), (5, 6)),
        ((0, 0), (599, 0), (599, 399), (0, 399)),
        ((0, 0), (599, 0), (599, 2), (0, 2)),
        ((0, 0), (2, 0), (2, 399), (0, 399)),
        ((10, 10), (50, 10), (10, 50), (50, 50)),  # crossed corners
    ],
)
def test_any_corners_give_a_small_picture(photo, quad):
    seen = crops.cut(photo, quad)
    assert seen.dtype == np.uint8
    assert 32 <= seen.shape[0] <= 128
    assert 8 <= seen.shape[1] <= 12 * seen.shape[0]


def test_corners_stay_inside_the_photo():
    quad = crops.quad_of(as_is(600, 400), Box(-50, -50, 900, 900), (600, 400))
    assert all(0 <= x <= 599 and 0 <= y <= 399 for x, y in quad)


def test_a_cell_on_the_edge_is_cropped_and_one_inside_is_not():
    sheet = as_is(600, 400)
    assert not crops.leaves_photo(sheet, Box(100, 100, 150, 300), (600, 400))
    assert not crops.leaves_photo(sheet, Box(-3, 100, 47, 300), (600, 400))  # a sliver of the rule
    assert crops.leaves_photo(sheet, Box(-20, 100, 30, 300), (600, 400))
    assert crops.leaves_photo(sheet, Box(100, 450, 150, 650), (600, 400))
    assert crops.leaves_photo(sheet, Box(380, 100, 430, 300), (600, 400))


def test_a_page_that_is_not_there_is_an_error(photo):
    ok, data = cv2.imencode(".png", photo)
    assert ok
    with pytest.raises(UsageError, match="no page 2"):
        crop(data.tobytes(), 2, QUAD)
    with pytest.raises(PhotoError):
        crop(b"", 1, QUAD)


# Straightening:


def drawn_sheet() -> tuple[np.ndarray, list[list[Box]]]:
    sheet = np.full((1400, 1000), 235, np.uint8)
    cells = ruled(sheet, 300, 80, [60] * 14, (60, 560, 180))
    rng = np.random.default_rng(3)  # the same words in every line would be columns of text
    for number, line in enumerate(cells):
        words = "".join(rng.choice(list("abcdeimnorstu   "), 30))
        write(sheet, words, line[1], 0.8)
        write(sheet, str(number * 37), line[2])
    return cv2.cvtColor(sheet, cv2.COLOR_GRAY2BGR), cells


@pytest.mark.parametrize(
    "corners",
    [
        [(60, 40), (940, 90), (960, 1330), (30, 1370)],
        [(120, 30), (880, 30), (990, 1390), (10, 1390)],
        [(0, 150), (960, 0), (1000, 1260), (50, 1400)],
    ],
)
def test_a_sheet_seen_askew_comes_out_with_upright_rules(corners):
    flat, cells = drawn_sheet()
    source = np.array([[0, 0], [1000, 0], [1000, 1400], [0, 1400]], np.float32)
    tilt = cv2.getPerspectiveTransform(source, np.array(corners, np.float32))
    seen = cv2.warpPerspective(flat, tilt, (1000, 1400), borderValue=(90, 90, 90))
    sheet = straighten(np.asarray(seen, np.uint8))
    back = np.linalg.inv(sheet.to_photo)
    for line in (cells[0], cells[7], cells[-1]):
        box = line[2]
        ideal = np.array([[box.x0, box.y0], [box.x1, box.y0], [box.x1, box.y1], [box.x0, box.y1]], float)
        on_sheet = project(back, project(np.asarray(tilt, float), ideal))
        width = on_sheet[:, 0].max() - on_sheet[:, 0].min()
        assert np.abs(on_sheet[[0, 2], 1] - on_sheet[[1, 3], 1]).max() < 0.03 * width
        assert np.abs(on_sheet[[0, 1], 0] - on_sheet[[3, 2], 0]).max() < 0.03 * width


def test_a_picture_without_a_line_is_only_scaled():
    sheet = straighten(np.full((300, 200, 3), 200, np.uint8))
    assert max(sheet.grey.shape) == 1800
    assert sheet.colour_in(Box(0, 0, 9999, 9999)).shape[:2] == sheet.grey.shape


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 500, 3), (500, 1, 3), (3, 3, 3)])
def test_a_sliver_is_straightened_without_a_crash(shape):
    assert straighten(np.full(shape, 200, np.uint8)).grey.size > 0


def test_no_sheet_is_ever_mirrored():
    flat, _ = drawn_sheet()
    for turns in range(4):
        to_photo = straighten(flat, turns).to_photo
        assert np.linalg.det(to_photo[:2, :2]) * to_photo[2, 2] > 0


@pytest.mark.parametrize(
    "quad", [QUAD, ((3, 2), (590, 9), (597, 399), (0, 390)), ((0, 0), (40, 1), (39, 9), (1, 8))]
)
def test_evidence_is_cut_in_whole_numbers(photo, quad):
    """By the formula itself, in Python: what OpenCV does must be that on every processor and in every version."""
    seen = crops.cut_exactly(photo, quad)
    height, width = seen.shape[:2]
    across, along = crops._way(list(quad), width, height)
    for v in range(0, height, 3):
        for u in range(0, width, 7):
            x, y = round(across[v, u] * 32), round(along[v, u] * 32)
            rows = [min(max(y // 32 + i, 0), 399) for i in (0, 1)]
            columns = [min(max(x // 32 + i, 0), 599) for i in (0, 1)]
            right, below = x % 32, y % 32
            for channel in range(3):
                (a, b), (c, d) = ([int(photo[row, column, channel]) for column in columns] for row in rows)
                upper, lower = a * (32 - right) + b * right, c * (32 - right) + d * right
                assert seen[v, u, channel] == (upper * (32 - below) + lower * below + 512) // 1024


def test_evidence_shows_what_the_readers_saw(photo):
    smooth = cv2.GaussianBlur(photo, (0, 0), 3)
    for quad in (
        QUAD,
        ((50, 60), (250, 60), (250, 120), (50, 120)),
        ((300, 10), (420, 60), (400, 110), (280, 60)),
    ):
        assert cv2.absdiff(crops.cut(smooth, quad), crops.cut_exactly(smooth, quad)).max() <= 4


@pytest.mark.parametrize(
    "quad", [((5, 5),) * 4, ((10, 10), (50, 10), (10, 50), (50, 50)), ((0, 0), (2, 0), (2, 399), (0, 399))]
)
def test_evidence_of_any_corners_is_a_small_picture(photo, quad):
    assert crops.cut_exactly(photo, quad).shape == crops.cut(photo, quad).shape
