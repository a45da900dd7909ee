"""What a sheet says, before anything is drawn: plain data and the arithmetic that ties it together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

MAX_VOTERS = 3000
"""Largest precinct of the Constitutional Law on Elections, Art. 23."""


@dataclass(frozen=True, slots=True)
class Names:
    """One name in the two languages of the sheet."""

    kk: str
    ru: str


@dataclass(frozen=True, slots=True)
class Planted:
    """A mistake that is on the paper: ``field`` says ``written`` where the other rows imply ``implied``."""

    field: str
    written: int
    implied: int


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """Every number and printed name of one protocol. ``values`` is keyed by field code, votes >= 0."""

    region: Names
    district: int
    precinct: int
    candidates: tuple[Names, ...]
    values: Mapping[str, int]
    marks: Mapping[str, str] = field(default_factory=dict)
    """``{code: "dash" | "blank"}`` for rows whose count is 0 and was not written as a digit."""
    planted: Planted | None = None
    words: Mapping[str, int] = field(default_factory=dict)
    """Numbers that stand in words where the figures beside them say another one, by field code."""
    form: str = "kz-2023-majilis-smd"

    @property
    def vector(self) -> tuple[int, ...]:
        """Votes by candidate in ballot order, then against all."""
        votes = (self.values[f"votes.{n}"] for n in range(1, len(self.candidates) + 1))
        return (*votes, self.values["against_all"])


def ballots(rng: np.random.Generator, votes: Sequence[int], against: int) -> dict[str, int]:
    """All counts of a consistent sheet around the given ``votes`` and ``against`` all.

    Turnout lies between 45 and 80 %; ballots received are 1 % more than voters, rounded up.
    Raises ``ValueError`` if no precinct of at most :data:`MAX_VOTERS` voters can hold the votes.
    """
    valid = sum(votes) + against
    invalid = int(rng.integers(0, 3 + valid // 60))
    found = valid + invalid
    issued = found + int(rng.choice([0, 0, 0, 1, 2, 3]))
    if issued > MAX_VOTERS:
        raise ValueError(f"{issued} ballots do not fit into a precinct of {MAX_VOTERS} voters")
    listed = min(MAX_VOTERS, max(issued, int(issued / rng.uniform(0.45, 0.8)) + 5))
    received = -(-listed * 101 // 100)
    head = {
        "voters_listed": listed,
        "ballots_received": received,
        "ballots_issued": issued,
        "voted_outside": int(rng.integers(0, 2 + issued // 25)),
        "voted_absentee": int(rng.choice([0, 0, 0, 1, 2, 3, 5, 8])) if issued > 20 else 0,
        "ballots_cancelled": received - issued,
        "ballots_found": found,
        "ballots_invalid": invalid,
        "ballots_valid": valid,
    }
    return head | {f"votes.{n}": v for n, v in enumerate(votes, 1)} | {"against_all": against}


def dashes(rng: np.random.Generator, values: Mapping[str, int], codes: Sequence[str]) -> dict[str, str]:
    """Marks for zero rows among ``codes``: most writers put a dash or a 0 there, few leave it blank."""
    habit = str(rng.choice(["digit", "dash", "dash", "blank"], p=[0.45, 0.25, 0.2, 0.1]))
    return {} if habit == "digit" else {code: habit for code in codes if values.get(code) == 0}


def plant(plan: SheetPlan, rng: np.random.Generator, code: str) -> SheetPlan:
    """The same sheet with a slip of the pen in ``code``: one digit is another one."""
    implied = plan.values[code]
    digits = list(str(implied))
    place = int(rng.integers(0, len(digits)))
    others = [d for d in "123456789" if d != digits[place]]
    digits[place] = str(rng.choice(others))
    written = int("".join(digits))
    marks = {k: v for k, v in plan.marks.items() if k != code}
    values = {**plan.values, code: written}
    return replace(plan, values=values, marks=marks, planted=Planted(code, written, implied))
