"""The renderer needs the training environment; skipped without it."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

if importlib.util.find_spec("fontTools") is None:
    pytest.skip("training environment only (make train)", allow_module_level=True)

from ocr.digits import ALPHABET
from ocr.train import cells, content
from ocr.train.cells import Plan, Renderer
from ocr.train.glyphs import FontWriter, SchoolWriter
from ocr.train.hands import SHAPES, SchoolHand


def no_words(_: np.random.Generator) -> FontWriter:
    raise AssertionError("a cell without words asked for a typeface")


def numbers_only(rng: np.random.Generator) -> content.Content:
    while (found := content.sample(rng)).kind == "word":
        pass
    return found


@pytest.fixture
def renderer() -> Renderer:
    return Renderer(SchoolWriter, no_words, numbers_only)


def test_a_cell_is_a_function_of_its_seed(renderer: Renderer) -> None:
    first, text = renderer.sample((1, 7))
    again, same = renderer.sample((1, 7))
    assert text == same
    assert np.array_equal(first, again)


def test_cells_have_believable_sizes_and_transcripts(renderer: Renderer) -> None:
    for k in range(80):
        cell, text = renderer.sample((2, k))
        assert cell.dtype == np.uint8
        assert 18 <= cell.shape[0] <= 60
        assert set(text) <= set(ALPHABET)


def test_every_digit_has_shapes_and_every_hand_draws_it() -> None:
    assert set(SHAPES) == set("0123456789")
    hand = SchoolHand(np.random.default_rng(0))
    for digit in SHAPES:
        points = np.concatenate(hand.strokes(digit, np.random.default_rng(1)))
        assert 0.7 < np.ptp(points[:, 1]) < 1.4


def test_fillers_and_crosses_count_once() -> None:
    rng = np.random.default_rng(3)
    for _ in range(500):
        text = content.sample(rng).text
        assert "--" not in text
        assert "xx" not in text


def test_shares_of_contents_add_up() -> None:
    assert sum(content.KINDS.values()) == pytest.approx(1.0)


def only(kind: str) -> Plan:
    def plan(rng: np.random.Generator) -> content.Content:
        while (found := content.sample(rng)).kind != kind:
            pass
        return found

    return plan


def test_a_digit_written_over_another_is_told_as_neither() -> None:
    renderer = Renderer(SchoolWriter, no_words, only("overwritten"))
    for k in range(40):
        _, text = renderer.sample((3, k))
        assert text.count("~") == 1
        assert set(text) <= set("0123456789~")


def test_a_bar_that_runs_into_the_next_digit_strikes_nothing_out(monkeypatch: pytest.MonkeyPatch) -> None:
    renderer = Renderer(SchoolWriter, no_words, only("number"), severity=(0.0, 0.0))
    monkeypatch.setattr(cells, "JOINED", 0.0)
    plain = [renderer.sample((4, k)) for k in range(30)]
    monkeypatch.setattr(cells, "JOINED", 1.0)
    monkeypatch.setattr(cells, "SPECKED", 1.0)
    marked = [renderer.sample((4, k)) for k in range(30)]
    assert [text for _, text in plain] == [text for _, text in marked]
    assert any(
        a.shape != b.shape or not np.array_equal(a, b) for (a, _), (b, _) in zip(plain, marked, strict=True)
    )
