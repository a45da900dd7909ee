"""What is found when a bundle is checked, and the bundle's own ledger read back."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tally.bundle import layout
from tally.bundle.alone.verify import Problem
from tally.bundle.contents import Contents, derive
from tally.election import is_own
from tally.ledger import Event


@dataclass(slots=True)
class Verified:
    """What was looked at, and everything found."""

    bundle: str = ""
    """Id of the bundle, as ``bag-info.txt`` gives it."""
    crops: int = 0
    """Crops cut again from their photos."""
    crops_alike: int = 0
    """Of them those that differ only in the rounding of another decoder."""
    problems: list[Problem] = field(default_factory=list)
    earlier: list[tuple[str, str]] = field(default_factory=list)
    """Scripts, pages and rules that an earlier hattama wrote: file, and the day from which it did."""
    attested: list[str] = field(default_factory=list)
    """Timestamps and signatures that hold."""
    notes: list[str] = field(default_factory=list)
    """What was not checked, and why: keys of texts."""

    def add(self, what: str, file: str, message: str) -> None:
        """Note a problem; the same one from two checks is listed once."""
        problem = Problem(what, file, message)
        if problem not in self.problems:
            self.problems.append(problem)

    def to_dict(self) -> dict[str, Any]:
        """Stable keys of ``verify --json``."""
        return {
            "bundle": self.bundle,
            "valid": not self.problems,
            "crops": self.crops,
            "crops_alike": self.crops_alike,
            "problems": [problem._asdict() for problem in self.problems],
            "earlier": [{"file": file, "since": day} for file, day in self.earlier],
            "attested": list(self.attested),
            "notes": list(self.notes),
        }


def events_of(bag: Path) -> tuple[Event, ...]:
    """The ledger of a bundle. Raises ``ValueError``, ``KeyError`` or ``TypeError`` on foreign data."""
    lines = (bag / "data" / layout.LEDGER).read_bytes().splitlines()
    return tuple(Event(**json.loads(line)) for line in lines)


def contents_of_bundle(bag: Path) -> Contents:
    """Sums and findings derived once more from the ledger of a bundle.

    The files of an election that is not shipped are those of the bundle.
    """
    events = events_of(bag)
    made = events[0].body
    own = f"{bag / 'data' / layout.ELECTION}/"
    return derive(
        events,
        own if is_own(made["election"]) else made["election"],
        tuple(made["districts"]),
        made.get("note", ""),
    )
