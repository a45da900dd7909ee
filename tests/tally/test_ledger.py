from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tally import ledger as ledger_module
from tally.errors import CaseError
from tally.ledger import GENESIS, Ledger, canonical, chain_hash, verify_chain

ROOT = Path(__file__).parents[2]


@pytest.fixture
def book(tmp_path: Path) -> Ledger:
    return Ledger.create(tmp_path / "ledger.sqlite")


def raw(book: Ledger) -> sqlite3.Connection:
    return sqlite3.connect(book.path, isolation_level=None)


def test_an_empty_ledger_has_the_genesis_head(book):
    assert book.head() == (0, GENESIS)
    assert book.verify() == (0, GENESIS)


def test_events_come_back_as_written_and_chained(book):
    one = book.append("received", {"name": "Фото №1.jpg", "size": 3}, actor="observer")
    two = book.append("read", {"value": 0.1}, actor="observer")
    assert list(book.events()) == [one, two]
    assert one.prev_hash == GENESIS
    assert two.prev_hash == one.hash == chain_hash(GENESIS, one.core())
    assert book.verify() == (2, two.hash)
    assert [event.kind for event in book.events("read")] == ["read"]


def test_file_names_that_are_not_text_survive(book):
    name = b"IMG\xff\xfe.jpg".decode("utf-8", "surrogateescape")
    book.append("received", {"name": name}, actor=name)
    assert next(book.events()).body["name"] == name
    book.verify()


def test_several_events_are_written_all_or_none(book):
    with pytest.raises(ValueError, match="not JSON compliant"):
        book.append_all([("read", {"n": 1}), ("read", {"n": float("nan")})], actor="x")
    assert book.head() == (0, GENESIS)
    assert len(book.append_all([("read", {"n": 1}), ("read", {"n": 2})], actor="x")) == 2


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE event SET body='{}' WHERE seq=1",
        "DELETE FROM event WHERE seq=1",
        "INSERT OR REPLACE INTO event SELECT seq,time_utc,'',actor,kind,'{}',prev_hash,'x' FROM event",
        "INSERT INTO event VALUES (9,'','','','','{}','','y')",
        "INSERT INTO event VALUES (3,'','','','','{}','wrong','z')",
    ],
)
def test_the_database_itself_refuses_to_change_history(book, attack):
    book.append_all([("a", {}), ("b", {})], actor="x")
    conn = raw(book)
    with pytest.raises(sqlite3.DatabaseError, match="append-only"):
        conn.execute(attack)
    conn.close()
    book.verify()


@pytest.mark.parametrize(
    "attack",
    [
        """UPDATE event SET body='{"n":9}' WHERE seq=2""",
        "UPDATE event SET actor='other' WHERE seq=1",
        "UPDATE event SET time_utc='2020-01-01T00:00:00Z' WHERE seq=3",
        "DELETE FROM event WHERE seq=2",
        "UPDATE event SET hash='0' WHERE seq=3",
    ],
)
def test_a_change_behind_the_triggers_is_found_by_verify(book, attack):
    book.append_all([("a", {"n": 1}), ("b", {"n": 2}), ("c", {"n": 3})], actor="x")
    conn = raw(book)
    for trigger in ("event_no_update", "event_no_delete"):
        conn.execute(f"DROP TRIGGER {trigger}")
    conn.execute(attack)
    conn.close()
    with pytest.raises(CaseError, match=r"event \d of the ledger is not what was written"):
        book.verify()


def test_the_chain_can_be_checked_without_the_database(book):
    book.append_all([("a", {}), ("b", {})], actor="x")
    assert verify_chain(book.events()) == book.head()


def test_canonical_json_is_ascii_sorted_and_tight():
    assert canonical({"b": "Қ", "a": [1, None]}) == '{"a":[1,null],"b":"\\u049a"}'


def test_a_second_writer_is_told_so(book, monkeypatch):
    monkeypatch.setattr(ledger_module, "WAIT_SECONDS", 0.05)
    other = raw(book)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(CaseError, match="another hattama is writing to this case"):
        Ledger.open(book.path).append("a", {}, actor="x")
    other.execute("ROLLBACK")
    other.close()
    assert Ledger.open(book.path).append("a", {}, actor="x").seq == 1


def test_reading_goes_on_while_another_writes(book):
    book.append("a", {}, actor="x")
    other = raw(book)
    other.execute("BEGIN IMMEDIATE")
    assert len(list(book.events())) == 1
    other.execute("ROLLBACK")
    other.close()


def test_a_missing_a_foreign_and_a_broken_file(tmp_path):
    with pytest.raises(CaseError, match="missing"):
        Ledger.open(tmp_path / "none.sqlite")
    (tmp_path / "empty.sqlite").touch()
    with pytest.raises(CaseError, match="not a ledger"):
        Ledger.open(tmp_path / "empty.sqlite")
    (tmp_path / "noise.sqlite").write_bytes(b"no database " * 500)
    with pytest.raises(CaseError, match="cannot be used"):
        Ledger.open(tmp_path / "noise.sqlite")
    with pytest.raises(CaseError, match="exists already"):
        Ledger.create(tmp_path / "noise.sqlite")


WRITER = """
import sys
import time
from pathlib import Path
from tally import ledger
ledger.WAIT_SECONDS = 60.0
book = ledger.Ledger.open(Path(sys.argv[1]))
number = 0
while True:
    number += 1
    book.append("n", {"writer": sys.argv[2], "number": number}, actor="w")
    print(number, flush=True)
    time.sleep(0.005)  # SQLite's lock is not fair; leave the other one a gap
"""


@pytest.mark.slow
def test_a_killed_writer_loses_nothing_that_it_acknowledged(book):
    acknowledged = set()
    for round_number in range(3):
        names = [f"{round_number}-{who}" for who in "ab"]
        writers = [start_writer(book, name) for name in names]
        try:
            assert all(writer.stdout.readline() == "1\n" for writer in writers)
            time.sleep(0.2)
        finally:
            for writer in writers:
                writer.kill()
            said = [writer.communicate()[0].split() for writer in writers]
        acknowledged |= {
            (name, int(n)) for name, lines in zip(names, said, strict=True) for n in ("1", *lines)
        }
    kept = {(event.body["writer"], event.body["number"]) for event in book.events()}
    assert acknowledged <= kept
    assert book.verify()[0] == len(kept)


def start_writer(book, name):
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(book.path), name],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
