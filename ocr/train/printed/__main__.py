"""``python -m ocr.train.printed``: fetch the fonts, train the print reader, bring it to eight bits, measure it.

Measured on two families that it never saw.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import cv2
import torch

from ocr.printed import WEIGHTS, PrintReader
from ocr.train.printed import fonts
from ocr.train.printed.lines import Printer
from ocr.train.printed.net import mistakes, train_print
from ocr.train.printed.quantise import quantise

RANGED = 480
"""Lines from which the ranges of the layers in eight bits are taken."""


def main() -> None:
    """Fetch, train, export, measure."""
    parser = argparse.ArgumentParser(prog="python -m ocr.train.printed", description=__doc__)
    parser.add_argument("--minutes", type=float, default=45, help="wall time of the training")
    parser.add_argument("--cache", type=Path, default=Path(".cache/train"), help="fonts and checkpoint")
    parser.add_argument("--results", type=Path, default=Path("benchmarks/results/print.json"))
    parser.add_argument("--pack-only", action="store_true", help="bring the installed weights to eight bits")
    parser.add_argument("--lines", type=int, default=1500, help="lines to measure on, by family")
    args = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    fonts.fetch(args.cache)
    work = args.cache / "work"
    work.mkdir(parents=True, exist_ok=True)
    printer = Printer(fonts.faces(args.cache, fonts.FAMILIES))
    if not args.pack_only:
        train_print(printer, args.minutes, work / "print.pt").export(WEIGHTS)
    quantise(WEIGHTS, [printer.sample((98, seed))[0] for seed in range(RANGED)])
    figures = {family: measure(args.cache, [family], args.lines) for family in (*fonts.MEASURED, "tinos")}
    args.results.write_text(json.dumps({"what": "print", "by_family": figures}, indent=1) + "\n")
    print(json.dumps(figures, indent=1), file=sys.stderr)


def measure(cache: Path, families: list[str], count: int) -> dict[str, float]:
    """Share of wrong characters, and of lines read without any, on lines never trained on."""
    printer, reader = Printer(fonts.faces(cache, families)), PrintReader()
    drawn = [printer.sample((99, seed)) for seed in range(count)]
    read = [text for text, _ in reader.read([picture for picture, _ in drawn])]
    said = [text for _, text in drawn]
    exact = sum(a == b for a, b in zip(read, said, strict=True)) / count
    return {
        "lines": count,
        "characters_wrong": round(mistakes(read, said), 4),
        "lines_exact": round(exact, 4),
    }


if __name__ == "__main__":
    main()
