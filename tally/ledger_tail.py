"""The last events of a ledger in memory, for whoever looks at it a hundred times a second.

A look at the file costs half a millisecond, and while somebody writes it waits for the disk. So what this object
wrote or read last is kept, and trusted only while it is certain that nothing can have been added:

* the file has the same time, size and number as when it was read, and was not written shortly before that reading
  (the clock of a file system ticks a few times in a hundredth of a second, so a second change may not show);
* or this object is writing: then it holds the lock, and nobody else can be.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from tally.ledger import Event

_KEPT = 64
_TICK_NS = 20_000_000
"""Longer than the clock of a file system takes from one tick to the next."""
_COARSE_NS = 1_000_000_000
"""Memory sticks count in whole seconds: a time without a fraction tells too little."""

Stamp: TypeAlias = tuple[int, int, int]
"""Time of the last change in ns, bytes, number of the file."""


class Tail:
    """The last events, without gaps."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._events: deque[Event] = deque(maxlen=_KEPT)
        self._last: int | None = None
        self._stamp: Stamp | None = None
        self._writing = False

    def after(self, seq: int) -> tuple[Event, ...] | None:
        """The events after number ``seq``; ``None`` if only the file can tell."""
        with self._lock:
            if self._last is None or seq < self._last - len(self._events):
                return None
            if not self._writing and (self._stamp is None or self._stamp != stamp_of(self._path)):
                return None
            return tuple(event for event in self._events if event.seq > seq)

    @property
    def last(self) -> int | None:
        """Number of the last event that is known here; there may be later ones."""
        return self._last

    def was_read(self, after: int, events: Sequence[Event], stamp: Stamp | None) -> None:
        """All events after number ``after`` were read; ``stamp`` is from before that."""
        head = events[-1].seq if events else after
        with self._lock:
            if self._writing or (self._last is not None and head < self._last):
                return
            self._extend(after, events, head)
            self._stamp = stamp if stamp and _tells(stamp) else None

    def begin(self, head: int) -> None:
        """This object holds the right to write, and ``head`` is the last event."""
        with self._lock:
            self._writing = head == self._last

    def end(self, events: Sequence[Event]) -> None:
        """Writing is over; ``events`` were added, or nothing."""
        with self._lock:
            self._writing = False
            self._stamp = None  # another program may have written since: the file has to be asked once
            if events:
                self._extend(events[0].seq - 1, events, events[-1].seq)

    def _extend(self, after: int, events: Sequence[Event], head: int) -> None:
        if self._last is None or after > self._last:
            self._events.clear()
            self._last = after
        self._events.extend(event for event in events if event.seq > (self._last or 0))
        self._last = max(head, self._last)


def _tells(stamp: Stamp) -> bool:
    """True if a later change is sure to give another stamp."""
    return time.time_ns() - stamp[0] > _TICK_NS and stamp[0] % _COARSE_NS != 0


def stamp_of(path: Path) -> Stamp | None:
    """What tells that a file was changed; ``None`` if it is not there."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino
