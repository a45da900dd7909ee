"""Run one function over many files in worker processes, and survive what files do to programs.

Rules:
* results come in the order of the tasks;
* an exception belongs to its task; the batch goes on;
* a worker that dies (out of memory, crash in a native library) costs only the file that killed it:
  the files that were in flight are run again, one at a time, to find out which;
* Ctrl-C reaches the parent alone, which stops handing out work;
* when the parent is killed, its workers leave by themselves.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from typing import Generic, TypeVar

from tally.errors import PhotoError

T = TypeVar("T")
R = TypeVar("R")

# Native libraries must not start threads of their own: one process per core already fills the machine.
_ONE_THREAD = ("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def default_jobs() -> int:
    """One worker per CPU core that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_all(function: Callable[[T], R], tasks: Sequence[T], jobs: int) -> Iterator[tuple[T, R | Exception]]:
    """Yield ``(task, result or exception)`` in order. ``function`` must be importable by name.

    With one job or one task everything runs in this process: no start-up cost.
    """
    if jobs <= 1 or len(tasks) <= 1:
        for task in tasks:
            yield task, _attempt(function, task)
        return
    with _Pool(function, min(jobs, len(tasks))) as pool:
        yield from pool.run(tasks)


def _attempt(function: Callable[[T], R], task: T) -> R | Exception:
    try:
        return function(task)
    except Exception as error:  # noqa: BLE001 - the caller decides what an exception means for its file
        return error


class _Pool(Generic[T, R]):
    """A process pool that is rebuilt after a worker died."""

    def __init__(self, function: Callable[[T], R], jobs: int) -> None:
        self.function = function
        self.jobs = jobs
        self.executor = _executor(jobs)

    def __enter__(self) -> _Pool[T, R]:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            # Interrupted, or nobody wants the rest: do not make a person wait for files that are being read.
            for worker in multiprocessing.active_children():
                worker.terminate()
        self.executor.shutdown(wait=True, cancel_futures=True)

    def run(self, tasks: Sequence[T]) -> Iterator[tuple[T, R | Exception]]:
        # Two tasks per worker in flight keep every core busy and the list of suspects short.
        waiting = list(reversed(tasks))
        flying: list[tuple[T, Future[R]]] = []
        while waiting or flying:
            self._hand_out(waiting, flying)
            if not flying:  # the pool broke between two tasks, with nothing under way that could tell
                self.executor = _executor(self.jobs)
                continue
            task, future = flying[0]
            try:
                result: R | Exception = future.result()
            except BrokenProcessPool:
                yield from self._one_by_one([t for t, _ in flying])
                flying, self.executor = [], _executor(self.jobs)
                continue
            except Exception as error:  # noqa: BLE001 - see _attempt
                result = error
            del flying[0]
            yield task, result

    def _hand_out(self, waiting: list[T], flying: list[tuple[T, Future[R]]]) -> None:
        while waiting and len(flying) < 2 * self.jobs:
            try:
                future = self.executor.submit(self.function, waiting[-1])
            except BrokenProcessPool:  # a worker died just now; the tasks in flight will say so
                return
            flying.append((waiting.pop(), future))

    def _one_by_one(self, suspects: Sequence[T]) -> Iterator[tuple[T, R | Exception]]:
        for task in suspects:
            executor = _executor(1)
            try:
                yield task, executor.submit(self.function, task).result()
            except BrokenProcessPool:
                yield (
                    task,
                    PhotoError(
                        "The reader process died on this file (memory, or a crash in a library).",
                        advice="Save the file as a normal JPEG, or photograph the sheet again.",
                    ),
                )
            except Exception as error:  # noqa: BLE001 - see _attempt
                yield task, error
            finally:
                executor.shutdown(wait=True, cancel_futures=True)


def _executor(jobs: int) -> ProcessPoolExecutor:
    for name in _ONE_THREAD:
        os.environ.setdefault(name, "1")
    # "spawn": a forked copy of a process that already runs image libraries can hang in their locks.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=_start_worker)


def _start_worker() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_leave_with, args=(parent.sentinel,), daemon=True).start()


def _leave_with(sentinel: int) -> None:
    # A worker holds both ends of its task queue, so it would wait for ever for a parent that was killed.
    wait([sentinel])
    os._exit(1)
