"""What several readers make of one cell together, and when a third one is asked.

The rules (weights of the readers, calibration, threshold of asking) stand in ``models/digits.json``, fitted by
``ocr/train/calibrate.py`` on hands that no reader was trained on.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from ocr.digits import Transcript, settings, spread, squash
from tally.acceptance import SECOND_THOUGHT

Rule = dict[str, Any]
"""``weights`` of the readers (they sum to 1), ``slope`` and ``bias`` of the calibration, and ``votes``: what
is added to the log odds when one, two, three readers had the text."""


def combine(*reads: Transcript) -> Transcript:
    """Pooled evidence of two readers (large, small) or three (large, small, third) on one cell.

    Every string that any of them proposes is scored by the weighted mean of its log probabilities; a string that
    a reader did not propose gets a share of what that reader left over. Texts that lost are always among the
    alternatives. ``agreed`` is True if at least two readers had the text that won.
    """
    return pool(reads, rules()["combine" if len(reads) == 2 else "combine_third"])


def pool(reads: Sequence[Transcript], rule: Rule) -> Transcript:
    """As :func:`combine`, by the given rule."""
    scores = pooled(reads, rule["weights"])
    best = max(scores, key=lambda s: scores[s])
    votes = sum(one.text == best for one in reads)
    confidence = squash(scores[best], rule["slope"], rule["bias"] + rule["votes"][max(votes - 1, 0)])
    own = {one.text for one in reads}
    rest = sorted(scores, key=lambda s: (s not in own, -scores[s]))
    ranked = [(best, scores[best]), *((s, scores[s]) for s in rest if s != best)]
    merged = spread(ranked, confidence, votes > 1)
    return Transcript(best, confidence, tuple(sorted(merged.alternatives, key=lambda a: -a[1])), votes > 1)


def pooled(reads: Sequence[Transcript], weights: Sequence[float]) -> dict[str, float]:
    """Normalised geometric mean of the readers' probabilities over all strings that any of them proposed."""
    known = [{t.text: t.confidence, **dict(t.alternatives)} for t in reads]
    floors = [max(1.0 - sum(k.values()), 1e-3) * 0.05 for k in known]
    scores = {
        text: math.exp(
            sum(
                weight * math.log(max(k.get(text, floor), 1e-6))
                for weight, k, floor in zip(weights, known, floors, strict=True)
            )
        )
        for text in sorted(set().union(*known))
    }
    total = sum(scores.values())
    return {text: p / total for text, p in scores.items()}


def in_doubt(large: Transcript, small: Transcript, both: Transcript) -> bool:
    """Whether the third reader is worth its time: the two differ, are not sure together, or one is of two minds."""
    if large.text != small.text or both.confidence < rules()["ask_below"]:
        return True
    return any(chance >= SECOND_THOUGHT for one in (large, small) for _, chance in one.alternatives)


@lru_cache(maxsize=1)
def rules() -> dict[str, Any]:
    """The settings beside the weights."""
    return settings()
