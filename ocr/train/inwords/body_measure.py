"""Fit the confidence of the larger network of words and measure it, on the same cells as the small one.

``python -m ocr.train.inwords.body_measure WEIGHTS SETTINGS``; with ``small`` for the weights, the installed reader.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnxruntime

from ocr.inwords import LANGUAGES, LETTERS, WordReader, scores_of
from ocr.segments import Floats, Pixels
from ocr.train.inwords import faces
from ocr.train.inwords.body import COLUMN, HEIGHT, STEP, stacked
from ocr.train.inwords.calibrate import Held, figures, fit, held, write_settings
from ocr.train.inwords.cells import CellWriter
from ocr.train.inwords.lines48 import UNSEEN, fetch
from ocr.wordline import line_of

BATCH = 8


class BodyReader:
    """The exported network, one thread."""

    def __init__(self, path: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def columns(self, lines: Sequence[Pixels]) -> list[Floats]:
        """(T, classes) probabilities of each line, a column for every four pixels; (48, W) grey uint8."""
        found: list[Floats] = [np.zeros((0, 0))] * len(lines)
        alike: dict[int, list[int]] = {}
        for at, line in enumerate(lines):
            alike.setdefault(-(-line.shape[1] // STEP), []).append(at)
        for members in alike.values():
            for start in range(0, len(members), BATCH):
                part = members[start : start + BATCH]
                answers = self._session.run(None, {"x": stacked([lines[at] for at in part])})[0]
                for at, row in zip(part, answers, strict=True):
                    kept = row[: -(-lines[at].shape[1] // COLUMN) + 2].astype(np.float64)
                    odds = np.exp(kept - kept.max(1, keepdims=True))
                    found[at] = odds / odds.sum(1, keepdims=True)
        return found


def held_larger(reader: BodyReader, hands: Sequence[faces.Hand], count: int, stream: int) -> list[Held]:
    """The cells of :func:`ocr.train.inwords.calibrate.held`, read by the larger network."""
    writer = CellWriter(list(hands))
    cells = [cell for k in range(count) if (cell := writer.cell((stream, k))).text]
    lines = [line_of(cell.picture, HEIGHT) for cell in cells]
    at = [k for k, line in enumerate(lines) if line is not None]
    found = scores_of(reader.columns([line for line in lines if line is not None]), LANGUAGES)
    return [
        Held(cells[k].value, cells[k].language, scores.astype(np.float32))
        for k, scores in zip(at, found, strict=True)
    ]


def milliseconds(reader: BodyReader | WordReader, cache: Path, count: int = 200) -> dict[str, float]:
    """Processor time a line: of cutting it out, of the network, of the lexicon."""
    writer = CellWriter(faces.hands(cache, faces.MEASURED))
    pictures = [writer.cell((504, k)).picture for k in range(count)]
    scores_of([np.full((4, len(LETTERS.letters) + 1), 0.01)], LANGUAGES)  # the lexicon is made once
    times = [time.process_time()]
    high = HEIGHT if isinstance(reader, BodyReader) else 32
    lines = [line for picture in pictures if (line := line_of(picture, high)) is not None]
    times.append(time.process_time())
    columns = [reader.columns([line])[0] for line in lines]
    times.append(time.process_time())
    scores_of(columns, LANGUAGES)
    times.append(time.process_time())
    return {
        name: round(1000 * (after - before) / len(lines), 2)
        for name, before, after in zip(("line", "network", "lexicon"), times, times[1:], strict=False)
    }


def measured(path: Path | None, settings: Path, cache: Path, count: int) -> dict[str, Any]:
    """Fit on the families kept for that, write the settings, and count on the others."""
    reader = None if path is None else BodyReader(path)

    def read(hands: Sequence[faces.Hand], many: int, stream: int) -> list[Held]:
        if reader is None:
            return held(hands, many, stream)
        return held_larger(reader, hands, many, stream)

    apart = read(faces.hands(cache, faces.CALIBRATED), 2 * count, 501)
    fitted = fit(apart)
    write_settings(fitted, settings)
    families = (*faces.MEASURED, *UNSEEN)
    by = {family: figures(read(faces.hands(cache, [family]), count, 502), fitted) for family in families}
    own = figures(read(faces.training_hands(cache), count, 503), fitted)
    speed = milliseconds(reader or WordReader(), cache)
    return {"fitted_on": len(apart), "by_family": by, "trained_on": own, "ms": speed}


def main() -> None:
    """Measure one network."""
    parser = argparse.ArgumentParser(prog="python -m ocr.train.inwords.body_measure", description=__doc__)
    parser.add_argument("weights", help="an exported network, or 'small'")
    parser.add_argument("settings", type=Path, help="where the fitted settings go")
    parser.add_argument("--cells", type=int, default=800, help="cells to measure on, by family")
    parser.add_argument("--cache", type=Path, default=Path(".cache/train"), help="fonts")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    fetch(args.cache)
    path = None if args.weights == "small" else Path(args.weights)
    print(json.dumps(measured(path, args.settings, args.cache, args.cells), indent=1))


if __name__ == "__main__":
    main()
