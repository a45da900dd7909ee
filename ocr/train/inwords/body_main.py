"""``python -m ocr.train.inwords.body_main``: fetch, train the larger network of Cyrillic words, ship and measure it."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import cv2
import numpy as np
import onnx
import torch
from numpy.typing import NDArray

from ocr.printed import padded
from ocr.scripts import CURSIVE
from ocr.train.bases import LARGE
from ocr.train.graph import shown_as_ink
from ocr.train.integers import to_integers
from ocr.train.inwords.body import BodyNet
from ocr.train.inwords.body_train import NECK, train_body, tune_neck
from ocr.train.inwords.calibrate import measured
from ocr.train.inwords.faces import Hand
from ocr.train.inwords.lines48 import UNSEEN, Lines, fetch, more_hands
from ocr.train.sources import recogniser

RANGED, WIDEST = 320, 768
"""Lines from which the ranges of the integers are taken, and the widest of them in pixels."""
STREAM = 98


def main() -> None:
    """Neck, all stages, floats in ``CACHE/work``, integers in place, confidence. The wheel must have been fetched."""
    parser = argparse.ArgumentParser(prog="python -m ocr.train.inwords.body_main", description=__doc__)
    parser.add_argument("--minutes", type=float, default=39, help="processor time of the long stage")
    parser.add_argument("--cells", type=int, default=800, help="cells to measure on, by family")
    parser.add_argument("--results", type=Path, default=Path("benchmarks/results/words-cursive.json"))
    parser.add_argument("--cache", type=Path, default=Path(".cache/train"), help="fonts, wheel, checkpoints")
    args = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    torch.manual_seed(5)
    fetch(args.cache)
    work = args.cache / "work"
    work.mkdir(parents=True, exist_ok=True)
    hands = more_hands(args.cache)
    net, early = BodyNet(recogniser(args.cache, LARGE)), work / "words-body-neck.pt"
    if early.exists():
        net.load_state_dict(torch.load(early, weights_only=True))
    else:
        tune_neck(net, Lines(hands), *NECK)
        torch.save(net.state_dict(), early)
    train_body(net, Lines(hands), args.minutes, work / "words-body.pt")
    net.export(work / "words-body.onnx")
    whole = to_integers(onnx.load(work / "words-body.onnx"), ranged(hands))
    shown_as_ink(whole.graph)
    onnx.save(whole, CURSIVE.weights)
    found = {"what": "words", "script": "cursive", **measured(args.cache, args.cells, CURSIVE, UNSEEN)}
    args.results.write_text(json.dumps(found, indent=1) + "\n")


def ranged(hands: list[Hand]) -> list[NDArray[np.uint8]]:
    """Lines as they are in use, padded with paper to multiples of 64 pixels."""
    lines, found = Lines(hands, uneven=False), []
    for k in range(RANGED):
        line, _ = lines.sample((STREAM, k))
        wide = padded(line.shape[1])
        if wide <= WIDEST:
            found.append(np.pad(line, ((0, 0), (0, wide - line.shape[1])), constant_values=255))
    return found


if __name__ == "__main__":
    main()
