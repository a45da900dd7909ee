"""Pictures of sheets, there before somebody asks: kept in memory and in a folder, made by one worker.

Whoever takes a sheet waits for its picture, and a reviewer who waits a second per sheet loses an hour in a night.
So the sheets that come next are cut while nobody waits; a sheet that is asked for all the same goes first.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from cli.review.pictures import LIMITS, View, render
from cli.review.shelves import Cabinet, Shelf
from cli.review.stations import Station
from tally.errors import HattamaError

AHEAD = 60
"""So many sheets are cut ahead: what twenty people type in some minutes."""
_LOOK_SECONDS = 1.0
"""How often it is looked whether other sheets come next."""


class Gallery:
    """Views of the pages of one case."""

    def __init__(self, folder: Path) -> None:
        self.worker: Station[View, list[bytes]] = Station(render, LIMITS)
        self._shelf, self._cabinet = Shelf(), Cabinet(folder)
        self._lock = threading.Lock()
        self._making: dict[str, threading.Lock] = {}
        self._stopped = threading.Event()
        self._hopeless: set[str] = set()
        """Views that could not be made; they are not tried again ahead of time."""

    def show(self, view: View) -> Sequence[bytes]:
        """The page and its cells. Raises ``PhotoError`` or ``ReaderStopped``."""
        key = view.key()
        found = self._find(key)
        if found is not None:
            return found
        with self._alone(key):  # a browser asks for twenty cells of a sheet at once
            return self._find(key) or self._make(key, view, patient=False)

    def run_ahead(self, coming: Callable[[], Iterable[View]]) -> None:
        """Keep making what comes next, in the background. ``coming`` gives views, the next first."""
        threading.Thread(target=self._ahead, args=(coming,), name="hattama-pictures", daemon=True).start()

    def stop(self) -> None:
        """End the worker."""
        self._stopped.set()
        self.worker.stop()

    def _ahead(self, coming: Callable[[], Iterable[View]]) -> None:
        while not self._stopped.is_set():
            with suppress(HattamaError):
                for view in coming():
                    self._make_ahead(view)
            self._stopped.wait(_LOOK_SECONDS)

    def _make_ahead(self, view: View) -> None:
        key = view.key()
        if self._stopped.is_set() or key in self._hopeless or key in self._cabinet:
            return
        if self._shelf.find(key) is None:  # where the folder takes nothing
            try:
                self._make(key, view, patient=True)
            except Exception:  # noqa: BLE001 - whoever asks for it hears why
                self._hopeless.add(key)

    def _make(self, key: str, view: View, *, patient: bool) -> Sequence[bytes]:
        made = self.worker.run(view, patient=patient)
        self._shelf.keep(key, made)
        self._cabinet.keep(key, made)
        return made

    def _find(self, key: str) -> Sequence[bytes] | None:
        found = self._shelf.find(key)
        if found is None and (found := self._cabinet.find(key)) is not None:
            self._shelf.keep(key, found)
        return found

    @contextmanager
    def _alone(self, key: str) -> Iterator[None]:
        with self._lock:
            mine = self._making.setdefault(key, threading.Lock())
        try:
            with mine:
                yield
        finally:
            with self._lock:
                self._making.pop(key, None)
