from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tally.checks import run_checks
from tally.form import load_form, shipped_form_ids
from tally.model import Outcome, Span
from tally.suspects import Suspicion


@pytest.mark.parametrize("form_id", shipped_form_ids())
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_broken_sheet_never_escapes_suspicion(form_id, data):
    form = load_form(form_id)
    suspicion = Suspicion(form)
    codes = form.codes_for(data.draw(st.integers(1, 3)))
    shown = data.draw(st.sets(st.sampled_from(codes), min_size=len(codes) - 2))
    number = st.integers(0, 40) | st.sampled_from([100, 101, 3000, 3001])
    spans = {}
    for code in shown:
        low, high = sorted((data.draw(number), data.draw(number)))
        spans[code] = Span(low, high if data.draw(st.booleans()) else low)
    if any(result.outcome is Outcome.BROKEN for result in run_checks(form, spans)):
        assert suspicion.falls_on(spans)
