from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tally.election import load_election
from tally.errors import UsageError
from tally.form import load_form
from tally.matrix import Matrix
from tally.model import Mark, PageReading, Span, Status
from tally.sums import Sum, add_up
from tally.totals import totals
from tally.versions import Cell
from tests.tally.building import ELECTION, FORM, folded, full, page, sums, typed_body, unsure

CEILING = load_form(FORM).field("votes.1").ceiling


@pytest.fixture(scope="module")
def election():
    return load_election(ELECTION)


def test_two_accepted_sheets_add_up(election):
    found = sums(folded([page(1, full([10, 20])), page(2, full([30, 5]))]), election)
    assert found["altaev"] == (40, 40)
    assert found["qyryqbaev"] == (25, 25)
    assert found["ballots_valid"] == (15 + 20 + 35 + 5, 75)


def test_the_json_has_the_keys_of_the_contract(election):
    sheets = [page(1, full([10, 20])), page(2, full([30, 5]), status=Status.REVIEW)]
    found = totals(folded(sheets), election, district=27).to_dict()
    assert found["election"] == ELECTION
    contest = found["contests"][0]
    assert (contest["contest"], contest["district"]) == ("smd-27", 27)
    unknown = dict.fromkeys(("total", "missing", "missing_precincts", "unlisted_precincts"))
    assert contest["precincts"] == {"with_protocol": 2, **unknown}
    assert {"low": 40, "high": 40, "confirmed": 0, "as_read": 40}.items() <= contest["sums"]["altaev"].items()
    assert {"accepted": 1, "confirmed": 0, "review": 1, "inconsistent": 0}.items() <= contest[
        "sheets"
    ].items()


def test_an_unread_cell_is_a_range_and_never_zero(election):
    for unread in (Mark.ILLEGIBLE, Mark.STRUCK, Mark.CROPPED, Mark.ABSENT, unsure(7)):
        fields = full([10, 20]) | {"votes.1": unread}
        found = sums(folded([page(1, fields, status=Status.REVIEW)]), election)
        assert found["altaev"] == (0, CEILING)
        assert found["qyryqbaev"] == (20, 20)


def test_a_row_that_the_reader_did_not_return_is_a_range(election):
    fields = full([10, 20])
    del fields["votes.1"]
    assert sums(folded([page(1, fields, status=Status.REVIEW)]), election)["altaev"] == (0, CEILING)


def test_a_cell_that_is_not_anchored_is_a_range(election):
    from tally.model import Reading

    loose = Reading(Mark.READ, 10, confidence=1.0, anchored=False)
    fields = full([10, 20]) | {"votes.1": loose}
    assert sums(folded([page(1, fields, status=Status.REVIEW)]), election)["altaev"] == (0, CEILING)


def test_a_dash_counts_as_the_form_says(election):
    fields = full([0, 20]) | {"votes.1": Mark.DASH, "votes.2": Mark.BLANK}
    found = sums(folded([page(1, fields, status=Status.REVIEW)]), election)
    form = load_form(FORM)
    for subject, meaning in (
        ("altaev", form.field("votes.1").dash),
        ("qyryqbaev", form.field("votes.2").blank),
    ):
        assert found[subject] == ((0, 0) if meaning == "zero" else (0, CEILING))


def test_what_a_hasty_reader_would_add_is_shown_beside_the_range(election):
    fields = full([10, 20]) | {"votes.1": unsure(10)}
    total = totals(folded([page(1, fields, status=Status.REVIEW)]), election).contests[0].sums["altaev"]
    assert (total.span, total.as_read, total.cells_unread) == (Span(0, CEILING), 10, 1)


def test_a_person_replaces_the_reading_of_the_same_photo(election):
    sheet = page(1, full([10, 20]) | {"votes.1": unsure(99)}, status=Status.REVIEW)
    state = folded([sheet], typed=[typed_body(None, full([10, 20]), sha256=sheet.sha256)])
    contest = totals(state, election).contests[0]
    assert contest.sums["altaev"].span == Span.exactly(10)
    assert contest.sums["altaev"].confirmed == 10
    assert contest.to_dict()["sheets"]["confirmed"] == 1
    assert contest.with_protocol == 1


def test_an_empty_typed_cell_is_a_range(election):
    sheet = page(1, full([10, 20]))
    state = folded([sheet], typed=[typed_body(1, {"votes.1": None}, sha256=sheet.sha256)])
    assert sums(state, election)["altaev"] == (0, CEILING)
    assert sums(state, election)["qyryqbaev"] == (20, 20)


def test_a_table_counts_but_does_not_confirm(election):
    total = totals(folded([], typed=[typed_body(1, full([10, 20]), kind="file")]), election).contests[0]
    assert total.sums["votes.1"].span == Span.exactly(10)
    assert total.sums["votes.1"].confirmed == 0
    assert total.to_dict()["sheets"]["review"] == 1


def test_two_people_who_differ_leave_a_range_until_a_third_decides(election):
    sheet = page(1, full([10, 20]))
    rows = [
        typed_body(1, {"votes.1": 10}, sha256=sheet.sha256, reader="aida"),
        typed_body(1, {"votes.1": 16}, sha256=sheet.sha256, reader="bolat"),
    ]
    assert sums(folded([sheet], typed=rows), election)["altaev"] == (10, 16)
    rows.append(typed_body(1, {"votes.1": 16}, sha256=sheet.sha256, reader="dana", kind="adjudicator"))
    assert sums(folded([sheet], typed=rows), election)["altaev"] == (16, 16)


def test_a_person_may_correct_himself(election):
    rows = [typed_body(1, full([10, 20])), typed_body(1, full([11, 20]))]
    assert sums(folded([], typed=rows), election)["votes.1"] == (11, 11)


def test_two_photos_of_one_sheet_count_once(election):
    sheets = [page(1, full([10, 20])), page(1, full([10, 20]), sha256="f" * 64)]
    contest = totals(folded(sheets), election).contests[0]
    assert contest.sums["altaev"].span == Span.exactly(10)
    assert len(contest.protocols[0].main.sources) == 2


def test_a_poor_photo_does_not_spoil_a_good_one(election):
    blurred = dict.fromkeys(full([10, 20]), Mark.ILLEGIBLE)
    sheets = [page(1, full([10, 20])), page(1, blurred, sha256="f" * 64, status=Status.REVIEW)]
    assert sums(folded(sheets), election)["altaev"] == (10, 10)


def test_two_halves_of_a_sheet_complete_each_other(election):
    top = full([10, 20]) | {"votes.2": Mark.CROPPED}
    bottom = full([10, 20]) | {"votes.1": Mark.CROPPED}
    sheets = [page(1, top, status=Status.REVIEW), page(1, bottom, status=Status.REVIEW)]
    found = sums(folded(sheets), election)
    assert (found["altaev"], found["qyryqbaev"]) == ((10, 10), (20, 20))


def test_copies_that_differ_give_the_range_of_both(election):
    sheets = [page(1, full([10, 20])), page(1, full([70, 20]))]
    contest = totals(folded(sheets), election).contests[0]
    assert contest.sums["altaev"].span == Span(10, 70)
    assert len(contest.protocols[0].versions) == 2
    assert contest.to_dict()["sheets"]["differing_copies"] == 1


def test_a_sheet_without_a_known_precinct_can_only_widen_the_range(election):
    sheets = [page(1, full([10, 20])), page(None, full([10, 20]), status=Status.REVIEW)]
    contest = totals(folded(sheets), election).contests[0]
    assert contest.sums["altaev"].span == Span(10, 20)
    assert contest.with_protocol == 1
    assert contest.to_dict()["not_counted"][0]["reason"] == "precinct_unknown"


def test_a_sheet_of_another_district_is_neither_refiled_nor_counted(election):
    sheets = [page(1, full([10, 20])), page(2, full([500, 20]), district=14)]
    contest = totals(folded(sheets), election).contests[0]
    assert contest.sums["altaev"].span == Span(10, 510)
    assert contest.to_dict()["not_counted"][0]["reason"] == "district"


def test_sheets_find_their_district_in_a_case_of_several(election):
    sheets = [
        page(1, full([10, 20])),
        page(1, full([7, 8]), district=14, candidates={}),
        page(2, full([1, 1]), district=None, status=Status.REVIEW),
        page(3, full([1, 1]), district=9),
    ]
    found = totals(folded(sheets, districts=(14, 27)), election)
    assert [c.contest.id for c in found.contests] == ["smd-14", "smd-27"]
    assert [c.with_protocol for c in found.contests] == [1, 1]
    assert [page_.reason for page_ in found.unassigned] == ["district_unknown", "no_contest"]


def test_a_page_that_is_no_protocol_counts_nowhere(election):
    cat = page(None, {}, form=None, status=Status.NOT_A_PROTOCOL)
    found = totals(folded([cat, page(1, full([10, 20]))]), election)
    assert [one.reason for one in found.unassigned] == ["not_a_protocol"]
    assert found.contests[0].sums["altaev"].span == Span.exactly(10)


def test_an_unreadable_sheet_of_a_known_form_is_all_ranges(election):
    dark = page(2, {}, status=Status.UNREADABLE)
    found = sums(folded([page(1, full([10, 20])), dark]), election)
    assert found["altaev"] == (10, 10 + CEILING)


def test_a_sheet_that_prints_the_candidates_in_another_order(election):
    swapped = {"votes.1": "qyryqbaev", "votes.2": "altaev"}
    sheets = [page(n, full([10, 20])) for n in (1, 2)] + [page(3, full([1, 2]), candidates=swapped)]
    found = sums(folded(sheets), election)
    assert found["altaev"] == (20, 20 + CEILING)
    assert found["ballots_valid"][0] == 35 + 35 + 8


def test_sheets_without_names_take_the_order_of_the_others(election):
    sheets = [page(1, full([10, 20])), page(2, full([1, 2]), candidates={})]
    assert sums(folded(sheets), election)["altaev"] == (11, 11)


def test_lines_whose_candidate_nobody_knows_are_kept_by_number(election):
    found = sums(folded([page(1, full([10, 20, 30]))]), election)
    assert found["votes.3"] == (30, 30)


def test_two_photos_of_unknown_region_do_not_become_one_party_protocol(election):
    form = "kz-2023-majilis-party"
    sheets = [
        page(5, full([10] * 7), form=form, district=None, candidates={}),
        page(5, full([11] * 7), form=form, district=None, candidates={}),
    ]
    contest = totals(folded(sheets, districts=()), election).contests[0]
    assert contest.contest.id == "party"
    assert contest.with_protocol == 0
    assert len(contest.protocols) == 2


def test_an_empty_case_shows_its_districts_with_nothing_in_them(election):
    found = totals(folded([]), election).to_dict()["contests"]
    assert [contest["contest"] for contest in found] == ["smd-27"]
    assert found[0]["sums"] == {}


def test_a_district_that_the_case_lacks(election):
    with pytest.raises(UsageError, match="district 4 is not part of this case"):
        totals(folded([]), election, district=4)


cells = st.builds(
    lambda value, unread: Cell(Span(0, 3030) if unread else Span.exactly(value), value),
    st.integers(0, 3030),
    st.booleans(),
)
sheets_of_cells = st.lists(
    st.fixed_dictionaries({"votes.1": cells, "votes.2": cells}), min_size=1, max_size=30
)


@given(sheets_of_cells, st.randoms())
def test_the_order_of_protocols_is_irrelevant(protocols, shuffle):
    other = list(protocols)
    shuffle.shuffle(other)
    assert add_up(Matrix(protocols)) == add_up(Matrix(other))


@given(sheets_of_cells, st.data())
def test_reading_one_more_cell_only_narrows_a_range(protocols, data):
    before = add_up(Matrix(protocols))["votes.1"].span
    index = data.draw(st.integers(0, len(protocols) - 1))
    value = protocols[index]["votes.1"].value
    protocols[index] = protocols[index] | {"votes.1": Cell(Span.exactly(value), value)}
    after = add_up(Matrix(protocols))["votes.1"].span
    assert before.low <= after.low <= after.high <= before.high


@given(sheets_of_cells)
def test_the_true_sum_lies_in_the_range(protocols):
    total = add_up(Matrix(protocols))["votes.1"]
    assert total.span.low <= sum(cell["votes.1"].value for cell in protocols) <= total.span.high


@given(st.permutations(range(4)))
def test_the_order_of_photos_is_irrelevant(order):
    sheets = [
        page(1, full([10, 20])),
        page(1, full([70, 20])),
        page(1, full([10, 20]) | {"votes.1": Mark.CROPPED}, status=Status.REVIEW),
        page(2, full([3, 4])),
    ]
    election = load_election(ELECTION)
    assert sums(folded([sheets[i] for i in order]), election) == sums(folded(sheets), election)


def test_ten_thousand_protocols_of_twenty_fields_add_up_within_a_second():
    rng = random.Random(27)
    codes = [f"f{n}" for n in range(20)]
    protocols = [
        {code: Cell(Span.exactly(v := rng.randrange(3000)), v) for code in codes} for _ in range(10_223)
    ]
    start = time.process_time()
    found = add_up(Matrix(protocols))
    assert time.process_time() - start < 1.0
    assert found["f0"].span.low == sum(p["f0"].value for p in protocols)
    assert isinstance(found["f0"], Sum)


def test_a_reading_survives_the_way_through_json():
    sheet = page(1, full([10, 20]))
    assert PageReading.from_dict(sheet.to_dict()).to_dict() == sheet.to_dict()


def test_typed_lines_are_never_given_to_a_candidate_by_guess(election):
    found = sums(folded([], typed=[typed_body(1, full([10, 20]))]), election)
    assert found["votes.1"] == (10, 10)
    assert "altaev" not in found


def test_candidates_typed_by_name_need_no_line(election):
    found = sums(folded([], typed=[typed_body(1, {"altaev": 10, "qyryqbaev": 20})]), election)
    assert (found["altaev"], found["qyryqbaev"]) == ((10, 10), (20, 20))


def test_names_and_lines_that_nobody_can_join_are_not_counted_twice(election):
    sheet = page(1, full([10, 20]), candidates={})
    state = folded([sheet], typed=[typed_body(1, {"altaev": 10}, sha256=sheet.sha256)])
    found = sums(state, election)
    assert found["altaev"] == (10, 10)
    assert found["votes.1"] == (0, CEILING)
    assert found["ballots_valid"] == (35, 35)
