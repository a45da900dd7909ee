"""The three disputes of 19 March 2023 as sets of synthetic photos.

Published and used: names, the protocol sums of the disputants, the number of protocols of district 4 and
the official figures. Invented: precinct numbers, the split over precincts, all other rows and candidates.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from samples.plan import Names, SheetPlan, ballots, dashes, plant
from samples.rows import optional_rows
from tally.election import Candidate, load_election

ELECTION = "kz-2023-majilis"
FORM = "kz-2023-majilis-smd"


@dataclass(frozen=True, slots=True)
class Dispute:
    """What is published about one dispute, and how many sheets stand for it."""

    district: int
    region: Names
    sums: dict[str, int]
    """Candidate id -> votes in the collected protocols."""
    sheets: int
    invented: int
    """How many further candidates are made up."""
    invented_share: float
    """Mean votes of a made-up candidate as a part of the sheet's published votes."""
    last_precinct: int
    known_precincts: frozenset[int]
    """Real precincts with published numbers: never used for invented ones."""


DISPUTES = {
    4: Dispute(
        4,
        Names("Алматы қаласы", "город Алматы"),
        {"boqaev": 4459, "malinovskii": 3426, "stambekov": 2825},
        101,
        2,
        0.17,
        600,
        frozenset({99}),
    ),
    14: Dispute(
        14,
        Names("Батыс Қазақстан облысы, Орал қаласы", "Западно-Казахстанская область, город Уральск"),
        {"ahmediarov": 14816, "quspan": 8922},
        40,
        3,
        0.08,
        504,
        frozenset({169, 300, 432, 440, 493}),
    ),
    27: Dispute(
        27,
        Names("Түркістан облысы", "Туркестанская область"),
        {"altaev": 35178, "qyryqbaev": 32251},
        60,
        2,
        0.05,
        919,
        frozenset(),
    ),
}
"""Keyed by district. Sources: the seed table of disputes and, for district 4, the press of 21 March 2023."""


@dataclass(frozen=True, slots=True)
class Shoot:
    """One photo to be made."""

    plan: SheetPlan
    seed: int
    severity: float
    turn: int
    layout: str


def candidates_of(dispute: Dispute) -> tuple[tuple[str, Names], ...]:
    """Candidate id ("" if invented) and names in ballot order: alphabetical, invented ones last."""
    contest = next(c for c in load_election(ELECTION).contests if c.id == f"smd-{dispute.district}")
    known = {c.id: c for c in contest.candidates}
    pairs = sorted(((key, _names(known[key])) for key in dispute.sums), key=lambda pair: pair[1].ru)
    first = len(pairs) + 1
    made_up = [("", Names(f"Үміткер {n}", f"Кандидат {n}")) for n in range(first, first + dispute.invented)]
    return (*pairs, *made_up)


def _names(candidate: Candidate) -> Names:
    return Names(candidate.names["kk"][0], candidate.names["ru"][0])


def split(total: int, weights: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> list[int]:
    """``total`` in whole parts close to ``weights`` (largest remainders); the parts add up exactly."""
    exact = weights / weights.sum() * total
    parts = np.floor(exact).astype(int)
    rest = np.argsort(parts - exact, kind="stable")[: total - int(parts.sum())]
    parts[rest] += 1
    return [int(part) for part in parts]


def plans(dispute: Dispute) -> list[SheetPlan]:
    """One plan per precinct, in no order; the disputants' votes add up to the published sums exactly.

    All sheets are consistent but for three with a planted mistake in a row of no disputant.
    """
    rng = np.random.default_rng([20230319, dispute.district])
    columns = _columns(dispute, rng)
    free = [n for n in range(1, dispute.last_precinct + 1) if n not in dispute.known_precincts]
    precincts = rng.choice(free, dispute.sheets, replace=False)
    names = tuple(name for _, name in candidates_of(dispute))
    out = []
    for row, precinct in zip(zip(*columns, strict=True), precincts, strict=True):
        values = ballots(rng, row, 2 + int(rng.poisson(sum(row) * 0.03)))
        marks = dashes(rng, values, optional_rows(FORM)) if rng.random() < 0.25 else {}
        out.append(SheetPlan(dispute.region, dispute.district, int(precinct), names, values, marks))
    return _planted(out, rng)


def _columns(dispute: Dispute, rng: np.random.Generator) -> list[list[int]]:
    """Votes per candidate over the sheets, in ballot order."""
    count = dispute.sheets
    size = np.clip(rng.normal(1, 0.27, count), 0.45, 1.6)
    ids = [key for key, _ in candidates_of(dispute) if key]
    columns = [split(dispute.sums[key], size * rng.lognormal(0, 0.16, count)) for key in ids]
    mean = np.sum(columns, axis=0) * dispute.invented_share
    made_up = (rng.poisson(mean * rng.uniform(0.5, 1.5)) for _ in range(dispute.invented))
    return columns + [[int(votes) for votes in column] for column in made_up]


def _planted(sheets: list[SheetPlan], rng: np.random.Generator) -> list[SheetPlan]:
    """The sheets, three of which contradict themselves in rows that belong to no disputant."""
    places = rng.choice(len(sheets), 3, replace=False)
    for place, code in zip(places, ("ballots_valid", "ballots_found", "against_all"), strict=True):
        sheets[place] = plant(sheets[place], rng, code)
    return sheets


def second_version(plan: SheetPlan) -> SheetPlan:
    """The same precinct once more: three more votes for the last candidate, and the totals follow."""
    more = {f"votes.{len(plan.candidates)}": 3, "ballots_valid": 3, "ballots_found": 3, "ballots_issued": 3}
    changes = {**more, "ballots_cancelled": -3}
    values = {code: value + changes.get(code, 0) for code, value in plan.values.items()}
    return replace(plan, values=values)


def shoots(sheets: list[SheetPlan], district: int) -> list[Shoot]:
    """How each sheet is photographed: mostly well, about one in fourteen badly, some turned."""
    out = []
    for n, plan in enumerate(sheets):
        rng = np.random.default_rng([20230319, district, n, 5])
        severity = 3.0 if rng.random() < 0.07 and plan.planted is None else float(rng.uniform(0.5, 1.5))
        turn = int(rng.choice([0, 1, 2, 3], p=[0.94, 0.025, 0.01, 0.025]))
        layout = str(rng.choice(["table", "boxes", "words", "lines"], p=[0.46, 0.12, 0.3, 0.12]))
        seed = int(rng.integers(1, 2**31))
        out.append(Shoot(plan, seed, round(severity, 2), turn, layout))
    return out
