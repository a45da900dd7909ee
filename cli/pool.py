"""Run one function over many files in worker processes, and survive what files do to programs.

Rules:
* results come in the order of the tasks;
* an exception belongs to its task; the batch goes on;
* each worker has one file at a time: one that hangs, takes all memory or crashes a native library costs that
  file alone, with a message of its own, and is replaced by a fresh worker;
* Ctrl-C reaches the parent alone, which stops handing out work;
* when the parent is killed, its workers leave by themselves.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar

from cli.worker import Limits, Worker

__all__ = ["READ_LIMITS", "Limits", "default_jobs", "run_all", "run_guarded"]

T = TypeVar("T")
R = TypeVar("R")

READ_LIMITS = Limits(seconds=300.0, memory_mb=4096)
"""For reading one file. A page takes about a second and 250 MB; a PDF may have many pages."""


def default_jobs() -> int:
    """One worker per CPU core that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_guarded(function: Callable[[T], R], task: T, limits: Limits = READ_LIMITS) -> R:
    """Run ``function(task)`` once in a process of its own, within limits of time and memory.

    ``function`` must be importable by name; task and result must be picklable. For many files use
    :func:`run_all` with ``limits``: its workers are started once.

    Raises:
        ReaderStopped: the process hung, took too much memory or crashed.
        Exception: whatever ``function`` raised.
    """
    ((_, result),) = run_all(function, [task], 1, limits)
    if isinstance(result, Exception):
        raise result
    return result


def run_all(
    function: Callable[[T], R], tasks: Sequence[T], jobs: int, limits: Limits | None = None
) -> Iterator[tuple[T, R | Exception]]:
    """Yield ``(task, result or exception)`` in order. ``function`` must be importable by name.

    With one task, or one job, and no ``limits`` everything runs in this process: no start-up cost and no
    protection. A file that breaks its limits or its worker gives :class:`tally.errors.ReaderStopped`.
    """
    if limits is None and (jobs <= 1 or len(tasks) <= 1):
        for task in tasks:
            yield task, _attempt(function, task)
        return
    if tasks:
        with _Pool(function, min(jobs, len(tasks)), limits or READ_LIMITS) as pool:
            yield from pool.run(tasks)


def _attempt(function: Callable[[T], R], task: T) -> R | Exception:
    try:
        return function(task)
    except Exception as error:  # noqa: BLE001 - the caller decides what an exception means for its file
        return error


class _Pool(Generic[T, R]):
    """Workers with one task each; the parent knows at every moment which file is whose."""

    def __init__(self, function: Callable[[T], R], jobs: int, limits: Limits) -> None:
        self.function = function
        self.limits = limits
        self.workers = [Worker(function, limits) for _ in range(max(1, jobs))]

    def __enter__(self) -> _Pool[T, R]:
        return self

    def __exit__(self, *_: object) -> None:
        # Also when interrupted, or when nobody wants the rest: a person does not wait for files under way.
        for worker in self.workers:
            worker.stop()

    def run(self, tasks: Sequence[T]) -> Iterator[tuple[T, R | Exception]]:
        waiting = iter(enumerate(tasks))
        done: dict[int, R | Exception] = {}
        shown = 0
        self._hand_out(waiting)
        while shown < len(tasks):
            done.update(self._collect())
            # New work first: the caller may take its time with what it gets.
            self._hand_out(waiting)
            while shown in done:
                yield tasks[shown], done.pop(shown)
                shown += 1

    def _hand_out(self, waiting: Iterator[tuple[int, T]]) -> None:
        for place, worker in enumerate(self.workers):
            if worker.task is None and (following := next(waiting, None)) is not None:
                ready = worker if worker.alive else self._replace(place)
                ready.give(*following)

    def _replace(self, place: int) -> Worker:
        self.workers[place].stop()
        self.workers[place] = Worker(self.function, self.limits)
        return self.workers[place]

    def _collect(self) -> Iterator[tuple[int, R | Exception]]:
        """What the busy workers finished or broke; waits until there is something."""
        busy = [worker for worker in self.workers if worker.task is not None]
        Worker.wait(busy)
        now = time.monotonic()
        for worker in self.workers:
            if worker.task is None:
                continue
            outcome = worker.outcome(now)
            if outcome is not None:
                index = worker.task
                worker.task = None
                yield index, outcome.value
                if outcome.broken:
                    worker.end()  # replaced as soon as there is work for its place
