"""Fit the confidence of each reader and of both together, on cells neither trained on nor measured."""

from __future__ import annotations

import hashlib
import json
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ocr.digits import MODELS, DigitReader, Transcript, _combine, _pooled, _transcript, prepare, squash
from ocr.train.cells import Renderer


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


def write_settings(version: str, values: dict[str, Any] | None = None) -> dict[str, Any]:
    """Write digits.json for the weights that are in place; ``values`` overrides the uncalibrated defaults."""
    config: dict[str, Any] = {"version": version}
    for name in ("large", "small"):
        path = MODELS / f"{name}.onnx"
        digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""
        config[name] = {"file": path.name, "sha256": digest, "slope": 1.0, "bias": 0.0}
    config["combine"] = {"weight_large": 0.6, "slope": 1.0, "bias": 0.0, "agree": 0.5}
    for name, fitted in (values or {}).items():
        config[name] |= fitted
    (MODELS / "digits.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
    return config


def calibrate(renderer: Renderer, version: str, count: int = 1500) -> dict[str, Any]:
    """Fit all calibration parameters on ``count`` cells and write digits.json."""
    write_settings(version)
    drawn = [renderer.sample((41, k)) for k in range(count)]
    cells, truth = [prepare(d[0]) for d in drawn], [d[1] for d in drawn]
    fitted: dict[str, Any] = {}
    read: list[list[Transcript]] = []
    for name in ("large", "small"):
        beams = DigitReader(name).strings(cells)
        right = np.array([b[0][0] == t for b, t in zip(beams, truth, strict=True)], dtype=float)
        slope, bias = logistic(np.array([[logit(b[0][1])] for b in beams]), right)
        fitted[name] = {"slope": round(float(slope), 4), "bias": round(float(bias), 4)}
        read.append([_transcript(b, squash(b[0][1], **fitted[name])) for b in beams])
    fitted["combine"] = fit_combination(read[0], read[1], truth)
    return write_settings(version, fitted)


def fit_combination(first: list[Transcript], second: list[Transcript], truth: list[str]) -> dict[str, float]:
    """Weight of the large reader by exact strings, then confidence by logistic regression."""

    def score(weight: float) -> tuple[int, float]:
        rule = {"weight_large": weight, "slope": 1.0, "bias": 0.0, "agree": 0.0}
        read = [_combine(a, b, rule) for a, b in zip(first, second, strict=True)]
        return sum(r.text == t for r, t in zip(read, truth, strict=True)), -abs(weight - 0.6)

    weight = max((k / 20 for k in range(8, 18)), key=score)
    rows, right = [], []
    for a, b, t in zip(first, second, truth, strict=True):
        pooled = _pooled(a, b, weight)
        best = max(pooled, key=lambda s: pooled[s])
        rows.append([logit(pooled[best]), float(a.text == b.text == best)])
        right.append(float(best == t))
    slope, agree, bias = logistic(np.array(rows), np.array(right))
    if agree < 0:  # the pooled probability already says it; agreement must never make a reading less sure
        (slope, bias), agree = logistic(np.array(rows)[:, :1], np.array(right)), 0.0
    return {
        "weight_large": weight,
        "slope": round(float(slope), 4),
        "bias": round(float(bias), 4),
        "agree": round(float(agree), 4),
    }
