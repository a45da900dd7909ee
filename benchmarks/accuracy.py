"""How often the reader is right: on generated Kazakh sheets, and on real sheets beside the repository."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.results import progress
from benchmarks.scoring import Score, score_page, total
from benchmarks.usage import cpu_seconds
from ocr.pipeline import read_file
from tally.errors import PhotoError
from tally.model import PageReading

FORM = "kz-2023-majilis-smd"
FIRST_SEED = 900_000
"""Seeds from here on are used for nothing else: tests and demo use smaller ones."""
REAL = Path(__file__).resolve().parents[2] / "shared" / "real"


def generated(count: int, first_seed: int = FIRST_SEED) -> tuple[dict[str, Any], Score]:
    """Read ``count`` generated sheets; the hands that fill them in are held out from training."""
    from samples.generic import some_sample

    groups: dict[str, dict[str, Score]] = {"layout": defaultdict(Score), "severity": defaultdict(Score)}
    everything = Score()
    wrongly: list[int] = []
    for seed in progress(range(first_seed, first_seed + count), count, "generated sheets"):
        sample = some_sample(seed)
        score = _read(f"seed {seed}", sample.jpeg, sample.truth, FORM)
        everything.add(score)
        groups["layout"][sample.truth["layout"]].add(score)
        groups["severity"][severity_band(sample.truth["severity"])].add(score)
        if score.accepted_wrong:
            wrongly.append(seed)
    by = {kind: {name: s.to_dict() for name, s in sorted(found.items())} for kind, found in groups.items()}
    result = {"what": "generated", "form": FORM, "first_seed": first_seed, "all": everything.to_dict()}
    return result | {"by": by, "accepted_wrongly_seeds": wrongly}, everything


def severity_band(severity: float) -> str:
    """How bad the photo is, in three bands (the generator draws 0.3 to 1.7)."""
    return "easy" if severity < 0.7 else "usual" if severity <= 1.2 else "hard"


def real_folders(root: Path = REAL) -> list[Path]:
    """Folders of real sheets with a truth beside them; empty where they are not present."""
    return sorted(path.parent for path in root.glob("*/truth.json"))


def real(folder: Path) -> tuple[dict[str, Any], Score]:
    """Read one folder of real sheets. Only counts are returned: no name or number leaves the folder."""
    truth: dict[str, Any] = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    known = [name for name in sorted(truth) if (folder / name).is_file()]
    scores = list(_real_scores(folder, truth, known))
    everything = total(scores)
    return {
        "what": "real",
        "form": truth[known[0]]["form"] if known else None,
        "all": everything.to_dict(),
    }, everything


def _real_scores(folder: Path, truth: dict[str, Any], names: list[str]) -> Iterator[Score]:
    for name in progress(names, len(names), folder.name):
        yield _read(name, (folder / name).read_bytes(), truth[name], truth[name]["form"])


def _read(name: str, data: bytes, truth: dict[str, Any], form: str) -> Score:
    before = cpu_seconds()
    page: PageReading | None = None
    try:
        page = read_file(data, Path(name).name, form)[0]
    except PhotoError:  # counts as a sheet of which nothing was read
        page = None
    used = cpu_seconds() - before
    score = score_page(name, page, truth)
    score.cpu_s = used
    return score
