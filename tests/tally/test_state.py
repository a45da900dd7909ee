from __future__ import annotations

from tally.state import fold, state
from tests.tally.building import ELECTION, PIPELINE, full, make_case, page, put


def test_an_unknown_kind_of_event_is_left_to_others(tmp_path):
    case = make_case(tmp_path / "c")
    case.record("bundle_written", {"path": "x"})
    assert state(case).photos == {}


def test_the_pipeline_that_read_last_counts_and_the_other_stays(tmp_path):
    case = make_case(tmp_path / "c")
    sha256 = put(case, page(1, full([10, 20])))
    better = page(1, full([11, 20]), sha256=sha256)
    case.record_pages(sha256, [better], "test 2")
    now = state(case)
    assert [p.fields["votes.1"].value for p in now.pages()] == [11]
    assert set(now.readings[sha256]) == {PIPELINE, "test 2"}
    case.record_pages(sha256, [page(1, full([10, 20]), sha256=sha256)], PIPELINE)
    assert [p.fields["votes.1"].value for p in state(case).pages()] == [10]


def test_pages_of_one_file_come_in_order(tmp_path):
    case = make_case(tmp_path / "c")
    sha256 = case.add_bytes(b"%PDF", "all.pdf").sha256
    pages = [page(n, full([n, 20]), sha256=sha256, number=n) for n in (2, 1, 3)]
    case.record_pages(sha256, pages, PIPELINE)
    assert [p.page for p in state(case).pages()] == [1, 2, 3]


def test_the_fold_needs_nothing_but_the_events(tmp_path):
    case = make_case(tmp_path / "c")
    put(case, page(1, full([10, 20])))
    assert fold(ELECTION, (27,), case.ledger.events()).pages() == state(case).pages()


def test_photos_are_found_by_name_and_by_hash(tmp_path):
    case = make_case(tmp_path / "c")
    one = case.add_bytes(b"1", "IMG.jpg").sha256
    two = case.add_bytes(b"2", "IMG.jpg").sha256
    now = state(case)
    assert now.named("IMG.jpg") == (one, two)
    assert now.named(one) == (one,)
    assert now.named("other.jpg") == ()
