"""``python -m ocr.train.inwords``: fetch the hands, train the reader of words, fit its confidence, measure it."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import cv2
import torch

from ocr.printed import batch_of
from ocr.scripts import CYRILLIC
from ocr.train.inwords import faces
from ocr.train.inwords.calibrate import measured
from ocr.train.inwords.cells import CellWriter, ShownAgain
from ocr.train.inwords.start import begun
from ocr.train.printed.net import POOL, SIZE, train_print
from ocr.train.printed.quantise import quantise

RANGED = 320
"""Lines from which the ranges of the layers in eight bits are taken."""
RATE = 2e-3
TIMES = 3
"""How often a line is shown."""


def main() -> None:
    """Fetch, train, fit, measure."""
    parser = argparse.ArgumentParser(prog="python -m ocr.train.inwords", description=__doc__)
    parser.add_argument("--minutes", type=float, default=25, help="wall time of the training")
    parser.add_argument(
        "--measure-only", action="store_true", help="fit the confidence of the installed weights"
    )
    parser.add_argument("--cells", type=int, default=800, help="cells to measure on, by family")
    parser.add_argument("--results", type=Path, default=Path("benchmarks/results/words.json"))
    parser.add_argument("--cache", type=Path, default=Path(".cache/train"), help="fonts and checkpoint")
    args = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    faces.fetch(args.cache)
    work = args.cache / "work"
    work.mkdir(parents=True, exist_ok=True)
    writer = CellWriter(faces.training_hands(args.cache))
    if not args.measure_only:
        _train(writer, args.minutes, work / "words.pt")
    figures = measured(args.cache, args.cells)
    args.results.write_text(json.dumps({"what": "words", **figures}, indent=1) + "\n")
    print(json.dumps(figures, indent=1), file=sys.stderr)


def _train(writer: CellWriter, minutes: float, checkpoint: Path) -> None:
    first = [writer.sample((97, seed))[0] for seed in range(64)]
    net = begun(CYRILLIC.letters.letters, torch.from_numpy(batch_of(first)))
    shown = ShownAgain(writer, TIMES, POOL * SIZE)
    train_print(shown, minutes, checkpoint, net, RATE).export(CYRILLIC.weights)
    quantise(CYRILLIC.weights, [writer.sample((98, seed))[0] for seed in range(RANGED)])


if __name__ == "__main__":
    main()
