"""``python -m samples OUT``: synthetic photos of protocols, and the truth about them."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from samples.disputes import render_dispute
from samples.generic import some_sample
from tally.errors import HattamaError


def main(arguments: list[str] | None = None) -> int:
    """Writes photos and ``truth.json`` below OUT; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m samples", description=__doc__)
    parser.add_argument("out", type=Path, metavar="OUT", help="folder to write to")
    parser.add_argument("--district", type=int, help="the whole dispute of district 4, 14 or 27")
    parser.add_argument("--count", type=int, default=12, help="how many sheets of no district (default 12)")
    parser.add_argument("--seed", type=int, default=1, help="first seed of those sheets (default 1)")
    parser.add_argument("--severity", type=float, help="0 (easy) to 3 (hard); drawn per sheet if not given")
    parser.add_argument("--jobs", type=int, default=1, help="processes for --district (default 1)")
    options = parser.parse_args(arguments)
    try:
        if options.district is not None:
            progress = _progress if sys.stderr.isatty() else None
            render_dispute(options.district, options.out, progress, options.jobs)
        else:
            _generic(options.out, options.count, options.seed, options.severity)
    except HattamaError as error:
        sys.stderr.write(f"{error}\n")
        return int(error.exit_code)
    return 0


def _generic(out: Path, count: int, seed: int, severity: float | None) -> None:
    (out / "photos").mkdir(parents=True, exist_ok=True)
    truth = {}
    for number in range(seed, seed + count):
        sample = some_sample(number, severity=severity)
        name = f"sample-{number:06d}.jpg"
        (out / "photos" / name).write_bytes(sample.jpeg)
        truth[name] = sample.truth
    text = json.dumps(truth, ensure_ascii=False, indent=1)
    (out / "truth.json").write_text(text, encoding="utf-8", newline="\n")


def _progress(done: int, total: int) -> None:
    sys.stderr.write(f"\r{done}/{total}" + ("\n" if done == total else ""))


if __name__ == "__main__":
    sys.exit(main())
