"""``python -m ocr.train --digits DIR --minutes N``: fetch, train the readers, calibrate, measure, write the card.

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
from ocr.train.bases import LARGE, THIRD
from ocr.train.calibrate import calibrate
from ocr.train.card import write_card
from ocr.train.evaluate import evaluate
from ocr.train.pools import training_renderer
from ocr.train.shrink import ship_integers
from ocr.train.small import train_small
from ocr.train.tuned import train_tuned

STAGES = ("fetch", "small", "large", "third", "integers", "calibrate", "evaluate", "card")
SHARES = {"small": 0.25, "large": 0.4, "third": 0.35}
"""Share of the time that each reader gets."""


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
        help="wall time of the three trainings together",
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
        help="folder with the exported weights of an earlier run (CACHE/work keeps them), as floats, to go on from",
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
        if stage in SHARES:
            _train(stage, args, work)
        elif stage == "integers":
            ship_integers(training_renderer(args.digits, args.cache), work)
        elif stage == "calibrate":
            calibrate(training_renderer(args.digits, args.cache, hold_out=False), args.version)
        elif stage == "evaluate":
            evaluate(args.digits, args.cache, args.results, args.cells)
        elif stage == "card":
            write_card(args.results)


def _train(name: str, args: argparse.Namespace, work: Path) -> None:
    """Train one reader for its share of the time and put its weights in place."""
    renderer = training_renderer(args.digits, args.cache)
    start = args.resume / f"{name}.onnx" if args.resume else None
    minutes, target = args.minutes * SHARES[name], work / f"{name}.onnx"
    if name == "small":
        train_small(renderer, minutes, work, start).export(target)
    else:
        base = {"large": LARGE, "third": THIRD}[name]
        train_tuned(base, sources.recogniser(args.cache, base), renderer, minutes, work, start).export(target)
    shutil.copy(target, MODELS)


if __name__ == "__main__":
    main()
