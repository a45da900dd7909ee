"""What is typed first, gold questions, and what reviewers' work is worth."""

from __future__ import annotations

from datetime import UTC, datetime
from shutil import copytree

import pytest

from tally.case import open_case
from tally.model import Status
from tally.reconcile import diff
from tally.review.desk import ReviewDesk
from tally.review.priority import Weight, lead, weigh
from tally.review.quality import records
from tally.review.queue import GOLD_EVERY
from tally.state import state
from tally.totals import totals
from tally.typed_rows import Entry
from tests.tally.building import folded, full, make_case, page, put, unsure

NOW = datetime.now(UTC)


def doubtful(precinct, votes):
    return page(precinct, {c: unsure(v) for c, v in full(votes).items()}, status=Status.REVIEW)


def weights(case):
    now = state(case)
    found = totals(now, case.election())
    return weigh(found, diff(found, case.election()))


def enter(desk, lease, who, votes, precinct=1):
    desk.enter(lease.token, who, Entry("smd-27", "", precinct, None, 1, full(votes)))


def test_a_sheet_that_can_flip_the_outcome_comes_before_one_that_cannot(tmp_path):
    case = make_case(tmp_path / "c", 4, 27)
    put(case, page(1, full([300, 150]), district=4, candidates={}))
    sure = put(case, page(1, full([300, 150])))
    open_ = put(case, doubtful(2, [10, 20]))

    found = weights(case)

    assert found[open_, 1].rank == 3
    assert found[open_, 1].why == "outcome"
    assert found[sure, 1] < found[open_, 1]


def test_a_sheet_that_contradicts_itself_is_typed_before_anybody_is_told(tmp_path):
    case = make_case(tmp_path / "c")
    broken = put(case, page(1, full([300, 150]) | {"ballots_valid": 999}))
    fine = put(case, page(2, full([301, 120])))

    found = weights(case)

    assert found[broken, 1].why == "finding"
    assert found[fine, 1] < found[broken, 1]


def test_a_lead_is_open_while_ranges_overlap():
    sure = totals(folded([page(1, full([300, 150]))]), make_election()).contests[0]
    open_ = totals(folded([doubtful(1, [300, 150])]), make_election()).contests[0]

    assert lead(sure) == 150
    assert lead(open_) < 0


def make_election():
    from tally.election import load_election

    return load_election("kz-2023-majilis")


def test_a_conflict_is_decided_before_new_sheets_and_only_by_those_who_may(tmp_path):
    case = make_case(tmp_path / "c")
    one, two = put(case, doubtful(1, [300, 150])), put(case, doubtful(2, [10, 20]))
    desk = ReviewDesk(case)
    for who, votes in (("Aida", [300, 150]), ("Berik", [300, 151])):
        enter(desk, desk.take((one, 1), who), who, votes)

    decides = desk.next("Colpan", {}, decides=True)
    types = desk.next("Dana", {}, decides=False)

    assert (decides.place, decides.decides) == ((one, 1), True)
    assert (types.place, types.decides) == ((two, 1), False)


def test_what_a_person_passed_comes_last(tmp_path):
    case = make_case(tmp_path / "c")
    for precinct in (1, 2):
        put(case, doubtful(precinct, [300, 150]))
    desk = ReviewDesk(case)
    first = desk.next("Aida", {}, decides=False)
    desk.release(first.token, "Aida")
    second = desk.next("Aida", {}, decides=False)
    desk.release(second.token, "Aida")

    assert second.place != first.place
    assert desk.next("Aida", {}, decides=False) is not None


def test_accepted_sheets_are_typed_only_if_asked_for(tmp_path):
    case = make_case(tmp_path / "c")
    put(case, page(1, full([300, 150])))
    desk = ReviewDesk(case)
    assert desk.queue() == []
    desk.set_mode(2, "Lead", everything=True)

    assert [task.done for task in desk.queue()] == [False]


@pytest.fixture
def golden(tmp_path):
    case = make_case(tmp_path / "c")
    sha256 = put(case, doubtful(1, [300, 150]))
    desk = ReviewDesk(case)
    for who in ("Aida", "Berik"):
        enter(desk, desk.take((sha256, 1), who), who, [300, 150])
    desk.mark_gold((sha256, 1), "Lead")
    for precinct in range(2, 2 + GOLD_EVERY):
        put(case, doubtful(precinct, [precinct, 1]))
    return desk, (sha256, 1)


def test_a_gold_question_comes_by_itself_and_measures_without_changing_the_sum(golden):
    desk, gold = golden
    before = totals(desk.state(), desk.case.election()).contests[0].sums["altaev"]
    seen = []
    for _ in range(GOLD_EVERY // 2 + 1):
        lease = desk.next("Colpan", {}, decides=False)
        seen.append(lease.place)
        enter(desk, lease, "Colpan", [300, 151])

    record = records(desk.state().review)["colpan"]
    assert gold in seen
    assert (record.gold, record.gold_wrong) == (1, 1)
    assert record.cells_wrong >= 1
    assert totals(desk.state(), desk.case.election()).contests[0].sums["altaev"] == before
    assert records(desk.state().review)["aida"].gold == 0  # the answer came from him


def test_a_decision_measures_both_entries(tmp_path):
    case = make_case(tmp_path / "c")
    sha256 = put(case, doubtful(1, [300, 150]))
    desk = ReviewDesk(case)
    for who, votes in (("Aida", [300, 150]), ("Berik", [300, 151])):
        enter(desk, desk.take((sha256, 1), who), who, votes)
    enter(desk, desk.take((sha256, 1), "Colpan", decides=True), "Colpan", [300, 150])

    found = records(desk.state().review)

    assert found["aida"].cells_wrong == 0
    assert found["berik"].cells_wrong > 0
    assert found["colpan"].decisions == 1


def test_weights_of_equal_rank_put_the_larger_sheet_first():
    assert Weight(2, 10) < Weight(2, 20) < Weight(3, 0)


def test_an_answer_and_the_next_sheet_in_one_are_what_both_are_one_after_the_other(tmp_path):
    case = make_case(tmp_path / "one")
    for precinct in range(1, GOLD_EVERY + 4):
        put(case, doubtful(precinct, [300, 150]))
    desk = ReviewDesk(case)
    for who in ("Aigul", "Daniyar"):
        enter(desk, desk.next(who, {}, decides=False), who, [300, 150])
    desk.mark_gold(next(iter(desk.state().review.answers)), "lead")
    lease, golden = desk.next("Zere", {}, decides=True), 0
    for number in range(GOLD_EVERY):
        copied = copytree(tmp_path / "one", tmp_path / f"two-{number}")
        twin = ReviewDesk(open_case(copied))
        votes = [300, 150 + number]
        enter(twin, lease, "Zere", votes)
        twice = twin.next("Zere", {}, decides=True)

        said = Entry("smd-27", "", 1, None, 1, full(votes))
        seq, once = desk.enter_and_next(lease.token, "Zere", said, weights={}, decides=True)

        assert once is not None
        assert twice is not None
        assert (once.place, once.decides) == (twice.place, twice.decides)
        assert desk.enter_and_next(lease.token, "Zere", said, weights={}, decides=True) == (seq, once)
        golden += once.place in desk.state().review.gold
        lease = once
    assert golden == 1
