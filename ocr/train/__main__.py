"""``python -m ocr.train --digits DIR --minutes N``: fetch, train the readers, calibrate, measure, write the card.

One thread a reader, fixed seeds; ``--jobs 2`` trains the large one beside the two others. Checkpoints lie in
``CACHE/work``; an interrupted run goes on from them, ``--fresh`` starts over.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from pathlib import Path

from ocr.train import sources
from ocr.train.calibrate import calibrate
from ocr.train.card import write_card
from ocr.train.evaluate import evaluate
from ocr.train.pools import training_renderer
from ocr.train.readers import SHARES, Job, one_thread, train_readers
from ocr.train.shrink import ship_integers

STAGES = ("fetch", *SHARES, "integers", "calibrate", "evaluate", "card")


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
        help="time of the three trainings together on one core; two jobs take half of it by the clock",
    )
    parser.add_argument("--jobs", type=int, default=2, help="readers trained at the same time")
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
    one_thread()
    work: Path = args.cache / "work"
    if args.fresh:
        shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True, exist_ok=True)
    if "fetch" in args.only:
        sources.fetch(args.cache)
    job = Job(args.digits, args.cache, work, args.minutes, args.resume)
    train_readers([name for name in SHARES if name in args.only], job, args.jobs)
    for stage in [stage for stage in args.only if stage not in SHARES]:
        print(f"{stage} ...", file=sys.stderr, flush=True)
        if stage == "integers":
            ship_integers(training_renderer(args.digits, args.cache), work)
        elif stage == "calibrate":
            calibrate(training_renderer(args.digits, args.cache, hold_out=False), args.version)
        elif stage == "evaluate":
            evaluate(args.digits, args.cache, args.results, args.cells)
        elif stage == "card":
            write_card(args.results)


if __name__ == "__main__":
    main()
