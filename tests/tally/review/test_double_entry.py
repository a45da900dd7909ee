"""Double entry cannot be defeated: whatever is written to the ledger, one person is one person."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tally.case import Case, open_case
from tally.errors import UsageError
from tally.ledger import Event
from tally.model import Status
from tally.review.answers import Reviewed, apply
from tally.review.bodies import LEASE
from tally.review.desk import Refused, ReviewDesk
from tally.review.settle import By, Stage, standing
from tally.state import state
from tally.totals import totals
from tally.typed_rows import Entry
from tests.tally.building import full, make_case, page, put, unsure

NOW = datetime.now(UTC)
RIGHT = full([300, 150])
WRONG = RIGHT | {"votes.2": 151}


@pytest.fixture
def desk(tmp_path) -> ReviewDesk:
    case = make_case(tmp_path / "c")
    put(case, page(1, {code: unsure(value) for code, value in RIGHT.items()}, status=Status.REVIEW))
    return ReviewDesk(case)


def place(desk: ReviewDesk) -> tuple[str, int]:
    return next(iter(desk.state().photos)), 1


def entry(fields=None, precinct=1) -> Entry:
    return Entry("smd-27", "", precinct, None, 1, fields or RIGHT)


def type_as(desk: ReviewDesk, who: str, fields=None, *, decides=False, precinct=1) -> str:
    lease = desk.take(place(desk), who, decides=decides)
    desk.enter(lease.token, who, entry(fields, precinct))
    return lease.token


def stage(desk: ReviewDesk) -> Stage:
    return standing(desk.state().review, place(desk)).stage


def votes(case: Case) -> tuple[int, int, int, int]:
    total = totals(state(case), case.election()).contests[0].sums["qyryqbaev"]
    return total.span.low, total.span.high, total.cells_confirmed, total.cells_twice


def test_one_entry_confirms_nothing(desk):
    type_as(desk, "Aida")

    assert stage(desk) is Stage.SECOND
    assert votes(desk.case)[2:] == (0, 0)


def test_two_equal_entries_of_two_people_confirm(desk):
    type_as(desk, "Aida")
    type_as(desk, "Berik")

    assert standing(desk.state().review, place(desk)).by is By.DOUBLE
    assert votes(desk.case) == (150, 150, 1, 1)


@pytest.mark.parametrize("again", ["Aida", "aida", " AIDA ", "Ａｉｄａ"])
def test_the_same_person_twice_is_one_person(desk, again):
    type_as(desk, "Aida")

    with pytest.raises(Refused) as refused:
        desk.take(place(desk), again)
    assert refused.value.why == "already"
    # Past the desk, straight into the ledger: another program, or somebody with an editor.
    body = {"reader": again, "sha256": place(desk)[0], "page": 1, "contest": "smd-27", "fields": RIGHT}
    desk.case.record("entered", body | {"precinct": 1, "region": ""})
    assert stage(desk) is Stage.SECOND


def test_who_handed_the_photo_in_does_not_type_it(desk):
    sha256 = place(desk)[0]
    observer = open_case(desk.case.path, actor="person:Aida")
    observer.add_bytes(desk.case.photo_bytes(sha256), "again.jpg")

    with pytest.raises(Refused) as refused:
        desk.take(place(desk), "aida")
    assert refused.value.why == "uploader"
    body = {"reader": "Aida", "sha256": sha256, "page": 1, "contest": "smd-27", "fields": RIGHT}
    desk.case.record("entered", body)
    assert stage(desk) is Stage.FIRST


def test_handing_in_a_photo_again_does_not_undo_what_was_typed_before(desk):
    type_as(desk, "Aida")
    open_case(desk.case.path, actor="person:Aida").add_bytes(
        desk.case.photo_bytes(place(desk)[0]), "again.jpg"
    )
    type_as(desk, "Berik")

    assert stage(desk) is Stage.DONE


def test_two_that_differ_confirm_what_they_agree_on_and_leave_the_rest_open(desk):
    type_as(desk, "Aida")
    type_as(desk, "Berik", WRONG)

    assert stage(desk) is Stage.CONFLICT
    assert votes(desk.case) == (150, 151, 0, 0)
    agreed = totals(desk.state(), desk.case.election()).contests[0].sums["altaev"]
    assert (agreed.span.low, agreed.cells_twice) == (300, 1)


def test_two_that_speak_of_different_precincts_confirm_nothing(desk):
    type_as(desk, "Aida")
    type_as(desk, "Berik", precinct=2)

    assert stage(desk) is Stage.CONFLICT
    assert desk.state().typed == []


@pytest.mark.parametrize("who", ["Aida", "Berik"])
def test_neither_of_two_that_differ_decides(desk, who):
    type_as(desk, "Aida")
    type_as(desk, "Berik", WRONG)

    with pytest.raises(Refused):
        desk.take(place(desk), who, decides=True)
    body = {"reader": who, "sha256": place(desk)[0], "page": 1, "contest": "smd-27", "fields": RIGHT}
    desk.case.record("decided", body | {"precinct": 1})
    assert stage(desk) is Stage.CONFLICT


def test_a_third_person_decides_and_the_second_decision_changes_nothing(desk):
    type_as(desk, "Aida")
    type_as(desk, "Berik", WRONG)
    late = desk.take(place(desk), "Dana", decides=True, now=NOW - LEASE)
    type_as(desk, "Colpan", decides=True)

    assert votes(desk.case) == (150, 150, 1, 1)
    with pytest.raises(Refused):
        desk.enter(late.token, "Dana", entry(WRONG))
    desk.case.record(
        "decided", {"reader": "Dana", "contest": "smd-27", "sha256": place(desk)[0], "fields": WRONG}
    )
    assert votes(desk.case) == (150, 150, 1, 1)


def test_a_decision_before_there_was_a_conflict_decides_nothing(desk):
    body = {"reader": "Colpan", "sha256": place(desk)[0], "page": 1, "contest": "smd-27", "fields": RIGHT}
    desk.case.record("decided", body | {"precinct": 1})
    type_as(desk, "Aida")
    type_as(desk, "Berik", WRONG)

    assert stage(desk) is Stage.CONFLICT


def test_a_request_sent_twice_is_one_entry(desk):
    lease = desk.take(place(desk), "Aida")

    first = desk.enter(lease.token, "Aida", entry())
    again = desk.enter(lease.token, "Aida", entry(WRONG))

    assert first == again
    assert len(list(desk.case.ledger.events("entered"))) == 1


def test_two_tabs_of_one_person_share_one_lease(desk):
    one, two = desk.take(place(desk), "Aida"), desk.take(place(desk), "Aida")

    assert one.token == two.token


def test_a_lease_belongs_to_one_person(desk):
    lease = desk.take(place(desk), "Aida")

    with pytest.raises(Refused) as refused:
        desk.enter(lease.token, "Berik", entry())
    assert refused.value.why == "lease"
    with pytest.raises(Refused):
        desk.enter("made-up", "Berik", entry())


def test_a_third_person_does_not_get_a_sheet_that_two_have(desk):
    desk.take(place(desk), "Aida")
    desk.take(place(desk), "Berik")

    with pytest.raises(Refused) as refused:
        desk.take(place(desk), "Colpan")
    assert refused.value.why == "taken"
    assert desk.next("Colpan", {}, decides=True) is None


def test_a_lease_that_ran_out_is_handed_on_and_the_late_entry_still_counts_once(desk):
    late = desk.take(place(desk), "Aida", now=NOW - LEASE - timedelta(seconds=1))
    desk.take(place(desk), "Berik")
    assert desk.take(place(desk), "Colpan").person == "colpan"

    desk.enter(late.token, "Aida", entry())
    assert stage(desk) is Stage.SECOND
    type_as(desk, "Berik")
    assert {a.reader for a in standing(desk.state().review, place(desk)).entries} == {"Aida", "Berik"}


def test_an_invalid_reviewers_work_goes_back_into_the_queue(desk):
    type_as(desk, "Aida")
    type_as(desk, "Berik")
    desk.invalidate("Berik", "Lead", "types without looking")

    assert stage(desk) is Stage.SECOND
    assert votes(desk.case)[2:] == (0, 0)
    with pytest.raises(Refused):
        desk.next("berik", {}, decides=True)
    assert len(list(desk.case.ledger.events("entered"))) == 2  # nothing is lost
    with pytest.raises(UsageError):
        desk.invalidate("Lead", "lead", "me")


def test_an_answer_is_taken_back_only_while_nobody_else_typed(desk):
    type_as(desk, "Aida", WRONG)
    desk.withdraw(place(desk), "Aida")
    type_as(desk, "Aida")
    type_as(desk, "Berik", WRONG)
    with pytest.raises(Refused):
        desk.withdraw(place(desk), "Aida")
    seq = standing(desk.state().review, place(desk)).entries[0].seq
    desk.case.record("withdrawn", {"reader": "Aida", "answer": seq, "sha256": place(desk)[0], "page": 1})

    assert stage(desk) is Stage.CONFLICT


def test_a_reopened_sheet_starts_anew(desk):
    type_as(desk, "Aida")
    type_as(desk, "Berik")
    desk.reopen(place(desk), "Lead", "the second page turned up")

    assert stage(desk) is Stage.FIRST
    type_as(desk, "Aida")
    assert stage(desk) is Stage.SECOND


def test_one_entry_is_enough_only_where_that_was_set_and_is_said(desk):
    desk.set_mode(1, "Lead")
    type_as(desk, "Lead")

    found = totals(desk.state(), desk.case.election()).contests[0]
    assert standing(desk.state().review, place(desk)).by is By.SINGLE
    assert votes(desk.case) == (150, 150, 1, 0)
    desk.set_mode(2, "Lead")
    assert stage(desk) is Stage.SECOND
    assert found.to_dict()["sheets"]["confirmed_single"] == found.to_dict()["sheets"]["confirmed"]


def test_setting_aside_needs_two_people_too(desk):
    for who in ("Aida", "Berik"):
        assert stage(desk) is not Stage.ASIDE
        desk.enter(desk.take(place(desk), who).token, who, None, "not_a_protocol")

    assert stage(desk) is Stage.ASIDE


def test_everything_is_there_after_a_restart(desk):
    lease = desk.take(place(desk), "Aida")
    reborn = ReviewDesk(open_case(desk.case.path))

    assert reborn.next("Aida", {}, decides=False) == lease
    reborn.enter(lease.token, "Aida", entry())
    assert stage(desk) is Stage.SECOND
    assert desk.state() == state(desk.case)  # event by event or all at once


PEOPLE = ("a", "A ", "b", "c")
KINDS = ("entered", "decided", "set_aside", "withdrawn", "received", "reviewer_invalidated")


def acts_of(*kinds: str):
    one = st.tuples(st.sampled_from(kinds), st.sampled_from(PEOPLE), st.sampled_from([1, 2]))
    return st.lists(one, max_size=12)


def happen(known: Reviewed, seq: int, kind: str, who: str, value: int) -> None:
    body = {"reader": who, "sha256": "0" * 64, "page": 1, "answer": value, "contest": "x", "entries": value}
    body |= {"reason": "photograph_again"} if kind == "set_aside" else {"fields": {"votes.1": value}}
    apply(known, Event(seq, "2026-01-01T00:00:00Z", "", f"person:{who}", kind, body, "", ""))


@given(acts_of(*KINDS, "reopened", "review_mode"))
def test_what_was_judged_before_an_event_is_judged_again_after_it(acts):
    known = Reviewed()
    for seq, act in enumerate(acts, 1):
        happen(known, seq, *act)
        found = standing(known, ("0" * 64, 1))
        fresh = replace(known, judged={})
        assert found == standing(fresh, ("0" * 64, 1))


@given(acts_of(*KINDS))
def test_no_run_of_events_lets_one_person_confirm(acts):
    known = Reviewed()
    for seq, act in enumerate(acts, 1):
        happen(known, seq, *act)

    now = standing(known, ("0" * 64, 1))
    if now.settled:
        people = {answer.person for answer in now.answers}
        assert len(people) == len(now.answers) >= 2
        assert not people & known.invalid.keys()
        agreeing = [a for a in now.entries if a.content == now.content]
        assert len(agreeing) == 2 or now.decision is not None
