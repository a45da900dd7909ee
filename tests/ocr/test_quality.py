from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr.quality import measure
from tests.ocr.drawing import ruled, write


def sheet(paper: int = 225, ink: int = 30) -> np.ndarray:
    page = np.full((1400, 1000), 235, np.uint8)
    for number, line in enumerate(ruled(page, 200, 60, [60] * 16, (60, 600, 180))):
        write(page, "words of a printed row", line[1])
        write(page, str(number * 91), line[2])
    scaled = ink + (page.astype(float) - 40) * (paper - ink) / (235 - 40)
    return np.clip(scaled, 0, 255).astype(np.uint8)


def warnings_of(grey: np.ndarray) -> str:
    return " ".join(measure(grey, cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR)).warnings)


def test_a_good_photo_gets_no_advice():
    assert warnings_of(sheet()) == ""


def test_blur_is_named():
    assert "blurred" in warnings_of(np.asarray(cv2.GaussianBlur(sheet(), (0, 0), 7), np.uint8))


def test_darkness_is_named():
    assert "dark" in warnings_of(sheet(70, 10))


def test_a_preview_is_named():
    assert "small picture" in warnings_of(np.asarray(cv2.resize(sheet(), (500, 700)), np.uint8))


def test_glare_is_named():
    shiny = sheet(150, 20)
    cv2.circle(shiny, (400, 600), 180, 255, -1)
    assert "glare" in warnings_of(shiny)


def test_white_paper_is_not_glare():
    assert "glare" not in warnings_of(sheet(254, 30))


def test_sharpness_falls_with_blur():
    page = sheet()
    blurred = [page, *(np.asarray(cv2.GaussianBlur(page, (0, 0), s), np.uint8) for s in (1.5, 3, 6))]
    found = [measure(g, cv2.cvtColor(g, cv2.COLOR_GRAY2BGR)).sharpness for g in blurred]
    assert found == sorted(found, reverse=True)
    assert 0.0 <= found[-1] < found[0] <= 1.0


@pytest.mark.parametrize("level", [0, 127, 255])
def test_an_even_picture_is_measured_without_a_crash(level):
    quality = measure(np.full((50, 40), level, np.uint8), np.full((50, 40, 3), level, np.uint8))
    assert set(quality.to_dict()) == {"sharpness", "warnings"}
    assert 0.0 <= quality.sharpness <= 1.0
