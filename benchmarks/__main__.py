"""``python -m benchmarks WHAT``: measure, keep results, print the README's tables."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

for _name in ("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")  # before the libraries are imported: one page, one core


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0; 1 if a sheet was accepted with a wrong number."""
    options = _parser().parse_args(arguments)
    from benchmarks.results import load_all
    from benchmarks.table import table

    chosen = {"all": ALL, "table": ()}.get(options.what, (options.what,))
    failed = [bool(_jobs()[what](options)) for what in chosen]
    print(table(load_all()))
    return int(any(failed))


ALL = (
    *("accuracy", "confidence", "cellwise", "speed", "robustness"),
    *("marks", "underseal", "inwords", "compare", "ledger", "tally", "review", "bundle"),
)
WHATS = (*ALL, "all", "measured", "table")


def _jobs() -> dict[str, Callable[[argparse.Namespace], bool | None]]:
    """What to measure -> how; True means that a sheet was accepted with a wrong number, or an entry lost."""
    return {what: globals()[f"_{what}"] for what in (*ALL, "measured")}


def _measured(_options: argparse.Namespace) -> None:
    """The error rates that the report states, from the kept result of ``accuracy``."""
    from benchmarks.measured import write_measured
    from benchmarks.results import load_all

    write_measured(load_all()["generated"])


def _tally(options: argparse.Namespace) -> None:
    from benchmarks.tally import tally_speed

    rows = tally_speed()
    load = round(os.getloadavg()[0], 1)
    _keep("tally", {"what": "tally", "load_1_min": load, "rows": rows}, options)


def _bundle(options: argparse.Namespace) -> None:
    from benchmarks.bundle import bundle_speed

    result = bundle_speed(options.protocols)
    print(json.dumps(result, indent=1))
    _keep("bundle", result, options)


def _review(options: argparse.Namespace) -> bool:
    from benchmarks.review import review_load

    result = review_load()
    _keep("review", result, options)
    return bool(result["lost"])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("what", nargs="?", default="table", choices=WHATS)
    parser.add_argument(
        "-n", "--sheets", type=_count, default=60, help="generated sheets to read (default 60)"
    )
    parser.add_argument("--pages", type=_count, default=20, help="pages to time (default 20)")
    parser.add_argument("--files", type=_count, default=10_000, help="small files to add (default 10000)")
    parser.add_argument("--protocols", type=_count, default=500, help="protocols in a bundle (default 500)")
    parser.add_argument("--kills", type=int, default=201, help="writers to kill (default 201)")
    parser.add_argument("--seed", type=int, default=None, help="first seed of the generated sheets")
    parser.add_argument(
        "--no-real", action="store_true", help="leave out the real sheets beside the repository"
    )
    parser.add_argument("--show", action="store_true", help="list every wrong cell")
    parser.add_argument("--dry", action="store_true", help="print the results and do not keep them")
    return parser


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def _accuracy(options: argparse.Namespace) -> bool:
    from benchmarks.accuracy import FIRST_SEED, generated, real, real_folders

    result, score = generated(options.sheets, FIRST_SEED if options.seed is None else options.seed)
    _keep("generated", result, options)
    scores = [score]
    for folder in [] if options.no_real else real_folders():
        result, score = real(folder)
        _keep(f"real-{folder.name}", result, options)
        scores.append(score)
    if options.show:
        print("\n".join(line for score in scores for line in score.misread), file=sys.stderr)
    return any(score.accepted_wrong for score in scores)


def _confidence(options: argparse.Namespace) -> None:
    from benchmarks.confidence import FIRST_SEED, confidence
    from benchmarks.plots import draw
    from benchmarks.results import FOLDER

    result = confidence(options.sheets, FIRST_SEED if options.seed is None else options.seed)
    _keep("confidence", result, options)
    if not options.dry:
        draw(result, FOLDER)


def _cellwise(options: argparse.Namespace) -> None:
    from benchmarks.cellwise import FIRST_SEED, cellwise

    _keep("cellwise", cellwise(options.sheets, FIRST_SEED if options.seed is None else options.seed), options)


def _speed(options: argparse.Namespace) -> None:
    from benchmarks.accuracy import FIRST_SEED
    from benchmarks.speed import speed

    _keep("speed", speed(options.pages, FIRST_SEED if options.seed is None else options.seed), options)


def _robustness(options: argparse.Namespace) -> bool:
    from benchmarks.accuracy import FIRST_SEED
    from benchmarks.robustness import robustness

    count = max(1, options.sheets // 20)  # every sheet is read under every damage
    result, failed = robustness(count, FIRST_SEED if options.seed is None else options.seed)
    _keep("robustness", result, options)
    return failed


def _ledger(options: argparse.Namespace) -> None:
    from benchmarks.custody import custody

    stations = Path(__file__).resolve().parents[2] / "shared" / "official" / "uganda-2021" / "stations.csv"
    _keep("ledger", custody(options.files, options.kills, stations if stations.exists() else None), options)


def _marks(options: argparse.Namespace) -> None:
    from benchmarks.marks import marks

    _keep("marks", marks(options.sheets, options.seed), options)


def _inwords(options: argparse.Namespace) -> None:
    from benchmarks.inwords import in_words

    _keep("inwords", in_words(options.sheets, options.seed), options)


def _underseal(options: argparse.Namespace) -> None:
    from benchmarks.underseal import under_seals

    _keep("underseal", under_seals(options.sheets, options.seed), options)


def _compare(options: argparse.Namespace) -> None:
    from benchmarks.accuracy import FIRST_SEED
    from benchmarks.compare import compare

    _keep("compare", compare(options.pages, FIRST_SEED if options.seed is None else options.seed), options)


def _keep(name: str, result: dict[str, object], options: argparse.Namespace) -> None:
    from benchmarks.machine import conditions
    from benchmarks.results import save
    from benchmarks.table import table

    if options.dry:
        print(table({name: {"name": name, **conditions(), **result}}))
    else:
        save(name, result)
        if name == "generated":
            _measured(options)


if __name__ == "__main__":
    sys.exit(main())
