"""Handwritten numbers in cell crops: networks with one alphabet and calibrated confidence.

Alphabet: the ten digits, ``-`` (a dash, or one group of fillers: ``==47`` reads ``-47``), ``x`` (a cross, or
one group of crossed boxes) and ``~`` (ink that is not a number: struck out, scribble, signature, word). An
empty cell reads ``""``.

The networks are trained with connectionist temporal classification (Graves et al., ICML 2006) and decoded
with a prefix beam (Hannun et al., arXiv:1408.2873). Only ink is transcribed; nothing here knows what the
numbers should add up to.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from ocr.prepared import Grey, prepare
from tally.errors import MissingComponent

ALPHABET = "0123456789-x~"  # class 0 of the networks is the CTC blank, class i + 1 is ALPHABET[i]
MODELS = Path(__file__).parent / "models"
INPUT = "x"  # of every exported network
BATCH = 16  # cells of one width that go through the network together
_ADVICE = "reinstall hattama, or train the readers again with `make train`"

_FIRST = itemgetter(0)


@dataclass(frozen=True)
class Transcript:
    """What one reader, or both together, read in one cell.

    ``confidence`` is the calibrated probability (0..1) that ``text`` is exactly right. ``alternatives`` are
    up to three other strings with probabilities, best first; together with ``confidence`` they never exceed
    1. ``agreed`` tells whether at least two readers had this text; None for a single reader.
    """

    text: str
    confidence: float
    alternatives: tuple[tuple[str, float], ...]
    agreed: bool | None = None


def beam(log_probs: NDArray[np.float32], width: int = 8) -> list[tuple[str, float]]:
    """CTC prefix beam over (T, 14) log probabilities: at most ``width`` strings with theirs, best first."""
    probs = np.exp(log_probs.astype(np.float64))
    # From here on plain floats: the same arithmetic, without a NumPy scalar for every one of them.
    steps, classes = np.nonzero(probs[:, 1:] > 1e-4)
    likely: list[list[tuple[str, float]]] = [[] for _ in probs]
    for step, c, p in zip(steps.tolist(), classes.tolist(), probs[steps, classes + 1].tolist(), strict=True):
        likely[step].append((ALPHABET[c], p))
    # Probability of each prefix when it ends in a blank, and when it ends in its last character.
    beams: dict[str, tuple[float, float]] = {"": (1.0, 0.0)}
    for blank, chars in zip(probs[:, 0].tolist(), likely, strict=True):
        if not chars:  # most steps are paper: nothing new can begin
            beams = {prefix: ((a + b) * blank, 0.0) for prefix, (a, b) in beams.items()}
        else:
            beams = _advanced(beams, blank, chars, width)
    ranked = sorted(((prefix, a + b) for prefix, (a, b) in beams.items()), key=lambda item: -item[1])
    return [ranked[0], *(item for item in ranked[1:] if item[1] > 1e-6)]


def _advanced(
    beams: dict[str, tuple[float, float]], blank: float, chars: list[tuple[str, float]], width: int
) -> dict[str, tuple[float, float]]:
    """The ``width`` likeliest prefixes after a step in which some characters are likely."""
    new: dict[str, list[float]] = {}
    for prefix, (ends_blank, ends_char) in beams.items():
        total, last = ends_blank + ends_char, prefix[-1:]
        same = new.setdefault(prefix, [0.0, 0.0])
        same[0] += total * blank
        for char, p in chars:
            if char == last:
                same[1] += ends_char * p
                gained = ends_blank * p
            else:
                gained = total * p
            longer = new.get(prefix + char)
            if longer is None:
                new[prefix + char] = [0.0, gained]
            else:
                longer[1] += gained
    best = sorted([(a + b, prefix, a, b) for prefix, (a, b) in new.items()], key=_FIRST, reverse=True)
    return {prefix: (a, b) for _, prefix, a, b in best[:width]}


def squash(probability: float, slope: float, bias: float) -> float:
    """Logistic calibration (Platt 1999): sigmoid(slope * logit(p) + bias), within 0.0001..0.9999."""
    p = min(max(probability, 1e-9), 1 - 1e-9)
    z = slope * math.log(p / (1 - p)) + bias
    return min(max(1 / (1 + math.exp(-min(max(z, -30.0), 30.0))), 1e-4), 1 - 1e-4)


def spread(strings: list[tuple[str, float]], confidence: float, agreed: bool | None = None) -> Transcript:
    """A transcript of strings with probabilities, best first.

    What the best one leaves over is spread over the others and over strings never seen, in proportion.
    """
    unseen = max(1.0 - sum(p for _, p in strings), 0.0)
    mass = max(sum(p for _, p in strings[1:]) + unseen, 1e-12)
    others = tuple((text, (1 - confidence) * p / mass) for text, p in strings[1:4])
    return Transcript(strings[0][0], confidence, others, agreed)


def settings() -> dict[str, Any]:
    """The calibration file. Raises MissingComponent when it is not installed."""
    path = MODELS / "digits.json"
    if not path.is_file():
        raise MissingComponent(f"the settings of the digit readers are missing: {path}", advice=_ADVICE)
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


class DigitReader:
    """One network. Reads cells; keeps no state between calls.

    ``name`` is 'large', 'small' or 'third', ``version`` that of the training, ``sha256`` the hex digest of the
    weights file.
    """

    def __init__(self, name: str) -> None:
        config = settings()
        own = config[name]
        path = MODELS / own["file"]
        if not path.is_file():
            raise MissingComponent(
                f"the weights of the {name} digit reader are missing: {path}", advice=_ADVICE
            )
        weights = path.read_bytes()
        self.name, self.version = name, str(config["version"])
        self.sha256 = hashlib.sha256(weights).hexdigest()
        if self.sha256 != own["sha256"]:
            raise MissingComponent(
                f"the weights of the {name} digit reader are not the calibrated ones: {path}", advice=_ADVICE
            )
        self._slope, self._bias = float(own["slope"]), float(own["bias"])
        self._weights = weights

    @classmethod
    def load_large(cls) -> DigitReader:
        """The accurate reader, some 8 ms a cell."""
        return cls("large")

    @classmethod
    def load_small(cls) -> DigitReader:
        """The second opinion, some 1 ms a cell."""
        return cls("small")

    @classmethod
    def load_third(cls) -> DigitReader:
        """The witness for cells in doubt, some 6 ms a cell."""
        return cls("third")

    def read(self, cells: Sequence[NDArray[np.uint8]]) -> list[Transcript]:
        """Read cell crops: (H, W) grey or (H, W, 3) BGR uint8, from 1 x 1 px up.

        Returns one transcript a cell, in order. Raises ValueError for anything that is not such an image.
        """
        return self.read_prepared([prepare(cell) for cell in cells])

    def read_prepared(self, prepared: Sequence[Grey]) -> list[Transcript]:
        """As :meth:`read`, of cells that went through :func:`ocr.prepared.prepare`: once for all readers."""
        return [
            spread(strings, squash(strings[0][1], self._slope, self._bias))
            for strings in self.strings(prepared)
        ]

    @cached_property
    def _session(self) -> onnxruntime.InferenceSession:
        """Made when the first cell is read: many pages never ask the third reader."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        return onnxruntime.InferenceSession(self._weights, options, providers=["CPUExecutionProvider"])

    def strings(self, prepared: Sequence[Grey]) -> list[list[tuple[str, float]]]:
        """Uncalibrated beam of every prepared cell; cells of equal width go through the network together."""
        groups: dict[int, list[int]] = defaultdict(list)
        for at, cell in enumerate(prepared):
            groups[cell.shape[1]].append(at)
        result: list[list[tuple[str, float]]] = [[] for _ in prepared]
        for members in groups.values():
            for start in range(0, len(members), BATCH):
                part = members[start : start + BATCH]
                batch = np.stack([prepared[i] for i in part])[:, None].astype(np.float32) / 127.5 - 1
                logits = self._session.run(None, {INPUT: batch})[0]
                top = logits.max(2, keepdims=True)
                log_probs = logits - top - np.log(np.exp(logits - top).sum(2, keepdims=True))
                for at, row in zip(part, log_probs, strict=True):
                    result[at] = beam(row)
        return result
