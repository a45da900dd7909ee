from __future__ import annotations

import numpy as np
import pytest

from ocr.printed import WEIGHTS


def test_weights_are_brought_to_eight_bits_twice():
    pytest.importorskip("onnx", reason="training environment only")
    from ocr.train.printed.quantise import quantise

    before = WEIGHTS.read_bytes()
    with pytest.raises(ValueError, match="eight bits already"):
        quantise(WEIGHTS, [np.full((32, 64), 255, np.uint8)])
    assert WEIGHTS.read_bytes() == before
