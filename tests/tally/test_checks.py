"""Checks: an honest sheet must never be accused, and what was not read must never count as zero."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tally.checks import compare, covered_fields, operands, run_checks, spans_of, suggest
from tally.form import load_form, shipped_form_ids, value_span
from tally.model import Mark, Outcome, Reading, Span

SMD = "kz-2023-majilis-smd"
Relation = Callable[[int, int], bool]

small = st.tuples(st.integers(0, 8), st.integers(0, 8)).map(lambda pair: Span(min(pair), max(pair)))
factors = st.sampled_from([Fraction(1), Fraction(101, 100), Fraction(1, 3), Fraction(7, 2), Fraction(10)])


def within(span: Span) -> range:
    return range(span.low, span.high + 1)


def brute(left: Span, right: Span, true: Relation) -> Outcome:
    truths = {true(a, b) for a, b in product(within(left), within(right))}
    return Outcome.UNKNOWN if len(truths) == 2 else Outcome.HOLDS if truths == {True} else Outcome.BROKEN


@given(left=small, right=small)
def test_equality_differs_from_trying_every_pair(left: Span, right: Span) -> None:
    assert compare(left, "==", right) is brute(left, right, lambda a, b: a == b)


@given(left=small, right=small, factor=factors)
def test_at_most_differs_from_trying_every_pair(left: Span, right: Span, factor: Fraction) -> None:
    assert compare(left, "<=", right, 0, factor) is brute(left, right, lambda a, b: a <= factor * b)


@given(left=small, right=small, tolerance=st.integers(1, 4), factor=factors)
def test_about_differs_from_trying_every_pair(
    left: Span, right: Span, tolerance: int, factor: Fraction
) -> None:
    expected = brute(left, right, lambda a, b: abs(a - factor * b) <= tolerance)
    assert compare(left, "~", right, tolerance, factor) is expected


@given(a=small, b=small, c=small)
def test_a_sum_of_two_cells_differs_from_trying_every_triple(a: Span, b: Span, c: Span) -> None:
    truths = {x == y + z for x, y, z in product(within(a), within(b), within(c))}
    expected = Outcome.UNKNOWN if len(truths) == 2 else Outcome.HOLDS if truths == {True} else Outcome.BROKEN
    assert compare(a, "==", b + c) is expected


@pytest.mark.parametrize(
    ("relation", "tolerance", "factor"),
    [
        ("=", 0, "1"),
        (">=", 0, "1"),
        ("==", 1, "1"),
        ("==", 0, "1.01"),
        ("~", 0, "1"),
        ("<=", 0, "0"),
        ("~", -1, "1"),
    ],
)
def test_a_relation_that_nobody_defined_is_decided(relation: str, tolerance: int, factor: str) -> None:
    with pytest.raises(ValueError, match=r"relation|tolerance|factor"):
        compare(Span(0, 1), relation, Span(0, 1), tolerance, Fraction(factor))


@st.composite
def honest(draw: st.DrawFn) -> dict[str, int]:
    """A sheet of district form whose numbers fit together, with 1 to 5 candidates."""
    votes = draw(st.lists(st.integers(0, 400), min_size=1, max_size=5))
    against, invalid = draw(st.integers(0, 50)), draw(st.integers(0, 50))
    found = sum(votes) + against + invalid
    issued = found + draw(st.integers(0, 3))
    listed = min(3000, issued + draw(st.integers(0, 300)))
    cancelled = draw(st.integers(0, 500))
    sheet = {
        "voters_listed": listed,
        "ballots_received": issued + cancelled,
        "ballots_issued": issued,
        "voted_outside": draw(st.integers(0, issued)),
        "voted_absentee": draw(st.integers(0, issued)),
        "ballots_cancelled": cancelled,
        "ballots_found": found,
        "ballots_invalid": invalid,
        "ballots_valid": found - invalid,
    }
    sheet |= {f"votes.{i}": n for i, n in enumerate(votes, start=1)}
    return sheet | {"against_all": against}


def exact(sheet: Mapping[str, int]) -> dict[str, Span]:
    return {code: Span.exactly(value) for code, value in sheet.items()}


def outcomes(form_id: str, spans: Mapping[str, Span]) -> dict[str, Outcome]:
    return {result.id: result.outcome for result in run_checks(load_form(form_id), spans)}


@given(sheet=honest(), data=st.data())
def test_an_honest_sheet_with_unread_cells_is_accused(sheet: dict[str, int], data: st.DataObject) -> None:
    form = load_form(SMD)
    unread = data.draw(st.sets(st.sampled_from(sorted(sheet))))
    marks = st.sampled_from([mark for mark in Mark if mark is not Mark.READ])
    spans = exact(sheet) | {code: value_span(form.field(code), Reading(data.draw(marks))) for code in unread}
    errors = [r for r in run_checks(form, spans) if r.severity == "error"]
    assert all(r.outcome is not Outcome.BROKEN for r in errors)
    if not unread:
        assert all(r.outcome is Outcome.HOLDS for r in errors)


@given(sheet=honest(), data=st.data())
def test_reading_one_more_cell_takes_back_a_verdict(sheet: dict[str, int], data: st.DataObject) -> None:
    """From UNKNOWN one may go anywhere; HOLDS and BROKEN stay, whatever the next cell says."""
    form = load_form(SMD)
    codes = sorted(sheet)
    noise = data.draw(st.dictionaries(st.sampled_from(codes), st.integers(0, 3030), max_size=3))
    unread = sorted(data.draw(st.sets(st.sampled_from(codes), min_size=1)))
    spans = exact(sheet | noise) | {code: Span(0, form.field(code).ceiling) for code in unread}
    before = outcomes(SMD, spans)
    now = data.draw(st.integers(0, form.field(unread[0]).ceiling))
    after = outcomes(SMD, spans | {unread[0]: Span.exactly(now)})
    for check, outcome in before.items():
        assert outcome is Outcome.UNKNOWN or after[check] is outcome


@given(sheet=honest(), data=st.data())
def test_an_unread_cell_counted_as_zero_accuses(sheet: dict[str, int], data: st.DataObject) -> None:
    """The trap itself: with zero for the unread cell the sheet breaks a check, with its range it does not."""
    full = {code for code in covered_fields(load_form(SMD), sheet) if sheet[code] > 0}
    if full:
        code = data.draw(st.sampled_from(sorted(full)))
        ceiling = load_form(SMD).field(code).ceiling
        assert Outcome.BROKEN in outcomes(SMD, exact(sheet) | {code: Span.exactly(0)}).values()
        after = run_checks(load_form(SMD), exact(sheet) | {code: Span(0, ceiling)})
        assert all(r.outcome is not Outcome.BROKEN for r in after if r.severity == "error")


SHEET = {
    "voters_listed": 1500,
    "ballots_received": 1515,
    "ballots_issued": 1000,
    "ballots_cancelled": 515,
    "voted_outside": 10,
    "voted_absentee": 5,
    "ballots_found": 1000,
    "ballots_invalid": 20,
    "ballots_valid": 980,
    "votes.1": 500,
    "votes.2": 300,
    "votes.3": 149,
    "against_all": 31,
}


def readings(sheet: Mapping[str, int], **alternatives: tuple[tuple[int, float], ...]) -> dict[str, Reading]:
    named = {code.replace("__", "."): offered for code, offered in alternatives.items()}
    return {code: Reading(Mark.READ, n, 0.9, alternatives=named.get(code, ())) for code, n in sheet.items()}


def test_every_check_of_a_kazakh_sheet_is_alive() -> None:
    assert set(outcomes(SMD, exact(SHEET)).values()) == {Outcome.HOLDS}
    wrong = {
        "K1": {"ballots_invalid": 21},
        "K2": {"votes.3": 49},
        "K3": {"ballots_cancelled": 514},
        "K4": {"ballots_issued": 999},
        "K5": {"voters_listed": 999},
        "K6": {"voted_outside": 1001},
        "K7": {"voted_absentee": 1001},
        "K8": {"ballots_received": 1521},
        "K9": {"voters_listed": 3001},
    }
    for check, change in wrong.items():
        assert outcomes(SMD, exact(SHEET | change))[check] is Outcome.BROKEN, check


@pytest.mark.parametrize("form_id", shipped_form_ids())
def test_a_check_names_a_field_that_no_sheet_has(form_id: str) -> None:
    form = load_form(form_id)
    codes = form.codes_for(3)
    for check in form.checks:
        assert set(operands(form, check, codes)) <= set(codes)
    zeros = dict.fromkeys(codes, Span.exactly(0))
    assert all(r.outcome is Outcome.HOLDS for r in run_checks(form, zeros) if r.severity == "error")


def test_a_row_that_is_not_printed_accuses() -> None:
    without = {code: span for code, span in exact(SHEET).items() if code != "voted_outside"}
    assert outcomes(SMD, without).keys() == {f"K{i}" for i in (1, 2, 3, 4, 5, 7, 8, 9)}


def test_a_required_row_that_was_not_found_passes_for_fulfilled() -> None:
    without = {code: span for code, span in exact(SHEET).items() if code != "ballots_found"}
    assert outcomes(SMD, without)["K1"] is Outcome.UNKNOWN
    assert outcomes(SMD, without)["K4"] is Outcome.UNKNOWN


def test_an_unread_voter_list_passes_for_lawful() -> None:
    field = load_form(SMD).field("voters_listed")
    spans = exact(SHEET) | {"voters_listed": value_span(field, Reading(Mark.ILLEGIBLE))}
    assert outcomes(SMD, spans)["K9"] is Outcome.UNKNOWN


def test_a_candidate_row_that_was_overlooked_breaks_the_sum() -> None:
    gap = {code: span for code, span in exact(SHEET).items() if code != "votes.2"}
    assert outcomes(SMD, gap)["K2"] is Outcome.UNKNOWN
    last = {code: span for code, span in exact(SHEET).items() if code != "votes.3"}
    results = run_checks(load_form(SMD), last, n_candidates=3)
    assert {r.id: r.outcome for r in results}["K2"] is Outcome.UNKNOWN
    none = {code: span for code, span in exact(SHEET).items() if not code.startswith("votes.")}
    assert outcomes(SMD, none)["K2"] is Outcome.UNKNOWN


def test_a_party_row_that_was_overlooked_breaks_the_sum() -> None:
    form = load_form("ng-2023-ec8a")
    spans = {code: Span.exactly(0) for code in form.codes_for(0) if code != "votes.ZLP"} | {
        "votes.LP": Span(5, 5)
    }
    assert {r.id: r.outcome for r in run_checks(form, spans)}["N1"] is Outcome.UNKNOWN


def test_an_absent_optional_row_becomes_a_range() -> None:
    absent = Reading(Mark.ABSENT)
    spans = spans_of(
        load_form(SMD), {"voted_outside": absent, "ballots_found": absent, "precinct": absent, "x": absent}
    )
    assert spans == {"ballots_found": Span(0, 3030)}


def test_a_result_speaks_no_language_of_its_reader() -> None:
    results = run_checks(load_form(SMD), exact(SHEET), language="kk")
    assert results[0].says == "жәшіктерден табылған = жарамды + жарамсыз"
    assert results[0].fields == ("ballots_found", "ballots_valid", "ballots_invalid")
    assert results[1].left == results[1].right == Span.exactly(980)


def test_a_suggestion_is_invented() -> None:
    sheet = SHEET | {"votes.3": 49}
    assert suggest(load_form(SMD), readings(sheet)) == ()
    assert suggest(load_form(SMD), readings(sheet, votes__3=((46, 0.2),))) == ()
    offered = readings(sheet, votes__3=((149, 0.1),), votes__1=((600, 0.05),))
    assert suggest(load_form(SMD), offered) == (
        "149 instead of 49 in votes.3 would satisfy K2",
        "600 instead of 500 in votes.1 would satisfy K2",
    )
    assert offered["votes.3"].value == 49


def test_a_suggestion_mends_one_check_and_breaks_another() -> None:
    sheet = SHEET | {"votes.3": 49}
    assert suggest(load_form(SMD), readings(sheet, ballots_valid=((880, 0.3),))) == ()


def test_a_suggestion_for_a_sheet_that_adds_up() -> None:
    assert suggest(load_form(SMD), readings(SHEET, votes__3=((49, 0.4),))) == ()


def test_a_field_without_an_equality_passes_for_covered() -> None:
    covered = covered_fields(load_form(SMD), SHEET)
    assert set(SHEET) - covered == {"voters_listed", "voted_outside", "voted_absentee"}
    assert "votes.*" in covered_fields(load_form(SMD))
    without = {code for code in SHEET if code != "ballots_cancelled"}
    assert "ballots_issued" not in covered_fields(load_form(SMD), without)
    assert "votes.ZLP" in covered_fields(load_form("ng-2023-ec8a"))
    assert covered_fields(load_form("ke-2022-34a")) == frozenset()


def test_the_word_of_a_verdict_goes_beyond_the_paper() -> None:
    """Two things that cannot both be correct; never who is to blame."""
    folder = Path(__file__).parents[2] / "tally"
    text = " ".join(path.read_text(encoding="utf-8").casefold() for path in folder.rglob("*.toml"))
    assert not [word for word in ("fraud", "fake", "impossible result", "фальсиф") if word in text]
