"""Slips of the pen that would make a failing relation hold. They are offered to a person, never applied.

One digit, two neighbouring digits swapped, one digit too many or too few; two digits of one cell only if
no single slip is enough. A repair that breaks other relations is offered only if there is no better one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations

from tally.audit.model import Cell, Key, Numbers
from tally.audit.relations import Adds, Custom, Relation

SHOWN = 5
"""With more equally good repairs, none of them stands out."""
_BREAKS_TOLERATED = 1


@dataclass(frozen=True, slots=True)
class Slip:
    """Another text of one cell, one slip away from what is printed."""

    key: Key
    printed: str
    number: Fraction
    kind: str
    resolves: int = 0
    breaks: int = 0


@dataclass(slots=True)
class Web:
    """All relations by the cells they speak of, with which of them hold as printed."""

    numbers: Numbers
    relations: Sequence[Relation]
    by_cell: Mapping[Key, list[int]] = field(init=False)
    holding: list[bool] = field(init=False)

    def __post_init__(self) -> None:
        by_cell: dict[Key, list[int]] = defaultdict(list)
        for index, relation in enumerate(self.relations):
            for key in dict.fromkeys(relation.cells):
                by_cell[key].append(index)
        self.by_cell = by_cell
        self.holding = [relation.holds(self.numbers) for relation in self.relations]

    def weigh(self, slip: Slip) -> Slip:
        """The slip with how many relations it would mend and how many it would break."""
        n = {**self.numbers, slip.key: slip.number}
        mended = broken = 0
        for index in self.by_cell[slip.key]:
            after = self.relations[index].holds(n)
            mended += after and not self.holding[index]
            broken += self.holding[index] and not after
        return Slip(slip.key, slip.printed, slip.number, slip.kind, mended, broken)


def search(relation: Relation, web: Web, cells: Mapping[Key, Cell]) -> list[Slip]:
    """Slips that make the relation hold, the best first: those that mend most and break nothing."""
    fallback: list[Slip] = []
    for digits in (1, 2):
        found = [web.weigh(slip) for slip in _mending(relation, web.numbers, cells, digits)]
        if best := [slip for slip in found if not slip.breaks]:
            return _sorted(best)
        fallback += [s for s in found if s.breaks <= _BREAKS_TOLERATED]
    return _sorted(fallback) if len(fallback) <= SHOWN else []


def _sorted(slips: list[Slip]) -> list[Slip]:
    return sorted(slips, key=lambda slip: (-slip.resolves, slip.key, slip.printed))


def _mending(relation: Relation, n: Numbers, cells: Mapping[Key, Cell], digits: int) -> Iterator[Slip]:
    keys = dict.fromkeys(relation.cells)
    if isinstance(relation, Adds) and not relation.at_most:
        yield from _exact(relation, n, cells, digits)
        return
    if isinstance(relation, Custom) and digits > 1:
        return  # a limit over many cells: two digits of some cell nearly always would do
    trial = dict(n)
    for key in keys:
        for slip in slips(key, cells[key], digits):
            trial[key] = slip.number
            if relation.holds(trial):
                yield slip
        trial[key] = n[key]


def _exact(relation: Adds, n: Numbers, cells: Mapping[Key, Cell], digits: int) -> Iterator[Slip]:
    """In a sum each cell can hold one value only, so nothing has to be tried."""
    gap = relation.gap(n)
    for key in dict.fromkeys(relation.cells):
        wanted = n[key] + gap if key == relation.total else n[key] - gap
        if wanted >= 0:
            yield from (slip for slip in slips(key, cells[key], digits) if slip.number == wanted)


def slips(key: Key, cell: Cell, digits: int = 1) -> Iterator[Slip]:
    """Every text that is one slip (or, with ``digits`` 2, two changed digits of one cell) away."""
    seen = {cell.number}
    text = _plain(cell)
    changes = _single(text, cell.places) if digits == 1 else _double(text)
    for kind, changed in changes:
        number = Fraction(int(changed), 10**cell.places)
        whole = changed[: len(changed) - cell.places]
        if number not in seen and (whole == "0" or not whole.startswith("0")) and whole:
            seen.add(number)
            yield Slip(key, _as_printed(changed, cell), number, kind)


def _plain(cell: Cell) -> str:
    """The digits alone: 63.76 % -> 6376."""
    whole, _, rest = str(cell.number.numerator * 10**cell.places // cell.number.denominator).partition(".")
    return whole.rjust(cell.places + 1, "0") + rest


def _single(text: str, places: int) -> Iterator[tuple[str, str]]:
    for at, old in enumerate(text):
        for new in "0123456789":
            if new != old:
                yield "digit", text[:at] + new + text[at + 1 :]
    for at in range(len(text) - 1):
        if text[at] != text[at + 1]:
            yield "swap", text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    whole = len(text) - places
    for at in range(whole):
        if len(text) > 1:
            yield "drop", text[:at] + text[at + 1 :]
    for at in range(whole + 1):
        for new in "0123456789":
            yield "extra", text[:at] + new + text[at:]


def _double(text: str) -> Iterator[tuple[str, str]]:
    for first, second in combinations(range(len(text)), 2):
        for a in _others(text[first]):
            for b in _others(text[second]):
                yield (
                    "two_digits",
                    text[:first] + a + text[first + 1 : second] + b + text[second + 1 :],
                )


def _others(digit: str) -> Iterable[str]:
    return (d for d in "0123456789" if d != digit)


def _as_printed(digits: str, cell: Cell) -> str:
    """New digits in the old dress: the same separators, decimal mark and percent sign."""
    whole, rest = (digits[: -cell.places], digits[-cell.places :]) if cell.places else (digits, "")
    marks = [c for c in cell.printed.strip() if not c.isdigit()]
    tail = "%" if "%" in marks else ""
    if cell.places:
        mark = next((c for c in marks if c in ".,"), ".")
        return f"{whole}{mark}{rest}{tail}"
    separator = next((c for c in marks if c in ".,\u00a0\u202f\u2009\u2007 "), "")
    return f"{int(whole):,}".replace(",", separator) + tail
