"""Numbers under a seal, read with and without the seal's ink taken out, on the same generated sheets."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any
from unittest.mock import patch

import numpy as np

from benchmarks.accuracy import FORM
from benchmarks.results import progress
from benchmarks.scoring import ZERO_ON_PAPER
from ocr.pipeline import read_file
from tally.acceptance import is_settled
from tally.checks import covered_fields
from tally.form import load_form
from tally.model import Mark, PageReading, Status

FIRST_SEED = 840_000
"""What is washed out was chosen on seeds 830000 to 830049; none of them is measured here."""
OVER = ("votes.1", "votes.2", "ballots_valid", "ballots_issued")


def under_seals(count: int, first_seed: int | None = None) -> dict[str, Any]:
    """Read ``count`` sheets whose seal stands on the numbers, twice each."""
    first = FIRST_SEED if first_seed is None else first_seed
    tallies: dict[str, Counter[str]] = defaultdict(Counter)
    for seed in progress(range(first, first + count), count, "seals over numbers"):
        jpeg, truth = _sheet(seed)
        with patch("ocr.witnesses.washer", return_value=None):
            (plain,) = read_file(jpeg, f"{seed}.jpg", FORM)
        (washed,) = read_file(jpeg, f"{seed}.jpg", FORM)
        for name, page in (("as photographed", plain), ("seal taken out", washed)):
            _count(tallies, name, page, truth)
    return {
        "what": "underseal",
        "form": FORM,
        "first_seed": first,
        "sheets": count,
        "by": {name: dict(sorted(counted.items())) for name, counted in sorted(tallies.items())},
    }


def _sheet(seed: int) -> tuple[bytes, dict[str, Any]]:
    from samples.generic import some_sample
    from samples.sheet import FootPlan

    over = str(np.random.default_rng([seed, 78]).choice(OVER))
    sample = some_sample(seed, foot=FootPlan(seal_over=over))
    return sample.jpeg, sample.truth


def _count(tallies: dict[str, Counter[str]], name: str, page: PageReading, truth: dict[str, Any]) -> None:
    """Cells under the seal and all others; ``settled`` and ``settled wrong`` would count without a person."""
    present = [code for code, cell in page.fields.items() if cell.mark is not Mark.ABSENT]
    covered = covered_fields(load_form(FORM), present)
    for code, value in truth["fields"].items():
        if value is None:
            continue
        where = "under the seal" if code in truth["seal_over"] else "beside it"
        counted = tallies[f"{where}, {name}"]
        cell = page.fields.get(code)
        said = None if cell is None else cell.value
        if cell is not None and said is None and cell.mark.value in ZERO_ON_PAPER:
            said = 0
        outcome = "open" if said is None else "exact" if said == value else "wrong"
        counted[outcome] += 1
        if cell is not None and is_settled(cell, covered=code in covered):
            counted["settled"] += 1
            counted["settled_wrong"] += said != value
    counted = tallies[f"sheets, {name}"]
    counted[page.status.value] += 1
    if page.status is Status.ACCEPTED:
        counted["accepted_wrong"] += any(
            (cell := page.fields.get(code)) is not None and value is not None and (cell.value or 0) != value
            for code, value in truth["fields"].items()
        )
