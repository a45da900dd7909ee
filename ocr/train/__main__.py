"""``python -m ocr.train --digits DIR --minutes N``: fetch, train both readers, calibrate, measure, write the card.

One thread, fixed seeds. Checkpoints lie in ``CACHE/work``; an interrupted run goes on from them, ``--fresh``
starts over.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from pathlib import Path

import cv2
import torch

from ocr.digits import MODELS
from ocr.train import sources
from ocr.train.calibrate import calibrate
from ocr.train.card import write_card
from ocr.train.evaluate import evaluate
from ocr.train.large import train_large
from ocr.train.pools import training_renderer
from ocr.train.small import train_small

STAGES = ("fetch", "small", "large", "calibrate", "evaluate", "card")
SMALL = 1 / 3
"""Share of the time that the small reader gets."""


def arguments() -> argparse.Namespace:
    """Command line of the training."""
    parser = argparse.ArgumentParser(
        prog="python -m ocr.train", description="Train the handwritten-number readers."
    )
    parser.add_argument(
        "--digits",
        type=Path,
        required=True,
        help="folder with train/pendigits, optdigits, semeion and measure/",
    )
    parser.add_argument(
        "--minutes",
        type=float,
        default=60,
        help="wall time of the two trainings: a third for the small reader",
    )
    parser.add_argument("--cache", type=Path, default=Path(".cache/train"), help="downloads and checkpoints")
    parser.add_argument("--only", nargs="+", choices=STAGES, default=STAGES, help="stages to run")
    parser.add_argument("--cells", type=int, default=1000, help="cells of each composed measuring set")
    parser.add_argument("--version", default=time.strftime("%Y.%m.%d"), help="version of the weights")
    parser.add_argument(
        "--results", type=Path, default=Path("benchmarks/results/digits.json"), help="where figures go"
    )
    parser.add_argument(
        "--continue",
        dest="resume",
        type=Path,
        metavar="DIR",
        help="folder with large.onnx and small.onnx of an earlier run (CACHE/work keeps them) to go on from",
    )
    parser.add_argument("--fresh", action="store_true", help="forget checkpoints")
    return parser.parse_args()


def main() -> None:
    """Run the stages in order."""
    args = arguments()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    torch.manual_seed(1)
    work: Path = args.cache / "work"
    if args.fresh:
        shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True, exist_ok=True)
    if "fetch" in args.only:
        sources.fetch(args.cache)
    for stage in args.only:
        print(f"{stage} ...", file=sys.stderr, flush=True)
        if stage == "small":
            renderer = training_renderer(args.digits, args.cache)
            start = args.resume / "small.onnx" if args.resume else None
            train_small(renderer, args.minutes * SMALL, work, start).export(work / "small.onnx")
            shutil.copy(work / "small.onnx", MODELS)
        elif stage == "large":
            renderer = training_renderer(args.digits, args.cache)
            start = args.resume / "large.onnx" if args.resume else None
            net = train_large(
                sources.recogniser(args.cache), renderer, args.minutes * (1 - SMALL), work, start
            )
            net.export(work / "large.onnx")
            shutil.copy(work / "large.onnx", MODELS)
        elif stage == "calibrate":
            calibrate(training_renderer(args.digits, args.cache, hold_out=False), args.version)
        elif stage == "evaluate":
            evaluate(args.digits, args.cache, args.results, args.cells)
        elif stage == "card":
            write_card(args.results)


if __name__ == "__main__":
    main()
