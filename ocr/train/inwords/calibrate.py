"""Fit the confidence of the reader of words, and measure it, on hands that it was not trained on."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

from ocr.inwords import LEAST, InWords, Settings, WordReader, features, scores_of, told
from ocr.scripts import CYRILLIC, Script
from ocr.segments import Floats
from ocr.train.calibrate import logistic
from ocr.train.inwords.cells import CellWriter
from ocr.train.inwords.faces import CALIBRATED, MEASURED, Hand, hands, training_hands
from ocr.wordline import line_of

CEILING = 9999
LEVELS = (0.95, 0.98, 0.99)


@dataclass(frozen=True)
class Held:
    """One cell held against the lexicon."""

    value: int | None
    language: str
    scores: Floats
    """(languages, 10000) log likelihoods in the languages of the writing system."""


def held(writers: Sequence[Hand], count: int, stream: int, script: Script = CYRILLIC) -> list[Held]:
    """``count`` cells of some hands; those that look empty are left out."""
    writer = CellWriter(list(writers), script=script)
    cells = [cell for k in range(count) if (cell := writer.cell((stream, k))).text]
    lines = [line_of(cell.picture, script.height) for cell in cells]
    at = [k for k, line in enumerate(lines) if line is not None]
    columns = WordReader(script).columns([line for line in lines if line is not None])
    found = scores_of(columns, script.languages, script.letters)
    return [
        Held(cells[k].value, cells[k].language, scores.astype(np.float32))
        for k, scores in zip(at, found, strict=True)
    ]


def fit(cells: Sequence[Held]) -> Settings:
    """The settings under which what the cells really say is likeliest (log score)."""
    every = [np.maximum(cell.scores.max(0), LEAST).astype(np.float64) for cell in cells]
    right = np.array([row.argmax() == cell.value for row, cell in zip(every, cells, strict=True)], np.float64)
    ahead, behind, bias = logistic(np.array([features(row) for row in every]), right)
    heat, other = _shares(every, cells)
    return Settings(*(round(float(v), 4) for v in (ahead, behind, bias, heat, other)))


def _shares(every: Sequence[Floats], cells: Sequence[Held]) -> tuple[float, float]:
    """(heat, other) of a softmax over all numbers and none."""
    best = np.stack([np.sort(row)[-60:] for row in every])  # the others are a thousand times less likely
    own = [np.nan if c.value is None else row[c.value] for row, c in zip(every, cells, strict=True)]

    def loss(settings: Floats) -> float:
        heat, other = float(np.exp(settings[0])), float(settings[1])
        top = np.maximum(best[:, -1], other)
        total = np.exp((best - top[:, None]) / heat).sum(1) + np.exp((other - top) / heat)
        said = np.where(np.isnan(own), other, np.maximum(own, other - 30 * heat))
        return float(np.mean(np.log(total) - (said - top) / heat))

    result = minimize(loss, np.array([np.log(2.0), -6.0]), method="Nelder-Mead")
    return float(np.exp(result.x[0])), float(result.x[1])


def write_settings(settings: Settings, script: Script = CYRILLIC) -> None:
    """Keep what was fitted beside the weights."""
    script.settings.write_text(json.dumps(asdict(settings)) + "\n")


def figures(cells: Sequence[Held], settings: Settings, script: Script = CYRILLIC) -> dict[str, Any]:
    """How the cells were read: all, and by language; and what was made of words that are no number."""
    read = [
        (cell, told(cell.scores.astype(np.float64), script.languages, CEILING, settings)) for cell in cells
    ]
    numbers = [(cell, said) for cell, said in read if cell.value is not None]
    by = {name: _counts([pair for pair in numbers if pair[0].language == name]) for name in script.languages}
    rest = [said for cell, said in read if cell.value is None]
    return {**by, "no_number": _as_number(rest)}


def measured(cache: Path, count: int, script: Script = CYRILLIC, more: Sequence[str] = ()) -> dict[str, Any]:
    """Fit a Cyrillic network's confidence on some hands, keep it, and count on others how the network does.

    ``more`` are further families that are measured.
    """
    apart = held(hands(cache, CALIBRATED), 2 * count, 501, script)
    settings = fit(apart)
    write_settings(settings, script)
    by = {
        family: figures(held(hands(cache, [family]), count, 502, script), settings, script)
        for family in (*MEASURED, *more)
    }
    own = figures(held(training_hands(cache), count, 503, script), settings, script)
    return {"fitted_on": len(apart), "by_family": by, "trained_on": own}


def _counts(pairs: Sequence[tuple[Held, InWords]]) -> dict[str, Any]:
    seen = Counter(
        "open" if said.value is None else "right" if said.value == cell.value else "wrong"
        for cell, said in pairs
    )
    return {
        "cells": len(pairs),
        **{name: seen[name] for name in ("right", "wrong", "open")},
        "from": {
            str(level): {
                "right": sum(s.confidence >= level and s.value == c.value for c, s in pairs),
                "wrong": sum(s.confidence >= level and s.value not in (None, c.value) for c, s in pairs),
            }
            for level in LEVELS
        },
    }


def _as_number(read: Sequence[InWords]) -> dict[str, int]:
    told_one = [said for said in read if said.value is not None]
    sure = {f"as_number_from_{level}": sum(s.confidence >= level for s in told_one) for level in LEVELS}
    return {"cells": len(read), "as_number": len(told_one), **sure}
