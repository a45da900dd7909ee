"""From the machine's readings to cells: which of them count as one value.

A cell is one value if the sheet was accepted, or if the reading is settled by itself or inside an equality
that holds on this very page (see tally.acceptance). Otherwise it is the whole range from 0 to the field's
ceiling, never zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from tally.acceptance import is_settled
from tally.checks import equalities, run_checks, spans_of
from tally.election import Contest
from tally.form import Field, Form, value_span
from tally.model import Mark, Outcome, PageReading, Reading, Span, Status
from tally.positions import Positions
from tally.versions import Cell


@lru_cache(maxsize=10_000)
def _exact(value: int, settled: bool) -> Cell:
    # One object for all sheets that say the same number: a country has 200,000 cells.
    return Cell(Span.exactly(value), value, settled=settled)


class Rules:
    """Everything about one contest's form that is asked for every sheet, looked up once."""

    def __init__(self, contest: Contest, form: Form, positions: Positions) -> None:
        self.contest = contest
        self.form = form
        self.positions = positions
        self.fields: dict[str, Field] = {code: form.field(code) for code in form.codes_for(positions.rows)}
        self._equalities = {check.id for check in equalities(form)}
        repeated = form.repeated
        if repeated is not None:
            self.fields |= dict.fromkeys(positions.unplaced, repeated)

    def cells(self, page: PageReading) -> dict[str, Cell]:
        """The machine's readings of a page as cells, for every field of the form."""
        accepted = page.status is Status.ACCEPTED
        covered = set() if accepted else self._covered(page)
        out, fields = {}, page.fields
        for code in self.fields:
            reading = fields.get(code)
            if accepted and reading is not None and reading.value is not None:
                out[code] = _exact(reading.value, is_settled(reading, covered=False))
            else:
                out[code] = self._cell(code, reading, accepted, covered)
        return out

    def _covered(self, page: PageReading) -> set[str]:
        """Fields inside an equality that holds on this page: only such a one is a second witness."""
        checks = run_checks(self.form, spans_of(self.form, page.fields), self.positions.rows)
        holding = (c for c in checks if c.id in self._equalities and c.outcome is Outcome.HOLDS)
        return {code for check in holding for code in check.fields}

    def _cell(self, code: str, reading: Reading | None, accepted: bool, covered: set[str]) -> Cell:
        form_field = self.fields[code]
        if reading is None or reading.mark is Mark.ABSENT:
            # An accepted sheet that has fewer lines than others prints what it prints: its sums are its own.
            optional = not form_field.required or (accepted and code in self.positions.lines)
            return Cell(Span(0, form_field.ceiling), optional=optional)
        settled = is_settled(reading, covered=False)
        if settled or accepted or is_settled(reading, covered=code in covered):
            if reading.value is not None:
                return _exact(reading.value, settled)
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
