"""Tesseract that hangs or crashes must not pass for a sheet without labels."""

from __future__ import annotations

import numpy as np
import pytest

from ocr import labels
from tally.errors import ReaderStopped


@pytest.mark.parametrize("said", ["Tesseract process timeout", "(-11, 'segmentation fault')"])
def test_a_reader_of_labels_that_stopped_is_told_apart_from_no_label(
    monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    def stop(*_: object) -> None:
        raise RuntimeError(said)

    monkeypatch.setattr(labels, "word_table", stop)
    with pytest.raises(ReaderStopped, match="did not read the labels"):
        labels._words(np.full((40, 200), 255, np.uint8), ["rus"])
