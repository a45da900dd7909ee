"""What is kept in memory of a ledger never hides what is in the file."""

from __future__ import annotations

import os
import threading
import time

import pytest

from tally.errors import CaseError
from tally.ledger import Ledger

ASKED = "tally.ledger.Ledger._connection"


@pytest.fixture
def ledger(tmp_path) -> Ledger:
    made = Ledger.create(tmp_path / "ledger.sqlite")
    made.append("first", {"n": 1}, actor="a")
    return made


def numbers(ledger: Ledger, after: int = 1) -> list[int]:
    return [event.seq for event in ledger.events(after=after)]


def settle(ledger: Ledger) -> None:
    """Let the clock of the file system move on, and look once more."""
    time.sleep(0.03)
    numbers(ledger)


def test_what_another_program_writes_is_seen_at_once(ledger):
    other = Ledger.open(ledger.path)
    for number in range(2, 30):
        (other if number % 3 else ledger).append("more", {"n": number}, actor="b")
        assert numbers(ledger) == list(range(2, number + 1))
        assert ledger.last() == number
        if number % 5 == 0:
            settle(ledger)
            assert ledger.last() == number


def test_a_second_change_within_one_tick_of_the_clock_is_seen(ledger):
    settle(ledger)
    other = Ledger.open(ledger.path)
    other.append("seen", {}, actor="b")
    now = time.time_ns()
    os.utime(ledger.path, ns=(now, now))
    assert numbers(ledger) == [2]
    other.append("silent", {}, actor="b")
    os.utime(ledger.path, ns=(now, now))
    assert numbers(ledger) == [2, 3]


def test_an_unchanged_file_is_not_opened_again(ledger, monkeypatch):
    settle(ledger)

    def opened(self):
        raise AssertionError("the file was opened")

    monkeypatch.setattr(ASKED.rpartition(".")[0] + "._connection", opened)
    assert ledger.last() == 1
    assert numbers(ledger) == []


def test_events_from_memory_are_those_of_the_file(ledger):
    ledger.append_all([("one", {"list": (1, 2), "text": "Қ"}), ("two", {})], actor="a")
    from_memory = list(ledger.events(after=1))
    assert from_memory == list(Ledger.open(ledger.path).events(after=1))
    assert [event.kind for event in ledger.events("two", after=1)] == ["two"]


def test_a_changed_event_is_found_although_it_is_in_memory(ledger):
    import sqlite3

    ledger.append("second", {"n": 2}, actor="a")
    with sqlite3.connect(ledger.path) as file:
        file.execute("DROP TRIGGER event_no_update")
        file.execute("UPDATE event SET actor='x' WHERE seq=2")
    file.close()
    with pytest.raises(CaseError, match="event 2"):
        ledger.verify()


def test_readers_do_not_wait_while_this_program_writes(ledger, monkeypatch):
    from tally import ledger as module

    settle(ledger)
    writing, go_on = threading.Event(), threading.Event()
    link = module._link

    def slowly(*args):
        writing.set()
        assert go_on.wait(20)
        return link(*args)

    monkeypatch.setattr(module, "_link", slowly)
    writer = threading.Thread(target=ledger.append, args=("more", {}), kwargs={"actor": "a"})
    writer.start()
    assert writing.wait(20)
    monkeypatch.setattr(ASKED, lambda self: pytest.fail("the file was opened"))
    assert numbers(ledger) == []
    monkeypatch.undo()
    go_on.set()
    writer.join()
    assert numbers(ledger) == [2]


def test_a_write_that_failed_leaves_no_event_behind(ledger, monkeypatch):
    with pytest.raises(TypeError):
        ledger.append("bad", {"x": object()}, actor="a")
    ledger.append("good", {}, actor="a")
    assert [event.kind for event in ledger.events(after=1)] == ["good"]
