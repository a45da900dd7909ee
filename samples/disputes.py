"""Renders a dispute into a folder: photos, truth, official figures, and what a person would type."""

from __future__ import annotations

import csv
import io
import json
import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from samples.dispute_plans import (
    DISPUTES,
    ELECTION,
    FORM,
    Shoot,
    candidates_of,
    plans,
    second_version,
    shoots,
)
from samples.photo import decode, encode
from samples.rows import form_of
from samples.sample import Sample, render
from tally.election import OfficialFigure, load_election
from tally.errors import UsageError

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class DisputeSet:
    """A rendered dispute. All paths lie below ``folder``."""

    district: int
    folder: Path
    photos: tuple[Path, ...]
    truth: Path
    official: Path
    official_source: str
    """Where the official figures come from."""
    official_as_of: str
    """Date of the official figures, ISO 8601."""
    sums: dict[str, int]
    """Candidate id -> published votes in the protocols; equal to the sum over the sheets."""

    def typed_for(self, files: Iterable[str]) -> str:
        """What a person would type from the photos ``files`` (names), as CSV for ``hattama import``."""
        return typed_for(json.loads(self.truth.read_text("utf-8")), files)


def render_dispute(district: int, out: Path, progress: Progress | None = None, jobs: int = 1) -> DisputeSet:
    """Makes ``out/photos/*.jpg``, ``out/truth.json`` and ``out/official.csv`` of a dispute.

    ``district`` is 4, 14 or 27, else ``UsageError``. ``progress(done, total)`` is called after every photo.
    Beside one photo per precinct: one photo twice under two names, one sent again in lower quality, and one
    precinct with a second, differing version of its sheet.
    """
    if district not in DISPUTES:
        known = ", ".join(str(number) for number in sorted(DISPUTES))
        raise UsageError(f"there are no samples for district {district}", advice=f"Districts: {known}.")
    dispute = DISPUTES[district]
    queue = _with_version(shoots(plans(dispute), district))
    (out / "photos").mkdir(parents=True, exist_ok=True)
    samples = list(_rendered(queue, progress, jobs))
    ids = {f"votes.{n}": key for n, (key, _) in enumerate(candidates_of(dispute), 1) if key}
    truth: dict[str, Any] = {}
    for name, sample in zip(_names(len(samples) + 2, district), _with_copies(samples), strict=True):
        (out / "photos" / name).write_bytes(sample.jpeg)
        truth[name] = sample.truth | {"candidate_ids": ids}
    _write(out / "truth.json", json.dumps(truth, ensure_ascii=False, indent=1))
    _write(out / "official.csv", official_csv(district))
    photos = tuple(out / "photos" / name for name in sorted(truth))
    source, as_of = _official(district)[0].source, _official(district)[0].as_of
    paths = (out / "truth.json", out / "official.csv")
    return DisputeSet(district, out, photos, *paths, source, as_of, dict(dispute.sums))


def _with_version(queue: list[Shoot]) -> list[Shoot]:
    """One more photo: a differing version of a well photographed consistent sheet, made by the same hand."""
    first = next(s for s in queue if s.plan.planted is None and s.severity < 1.2)
    return [*queue, replace(first, plan=second_version(first.plan), severity=1.0, turn=0)]


def _rendered(queue: Sequence[Shoot], progress: Progress | None, jobs: int) -> Iterator[Sample]:
    if jobs <= 1:
        yield from _counted(map(_render, queue), len(queue), progress)
        return
    # fresh processes: a forked one would inherit the locks of OpenCV's threads
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, context, initializer=cv2.setNumThreads, initargs=(1,)) as pool:
        yield from _counted(pool.map(_render, queue, chunksize=4), len(queue), progress)


def _counted(samples: Iterable[Sample], total: int, progress: Progress | None) -> Iterator[Sample]:
    for done, sample in enumerate(samples, 1):
        if progress is not None:
            progress(done, total)
        yield sample


def _render(shoot: Shoot) -> Sample:
    return render(shoot.plan, shoot.seed, layout=shoot.layout, severity=shoot.severity, turn=shoot.turn)


def _with_copies(samples: list[Sample]) -> list[Sample]:
    """The samples, each with its ``copy``: "" or "version" (last), then a duplicate and a re-sent photo."""
    good = [s for s in samples[1:-1] if s.truth["planted"] is None and s.truth["severity"] < 1.2]
    marked = [_copy(s, s.jpeg, "") for s in samples[:-1]] + [_copy(samples[-1], samples[-1].jpeg, "version")]
    again = good[len(good) // 2]
    return [*marked, _copy(good[len(good) // 3], good[len(good) // 3].jpeg, "duplicate"), _resent(again)]


def _copy(sample: Sample, jpeg: bytes, kind: str) -> Sample:
    return Sample(jpeg, sample.truth | {"copy": kind})


def _resent(sample: Sample) -> Sample:
    """The photo as it looks after being forwarded: three quarters of its size, quality 62."""
    wide, high = (int(side * 0.75) for side in sample.truth["size"])
    smaller = cv2.resize(decode(sample.jpeg), (wide, high), interpolation=cv2.INTER_AREA)
    old = sample.truth["cells"]
    cells = {code: cell | {"quad_px": _scaled(cell["quad_px"])} for code, cell in old.items()}
    changes = {"cells": cells, "size": [wide, high], "copy": "resent"}
    return Sample(encode(np.asarray(smaller, np.uint8), 62), sample.truth | changes)


def _scaled(quad: list[list[int]]) -> list[list[int]]:
    return [[int(x * 0.75), int(y * 0.75)] for x, y in quad]


def _names(count: int, district: int) -> list[str]:
    """Names as a messenger gives them, in no order of precincts."""
    rng = np.random.default_rng([20230319, district, 9])
    numbers = sorted(rng.choice(np.arange(1, 4 * count), count, replace=False))
    return [f"IMG-20230319-WA{number:04d}.jpg" for number in rng.permutation(numbers)]


def official_csv(district: int) -> str:
    """The official votes of the district that the election file holds, as ``official add`` takes them."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(("contest", "candidate", "votes", "printed"))
    table.writerows((f.contest, f.subject, f.value, f.printed) for f in _official(district))
    return text.getvalue()


def _official(district: int) -> list[OfficialFigure]:
    figures = load_election(ELECTION).official
    return [f for f in figures if f.contest == f"smd-{district}" and f.kind == "votes" and not f.unit]


def typed_for(truth: dict[str, Any], files: Iterable[str]) -> str:
    """CSV with ``file precinct district`` and one column per field code, from a truth of one district.

    A dash or an empty cell is typed as the word ``dash`` or ``blank``; ``KeyError`` for an unknown file.
    """
    wanted = [Path(name).name for name in files]
    most = max((len(truth[name]["candidates"]) for name in wanted), default=0)
    codes = form_of(FORM).codes_for(most)
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(("file", "precinct", "district", *codes))
    for name in wanted:
        sheet = truth[name]
        cells = [sheet["marks"].get(code, sheet["fields"].get(code)) for code in codes]
        table.writerow((name, sheet["header"]["precinct"], sheet["header"]["district"], *cells))
    return text.getvalue()


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
