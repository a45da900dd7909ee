"""Worker processes: order is kept, one bad file costs one file, and a dead worker does not end the batch."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from cli.pool import Limits, default_jobs, run_all, run_guarded
from cli.reading import ATTEMPTS, READ_FAILED, read_all, unread
from tally.case import Case
from tally.errors import PhotoError, ReaderStopped
from tally.model import Status
from tally.state import state
from tests.cli.conftest import jpeg
from tests.cli.fakes import stubborn_read_one


def double_or_fail(number: int) -> int:
    """Worker of the tests."""
    if number == 3:
        raise ValueError("three")
    if number == 5:
        os._exit(9)  # what the kernel does to a process that takes all memory
    return 2 * number


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_exception_belongs_to_its_task(jobs: int) -> None:
    results = dict(run_all(double_or_fail, [1, 2, 3, 4], jobs))

    assert isinstance(results.pop(3), ValueError)
    assert results == {1: 2, 2: 4, 4: 8}


def test_a_worker_that_dies_costs_only_its_file() -> None:
    results = list(run_all(double_or_fail, [1, 2, 5, 4, 6], 2))

    assert [task for task, _ in results] == [1, 2, 5, 4, 6]
    died = dict(results)[5]
    assert isinstance(died, PhotoError)
    assert "died" in str(died)
    assert [result for task, result in results if task != 5] == [2, 4, 8, 12]


def test_a_worker_that_dies_while_the_next_file_is_handed_out_costs_only_its_file() -> None:
    results = list(run_all(double_or_fail, [5, 1, 2, 5, 4, 6, 8], 2))
    assert [task for task, _ in results] == [5, 1, 2, 5, 4, 6, 8]
    assert [result for task, result in results if task != 5] == [2, 4, 8, 12, 16]


TIGHT = Limits(seconds=2.0, memory_mb=1024)


def misbehave(how: str) -> str:
    """Worker of the tests: what hostile files make of decoders."""
    if how == "hang":
        time.sleep(600)
    if how == "child":
        subprocess.run([sys.executable, "-c", "import time; time.sleep(600)"], check=False)
    if how == "fat":
        return str(len(bytearray(8 * 2**30)))
    if how == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if how == "odd":
        raise Unportable(1, 2)
    return how.upper()


class Unportable(Exception):
    """Cannot be rebuilt from its arguments on the other side of a pipe."""

    def __init__(self, one: int, two: int) -> None:
        super().__init__(f"{one}{two}")


@pytest.mark.parametrize("jobs", [2])
def test_a_file_that_hangs_takes_memory_or_crashes_fails_alone(jobs: int) -> None:
    tasks = ["hang", "b", "fat", "c", "crash", "odd", "e"]
    began = time.monotonic()
    results = dict(run_all(misbehave, tasks, jobs, TIGHT))

    assert list(results) == tasks
    assert [results[task] for task in "bce"] == list("BCE")
    said = {task: str(results[task]) for task in ("hang", "fat", "crash", "odd")}
    assert "longer than 2 seconds" in said["hang"]
    assert "more than 1024 MB" in said["fat"]
    assert "SIGSEGV" in said["crash"]
    assert "Unportable: 12" in said["odd"]
    assert all(isinstance(results[task], ReaderStopped) for task in ("hang", "fat", "crash"))
    assert time.monotonic() - began < 60


def test_one_file_is_guarded_too() -> None:
    assert run_guarded(misbehave, "fine", TIGHT) == "FINE"
    with pytest.raises(ReaderStopped, match="SIGSEGV"):
        run_guarded(misbehave, "crash", TIGHT)


def test_a_program_that_a_hanging_file_started_runs_on() -> None:
    with pytest.raises(ReaderStopped, match="longer than"):
        run_guarded(misbehave, "child", Limits(1.5, 1024))
    running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert "import time; time.sleep(600)" not in running


def test_a_stubborn_photo_is_tried_again_and_then_waits_for_a_person(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.scanning.read_one", stubborn_read_one)
    monkeypatch.setattr("cli.reading.pipeline_version", lambda: "fake")
    monkeypatch.setattr("cli.reading.READ_LIMITS", Limits(2.0, 1024))
    names = ("hang.jpg", "p1.jpg")
    for grey, name in enumerate(names):
        case.add_bytes(jpeg(30 * grey + 20), name)

    first = {one.name: one for one in read_all(case, unread(case), 2)}
    assert [name for name in names if first[name].recorded] == ["p1.jpg"]
    assert [task.name for task in unread(case)] == ["hang.jpg"]

    (second,) = read_all(case, unread(case), 2)
    assert second.recorded
    assert unread(case) == []
    assert len(list(case.ledger.events(READ_FAILED))) == ATTEMPTS
    pages = {page.file: page for page in state(case).pages()}
    assert pages["hang.jpg"].status is Status.UNREADABLE
    assert "longer than" in pages["hang.jpg"].reasons[0]


def test_a_newer_version_reads_again_and_keeps_the_old_reading(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.scanning.read_one", stubborn_read_one)
    monkeypatch.setattr("cli.reading.READ_LIMITS", None)
    added = case.add_bytes(jpeg(20), "p1.jpg")
    for version in ("1", "2", "2"):
        monkeypatch.setattr("cli.reading.pipeline_version", lambda version=version: version)
        list(read_all(case, unread(case), 1))

    assert list(state(case).readings[added.sha256]) == ["1", "2"]


def test_nothing_to_do_starts_nothing() -> None:
    function: Callable[[int], int] = double_or_fail

    assert list(run_all(function, [], 8)) == []
    assert default_jobs() >= 1


def slow(number: int) -> int:
    """Worker that would keep a person waiting."""
    time.sleep(0 if number == 1 else 60)
    return number


def test_a_person_who_stops_the_batch_does_not_wait_for_it() -> None:
    began = time.monotonic()

    results = run_all(slow, [1, 2, 3, 4, 5, 6], 2)
    first = next(results)
    results.close()  # type: ignore[attr-defined]

    assert first == (1, 1)
    assert time.monotonic() - began < 30
