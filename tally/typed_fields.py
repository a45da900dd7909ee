"""What the cells of typed protocols may hold: fields and candidates of a contest, counts and marks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

from tally.election import Contest, form_of
from tally.errors import UsageError
from tally.form import Form
from tally.model import Mark
from tally.official_names import find_subject
from tally.official_table import parse_count

CellValue: TypeAlias = int | str | None
"""A number of votes, the word of a mark (``dash``), or ``None`` for a cell that was not typed."""

_MARKS = {mark.value: mark for mark in Mark if mark is not Mark.READ} | {
    "-": Mark.DASH,
    "–": Mark.DASH,
    "—": Mark.DASH,
}
V = TypeVar("V")


@dataclass(slots=True)
class FieldRules:
    """What the columns of one contest mean and hold."""

    contest: Contest
    _form: Form = field(init=False)
    _names: dict[str, str | None] = field(default_factory=dict)
    _ceilings: dict[str, int | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._form = form_of(self.contest)

    def name_of(self, column: str) -> str | None:
        """Field code or candidate id; ``None`` if the column belongs to another contest."""
        return _once(self._names, column, self._find_name)

    def must_fit(self, name: str, value: CellValue) -> None:
        """Raises :class:`UsageError` if the contest has no such field, or ``ValueError`` for a wrong value."""
        ceiling = _once(self._ceilings, name, self._find_ceiling)
        if ceiling is None:
            said = f"form {self._form.id} has no field {name!r} and {self.contest.id} no such candidate."
            raise UsageError(said)
        if isinstance(value, str):
            Mark(value)
        elif value is not None and not 0 <= value <= ceiling:
            raise UsageError(f"{value} does not fit; {name} is 0 to {ceiling}.")

    def _find_name(self, column: str) -> str | None:
        if self._form.has(column):
            return column
        return find_subject(self.contest, column) if self.contest.candidate(column) is not None else None

    def _find_ceiling(self, name: str) -> int | None:
        if self.contest.candidate(name) is not None:
            repeated = self._form.repeated
            return (repeated if repeated is not None else self._form.field(name)).ceiling
        return self._form.field(name).ceiling if self._form.has(name) else None


def _once(kept: dict[str, V], key: str, find: Callable[[str], V]) -> V:
    if key not in kept:
        kept[key] = find(key)
    return kept[key]


def cell_value(text: str) -> CellValue:
    """A count, a mark, or ``None`` for an empty cell. Raises ``ValueError`` in words."""
    if not text:
        return None
    if text.isdigit() and text.isascii():
        return int(text)
    mark = _MARKS.get(text.casefold())
    return mark.value if mark is not None else parse_count(text)
