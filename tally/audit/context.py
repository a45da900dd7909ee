"""What every rule of an audit may look at, and how a finding is put together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tally.audit.model import PERCENT, AuditFinding, Key, Names, Numbers, Table
from tally.audit.relations import Relation
from tally.audit.rounding import Bases
from tally.audit.wording import operands
from tally.model import Span
from tally.texts import Rounded, Value


@dataclass(frozen=True, slots=True)
class Context:
    """What every rule may look at."""

    tables: Mapping[str, Table]
    numbers: Numbers
    relations: tuple[Relation, ...]

    def unit(self, key: Key) -> Names:
        """Name of the row of a cell."""
        return self.tables[key.table].rows[key.unit].names

    def column(self, key: Key) -> Names:
        """Name of the column of a cell, without the percent sign."""
        names = self.tables[key.table].column_names
        return names[key.column.removesuffix(PERCENT)]

    def percent(self, key: Key) -> Rounded:
        """A percentage as it is printed."""
        return Rounded(self.numbers[key], self.tables[key.table].cells[key].places)

    def count(self, key: Key) -> int:
        """A count as a whole number."""
        return int(self.numbers[key])

    def found(
        self,
        relation: Relation,
        text: Names,
        margin: int | Fraction | None,
        *,
        verdict: str = "table",
        subject: str = "",
        cells: tuple[Key, ...] = (),
        **details: Any,
    ) -> AuditFinding:
        """A finding about the first cell of a relation."""
        first = relation.cells[0]
        return AuditFinding(
            code=relation.code,
            verdict=verdict,
            table=first.table,
            unit=first.unit,
            subject=subject or first.column,
            margin=margin,
            operands=operands(dict(self.tables), *(cells or relation.cells)),
            text=text,
            details=details,
        )


def bases(found: Bases) -> Value:
    """A range of bases as it is written."""
    return Span(found.low, found.high) if found.high is not None else f"≥ {found.low}"
