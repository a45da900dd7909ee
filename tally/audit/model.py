"""What an audit works on (a table as printed) and what it hands back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

Names: TypeAlias = Mapping[str, str]
"""kk, ru, en."""
Numbers: TypeAlias = Mapping["Key", Fraction]

PERCENT = "%"
REGISTERED, ISSUED, TOTAL = "registered", "ballots_issued", "total"
VALID, INVALID, TURNOUT = "ballots_valid", "ballots_invalid", "turnout"
SERIES = "turnout_at_"
REGISTERED_BEFORE = "registered_before"
"""The lists as they were before election day."""
ROLES_OF_COUNTS = (REGISTERED, REGISTERED_BEFORE, ISSUED, TOTAL, VALID, INVALID, TURNOUT)
"""Columns that are no candidate's. Against all is counted like a candidate."""


class Key(NamedTuple):
    """One cell: table, unit (path from the top; ``()`` is the whole), column.

    A column that ends in ``%`` holds the percentages of the column of the same name without it.
    """

    table: str
    unit: tuple[str, ...]
    column: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A number as it is printed, and where."""

    printed: str
    number: Fraction
    """A count (whole) or a percentage (47.03 % -> 4703/100)."""
    places: int
    """Decimals printed; 0 for counts."""
    file: str
    row: str
    column: str
    line: int | None = None

    @property
    def half(self) -> Fraction:
        """Half a unit of the last printed place: by how much rounding may have moved the number."""
        return Fraction(1, 2 * 10**self.places)


class Unread(NamedTuple):
    """A printed text that is no exact number, such as ``6.45 million``. It is shown and never used."""

    printed: str
    row: str
    column: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A row of a table: a region, a district, the country."""

    path: tuple[str, ...]
    names: Names
    region: str | None = None
    """Region id, where the election file knows it."""


@dataclass(frozen=True)
class Table:
    """A published table. A cell that is missing, or that is no number, is not in ``cells``."""

    id: str
    names: Names
    units: tuple[Unit, ...]
    categories: tuple[str, ...]
    """Columns of votes: candidates, parties, against all."""
    column_names: Mapping[str, Names]
    cells: Mapping[Key, Cell]
    complete: bool | None = None
    """True if the categories are all there were, False if surely not, None if the table has to tell."""
    unread: tuple[Unread, ...] = ()
    remarks: tuple[Names, ...] = ()
    """How the table was read, where that is not obvious."""

    def key(self, unit: tuple[str, ...], column: str) -> Key:
        """The key of a cell of this table."""
        return Key(self.id, unit, column)

    def has(self, unit: tuple[str, ...], *columns: str) -> bool:
        """True if all these cells of a unit hold numbers."""
        return all(self.key(unit, column) in self.cells for column in columns)

    @cached_property
    def rows(self) -> Mapping[tuple[str, ...], Unit]:
        """Units by path."""
        return {unit.path: unit for unit in self.units}

    @cached_property
    def columns(self) -> Mapping[tuple[str, ...], tuple[str, ...]]:
        """Columns with a number, by unit."""
        found: dict[tuple[str, ...], list[str]] = {}
        for key in self.cells:
            found.setdefault(key.unit, []).append(key.column)
        return {path: tuple(columns) for path, columns in found.items()}

    def children(self, path: tuple[str, ...]) -> tuple[Unit, ...]:
        """The units whose nearest listed unit above is this one: what its totals are totals of."""
        return self._below.get(path, ())

    @cached_property
    def _below(self) -> Mapping[tuple[str, ...], tuple[Unit, ...]]:
        found: dict[tuple[str, ...], list[Unit]] = {}
        for unit in self.units:
            above = (unit.path[:depth] for depth in range(len(unit.path) - 1, -1, -1))
            parent = next((path for path in above if path in self.rows), None)
            if parent is not None:
                found.setdefault(parent, []).append(unit)
        return {path: tuple(units) for path, units in found.items()}


@dataclass(frozen=True, slots=True)
class Operand:
    """One printed number that a finding rests on."""

    names: Names
    """What it counts: unit and column."""
    cell: Cell

    def to_dict(self) -> dict[str, Any]:
        """One entry of ``operands`` in ``audit --json``."""
        return {"names": dict(self.names), **printed_at(self.cell)}


@dataclass(frozen=True, slots=True)
class Repair:
    """A slip of the pen in one cell that would remove a finding. Offered, never applied."""

    names: Names
    cell: Cell
    suggested: str
    kind: str
    """``digit`` (one digit differs), ``swap`` (two neighbours), ``drop``, ``extra``, or ``two_digits``."""
    resolves: int
    """How many relations of the tables that fail now would hold."""
    breaks: int
    """How many that hold now would fail."""

    def to_dict(self) -> dict[str, Any]:
        """One entry of ``repairs`` in ``audit --json``."""
        return {
            "names": dict(self.names),
            **printed_at(self.cell),
            "suggested": self.suggested,
            "kind": self.kind,
            "resolves": self.resolves,
            "breaks": self.breaks,
        }


def printed_at(cell: Cell) -> dict[str, Any]:
    """The printed characters with file, row, column and line."""
    return {
        "printed": cell.printed,
        "file": cell.file,
        "row": cell.row,
        "column": cell.column,
        "line": cell.line,
    }


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """One thing that the table says and that cannot all be correct (``table``), or that looks odd."""

    code: str
    verdict: str
    """``table``, ``indicator`` or ``statement``."""
    table: str
    unit: tuple[str, ...]
    subject: str
    margin: int | Fraction | None
    """By how much the numbers miss each other: votes (whole) or percentage points."""
    operands: tuple[Operand, ...]
    text: Names
    repairs: tuple[Repair, ...] = ()
    repairs_left_out: int = 0
    """Further repairs that fit as well; where there are many, none of them means much."""
    details: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """One entry of ``findings`` in ``audit --json``."""
        margin = self.margin
        return {
            "code": self.code,
            "family": "table",
            "verdict": self.verdict,
            "table": self.table,
            "unit": list(self.unit),
            "subject": self.subject,
            "margin": margin if margin is None or isinstance(margin, int) else str(float(margin)),
            "operands": [operand.to_dict() for operand in self.operands],
            "repairs": [repair.to_dict() for repair in self.repairs],
            "repairs_left_out": self.repairs_left_out,
            "text": dict(self.text),
            "details": dict(self.details),
        }


@dataclass(frozen=True, slots=True)
class Checked:
    """How many relations of one kind were looked at, and how many of them hold."""

    code: str
    table: str
    relations: int
    hold: int

    def to_dict(self) -> dict[str, Any]:
        """One entry of ``checked`` in ``audit --json``."""
        return {"code": self.code, "table": self.table, "relations": self.relations, "hold": self.hold}


@dataclass(frozen=True, slots=True)
class AuditReport:
    """Everything that an audit has to say."""

    tables: tuple[Table, ...]
    findings: tuple[AuditFinding, ...]
    checked: tuple[Checked, ...]
    grids: tuple[Mapping[str, Any], ...] = ()
    """Every grid that was tried and the placebos beside it; see ``tally.audit.grid``."""

    @property
    def differs(self) -> bool:
        """True if something was found that is more than a statement."""
        return any(finding.verdict != "statement" for finding in self.findings)
