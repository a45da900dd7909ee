"""Sums and relations are worked out column by column; here they are worked out cell by cell, and must be the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tally.acceptance import LONE_CELL_ALONE_THRESHOLD, LONE_CELL_THRESHOLD, by_sureness, is_settled
from tally.checks import equalities, run_checks, spans_of
from tally.election import load_election
from tally.form import Form, load_form, value_span
from tally.model import Mark, Outcome, PageReading, Reading, Span, Status
from tally.sums import Sum
from tally.totals import ContestTotals, totals
from tests.tally.building import ELECTION, folded, full, page, typed_body

KAZAKHSTAN = load_election(ELECTION)
PARTY = "kz-2023-majilis-party"
NAMES = {one.id: next(iter(one.names.values()))[0] for one in KAZAKHSTAN.regions[:3]}
LINES = {f"votes.{i}": f"party-{i}" for i in range(1, 4)}
number = st.integers(0, 6)
confidence = st.sampled_from([0.3, 0.9, 0.97, LONE_CELL_THRESHOLD, 0.99, LONE_CELL_ALONE_THRESHOLD, 1.0])
reading = st.one_of(
    st.builds(
        Reading,
        st.just(Mark.READ),
        number,
        confidence=confidence,
        anchored=st.booleans(),
        agreed=st.booleans(),
    ),
    st.builds(
        Reading,
        st.sampled_from([mark for mark in Mark if mark is not Mark.READ]),
        confidence=confidence,
        anchored=st.booleans(),
        agreed=st.booleans(),
    ),
)


@st.composite
def pages(draw: st.DrawFn) -> list[PageReading]:
    """Sheets of one list vote from three regions: most add up, some are unsure, broken or copies of others."""
    out: list[PageReading] = []
    for place in range(draw(st.integers(1, 6))):
        votes = draw(st.lists(number, min_size=2, max_size=3))
        fields = {c: Reading(Mark.READ, n, 0.999, anchored=True, agreed=True) for c, n in full(votes).items()}
        changed = draw(st.dictionaries(st.sampled_from(sorted(fields)), reading, max_size=3))
        for code in draw(st.sets(st.sampled_from(sorted(fields)), max_size=1)):
            del fields[code]
        one = page(
            draw(st.integers(1, 4)),
            fields | changed,
            status=draw(st.sampled_from([Status.ACCEPTED, Status.ACCEPTED, Status.REVIEW])),
            form=PARTY,
            candidates={},
            sha256=f"{place:064d}",
        )
        region = Reading(Mark.READ, 0, 1.0, text=NAMES[draw(st.sampled_from(sorted(NAMES)))])
        sure = draw(st.sampled_from([1.0, 1.0, 1.0, 0.5]))
        out.append(replace(one, header={**one.header, "region": region}, form_confidence=sure))
    return out


@st.composite
def typed(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Rows of tables and of people about the same precincts."""
    return [
        typed_body(
            draw(st.integers(1, 4)),
            draw(st.dictionaries(st.sampled_from(sorted(full([1, 1]))), st.none() | number, min_size=1)),
            reader=draw(st.sampled_from(["aida", "bek"])),
            kind=draw(st.sampled_from(["person", "file"])),
            contest="party",
            region=draw(st.sampled_from(sorted(NAMES))),
        )
        for _ in range(draw(st.integers(0, 3)))
    ]


def _contest(sheets: list[PageReading], rows: list[dict[str, Any]]) -> ContestTotals:
    found = totals(folded(sheets, (), rows), KAZAKHSTAN).contests
    return next(contest for contest in found if contest.contest.id == "party")


def _plain_sums(contest: ContestTotals, region: str | None = None) -> dict[str, Sum]:
    out: dict[str, Sum] = {}
    shown: set[str] = set()
    for protocol in contest.protocols:
        for code, cell in protocol.cells.items() if region in (None, protocol.key.region) else ():
            known = out.get(code, Sum(Span.exactly(0), 0, 0, 0, 0, 0))
            shown |= set() if cell.optional else {code}
            out[code] = Sum(
                known.span + cell.span,
                known.as_read + (cell.value or 0),
                known.confirmed + (cell.span.low if cell.confirmed else 0),
                known.cells + 1,
                known.cells_confirmed + cell.confirmed,
                known.cells_unread + (not cell.span.is_exact),
                known.cells_twice + (cell.confirmed and len(cell.readers) > 1),
            )
    return {contest.positions.subject(code): total for code, total in out.items() if code in shown}


def _plain_span(form: Form, sheet: PageReading, code: str, rows: int) -> Span:
    read, field = sheet.fields.get(code), form.field(code)
    unknown = Span(0, field.ceiling)
    if read is None or read.mark is Mark.ABSENT or sheet.form_confidence < 0.7:
        return unknown
    results = run_checks(form, spans_of(form, sheet.fields), rows, checks=equalities(form))
    covered = any(code in one.fields for one in results if one.outcome is Outcome.HOLDS)
    sure = sheet.status is Status.ACCEPTED or is_settled(read, covered=False)
    return value_span(field, read) if sure or is_settled(read, covered=covered) else unknown


@settings(max_examples=60, deadline=None)
@given(pages(), typed())
def test_sums_by_columns_are_the_sums_of_the_cells(
    sheets: list[PageReading], rows: list[dict[str, Any]]
) -> None:
    contest = _contest(sheets, rows)
    assert dict(contest.sums) == _plain_sums(contest)
    for region in contest.regions:
        assert dict(contest.within(region).sums) == _plain_sums(contest, region)


@settings(max_examples=60, deadline=None)
@given(pages(), typed())
def test_broken_relations_are_those_of_every_sheet_looked_at_alone(
    sheets: list[PageReading], rows: list[dict[str, Any]]
) -> None:
    contest, form, wanted = _contest(sheets, rows), load_form(PARTY), []
    for protocol in contest.protocols:
        for version in protocol.versions:
            spans = {code: cell.span for code, cell in version.cells.items() if not cell.optional}
            broken = (one for one in run_checks(form, spans) if one.outcome is Outcome.BROKEN)
            wanted += [(protocol, version, check) for check in broken]
    assert [(one.protocol, one.version, one.check) for one in contest.broken] == wanted


@settings(max_examples=60, deadline=None)
@given(pages())
def test_a_cell_counts_as_one_value_only_by_the_rule_for_it_alone(sheets: list[PageReading]) -> None:
    contest, form = _contest(sheets, []), load_form(PARTY)
    every = [sheet for p in contest.protocols for version in p.versions for sheet in version.sheets]
    assert len(every) == len(sheets)
    for sheet in every:
        assert sheet.page is not None
        beyond = any(
            code.startswith("votes.")
            and int(code[6:]) > contest.positions.rows
            and one.mark is not Mark.ABSENT
            for code, one in sheet.page.fields.items()
        )
        for code, cell in sheet.cells.items():
            opened = beyond and code in contest.positions.codes
            span = _plain_span(form, sheet.page, code, contest.positions.rows)
            assert cell.span == (Span(0, form.field(code).ceiling) if opened else span)


@given(st.lists(reading, max_size=8))
def test_many_cells_stand_alone_as_each_of_them_does(cells: list[Reading]) -> None:
    read = [one for one in cells if one.value is not None]
    alone, others = ({n: (word, n) for n in (None, *range(7))} for word in ("alone", "others"))
    wanted = [("alone" if is_settled(one, covered=False) else "others", one.value) for one in read]
    assert by_sureness(read, alone, others) == wanted
