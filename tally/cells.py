"""From the machine's readings to cells: which of them count as one value.

A cell is one value if the sheet was accepted, or if the reading is settled by itself or inside an equality
that holds on this very page (see tally.acceptance). Otherwise it is the whole range from 0 to the field's
ceiling, never zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from tally.acceptance import is_settled, stands_alone
from tally.checks import equalities, spans_of
from tally.election import Contest
from tally.form import Field, Form, value_span
from tally.model import Mark, PageReading, Reading, Span, Status
from tally.positions import Positions
from tally.relations import Relation, relations
from tally.versions import Cell


@lru_cache(maxsize=10_000)
def exact_cell(value: int, settled: bool) -> Cell:
    """A number of which nobody has said that it is confirmed.

    One object for all sheets that say the same: a country has 200,000 cells.
    """
    return Cell(Span.exactly(value), value, settled=settled)


class Rules:
    """Everything about one contest's form that is asked for every sheet, looked up once."""

    def __init__(self, contest: Contest, form: Form, positions: Positions) -> None:
        self.contest = contest
        self.form = form
        self.positions = positions
        self.fields: dict[str, Field] = {code: form.field(code) for code in form.codes_for(positions.rows)}
        self._equalities: dict[tuple[str, ...], tuple[Relation, ...]] = {}
        repeated = form.repeated
        if repeated is not None:
            self.fields |= dict.fromkeys(positions.unplaced, repeated)
        self.unknown = {code: Cell(Span(0, one.ceiling)) for code, one in self.fields.items()}
        """A sheet of which nothing is known."""

    def cells(self, page: PageReading) -> dict[str, Cell]:
        """The machine's readings of a page as cells, for every field of the form."""
        accepted = page.status is Status.ACCEPTED
        covered = set() if accepted else self._covered(page)
        out, fields = {}, page.fields
        for code in self.fields:
            reading = fields.get(code)
            if accepted and reading is not None and reading.value is not None:
                out[code] = exact_cell(reading.value, stands_alone(reading))
            else:
                out[code] = self._cell(code, reading, accepted, covered)
        return out

    def _covered(self, page: PageReading) -> set[str]:
        """Fields inside an equality that holds on this page: only such a one is a second witness."""
        spans = spans_of(self.form, page.fields)
        shown = tuple(spans)
        if shown not in self._equalities:
            asked = equalities(self.form)
            self._equalities[shown] = relations(self.form, asked, shown, self.positions.rows)
        holding = (one for one in self._equalities[shown] if one.equates(spans))
        return {code for one in holding for code in (*one.left, *one.right)}

    def _cell(self, code: str, reading: Reading | None, accepted: bool, covered: set[str]) -> Cell:
        form_field = self.fields[code]
        if reading is None or reading.mark is Mark.ABSENT:
            # An accepted sheet that has fewer lines than others prints what it prints: its sums are its own.
            optional = not form_field.required or (accepted and code in self.positions.lines)
            return Cell(Span(0, form_field.ceiling), optional=optional)
        settled = stands_alone(reading)
        if settled or accepted or is_settled(reading, covered=code in covered):
            if reading.value is not None:
                return exact_cell(reading.value, settled)
            span = value_span(form_field, reading)
            exact = span.is_exact
            return Cell(span, span.low if exact else None, settled=settled and exact)
        return Cell(Span(0, form_field.ceiling), reading.value)

    def opened(self, cells: Mapping[str, Cell], codes: Iterable[str]) -> dict[str, Cell]:
        """These fields as anything that the form allows; what was read stays as the face value."""
        return {
            code: Cell(Span(0, self.fields[code].ceiling), cells[code].value, optional=cells[code].optional)
            for code in codes
        }
