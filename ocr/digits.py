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

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from tally.errors import MissingComponent

ALPHABET = "0123456789-x~"  # class 0 of the networks is the CTC blank, class i + 1 is ALPHABET[i]
HEIGHT, STEP, MIN_WIDTH, MAX_WIDTH = 48, 32, 64, 384  # px of a prepared cell; widths are multiples of STEP
MODELS = Path(__file__).parent / "models"
INPUT = "x"  # of every exported network
BATCH = 16  # cells of one width that go through the network together
_ADVICE = "reinstall hattama, or train the readers again with `make train`"
_STRETCH = 1.2  # cells are widened a little: narrow digits need more steps than the network has columns

_FIRST = itemgetter(0)

Grey = NDArray[np.uint8]


def to_grey(cell: NDArray[np.uint8]) -> Grey:
    """(H, W) or (H, W, 3) BGR, at least 1 x 1 px, to (H, W) grey. Raises ValueError on any other array."""
    if cell.dtype != np.uint8 or cell.size == 0:
        raise ValueError(f"a cell must be a non-empty uint8 image, got {cell.dtype} of shape {cell.shape}")
    if cell.ndim == 3 and cell.shape[2] == 3:
        return np.asarray(cv2.cvtColor(np.ascontiguousarray(cell), cv2.COLOR_BGR2GRAY), np.uint8)
    if cell.ndim != 2:
        raise ValueError(f"a cell must have shape (H, W) or (H, W, 3), got {cell.shape}")
    return np.ascontiguousarray(cell)


def flatten(grey: Grey) -> Grey:
    """Even out light, stretch contrast: paper to 255, darkest ink to about 0; faint noise is not blown up."""
    height, width = grey.shape
    if height < 8 or width < 8:
        return grey
    coarse = cv2.resize(grey, (max(3, width * 12 // height), 12), interpolation=cv2.INTER_AREA)
    light = cv2.blur(cv2.dilate(coarse, np.ones((5, 5), np.uint8)), (5, 5))
    paper = cv2.resize(light, (width, height), interpolation=cv2.INTER_LINEAR).astype(np.float32)
    depth = 1.0 - grey / np.maximum(paper, 1.0)
    darkest = max(float(np.quantile(depth, 0.992)), 0.22)
    return np.clip(255.0 * (1.0 - depth / darkest), 0, 255).astype(np.uint8)


def tighten(flat: Grey) -> Grey:
    """Cut away blank paper around the ink, generously: rules of the table do not count as ink.

    Returns a view with at least 55 % of the height; the whole image when there is no ink to speak of.
    """
    height, width = flat.shape
    if height < 12 or width < 12:
        return flat
    ink = (flat < 140).astype(np.uint8)
    ink[ink.mean(1) > 0.7] = 0
    side = max(1, width // 12)
    upright = ink.mean(0) > 0.92
    upright[side : width - side] = False
    ink[:, upright] = 0
    # A thin stroke of a worn scan is a row of dots: joined, it is as tall as it was written.
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((max(3, height // 12), 1), np.uint8))
    boxes = cv2.connectedComponentsWithStats(joined, connectivity=8)[2][1:]
    edge = max(1, height // 16)
    tall = np.maximum(boxes[:, 3], boxes[:, 2] // 2) >= max(3, height // 10)
    inside = (boxes[:, 1] + boxes[:, 3] > edge + 1) & (
        boxes[:, 1] < height - edge - 1
    )  # not a scrap of a rule
    boxes = boxes[tall & inside]
    if len(boxes) == 0:
        return flat
    left, top = boxes[:, 0].min(), boxes[:, 1].min()
    right, bottom = (boxes[:, 0] + boxes[:, 2]).max(), (boxes[:, 1] + boxes[:, 3]).max()
    tall_px = max(int((bottom - top) * 1.3), int(height * 0.55))
    middle, margin = (top + bottom) // 2, max(3, tall_px // 6)
    y0, y1 = max(0, middle - tall_px // 2), min(height, middle + (tall_px + 1) // 2)
    return flat[y0:y1, max(0, left - margin) : min(width, right + margin)]


def prepare(cell: NDArray[np.uint8]) -> Grey:
    """Cell crop to a (48, W) image, paper 255, ink dark, W a multiple of 32 in 64..384.

    The input of both networks.
    """
    grey = to_grey(cell)
    height, width = grey.shape
    if height > 96 or width > 12 * height:  # never work on more pixels than a number can need
        scale = min(1.0, 96 / height)
        size = (
            max(1, min(round(width * scale), int(12 * height * scale) or 1)),
            max(1, round(height * scale)),
        )
        grey = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
    tight = tighten(flatten(grey))
    wanted = min(max(round(tight.shape[1] * HEIGHT / tight.shape[0] * _STRETCH), 16), MAX_WIDTH)
    shrink = tight.shape[0] > HEIGHT
    ink = cv2.resize(tight, (wanted, HEIGHT), interpolation=cv2.INTER_AREA if shrink else cv2.INTER_LINEAR)
    padded = np.full((HEIGHT, max(MIN_WIDTH, -(-wanted // STEP) * STEP)), 255, np.uint8)
    left = (padded.shape[1] - wanted) // 2
    padded[:, left : left + wanted] = ink
    return padded


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
        """As :meth:`read`, of cells that went through :func:`prepare`: once for all readers."""
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
