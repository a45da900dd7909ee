"""Whatever is changed in a case is found and named, and nothing else is."""

from __future__ import annotations

import io
import random
import sqlite3
from pathlib import Path

import pytest

from tally.case import Case, create_case, open_case
from tally.checkpoint import compare, leaf, make_checkpoint, parse_checkpoint, read_checkpoint
from tally.custody import check_case
from tally.errors import CaseError, TableError
from tally.ledger import canonical, chain_hash
from tally.ledger_sqlite import GUARDS
from tally.official_adding import add_official

OFFICIAL = "district,candidate,votes\n27,altaev,100\n"


@pytest.fixture
def case(tmp_path: Path) -> Case:
    made = create_case(tmp_path / "case", "kz-2023-majilis", [27], actor="user:test", note="сот үшін")
    for number in range(4):
        made.add_bytes(b"photo %d " % number * 40, f"{number}.jpg")
    made.add_bytes(b"photo 0 " * 40, "again.jpg")
    (tmp_path / "o.csv").write_text(OFFICIAL, "utf-8")
    add_official(made, tmp_path / "o.csv", "https://example.org", "2023-03-21")
    return made


def found_in(case: Case) -> list[tuple[str, str]]:
    return [(one.what, one.subject) for one in check_case(case).problems]


def rewrite(case: Case, *statements: str) -> None:
    conn = sqlite3.connect(case.ledger.path, isolation_level=None)
    for name in GUARDS:
        conn.execute(f"DROP TRIGGER IF EXISTS {name}")
    for statement in statements:
        conn.execute(statement)
    for sql in GUARDS.values():
        conn.execute(sql)
    conn.close()


def flip(path: Path, offset: int, bit: int) -> None:
    path.chmod(0o644)
    data = bytearray(path.read_bytes())
    data[offset] ^= 1 << bit
    path.write_bytes(bytes(data))


def test_an_untouched_case_is_suspected(case: Case) -> None:
    checked = check_case(case)

    assert checked.problems == []
    assert checked.unnamed == []
    assert (checked.events, checked.originals, checked.official) == (7, 4, 1)
    assert checked.head == case.ledger.head()[1]
    assert checked.size == sum(len(p.read_bytes()) for p in case.path.glob("o*/**/*") if p.is_file())


def test_one_flipped_bit_anywhere_in_an_original_or_an_official_table(case: Case) -> None:
    files = [path for path in case.path.glob("o*/**/*") if path.is_file()]
    rng = random.Random(1)
    for path in files:
        before = path.read_bytes()
        for offset in {0, len(before) - 1, rng.randrange(len(before))}:
            flip(path, offset, rng.randrange(8))
            what = "official" if path.parent.name == "official" else "original"
            assert found_in(case) == [(what, str(path.relative_to(case.path)))]
            path.write_bytes(before)
    assert found_in(case) == []


def test_one_flipped_bit_anywhere_in_an_event(case: Case) -> None:
    """Every byte of every stored value, one bit each: the event is named, and only it."""
    path = case.ledger.path
    pristine = path.read_bytes()
    rng = random.Random(2)
    for event in case.ledger.events():
        values = [canonical(event.body), event.hash, event.prev_hash, event.kind, event.time_utc, event.actor]
        row = "".join((event.time_utc, event.local_offset, event.actor, event.kind, canonical(event.body)))
        start = pristine.index((row + event.prev_hash + event.hash).encode())
        for value in values:
            begin = pristine.index(value.encode(), start)
            for offset in rng.sample(range(len(value)), min(3, len(value))):
                flip(path, begin + offset, rng.randrange(8))
                named = [subject for what, subject in found_in(case) if what == "event"]
                assert named == [str(event.seq)], (event.seq, value, offset)
                path.write_bytes(pristine)
    assert found_in(case) == []


def test_one_flipped_bit_anywhere_in_the_file_of_the_ledger_ends_in_a_traceback_or_passes(case: Case) -> None:
    """Not every byte of the file holds an event; but what no check names must not have changed any event."""
    path = case.ledger.path
    pristine, before = path.read_bytes(), [event.to_dict() for event in case.ledger.events()]
    rng = random.Random(3)
    for _ in range(60):
        flip(path, rng.randrange(len(pristine)), rng.randrange(8))
        if not found_in(case):
            assert [event.to_dict() for event in case.ledger.events()] == before
        path.write_bytes(pristine)


def test_every_problem_is_listed_and_none_hides_another(case: Case) -> None:
    first, *_, last = sorted(path for path in (case.path / "originals").rglob("*") if path.is_file())
    flip(first, 5, 3)
    last.unlink()
    rewrite(case, "UPDATE event SET actor='x' WHERE seq=2", "DELETE FROM event WHERE seq=4")

    found = found_in(case)
    assert ("event", "2") in found
    assert ("order", "4") in found
    assert {what for what, _ in found} == {"event", "order", "original"}
    assert len([subject for what, subject in found if what == "original"]) == 2


def test_a_rewritten_event_with_a_fresh_hash_breaks_the_chain_after_it(case: Case) -> None:
    event = list(case.ledger.events())[2]
    core = event.core() | {"actor": "user:other"}
    fresh = chain_hash(event.prev_hash, core)
    rewrite(case, f"UPDATE event SET actor='user:other', hash='{fresh}' WHERE seq=3")

    assert found_in(case) == [("order", "4")]


def test_a_guard_that_was_taken_away(case: Case) -> None:
    conn = sqlite3.connect(case.ledger.path)
    conn.execute("DROP TRIGGER event_no_delete")
    conn.close()

    assert found_in(case) == [("guard", "event_no_delete")]


def test_a_case_that_says_it_is_about_another_election(case: Case) -> None:
    text = (case.path / "case.toml").read_text("utf-8").replace("[27]", "[4]")
    (case.path / "case.toml").write_text(text, "utf-8")

    assert found_in(open_case(case.path)) == [("settings", "case.toml")]


def test_a_file_that_a_crash_left_without_an_event_is_told_but_no_problem(case: Case) -> None:
    stored = case.originals.put(io.BytesIO(b"never recorded"))
    checked = check_case(case)

    assert checked.problems == []
    assert checked.unnamed == [f"originals/{stored.sha256[:2]}/{stored.sha256}"]


def test_a_later_ledger_extends_the_checkpoint(case: Case) -> None:
    made = make_checkpoint(case)
    case.add_bytes(b"later", "later.jpg")
    found = compare(case, parse_checkpoint(f"from the lawyer:\r\n> hi\r\n{made.text()}\n— signed\n"))

    assert found.extends
    assert (found.earlier.size, found.now.size) == (7, 9)
    assert next(case.ledger.events("checkpoint")).body["root"] == made.to_dict()["root"]


@pytest.mark.parametrize("seq", [1, 3, 7])
def test_a_rewritten_history_with_a_valid_chain_does_not_extend_the_checkpoint(case: Case, seq: int) -> None:
    made = make_checkpoint(case)
    statements, head = [], "0" * 64
    for event in case.ledger.events():  # what somebody with an editor and patience would do
        core = event.core() | ({"time_utc": "2020-01-01T00:00:00Z"} if event.seq == seq else {})
        digest = chain_hash(head, core)
        new = f"time_utc='{core['time_utc']}', prev_hash='{head}', hash='{digest}'"
        statements.append(f"UPDATE event SET {new} WHERE seq={event.seq}")
        head = digest
    rewrite(case, *statements)

    assert found_in(case) == []  # the chain alone cannot tell
    assert compare(case, made).reason == ("other_ledger" if seq == 1 else "events_changed")


def test_a_cut_tail_does_not_extend_the_checkpoint(case: Case) -> None:
    made = make_checkpoint(case)
    rewrite(case, "DELETE FROM event WHERE seq > 5")

    assert found_in(case) == []  # what is not there breaks no chain
    assert compare(case, made).reason == "events_missing"


def test_a_checkpoint_is_not_made_of_a_broken_chain(case: Case) -> None:
    rewrite(case, "UPDATE event SET actor='x' WHERE seq=2")
    with pytest.raises(CaseError, match="event 2"):
        make_checkpoint(case)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no line begins"),
        ("hattama/ledger/ab\n3\n", "cut off"),
        ("hattama/ledger/ab\n03\nAAAA\n", "not a number"),
        ("hattama/ledger/ab\n3\n!!!!\n", "not base64"),
        ("hattama/ledger/ab\n3\nAAAA\n", "32 bytes"),
    ],
)
def test_a_text_that_is_no_checkpoint(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "c.txt").write_text(text, "utf-8")
    with pytest.raises(TableError, match=said):
        read_checkpoint(tmp_path / "c.txt")


def test_a_leaf_is_one_line_of_the_exported_ledger(case: Case) -> None:
    event = next(case.ledger.events())
    assert leaf(event) == canonical(event.to_dict()).encode()
