"""``python -m ocr.train.inwords.latin``: the reader of Latin words, PP-OCRv6 as it is, under a head of few letters.

The recogniser knows Latin handwriting from its own training. Nothing is trained here: of its 18,710 classes those of
Latin letters, figures and a few signs are kept and folded together, and the confidence is fitted on drawn hands.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from ocr.scripts import LATIN
from ocr.train import sources
from ocr.train.bases import LARGE, Base
from ocr.train.graph import shown_as_ink, store_half
from ocr.train.inwords import faces
from ocr.train.inwords.calibrate import figures, fit, held, write_settings
from ocr.train.tuned import base_graph
from ocr.wordings_latin import unaccented

SIGNS = {"—": "-", "–": "-", "一": "-", "－": "-", "（": "(", "）": ")", "：": ":", "…": ".", "·": "."}
"""What the recogniser takes strokes of Latin handwriting for."""


def main() -> None:
    """Put the network in place, fit its confidence, measure it."""
    parser = argparse.ArgumentParser(prog="python -m ocr.train.inwords.latin", description=__doc__)
    parser.add_argument("--cells", type=int, default=2000, help="cells to fit on; half as many are measured")
    parser.add_argument("--results", type=Path, default=Path("benchmarks/results/words-latin.json"))
    parser.add_argument("--cache", type=Path, default=Path(".cache/train"), help="fonts and the recogniser")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    faces.fetch(args.cache)
    export(LARGE, sources.recogniser(args.cache, LARGE), LATIN.weights)
    found = _calibrated(args.cache, args.cells)
    args.results.write_text(json.dumps({"what": "words", "script": "latin", **found}, indent=1) + "\n")
    print(json.dumps(found, indent=1), file=sys.stderr)


def _calibrated(cache: Path, count: int) -> dict[str, Any]:
    """Fit the confidence on some hands, and count on others how the reader does."""
    apart = held(faces.hands(cache, faces.LATIN_CALIBRATED, letter="z"), count, 511, LATIN)
    settings = fit(apart)
    write_settings(settings, LATIN)
    others = held(faces.hands(cache, faces.LATIN_MEASURED, letter="z"), count // 2, 512, LATIN)
    return {"fitted_on": len(apart), "others": figures(others, settings, LATIN)}


def export(base: Base, source: Path, target: Path) -> None:
    """Write the recogniser for the letters of ``LATIN``, in 16-bit floats, as :class:`ocr.printed.LineNet` runs it."""
    model = base_graph(base, source)
    graph = model.graph
    features, columns = graph.output[0].name, _columns(source)
    head = {
        w.name: numpy_helper.to_array(w) for w in base.graph(source).graph.initializer if base.head in w.name
    }
    kept = [0, *(column for column, _ in columns)]
    fold = np.zeros((len(kept), len(LATIN.letters.letters) + 1), np.float32)
    fold[0, 0] = 1.0
    for row, (_, char) in enumerate(columns, 1):
        fold[row, LATIN.letters.letters.index(char) + 1] = 1.0
    for name, array in (
        ("head.w", head[f"{base.head}.w_0"][:, kept]),
        ("head.b", head[f"{base.head}.b_0"][kept]),
        ("fold", fold),
        ("least", np.array(1e-12, np.float32)),
    ):
        graph.initializer.append(numpy_helper.from_array(np.ascontiguousarray(array, np.float32), name))
    shown_as_ink(graph)
    behind = [
        helper.make_node("MatMul", [features, "head.w"], ["head.m"]),
        helper.make_node("Add", ["head.m", "head.b"], ["classes"]),
        helper.make_node("Softmax", ["classes"], ["odds"], axis=2),
        helper.make_node("MatMul", ["odds", "fold"], ["folded"]),
        helper.make_node("Max", ["folded", "least"], ["kept"]),
        helper.make_node("Log", ["kept"], ["logits"]),
    ]
    graph.node.extend(behind)
    del graph.output[:]
    shape = ["N", "T", fold.shape[1]]
    graph.output.append(helper.make_tensor_value_info("logits", TensorProto.FLOAT, shape))
    partial = target.with_suffix(".partial")
    onnx.save(store_half(model), str(partial))
    partial.replace(target)


def _columns(source: Path) -> list[tuple[int, str]]:
    """(column of the old head, letter of ours) of every class that is kept."""
    metadata = onnx.load(str(source)).metadata_props
    characters = [*next(p.value for p in metadata if p.key == "character").split("\n"), " "]
    folded = [(k, SIGNS.get(char) or unaccented(char) or char) for k, char in enumerate(characters, 1)]
    return [(k, char) for k, char in folded if len(char) == 1 and char in LATIN.letters.letters]


if __name__ == "__main__":
    main()
