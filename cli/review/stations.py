"""Workers that stay: pictures, looks and readings are made in processes with limits, never in the server itself."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from cli.pool import Limits
from cli.worker import Worker

T = TypeVar("T")
R = TypeVar("R")

_KEPT_BYTES = 48 * 2**20


class Station(Generic[T, R]):
    """One worker process for one function; started at first use, replaced when a file broke it."""

    def __init__(self, function: Callable[[T], R], limits: Limits) -> None:
        self.function, self.limits = function, limits
        self._lock = threading.Lock()
        self._worker: Worker | None = None

    def run(self, task: T) -> R:
        """The result; one task at a time. Raises what ``function`` raised, or ``ReaderStopped``."""
        with self._lock:
            if self._worker is None or not self._worker.alive:
                self._worker = Worker(self.function, self.limits)
            self._worker.give(0, task)
            while (outcome := self._worker.outcome(time.monotonic())) is None:
                Worker.wait([self._worker])
            self._worker.task = None
            if outcome.broken:
                self._worker.stop()
                self._worker = None
        if isinstance(outcome.value, Exception):
            raise outcome.value
        result: R = outcome.value
        return result

    def stop(self) -> None:
        """End the worker."""
        with self._lock:
            if self._worker is not None:
                self._worker.stop()
                self._worker = None


class Shelf:
    """Pictures made lately, in memory only, the oldest thrown away first."""

    def __init__(self, most_bytes: int = _KEPT_BYTES) -> None:
        self.most_bytes = most_bytes
        self._lock, self._making = threading.Lock(), threading.Lock()
        self._kept: OrderedDict[Any, Sequence[bytes]] = OrderedDict()
        self._size = 0

    def get(self, key: Any, make: Callable[[], Sequence[bytes]]) -> Sequence[bytes]:
        """The pictures of this key, made if they are not there, and only once if many ask at the same time."""
        found = self._found(key)
        if found is not None:
            return found
        with self._making:  # there is one worker, so that nobody waits for this without need
            found = self._found(key)
            return found if found is not None else self._keep(key, make())

    def _found(self, key: Any) -> Sequence[bytes] | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def _keep(self, key: Any, made: Sequence[bytes]) -> Sequence[bytes]:
        with self._lock:
            self._kept[key] = made
            self._size += sum(map(len, made))
            while self._size > self.most_bytes and self._kept:
                self._size -= sum(map(len, self._kept.popitem(last=False)[1]))
        return made
