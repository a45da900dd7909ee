"""The large reader's weights are put in place as integers, and held against their float parent at once."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray

from ocr.digits import MODELS, beam
from ocr.prepared import prepare
from ocr.train.bases import in_integers
from ocr.train.cells import Renderer
from ocr.train.integers import to_integers
from ocr.train.ranges import batches_of, session_of

READER = "large"
STREAM = 51
"""Seed of the cells whose ranges are taken; the next one's compare."""
CELLS, COMPARED = 320, 200
MOST_APART = 0.02
"""Mean difference of the likeliest text's probability between integers and floats beyond which something is broken."""


def ship_integers(renderer: Renderer, work: Path) -> None:
    """Replace the reader that is in place; its float parent is kept in ``work``.

    A reader that is in place as floats is taken itself, else its parent in ``work``. Raises SystemExit when there is
    none, or when the two read differently.
    """
    shipped, parent = MODELS / f"{READER}.onnx", work / f"{READER}.onnx"
    if not in_integers(shipped):
        if shipped.read_bytes() != (parent.read_bytes() if parent.is_file() else b""):
            shutil.copy(shipped, parent)
    elif not parent.is_file():
        raise SystemExit(
            f"{shipped} is in integers already and its float parent is not at {parent}: train it first"
        )
    floats = onnx.load(str(parent))
    whole = to_integers(floats, [prepare(renderer.sample((STREAM, k))[0]) for k in range(CELLS)])
    drawn = [prepare(renderer.sample((STREAM + 1, k))[0]) for k in range(COMPARED)]
    same, apart = compare(floats, whole, drawn)
    print(
        f"  integers read {same} of {COMPARED} cells as the floats do, probabilities {apart:.4f} apart in the mean",
        file=sys.stderr,
        flush=True,
    )
    if apart > MOST_APART:
        raise SystemExit("the integers do not read what the floats read; nothing was replaced")
    partial = work / f"{READER}.partial"
    onnx.save(whole, str(partial))
    shutil.move(partial, shipped)


def compare(
    floats: onnx.ModelProto, whole: onnx.ModelProto, cells: Sequence[NDArray[np.uint8]]
) -> tuple[int, float]:
    """How many cells both read alike, and the mean difference of the probability of what the floats read."""
    one, other = session_of(floats), session_of(whole)
    same, apart = 0, []
    for batch in batches_of(cells, 16):
        pairs = zip(*(s.run(None, {"x": batch})[0] for s in (one, other)), strict=True)
        for ours, theirs in ((beam(log_softmax(a)), beam(log_softmax(b))) for a, b in pairs):
            same += ours[0][0] == theirs[0][0]
            apart.append(abs(ours[0][1] - dict(theirs).get(ours[0][0], 0.0)))
    return same, float(np.mean(apart))


def log_softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """(T, 14) logits to log probabilities."""
    top = logits - logits.max(1, keepdims=True)
    return np.asarray(top - np.log(np.exp(top).sum(1, keepdims=True)), np.float32)
