from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tally.checks import equalities, run_checks
from tally.form import load_form, shipped_form_ids
from tally.matrix import Matrix
from tally.model import Outcome, Span
from tally.relations import relations, suspects
from tally.versions import Cell

number = st.integers(0, 40) | st.sampled_from([100, 101, 3000, 3001])


def drawn_sheet(data, codes):
    """Spans of some fields of a form; two of them may be missing."""
    spans = {}
    for code in data.draw(st.sets(st.sampled_from(codes), min_size=len(codes) - 2)):
        low, high = sorted((data.draw(number), data.draw(number)))
        spans[code] = Span(low, high if data.draw(st.booleans()) else low)
    return spans


@pytest.mark.parametrize("form_id", shipped_form_ids())
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_broken_sheet_never_escapes_suspicion(form_id, data):
    form = load_form(form_id)
    codes = form.codes_for(data.draw(st.integers(1, 3)))
    sheets = [drawn_sheet(data, codes) for _ in range(data.draw(st.integers(1, 3)))]
    hidden = {code for code in codes if data.draw(st.integers(0, 9)) == 0}
    rows = [
        {code: Cell(span, optional=code in hidden and i == 0) for code, span in spans.items()}
        for i, spans in enumerate(sheets)
    ]
    suspected = dict(suspects(form, Matrix(rows)))
    for i, cells in enumerate(rows):
        spans = {code: cell.span for code, cell in cells.items() if not cell.optional}
        broken = [r for r in run_checks(form, spans) if r.outcome is Outcome.BROKEN]
        assert broken == [
            r for r in run_checks(form, spans, checks=suspected.get(i, ())) if r.outcome is Outcome.BROKEN
        ]


@pytest.mark.parametrize("form_id", shipped_form_ids())
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_no_other_equality_holds_than_the_careful_arithmetic_says(form_id, data):
    form, rows = load_form(form_id), data.draw(st.integers(1, 3))
    spans = drawn_sheet(data, form.codes_for(rows))
    asked = {check.id for check in equalities(form)}
    careful = [r.id for r in run_checks(form, spans, rows) if r.id in asked and r.outcome is Outcome.HOLDS]
    numbers = {code: span.low if span.is_exact else None for code, span in spans.items()}
    quick = [r.check.id for r in relations(form, equalities(form), tuple(spans), rows) if r.equates(numbers)]
    assert quick == careful
