"""Damaged photos and pictures of other things: nothing may be accepted wrongly, and refusals must give advice."""

from __future__ import annotations

from collections import Counter
from typing import Any

import cv2
import numpy as np

from benchmarks.accuracy import FIRST_SEED, FORM
from benchmarks.damage import DAMAGES, NO_PROTOCOLS, Picture
from benchmarks.results import progress
from benchmarks.scoring import score_page
from benchmarks.usage import cpu_seconds
from ocr.pipeline import read_file
from tally.model import Status


def robustness(count: int, first_seed: int = FIRST_SEED) -> tuple[dict[str, Any], bool]:
    """Read ``count`` generated sheets under every damage, and every kind of other picture.

    Returns the result and whether something was accepted that should not have been.
    """
    from samples.generic import some_sample
    from samples.photo import decode

    kinds: dict[str, dict[str, Any]] = {}
    failed = False
    for kind, damage in progress(DAMAGES.items(), len(DAMAGES), "damages"):
        line = _line()
        for seed in range(first_seed, first_seed + count):
            sample = some_sample(seed)
            hurt = damage(decode(sample.jpeg), np.random.default_rng(seed))
            _count(line, f"{kind} {seed}", hurt, FORM, sample.truth)
        kinds[kind] = _closed(line)
    for kind, draw in progress(NO_PROTOCOLS.items(), len(NO_PROTOCOLS), "no protocols"):
        line = _line()
        _count(line, kind, draw(np.random.default_rng(first_seed)), "auto", {"fields": {}})
        failed |= line["statuses"]["accepted"] + line["statuses"]["review"] > 0
        kinds[kind] = _closed(line)
    failed |= any(line["accepted_wrong"] or line["without_advice"] for line in kinds.values())
    return {"what": "robustness", "form": FORM, "first_seed": first_seed, "kinds": kinds}, failed


def _line() -> dict[str, Any]:
    names = ("cells", "cells_exact", "cells_wrong", "accepted_wrong", "without_advice")
    return {"sheets": 0, "statuses": Counter(), "cpu_s": 0.0, **dict.fromkeys(names, 0)}


def _count(line: dict[str, Any], name: str, picture: Picture, form: str, truth: dict[str, Any]) -> None:
    ok, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 80])
    assert ok
    before = cpu_seconds()
    (page,) = read_file(data.tobytes(), f"{name}.jpg", form)
    line["cpu_s"] += cpu_seconds() - before
    score = score_page(name, page, truth)
    line["sheets"] += 1
    line["statuses"][page.status.value] += 1
    line["cells"] += score.cells
    line["cells_exact"] += score.exact
    line["cells_wrong"] += score.wrong
    line["accepted_wrong"] += score.accepted_wrong
    line["without_advice"] += page.status is not Status.ACCEPTED and not page.reasons


def _closed(line: dict[str, Any]) -> dict[str, Any]:
    cpu = round(1000 * line.pop("cpu_s") / max(1, line["sheets"]))
    return {**line, "statuses": dict(sorted(line["statuses"].items())), "cpu_ms_per_sheet": cpu}
