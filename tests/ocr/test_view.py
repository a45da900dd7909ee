from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr.boxes import Box
from ocr.direction import SLOPES
from ocr.segments import ink_mask
from ocr.shadows import Shadows
from ocr.sheet import Sheet
from ocr.view import project, seen, seen_small


@pytest.mark.parametrize("zoom", [0.1, 0.3, 0.45, 0.9])
def test_a_spot_stays_where_it_is_in_a_small_view(zoom):
    picture = np.full((1000, 800, 3), 255, np.uint8)
    cv2.circle(picture, (500, 300), 40, (0, 0, 0), -1)
    to_view = np.array([[zoom, 0.02, 5], [-0.01, zoom, 9], [1e-5, 0, 1]])
    size = (round(850 * zoom), round(1050 * zoom))
    dark = 255 - seen_small(picture, to_view, size)[..., 0].astype(float)
    ys, xs = np.mgrid[: size[1], : size[0]]
    middle = np.array([(dark * xs).sum(), (dark * ys).sum()]) / dark.sum()
    assert middle == pytest.approx(project(to_view, np.array([[500.0, 300.0]]))[0], abs=0.6)


def test_thin_lines_do_not_fall_between_the_pixels_of_a_small_view():
    page = np.full((1600, 1200), 255, np.uint8)
    page[::8] = 0
    small = seen_small(page, np.diag([0.1, 0.1, 1.0]), (120, 160))
    assert np.abs(small[2:-2, 2:-2].astype(int) - 223).max() < 40


def test_the_colours_of_a_part_are_those_of_the_photo():
    photo = np.random.default_rng(3).integers(0, 255, (400, 300, 3), np.uint8)
    sheet = Sheet(photo[..., 0].copy(), photo, np.eye(3))
    assert (sheet.colour_in(Box(-20, 50, 100, 900)) == photo[:100, 50:]).all()
    small, zoom = sheet.reduced(200)
    assert (small.shape, zoom) == ((200, 150, 3), 0.5)
    assert (seen(photo, np.eye(3), (300, 400)) == photo).all()


def test_shadows_are_those_of_the_sheared_page():
    ink = np.zeros((300, 210), np.uint8)
    for y in range(20, 280, 23):
        cv2.putText(ink, "mnomnomno", (8, y), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (255,), 1)
    shadows = Shadows(ink)
    for slope in SLOPES:
        shift = np.array([[1, 0, 0], [-slope, 1, slope * 210 / 2]])
        sheared = cv2.warpAffine(ink, shift, (210, 300), flags=cv2.INTER_NEAREST)
        away = np.abs(shadows.along(float(slope)) - sheared.sum(axis=1, dtype=np.float64))
        assert away.max() <= 5 * 255  # a few pixels lie half way between two rows
    assert (shadows.along(0.0) == ink.sum(axis=1)).all()


@pytest.mark.parametrize("strength", [1, 4, 11])
def test_ink_is_what_the_library_s_own_threshold_finds(strength):
    grey = np.random.default_rng(5).integers(0, 255, (240, 700), np.uint8)
    own = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 17, strength)
    assert (ink_mask(grey, strength) == own).all()
