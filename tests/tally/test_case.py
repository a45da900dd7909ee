from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tally.case import create_case, open_case
from tally.errors import CaseError, FormError, UsageError
from tally.state import state
from tests.tally.building import ELECTION, full, make_case, page, put


def test_a_case_opens_as_it_was_made(tmp_path):
    made = create_case(tmp_path / "c", ELECTION, [27, 4, 27], note='synthetic "sample" 😀')
    again = open_case(tmp_path / "c")
    assert (again.election_id, again.districts, again.note) == (ELECTION, (4, 27), 'synthetic "sample" 😀')
    assert [event.kind for event in again.ledger.events()] == ["case_created"]
    assert made.election().id == ELECTION


def test_unknown_elections_and_districts_are_refused_before_anything_is_made(tmp_path):
    with pytest.raises(FormError):
        create_case(tmp_path / "c", "kz-1999")
    with pytest.raises(UsageError, match="no district 99") as caught:
        create_case(tmp_path / "c", ELECTION, [99])
    assert "29" in caught.value.advice
    assert not (tmp_path / "c").exists()


def test_a_second_case_in_one_folder_is_refused(tmp_path):
    make_case(tmp_path / "c")
    with pytest.raises(CaseError, match="there is a case in this folder already"):
        make_case(tmp_path / "c")


@pytest.mark.parametrize(
    "damage",
    [
        "format = 1",
        "format = 1\nelection = 3\ndistricts = 'x'",
        "{",
        "format = 99\nelection='a'\ndistricts=[]",
    ],
)
def test_a_damaged_case_file_says_so(tmp_path, damage):
    make_case(tmp_path / "c")
    (tmp_path / "c" / "case.toml").write_text(damage)
    with pytest.raises(CaseError):
        open_case(tmp_path / "c")


def test_a_folder_that_is_no_case(tmp_path):
    with pytest.raises(CaseError, match="not a case"):
        open_case(tmp_path)


def test_the_same_photo_twice_is_one_file_and_two_receipts(tmp_path):
    case = make_case(tmp_path / "c")
    first = case.add_bytes(b"photo", "IMG-1.jpg")
    second = case.add_bytes(b"photo", "copy of IMG-1.jpg", claims={"sender": "+7 ..."})
    assert (first.outcome, second.outcome) == ("new", "duplicate")
    photo = state(case).photos[first.sha256]
    assert photo.receipts == 2
    assert photo.names == ("IMG-1.jpg", "copy of IMG-1.jpg")
    assert photo.name == "IMG-1.jpg"


def test_a_file_that_cannot_be_decoded_is_kept_with_the_reason(tmp_path):
    case = make_case(tmp_path / "c")
    added = case.add_bytes(b"not a picture", "x.jpg", "no image format is known")
    assert (added.outcome, added.reason) == ("quarantined", "no image format is known")
    assert case.photo_bytes(added.sha256) == b"not a picture"
    now = state(case)
    assert now.photos[added.sha256].quarantined == "no image format is known"
    assert now.unread("p") == ()


def test_names_are_kept_as_claimed(tmp_path):
    case = make_case(tmp_path / "c")
    added = case.add_bytes(b"x", "../../etc/passwd\x00.jpg")
    assert state(case).photos[added.sha256].name == "../../etc/passwd\x00.jpg"
    assert sorted(p.name for p in (tmp_path / "c").iterdir()) == [
        "case.toml",
        "ledger.sqlite",
        "official",
        "originals",
    ]


def test_a_photo_from_a_path(tmp_path):
    case = make_case(tmp_path / "c")
    (tmp_path / "a.jpg").write_bytes(b"a")
    assert case.add_photo(tmp_path / "a.jpg").name == "a.jpg"
    with pytest.raises(UsageError):
        case.add_photo(tmp_path / "none.jpg")


def test_a_full_disk_leaves_no_event(tmp_path, monkeypatch):
    case = make_case(tmp_path / "c")
    real = os.fsync

    def full_disk(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(CaseError, match="disk is full"):
        case.add_bytes(b"photo", "a.jpg")
    monkeypatch.setattr(os, "fsync", real)
    assert state(case).photos == {}
    assert case.add_bytes(b"photo", "a.jpg").outcome == "new"


def test_bytes_stored_before_a_crash_are_new_when_added_again(tmp_path):
    case = make_case(tmp_path / "c")
    case.originals.put(io.BytesIO(b"photo"))  # killed before the event was written
    assert case.add_bytes(b"photo", "a.jpg").outcome == "new"


def test_readings_need_their_photo(tmp_path):
    case = make_case(tmp_path / "c")
    one = page(1, full([10, 20]))
    with pytest.raises(CaseError, match="no photo"):
        case.record_pages(one.sha256, [one], "p")
    added = case.add_bytes(b"x", "x.jpg")
    with pytest.raises(CaseError, match="other bytes"):
        case.record_pages(added.sha256, [one], "p")


def test_reading_can_be_resumed_by_pipeline_version(tmp_path):
    case = make_case(tmp_path / "c")
    done = put(case, page(1, full([10, 20])))
    waiting = case.add_bytes(b"x", "x.jpg").sha256
    now = state(case)
    assert now.unread("test 1") == (waiting,)
    assert now.unread("test 2") == (done, waiting)


ADDER = """
import sys
from pathlib import Path
from tally.case import open_case
case = open_case(Path(sys.argv[1]))
for number in range(10**6):
    print(case.add_bytes(b"photo %d" % number * 5000, f"{number}.jpg").sha256, flush=True)
"""


@pytest.mark.slow
def test_a_killed_intake_keeps_every_photo_that_it_acknowledged(tmp_path):
    case = make_case(tmp_path / "c")
    adder = subprocess.Popen(
        [sys.executable, "-c", ADDER, str(case.path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    try:
        first = adder.stdout.readline().strip()
        time.sleep(0.3)
    finally:
        adder.kill()
        acknowledged = {*adder.communicate()[0].split()}
    acknowledged.add(first)
    photos = state(case).photos
    assert acknowledged <= set(photos)
    for sha256 in photos:
        case.photo_bytes(sha256)
    case.ledger.verify()


def test_a_folder_name_with_signs_that_mean_something_in_an_address(tmp_path):
    case = make_case(tmp_path / "Округ №27 ?a=b#c%20")
    case.add_bytes(b"x", "x.jpg")
    assert len(state(open_case(case.path)).photos) == 1
