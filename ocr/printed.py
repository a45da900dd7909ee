"""The reader of printed lines: a small network of our own, for the few hundred lines a minute that labels are.

It reads lower-case print in Kazakh and Russian Cyrillic and in Latin letters, some 1.5 ms a line, where Tesseract takes
15 to 20. It has no dictionary and no language model. What it is not sure of, Tesseract reads (:mod:`ocr.labels`).

Connectionist temporal classification (Graves et al., ICML 2006), decoded along the best path.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from ocr.boxes import Box
from ocr.lines import split_lines
from ocr.segments import Pixels
from ocr.tiles import LabelText
from ocr.weights import read_weights, sha256_of

ALPHABET = (
    "абвгдежзийклмнопрстуфхцчшщъыьэюяёәғқңөұүһі"
    "abcdefghijklmnopqrstuvwxyzçğıöşüâîû"
    "0123456789 .,:;/()-«»\"'№%#+_"
)
"""Class 0 of the network is the CTC blank, class i + 1 is ``ALPHABET[i]``."""
WEIGHTS = Path(__file__).parent / "models" / "print.onnx"
BATCH = 8
"""Lines of one padded width that go through the network together."""
STEP = 64
"""Widths are padded to multiples of this many pixels, so that the network sees few shapes. Padded to one another's
widths, lines cost a quarter more, and what was read depended on what else stood on the page."""


class LineNet:
    """A network that goes along lines. Keeps no state between calls."""

    name = "reader of lines"

    def __init__(self, path: Path) -> None:
        self.path, weights = path, read_weights(path, self.name)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])

    @property
    def sha256(self) -> str:
        """Hex digest of the weights."""
        return sha256_of(self.path, self.name)

    def logits(self, lines: Sequence[Pixels]) -> list[NDArray[np.float32]]:
        """(T, classes) of each line, T a part of its padded width; (H, W) grey uint8, paper 255, all of one height."""
        found: list[NDArray[np.float32]] = [np.zeros((0, 0), np.float32)] * len(lines)
        alike: dict[int, list[int]] = {}
        for at, line in enumerate(lines):
            alike.setdefault(padded(line.shape[1]), []).append(at)
        for members in alike.values():
            for start in range(0, len(members), BATCH):
                part = members[start : start + BATCH]
                answers = self._session.run(None, {"x": batch_of([lines[at] for at in part])})[0]
                for at, row in zip(part, answers, strict=True):
                    found[at] = row
        return found


class PrintReader(LineNet):
    """Reads lines of print."""

    name = "print reader"

    def __init__(self, path: Path = WEIGHTS) -> None:
        super().__init__(path)

    @classmethod
    @lru_cache(maxsize=1)
    def load(cls) -> PrintReader:
        """The installed reader, one per process. Raises MissingComponent if its weights are missing."""
        return cls()

    def read(self, lines: Sequence[Pixels]) -> list[tuple[str, float]]:
        """Text and confidence (0..1, mean over its characters) of each line; (32, W) grey uint8, paper 255."""
        return [_decoded(row) for row in self.logits(lines)]


def read_printed(tiles: Mapping[Box, Pixels]) -> dict[Box, LabelText]:
    """Read label areas, line by line; those without text are left out."""
    lines = [(area, line.picture) for area, tile in tiles.items() for line in split_lines(tile)]
    read = PrintReader.load().read([picture for _, picture in lines])
    found: dict[Box, list[tuple[str, float]]] = {}
    for (area, _), (text, confidence) in zip(lines, read, strict=True):
        if text:
            found.setdefault(area, []).append((text, confidence))
    return {
        area: LabelText(" ".join(text for text, _ in parts), sum(sure for _, sure in parts) / len(parts))
        for area, parts in found.items()
    }


def batch_of(lines: Sequence[Pixels]) -> NDArray[np.float32]:
    """(N, 1, H, W) float32, ink positive, paper 0; W is the widest line's, a multiple of 64."""
    widest = max(line.shape[1] for line in lines)
    out = np.zeros((len(lines), 1, lines[0].shape[0], padded(widest)), np.float32)
    for row, line in zip(out, lines, strict=True):
        row[0, :, : line.shape[1]] = 1.0 - line / np.float32(255)
    return out


def padded(width: int) -> int:
    """Pixels to which a line is filled up with paper."""
    return -(-width // STEP) * STEP


def _decoded(logits: NDArray[np.float32]) -> tuple[str, float]:
    """Best path of (T, classes) logits."""
    best = logits.argmax(1)
    change = np.concatenate(([True], best[1:] != best[:-1])) & (best > 0)
    if not change.any():
        return "", 0.0
    told = logits[change]
    sure = 1.0 / np.exp(told - told.max(1, keepdims=True)).sum(1)
    text = "".join(ALPHABET[c - 1] for c in best[change])
    return " ".join(text.split()), float(sure.mean())
