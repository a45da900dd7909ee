"""``python -m samples.make_committed``: the dozen photos in ``samples/photos``, four of each dispute."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import cv2
import numpy as np

from samples.dispute_plans import DISPUTES, plans
from samples.photo import decode, encode
from samples.sample import Sample, render

PHOTOS = Path(__file__).parent / "photos"
MOST_BYTES = 150_000
# layout, severity, quarter turns, whether the sheet contradicts itself
SHOTS = {
    4: (
        ("table", 0.6, 0, False),
        ("words", 1.0, 0, False),
        ("boxes", 0.8, 0, False),
        ("lines", 0.7, 0, False),
    ),
    14: (
        ("words", 0.5, 0, False),
        ("table", 1.4, 0, True),
        ("lines", 1.2, 0, False),
        ("table", 0.9, 1, False),
    ),
    27: (
        ("table", 1.0, 0, False),
        ("boxes", 1.2, 0, False),
        ("words", 3.0, 0, False),
        ("table", 0.4, 0, True),
    ),
}


def committed() -> dict[str, Sample]:
    """File name -> sample."""
    out: dict[str, Sample] = {}
    for district, shots in SHOTS.items():
        sheets = plans(DISPUTES[district])
        sound = iter([plan for plan in sheets if plan.planted is None])
        broken = iter([plan for plan in sheets if plan.planted is not None])
        for number, (layout, severity, turn, planted) in enumerate(shots, 1):
            plan = next(broken if planted else sound)
            seed = 1000 * district + number
            sample = render(plan, seed, layout=layout, severity=severity, turn=turn)
            out[f"district-{district:02d}-{number}.jpg"] = Sample(small(sample.jpeg), sample.truth)
    return out


def small(jpeg: bytes) -> bytes:
    """The same picture in at most :data:`MOST_BYTES`, by lower quality."""
    picture = decode(jpeg)
    for quality in range(85, 20, -5):
        if len(jpeg) <= MOST_BYTES:
            break
        # at the lowest qualities noise is smoothed first: blocks would hurt the digits more
        jpeg = encode(np.asarray(cv2.medianBlur(picture, 3), np.uint8) if quality < 50 else picture, quality)
    return jpeg


def main() -> int:
    """Writes the photos and their truth."""
    PHOTOS.mkdir(exist_ok=True)
    samples = committed()
    for name, sample in samples.items():
        (PHOTOS / name).write_bytes(sample.jpeg)
    text = json.dumps({name: sample.truth for name, sample in samples.items()}, ensure_ascii=False, indent=1)
    (PHOTOS / "truth.json").write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
