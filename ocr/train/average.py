"""Two versions of the large reader averaged weight by weight (Wortsman et al., ICML 2022).

``python -m ocr.train.average FIRST SECOND TARGET``. Version 1.1.0 is the mean of 1.0.0 and a short further training
of it: better on photos' cells than either.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper


def average(first: Path, second: Path, target: Path) -> None:
    """Write the mean of two exported networks of one build. Raises KeyError if they differ in their weights."""
    model = onnx.load(str(first))
    other = {w.name: numpy_helper.to_array(w) for w in onnx.load(str(second)).graph.initializer}
    for weight in model.graph.initializer:
        ours = numpy_helper.to_array(weight)
        if ours.dtype in (np.float16, np.float32) and ours.size > 1:
            mean = (ours.astype(np.float32) + other[weight.name].astype(np.float32)) / 2
            weight.CopyFrom(numpy_helper.from_array(mean.astype(ours.dtype), weight.name))
    onnx.save(model, str(target))


if __name__ == "__main__":
    average(*map(Path, sys.argv[1:4]))
