"""Workers that stay: pictures, looks and readings are made in processes with limits, never in the server itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

from cli.pool import Limits
from cli.worker import Outcome, Worker
from tally.errors import ReaderStopped

T = TypeVar("T")
R = TypeVar("R")


class Station(Generic[T, R]):
    """One worker process for one function; started at first use, replaced when a file broke it."""

    def __init__(self, function: Callable[[T], R], limits: Limits) -> None:
        self.function, self.limits = function, limits
        self._turn = threading.Condition()
        self._busy = False
        self._urgent = 0
        """How many wait whom somebody waits for."""
        self._closed = False
        self._worker: Worker | None = None

    def run(self, task: T, *, patient: bool = False) -> R:
        """The result; one task at a time, patient ones after all others.

        Raises what ``function`` raised, or ``ReaderStopped``.
        """
        with self._taken(patient=patient):
            if self._closed:
                raise ReaderStopped("The page is being closed.")
            outcome = self._outcome(task)
        if isinstance(outcome.value, Exception):
            raise outcome.value
        result: R = outcome.value
        return result

    def stop(self) -> None:
        """End the worker."""
        with self._taken(patient=False):
            self._closed = True
            self._leave()

    @contextmanager
    def _taken(self, *, patient: bool) -> Iterator[None]:
        with self._turn:
            self._urgent += not patient
            self._turn.wait_for(lambda: not self._busy and not (patient and self._urgent))
            self._busy = True
            self._urgent -= not patient
        try:
            yield
        finally:
            with self._turn:
                self._busy = False
                self._turn.notify_all()

    def _outcome(self, task: T) -> Outcome:
        if self._worker is None or not self._worker.alive:
            self._worker = Worker(self.function, self.limits)
        self._worker.give(0, task)
        while (outcome := self._worker.outcome(time.monotonic())) is None:
            Worker.wait([self._worker])
        self._worker.task = None
        if outcome.broken:
            self._leave()
        return outcome

    def _leave(self) -> None:
        if self._worker is not None:
            self._worker.stop()
            self._worker = None
