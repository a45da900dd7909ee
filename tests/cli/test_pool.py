"""Worker processes: order is kept, one bad file costs one file, and a dead worker does not end the batch."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import pytest

from cli.pool import default_jobs, run_all
from tally.errors import PhotoError


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
    for _ in range(3):  # the pool may break before, while or after the last task is handed out
        results = list(run_all(double_or_fail, [5, 1, 2, 5, 4, 6, 8], 2))
        assert [task for task, _ in results] == [5, 1, 2, 5, 4, 6, 8]
        assert [result for task, result in results if task != 5] == [2, 4, 8, 12, 16]


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
