"""From the machine's readings to cells: which of them count as one value.

A cell is one value if the sheet was accepted, or if the reading is settled by itself or inside an equality
that holds on this very page (see tally.acceptance). Otherwise it is the whole range from 0 to the field's
ceiling, never zero.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from tally.acceptance import by_sureness, is_settled, stands_alone
from tally.checks import equalities
from tally.election import Contest
from tally.form import Field, Form, value_span
from tally.model import Mark, PageReading, Reading, Span, Status
from tally.positions import Positions, beyond_line
from tally.relations import Relation, relations
from tally.versions import Cell


class Numbers(dict[int | None, Cell]):
    """Cells by the number in them, made when they are first asked for; ``KeyError`` for ``None``.

    One object for all sheets that say the same: a country has half a million cells.
    """

    def __init__(self, *, settled: bool) -> None:
        super().__init__()
        self._settled = settled

    def __missing__(self, value: int | None) -> Cell:
        if value is None:
            raise KeyError(value)
        cell = self[value] = Cell(Span.exactly(value), value, settled=self._settled)
        return cell


@dataclass(frozen=True, slots=True)
class _Shape:
    """What follows from the fields that a page shows: a country's sheets show the same ones, but for a few."""

    all_of: Callable[[Mapping[str, Reading]], Sequence[Reading]] | None
    """Takes all fields of the form out of the page, in the form's order; ``None`` where one is not shown."""
    beyond: tuple[str, ...]
    """Lines of candidates beyond those agreed."""


class Rules:
    """Everything about one contest's form that is asked for every sheet, looked up once."""

    def __init__(self, contest: Contest, form: Form, positions: Positions) -> None:
        self.contest = contest
        self.form = form
        self.positions = positions
        self.fields: dict[str, Field] = {code: form.field(code) for code in form.codes_for(positions.rows)}
        self._shapes: dict[tuple[str, ...], _Shape] = {}
        self._typed: dict[tuple[str, ...], tuple[str | None, ...]] = {}
        self._counts: dict[str, Field | None] = {}
        self._equalities: dict[tuple[str, ...], tuple[Relation, ...]] = {}
        repeated = form.repeated
        if repeated is not None:
            self.fields |= dict.fromkeys(positions.unplaced, repeated)
        self.unknown = {code: Cell(Span(0, one.ceiling)) for code, one in self.fields.items()}
        """A sheet of which nothing is known."""
        self.sure = Numbers(settled=True)
        """Numbers that nobody confirmed and that need no equality."""
        self.covered = Numbers(settled=False)
        """Numbers that count because the sheet was accepted, or an equality holds."""

    def codes_of(self, names: tuple[str, ...]) -> tuple[str | None, ...]:
        """Codes of what was typed under these names; ``None`` where the form has no such field."""
        if names not in self._typed:
            codes = map(self.positions.code_of, names)
            self._typed[names] = tuple(code if code in self.fields else None for code in codes)
        return self._typed[names]

    def cells(self, page: PageReading) -> dict[str, Cell]:
        """The machine's readings of a page as cells, for every field of the form."""
        accepted = page.status is Status.ACCEPTED
        if accepted and (shown := self._shape(page).all_of) is not None:
            try:
                made = by_sureness(shown(page.fields), self.sure, self.covered)
            except KeyError:  # a dash, say
                pass
            else:
                return dict(zip(self.fields, made, strict=True))
        witnessed = set() if accepted else self._witnessed(page)
        read = page.fields.get
        return {
            code: self._cell(code, one, read(code), accepted, witnessed) for code, one in self.fields.items()
        }

    def exceeded_by(self, page: PageReading) -> bool:
        """True if a page shows a line of candidates beyond those agreed."""
        beyond = self._shape(page).beyond
        return bool(beyond) and any(page.fields[code].mark is not Mark.ABSENT for code in beyond)

    def _shape(self, page: PageReading) -> _Shape:
        codes = tuple(page.fields)
        known = self._shapes.get(codes)
        if known is None:
            whole = self.fields.keys() <= page.fields.keys() and len(self.fields) > 1
            beyond = beyond_line(codes, self.positions.rows)
            known = self._shapes[codes] = _Shape(itemgetter(*self.fields) if whole else None, beyond)
        return known

    def _witnessed(self, page: PageReading) -> set[str]:
        """Fields inside an equality that holds on this page: only such a one is a second witness."""
        numbers: dict[str, int | None] = {}
        for code, reading in page.fields.items():
            one = self._count(code)
            if one is not None and (one.required or reading.mark is not Mark.ABSENT):
                numbers[code] = _number(one, reading)
        shown = tuple(numbers)
        if shown not in self._equalities:
            asked = equalities(self.form)
            self._equalities[shown] = relations(self.form, asked, shown, self.positions.rows)
        holding = (one for one in self._equalities[shown] if one.equates(numbers))
        return {code for one in holding for code in (*one.left, *one.right)}

    def _count(self, code: str) -> Field | None:
        """The field of a code if the form has it and counts something in it."""
        if code not in self._counts:
            one = self.form.field(code) if self.form.has(code) else None
            self._counts[code] = one if one is not None and one.kind == "count" else None
        return self._counts[code]

    def _cell(
        self, code: str, one: Field, reading: Reading | None, accepted: bool, witnessed: Container[str]
    ) -> Cell:
        if reading is None or reading.mark is Mark.ABSENT:
            # An accepted sheet that has fewer lines than others prints what it prints: its sums are its own.
            optional = not one.required or (accepted and code in self.positions.lines)
            return Cell(Span(0, one.ceiling), optional=True) if optional else self.unknown[code]
        settled = stands_alone(reading)
        if settled or accepted or is_settled(reading, covered=code in witnessed):
            if reading.value is not None:
                return self.sure[reading.value] if settled else self.covered[reading.value]
            span = value_span(one, reading)
            exact = span.is_exact
            return Cell(span, span.low if exact else None, settled=settled and exact)
        if reading.value is None or reading.by_words:  # words alone are a proposal for a person
            return self.unknown[code]
        return Cell(Span(0, one.ceiling), reading.value)

    def opened(self, cells: Mapping[str, Cell], codes: Iterable[str]) -> dict[str, Cell]:
        """These fields as anything that the form allows; what was read stays as the face value."""
        return {
            code: Cell(Span(0, self.fields[code].ceiling), cells[code].value, optional=cells[code].optional)
            for code in codes
        }


def _number(one: Field, reading: Reading) -> int | None:
    """What a cell stands for if that is one number; words alone are none."""
    if reading.by_words:
        return None
    if reading.value is not None:
        return reading.value
    span = value_span(one, reading)
    return span.low if span.is_exact else None
