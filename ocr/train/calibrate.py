"""Fit the confidence of each reader and of all together, on cells neither trained on nor measured."""

from __future__ import annotations

import hashlib
import json
import math
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ocr.digits import MODELS, DigitReader, Transcript, spread, squash
from ocr.pooling import in_doubt, pool, pooled, rules
from ocr.prepared import prepare
from ocr.train.cells import Renderer

ASK_BELOW = 0.98
"""The third reader is asked where the other two differ or are less sure than this together."""


def logistic(
    features: NDArray[np.float64], right: NDArray[np.float64], ridge: float = 1e-2
) -> NDArray[np.float64]:
    """Weights (K + 1,) of a logistic regression by Newton's method; the last one is the bias."""
    x = np.concatenate([features, np.ones((len(features), 1))], 1)
    w = np.zeros(x.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        gradient = x.T @ (right - p) - ridge * w
        hessian = (x * (p * (1 - p))[:, None]).T @ x + ridge * np.eye(len(w))
        step = np.linalg.solve(hessian, gradient)
        w += step
        if np.abs(step).max() < 1e-8:
            break
    return w


def logit(probability: float) -> float:
    """Log odds, kept finite as the readers do."""
    p = min(max(probability, 1e-9), 1 - 1e-9)
    return math.log(p / (1 - p))


NAMES = ("large", "small", "third")


def write_settings(version: str, values: dict[str, Any] | None = None) -> dict[str, Any]:
    """Write digits.json for the weights that are in place; ``values`` overrides the uncalibrated defaults."""
    config: dict[str, Any] = {"version": version, "ask_below": ASK_BELOW}
    for name in NAMES:
        path = MODELS / f"{name}.onnx"
        digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""
        config[name] = {"file": path.name, "sha256": digest, "slope": 1.0, "bias": 0.0}
    config["combine"] = {"weights": [0.6, 0.4], "slope": 1.0, "bias": 0.0, "votes": [0.0, 0.5]}
    config["combine_third"] = {
        "weights": [0.4, 0.2, 0.4],
        "slope": 1.0,
        "bias": 0.0,
        "votes": [0.0, 0.5, 0.5],
    }
    for name, fitted in (values or {}).items():
        config[name] |= fitted
    (MODELS / "digits.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
    return config


def calibrate(renderer: Renderer, version: str, count: int = 6000) -> dict[str, Any]:
    """Fit all calibration parameters on ``count`` cells and write digits.json.

    The rule for three readers is fitted on those cells alone in which the third is asked.
    """
    write_settings(version)
    drawn = [renderer.sample((41, k)) for k in range(count)]
    cells, truth = [prepare(d[0]) for d in drawn], [d[1] for d in drawn]
    fitted: dict[str, Any] = {}
    read: list[list[Transcript]] = []
    for name in NAMES:
        beams = DigitReader(name).strings(cells)
        right = np.array([b[0][0] == t for b, t in zip(beams, truth, strict=True)], dtype=float)
        slope, bias = logistic(np.array([[logit(b[0][1])] for b in beams]), right)
        fitted[name] = {"slope": round(float(slope), 4), "bias": round(float(bias), 4)}
        read.append([spread(b, squash(b[0][1], **fitted[name])) for b in beams])
    pairs = list(zip(read[0], read[1], strict=True))
    fitted["combine"] = fit_pool(pairs, truth)
    both = [pool(pair, fitted["combine"]) for pair in pairs]
    asked = [k for k, (one, two) in enumerate(pairs) if in_doubt(one, two, both[k])]
    threes = [(*pairs[k], read[2][k]) for k in asked]
    fitted["combine_third"] = fit_pool(threes, [truth[k] for k in asked])
    print(f"  the third reader is asked for {len(asked)} of {count} cells", file=sys.stderr, flush=True)
    settled = write_settings(version, fitted)
    rules.cache_clear()  # whoever measures next in this process measures what was fitted
    return settled


def fit_pool(reads: Sequence[tuple[Transcript, ...]], truth: Sequence[str]) -> dict[str, Any]:
    """Weights of the readers by exact strings, then confidence by logistic regression on score and votes."""
    number = len(reads[0])

    def score(weights: tuple[float, ...]) -> tuple[int, float]:
        rule = {"weights": weights, "slope": 1.0, "bias": 0.0, "votes": [0.0] * number}
        right = sum(pool(one, rule).text == t for one, t in zip(reads, truth, strict=True))
        return right, -max(weights)

    weights = max(_weights(number), key=score)
    rows, right = [], []
    for one, t in zip(reads, truth, strict=True):
        scores = pooled(one, weights)
        best = max(scores, key=lambda s: scores[s])
        votes = sum(each.text == best for each in one)
        rows.append([logit(scores[best]), *(float(votes >= least) for least in range(2, number + 1))])
        right.append(float(best == t))
    table, hit = np.array(rows), np.array(right)
    kept = list(range(table.shape[1]))
    while True:
        *slopes, bias = logistic(table[:, kept], hit)
        against = [at for at, slope in zip(kept, slopes, strict=True) if at and slope < 0]
        if not against:  # the pooled probability already says it; a vote must never make a reading less sure
            break
        kept.remove(against[0])
    gains = dict(zip(kept, slopes, strict=True))
    steps = np.cumsum([0.0, *(gains.get(at, 0.0) for at in range(1, number))])
    return {
        "weights": list(weights),
        "slope": round(float(gains[0]), 4),
        "bias": round(float(bias), 4),
        "votes": [round(float(step), 4) for step in steps],
    }


def _weights(number: int) -> Iterator[tuple[float, ...]]:
    """Shares of two or three readers in steps of 0.05 or 0.1."""
    if number == 2:
        yield from ((k / 20, round(1 - k / 20, 2)) for k in range(8, 18))
        return
    for first in range(1, 9):
        yield from ((first / 10, second / 10, (10 - first - second) / 10) for second in range(1, 10 - first))
