"""Lines for the larger network of words: stretched, never torn, and padded with paper."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch", reason="training environment only (make train)")
pytest.importorskip("onnx", reason="training environment only (make train)")

import torch

from ocr.printed import batch_of
from ocr.scripts import CYRILLIC
from ocr.train.inwords import faces
from ocr.train.inwords.body import ALIKE, HEIGHT
from ocr.train.inwords.lines48 import CURSIVE, MORE, MORE_ITALICS, UNSEEN, as_paper, stretched


def test_what_is_measured_on_is_not_trained_on():
    trained = {*faces.HANDS, *faces.ITALICS, *MORE, *MORE_ITALICS, *CURSIVE}
    assert not trained & {*faces.MEASURED, *faces.CALIBRATED, *UNSEEN, "comforter-brush"}


def test_a_stretched_line_keeps_its_strokes_in_order_and_its_room():
    line = np.full((HEIGHT, 400), 255, np.uint8)
    bars = (60, 140, 220, 330)
    for x in bars:
        line[8:40, x : x + 6] = 0
    for seed in range(30):
        seen = stretched(line, 380, np.random.default_rng(seed))
        assert seen.shape[0] == HEIGHT
        assert seen.shape[1] >= 380
        dark = seen[HEIGHT // 2] < 170
        assert np.count_nonzero(np.diff(dark.astype(np.int8)) > 0) == len(bars), seed


def test_batches_are_paper_beyond_the_lines():
    lines = [np.zeros((HEIGHT, 30), np.uint8), np.zeros((HEIGHT, 70), np.uint8)]
    batch = as_paper(torch.from_numpy(batch_of(lines)))
    assert batch.shape == (2, 1, HEIGHT, 128)
    assert (batch[0, 0, :, :30] == -1).all()
    assert (batch[0, 0, :, 30:] == 1).all()


def test_letters_of_the_old_head_stand_for_letters_of_the_new():
    assert set(ALIKE) <= set(CYRILLIC.letters.letters)
