"""Sheets of nobody's district, for measuring: every number and every name is made up."""

from __future__ import annotations

import numpy as np

from samples.plan import Names, SheetPlan, ballots, dashes
from samples.rows import optional_rows
from samples.sample import Sample, render
from samples.sheet import FootPlan

REGION = Names("Үлгі облысы", "Примерная область")
"""A region that does not exist."""


def some_plan(rng: np.random.Generator) -> SheetPlan:
    """A consistent sheet with 2 to 6 candidates named by their number and up to about 2,300 votes."""
    count = int(rng.integers(2, 7))
    size = float(np.exp(rng.uniform(np.log(40), np.log(2100))))
    votes = [int(v) for v in rng.multinomial(int(size), rng.dirichlet(np.full(count, 1.2)))]
    values = ballots(rng, votes, int(rng.poisson(size * 0.03)))
    names = tuple(Names(f"Үміткер {n}", f"Кандидат {n}") for n in range(1, count + 1))
    marks = dashes(rng, values, optional_rows("kz-2023-majilis-smd"))
    return SheetPlan(REGION, int(rng.integers(1, 30)), int(rng.integers(1, 1000)), names, values, marks)


def some_sample(
    seed: int, *, layout: str | None = None, severity: float | None = None, foot: FootPlan | None = None
) -> Sample:
    """The sample of a seed. ``severity`` is drawn between 0.3 and 1.7 unless given."""
    rng = np.random.default_rng([seed, 11])
    hard = float(rng.uniform(0.3, 1.7)) if severity is None else severity
    return render(some_plan(rng), seed, layout=layout, severity=round(hard, 2), foot=foot)
