"""The model card: facts of the training written here once, every figure out of the result files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ocr.digits import MODELS
from ocr.train import sources
from ocr.train.bases import in_integers
from ocr.train.card_text import FAILURES, HEAD, MEASURED, REPRODUCE, SOURCES, TRAINING

Figures = Mapping[str, Any]


def write_card(results: Path, target: Path = MODELS / "MODEL_CARD.md") -> None:
    """Write the card from ``digits.json`` beside the weights and from the figures at ``results``."""
    figures: Figures = json.loads(results.read_text(encoding="utf-8"))
    settings: Figures = json.loads((MODELS / "digits.json").read_text(encoding="utf-8"))
    target.write_text("\n".join(lines(figures, settings)) + "\n", encoding="utf-8", newline="\n")


def lines(figures: Figures, settings: Figures) -> Iterator[str]:
    """The card line by line. Raises ValueError if the figures are those of other weights."""
    for name, reader in figures["readers"].items():
        if reader["sha256"] != settings[name]["sha256"]:
            raise ValueError(f"the figures are not those of {name}.onnx: run --only evaluate first")
    machine = figures["machine"]
    yield HEAD.format(
        version=settings["version"],
        date=figures["date"],
        cpu=machine["cpu"],
        cores=machine["cores"],
        weight=settings["combine"]["weights"][0],
        three=" / ".join(f"{weight:g}" for weight in settings["combine_third"]["weights"]),
        below=settings["ask_below"],
    )
    yield from _files(settings)
    yield SOURCES.format(families=len(sources.TRAIN_FONTS), trained=len(sources.TRAIN_FONTS) - 3)
    yield TRAINING
    yield MEASURED
    yield from _numbers(figures["sets"])
    yield from _marks(figures["sets"])
    yield from _certainty(figures["sets"])
    yield FAILURES
    yield from _examples(figures["sets"])
    yield REPRODUCE


def _files(settings: Figures) -> Iterator[str]:
    what = {
        "large": "PP-OCRv6 small recogniser (PaddleOCR, Apache-2.0, out of the `rapidocr` 3.10.0 wheel), head cut off, "
        "new 14-class CTC head, tuned; " + _stored(MODELS / settings["large"]["file"]),
        "small": "own convolutional CTC network with two residual blocks, 617,000 weights, no pre-training",
        "third": "PP-OCRv4 recogniser (PaddleOCR, Apache-2.0, out of the `rapidocr-onnxruntime` 1.4.4 wheel), "
        "constants joined into its convolutions, head cut off, new 14-class CTC head, tuned; 16-bit floats",
    }
    yield "| file | what | size | sha256 |\n|---|---|---|---|"
    for name, text in what.items():
        size = (MODELS / settings[name]["file"]).stat().st_size / 1e6
        yield f"| `{settings[name]['file']}` | {text} | {size:.1f} MB | `{settings[name]['sha256']}` |"
    yield "| `digits.json` | version, hashes of the weights, calibration | | |\n"


def _stored(file: Path) -> str:
    if in_integers(file):
        return "dense convolutions in 8-bit integers (`ocr/train/integers.py`), the rest in 32-bit floats"
    return "weights stored as 16-bit floats"


def _number_sets(sets: list[Any]) -> list[Any]:
    return [s for s in sets if s["made_of"] != "not a number"]


def _numbers(sets: list[Any]) -> Iterator[str]:
    yield (
        "| set | cells | large | small | third | large and small | all as asked | any right | asked "
        "| error when leaving, all | the same, large and small | two agree | two agree and wrong |\n"
        "|---|---|---|---|---|---|---|---|---|---|---|---|---|"
    )
    for s in _number_sets(sets):
        exact = s["exact"]
        yield (
            f"| {s['set']} | {s['cells']} | {exact['large']:.1f} | {exact['small']:.1f} | {exact['third']:.1f} "
            f"| {exact['both']:.1f} | **{exact['all']:.1f}** | {s['any']:.1f} | {s['asked']:.0f} | {_left(s, 'all')} "
            f"| {_left(s, 'both')} | {s['two_agree']:.1f} | {s['two_agree_and_wrong']:.1f} |"
        )
    yield _sum(_number_sets(sets))
    yield ""


def _sum(sets: list[Any]) -> str:
    """The last row: every figure weighted by cells."""
    cells = sum(s["cells"] for s in sets)

    def mean(*keys: str) -> float:
        total = 0.0
        for one in sets:
            figure = one
            for key in keys:
                figure = figure[key]
            total += float(figure) * one["cells"]
        return total / cells

    alone = " | ".join(f"{mean('exact', name):.1f}" for name in ("large", "small", "third", "both"))
    left = [
        " / ".join(f"{mean('error_when_leaving', who, k):.1f}" for k in ("10", "20", "30"))
        for who in ("all", "both")
    ]
    rest = [f"{mean('any'):.1f}", f"{mean('asked'):.0f}", *left]
    rest += [f"{mean('two_agree'):.1f}", f"{mean('two_agree_and_wrong'):.1f}"]
    return f"| all sets | {cells} | {alone} | **{mean('exact', 'all'):.1f}** | {' | '.join(rest)} |"


def _left(one: Figures, reader: str) -> str:
    errors = one["error_when_leaving"][reader]
    return " / ".join(f"{errors[share]:.1f}" for share in ("10", "20", "30"))


def _marks(sets: list[Any]) -> Iterator[str]:
    yield (
        "| not a plain number | cells | large | small | third | all as asked | two agree and wrong |\n"
        "|---|---|---|---|---|---|---|"
    )
    for s in sets:
        if s["made_of"] == "not a number":
            exact = s["exact"]
            yield (
                f"| {s['set']} | {s['cells']} | {exact['large']:.1f} | {exact['small']:.1f} | {exact['third']:.1f} "
                f"| {exact['all']:.1f} | {s['two_agree_and_wrong']:.1f} |"
            )
    yield ""


def _certainty(sets: list[Any]) -> Iterator[str]:
    numbers = _number_sets(sets)
    cells = sum(s["cells"] for s in numbers)
    promised = sum(s["mean_confidence"] * s["cells"] for s in numbers) / cells
    kept = sum(s["exact"]["all"] * s["cells"] for s in numbers) / cells
    sure, wrong = sum(s["sure"] for s in sets), sum(s["sure_and_wrong"] for s in sets)
    every = sum(s["cells"] for s in sets)
    cost = {
        name: sum(s["cpu_ms_per_cell"][name] * s["cells"] for s in sets) / every
        for name in ("large", "small", "third")
    }
    yield (
        f"Mean confidence of all on the number sets {promised:.1f} %, exact {kept:.1f} % (n = {cells}). Readings "
        f"above 0.99: {100 * sure / every:.0f} % of all {every} cells; of those {wrong} of {sure} are wrong "
        f"({100 * wrong / max(1, sure):.2f} %). CPU per cell, preparation and beam included: "
        f"large {cost['large']:.1f} ms, small {cost['small']:.1f} ms, third {cost['third']:.1f} ms.\n"
    )


def _examples(sets: list[Any]) -> Iterator[str]:
    found = [(c, t, r, s["set"]) for s in sets for t, r, c in s["wrong"] if c > 0.99]
    yield "Wrong above 0.99, as examples (truth, reading, confidence, set):\n"
    for sure, truth, read, name in sorted(found, reverse=True)[:12]:
        yield f"- `{truth}` read `{read or 'empty'}`, {sure:.3f}, {name}"
    yield ""
