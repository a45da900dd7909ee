"""A sample is useful only if its truth is true, it says what it is, and it can be made again."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest

from samples.faces import FONTS, HANDS, PRINT, face
from samples.generic import some_plan, some_sample
from samples.hand import some_writer
from samples.photo import decode
from samples.sample import Sample, render
from samples.sheet import NOTICE, NOTICE_BOX, draw_sheet
from samples.style import LAYOUTS, some_style

SAMPLES = {layout: some_sample(n, layout=layout, severity=n / 2) for n, layout in enumerate(LAYOUTS, 1)}


def quads(truth: dict[str, Any]) -> np.ndarray[Any, np.dtype[np.int32]]:
    return np.array([cell["quad_px"] for cell in truth["cells"].values()], np.int32)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_truth_names_every_row_and_lies_inside_the_photo(layout: str) -> None:
    truth = SAMPLES[layout].truth
    wide, high = truth["size"]

    assert truth["layout"] == layout
    assert set(truth["cells"]) == {*truth["fields"], "precinct", "district"}
    corners = quads(truth).reshape(-1, 2)
    assert corners.min() >= 0
    assert (corners < [wide, high]).all()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_photo_has_the_size_that_the_truth_says(layout: str) -> None:
    picture = decode(SAMPLES[layout].jpeg)

    assert [picture.shape[1], picture.shape[0]] == SAMPLES[layout].truth["size"]
    assert max(picture.shape) in {1280, 1440, 1600}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_there_is_ink_where_the_truth_says_so(layout: str) -> None:
    sample = SAMPLES[layout]
    grey = cv2.cvtColor(decode(sample.jpeg), cv2.COLOR_BGR2GRAY)
    for code, cell in sample.truth["cells"].items():
        # of four boxes only the last one, between its rules, must hold ink
        boxed = layout == "boxes" and code in sample.truth["fields"]
        spot = cut(grey, cell["quad_px"])[9:39, 127 if boxed else 8 : 154]
        inked = spot.min() < np.median(spot) - 35
        assert inked == (cell["mark"] != "blank"), code


@pytest.mark.parametrize("turn", [0, 1, 2, 3])
def test_cells_follow_the_photo_when_it_is_turned(turn: int) -> None:
    plan = some_plan(np.random.default_rng(3))
    upright, turned = (render(plan, 5, severity=0.5, turn=t) for t in (0, turn))
    back = np.rot90(decode(turned.jpeg), -turn)

    # the same cell, cut out of both photos by its own quad, shows the same thing
    first, second = (cut(p, s.truth["cells"]["ballots_issued"]["quad_px"]) for p, s in zip(
        (decode(upright.jpeg), decode(turned.jpeg)), (upright, turned), strict=True
    ))  # fmt: skip
    assert back.shape == decode(upright.jpeg).shape
    assert float(np.abs(first.astype(int) - second).mean()) < 6


def cut(picture: np.ndarray[Any, np.dtype[np.uint8]], quad: list[list[int]]) -> Any:
    target = np.array([[0, 0], [160, 0], [160, 48], [0, 48]], np.float32)
    matrix = cv2.getPerspectiveTransform(np.array(quad, np.float32), target)
    return cv2.warpPerspective(picture, matrix, (160, 48))


def test_the_same_seed_gives_the_same_sample_and_another_seed_another() -> None:
    assert some_sample(11) == some_sample(11)
    assert some_sample(11).truth != some_sample(12).truth


def test_fields_and_marks_agree() -> None:
    seen = set()
    for seed in range(300):
        plan = some_plan(np.random.default_rng(seed))
        seen |= set(plan.marks.values())
        assert all(plan.values[code] == 0 for code in plan.marks)
    assert seen == {"dash", "blank"}


@pytest.mark.parametrize("seed", range(6))
def test_every_sheet_says_that_it_is_a_sample(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sheet = draw_sheet(some_plan(rng), some_style(rng), some_writer(rng), seed)
    left, top, right, bottom = NOTICE_BOX
    grey = cv2.cvtColor(sheet.picture, cv2.COLOR_BGR2GRAY)

    assert {"SYNTHETIC", "ҮЛГІ", "ОБРАЗЕЦ"} <= set(NOTICE.split())
    assert (grey[top:bottom, left:right] < 90).mean() > 0.08
    # the diagonal text: light, and wide over the page
    light = (grey > 215) & (grey < grey.max() - 8)
    assert light.mean() > 0.01


@pytest.mark.parametrize("seed", range(4))
def test_the_diagonal_notice_stays_out_of_the_number_cells(seed: int) -> None:
    rng = np.random.default_rng(seed)
    plan, style, writer = some_plan(rng), some_style(rng, "table"), some_writer(rng)
    sheet = draw_sheet(plan, style, writer, seed)
    paper = sheet.picture.reshape(-1, 3).max(axis=0)
    for code, (left, top, right, bottom) in sheet.cells.items():
        if code in sheet.foot.seal_over or style.layout != "table":
            continue
        spot = sheet.picture[top + 4 : bottom - 4, left + 4 : right - 4].max(axis=2)
        assert np.median(spot) == paper.max(), code


def test_a_cut_corner_never_cuts_a_number_or_the_notice() -> None:
    for seed in range(8):
        truth = some_sample(seed, severity=3.0).truth
        corners = quads(truth).reshape(-1, 2)
        assert corners.min() >= 8
        assert (corners < np.array(truth["size"]) - 8).all()


def test_fonts_are_small_licensed_and_know_every_kazakh_letter() -> None:
    total = sum(path.stat().st_size for path in FONTS.rglob("*") if path.is_file())

    assert total < 1_500_000
    assert len(list((FONTS / "licences").glob("OFL-*.txt"))) == 13
    for family in PRINT:
        for name in (family, f"{family}-bold"):
            unknown = bytes(face(name, 40).getmask("\uffff"))
            assert all(bytes(face(name, 40).getmask(c)) != unknown for c in "әғқңөұүһіӘҒҚҢӨҰҮҺІ№«»·")
    assert all((FONTS / f"{hand}.ttf").is_file() for hand in HANDS)


def test_a_sample_is_compared_by_bytes_and_truth() -> None:
    assert Sample(b"a", {}) != Sample(b"b", {})
