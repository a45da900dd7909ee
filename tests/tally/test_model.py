"""The words of the project: a mark without a value, a span, a reading that survives its journey."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tally.model import CheckResult, Mark, Outcome, PageReading, Reading, Span, Status

spans = st.tuples(st.integers(0, 50), st.integers(0, 50)).map(lambda pair: Span(min(pair), max(pair)))
shares = st.integers(0, 10_000).map(lambda n: n / 10_000)


@st.composite
def readings(draw: st.DrawFn) -> Reading:
    mark = draw(st.sampled_from(Mark))
    number = st.integers(0, 3000)
    return Reading(
        mark=mark,
        value=draw(number) if mark is Mark.READ else None,
        confidence=draw(shares),
        reader=draw(st.sampled_from(["", "digits 1 sha256:ab", "person:a"])),
        alternatives=tuple(draw(st.lists(st.tuples(number, shares), max_size=2))),
        quad_px=draw(st.sampled_from([None, ((0, 0), (9, 0), (9, 5), (0, 5))])),
        anchored=draw(st.booleans()),
        agreed=draw(st.booleans()),
        text=draw(st.sampled_from(["", "-58-"])),
        label=draw(st.sampled_from(["", "Әлтаев Нұржан"])),
    )


@pytest.mark.parametrize("mark", [mark for mark in Mark if mark is not Mark.READ])
def test_an_unread_cell_carries_a_number(mark: Mark) -> None:
    with pytest.raises(ValueError, match="cannot carry"):
        Reading(mark, 0)


def test_a_read_cell_carries_no_number() -> None:
    with pytest.raises(ValueError, match="cannot carry"):
        Reading(Mark.READ)


def test_votes_go_below_zero_or_confidence_above_one() -> None:
    with pytest.raises(ValueError, match="never negative"):
        Reading(Mark.READ, -1)
    with pytest.raises(ValueError, match=r"outside 0\.\.1"):
        Reading(Mark.READ, 1, 1.5)


def test_a_span_runs_backwards() -> None:
    with pytest.raises(ValueError, match="runs upwards"):
        Span(2, 1)


@given(left=spans, right=spans)
def test_a_sum_of_ranges_loses_a_value(left: Span, right: Span) -> None:
    pairs = [(a, b) for a in (left.low, left.high) for b in (right.low, right.high)]
    assert left + right == Span(min(a + b for a, b in pairs), max(a + b for a, b in pairs))
    assert left - right == Span(min(a - b for a, b in pairs), max(a - b for a, b in pairs))
    assert left.hull(right) == right.hull(left) == Span(min(left.low, right.low), max(left.high, right.high))
    assert left.is_exact == (left == Span.exactly(left.low))


@given(reading=readings())
def test_a_reading_changes_on_its_way_through_json(reading: Reading) -> None:
    data = json.loads(json.dumps(reading.to_dict(), ensure_ascii=False))
    assert Reading.from_dict(data) == reading
    assert ("value" in data) == (reading.mark is Mark.READ)


@given(reading=readings(), outcome=st.sampled_from(Outcome), span=spans)
def test_a_page_changes_on_its_way_through_json(reading: Reading, outcome: Outcome, span: Span) -> None:
    page = PageReading(
        file="a.jpg",
        page=1,
        sha256="0" * 64,
        form="kz-2023-majilis-smd",
        form_confidence=0.5,
        status=Status.REVIEW,
        header={"precinct": reading},
        fields={"votes.1": reading},
        checks=(CheckResult("K1", outcome, "warn", span, span, ("votes.1",), "words"),),
        suggestions=("one",),
        reasons=("two",),
        candidates={"votes.1": "altaev"},
        marks={"seal": True},
        quality={"sharpness": 0.5},
        reader="digits",
        elapsed_ms=3,
        arbitrated=("votes.1",),
    )
    assert PageReading.from_dict(json.loads(json.dumps(page.to_dict()))) == page
