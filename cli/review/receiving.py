"""From a complete upload to a receipt and a reading: kept, looked at and read in workers, nothing in the server."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import cache
from typing import Any

from cli.intake.look import Looked, LookTask, look_at, why
from cli.intake.take import LOOK_LIMITS, Taken, receive_looked
from cli.pool import READ_LIMITS
from cli.reading import pipeline_version, record_one, unread
from cli.review.incoming import Incoming, Upload
from cli.review.stations import Station
from cli.scanning import PageLine, ScanTask, read_one, unreadable
from tally import merkle
from tally.case import Case
from tally.checkpoint import ORIGIN, Checkpoint, leaf
from tally.errors import HattamaError
from tally.model import PageReading
from tally.state import CaseState


@cache
def _step_back() -> None:
    """Let others go first: people wait for pages, nobody looks at the clock of a reading."""
    if hasattr(os, "nice"):
        os.nice(10)


def read_behind(task: ScanTask) -> list[PageReading]:
    """Worker: :func:`cli.scanning.read_one` with the priority of work that nobody waits for."""
    _step_back()
    return read_one(task)


class Receiver:
    """Takes uploads in and has them read, one after another, in the background."""

    def __init__(self, case: Case, moment: Callable[[], AbstractContextManager[CaseState]]) -> None:
        self.case = case
        self._moment = moment
        self.incoming = Incoming(case.path / "incoming")
        self.looking: Station[LookTask, Looked] = Station(look_at, LOOK_LIMITS)
        self.reading: Station[ScanTask, list[PageReading]] = Station(read_behind, READ_LIMITS)
        self._leaves: list[bytes] = []
        self._origin = ""
        self._lock = threading.Lock()
        self._work = threading.Event()
        self._stopped = False
        self._thread: threading.Thread | None = None

    def finish(self, upload: Upload) -> tuple[Taken, dict[str, Any]]:
        """Keep the file, say so in the ledger, and give a receipt."""
        with self.incoming.part(upload.id).open("rb") as part:
            stored = self.case.originals.put(part)
        path = self.case.originals.path_of(stored.sha256)
        try:
            looked = self.looking.run(LookTask(path, upload.name))
        except HattamaError as error:
            looked = Looked(reason=why(error))
        claims: dict[str, Any] = {"channel": "upload"}
        if upload.precinct is not None:
            claims["caption"] = f"участок {upload.precinct}"
        person = replace(self.case, actor=f"person:{upload.person}")
        with self._lock:
            taken = receive_looked(person, stored, upload.name, looked, claims)
            receipt = self._receipt(taken)
        self.incoming.forget(upload)
        self._work.set()
        return taken, receipt

    def start(self) -> None:
        """Read what is unread, now and whenever something comes."""
        self._thread = threading.Thread(target=self._run, name="hattama-reading", daemon=True)
        self._thread.start()
        self._work.set()

    def stop(self) -> None:
        """End the workers."""
        self._stopped = True
        self._work.set()
        self.looking.stop()
        self.reading.stop()

    def read_waiting(self) -> int:
        """Read everything that this pipeline has not read; returns how many files."""
        done = 0
        pipeline_version()  # loads libraries the first time; nobody may wait for that
        with self._moment() as known:
            waiting = unread(self.case, known)
        for task in waiting:
            if self._stopped:
                break
            try:
                lines = [PageLine(page) for page in self.reading.run(task)]
            except Exception as error:  # noqa: BLE001 - what goes wrong with a file is a line about that file
                lines = [unreadable(task, error)]
            record_one(self.case, task, lines)
            done += 1
        return done

    def _run(self) -> None:
        while not self._stopped:
            self._work.wait()
            self._work.clear()
            if not self._stopped:
                self.read_waiting()

    def _receipt(self, taken: Taken) -> dict[str, Any]:
        """What the sender keeps: with it and the ledger anybody can see later that this file was there."""
        new = list(self.case.ledger.events(after=len(self._leaves)))
        if not self._leaves and new:
            self._origin = ORIGIN + new[0].hash[:16]
        self._leaves += [merkle.leaf_hash(leaf(event)) for event in new]
        mine = max(e.seq for e in new if e.kind == "received" and e.body["sha256"] == taken.sha256)
        checkpoint = Checkpoint(self._origin, len(self._leaves), merkle.root(self._leaves))
        proof = merkle.inclusion_proof(self._leaves, mine - 1)
        event = next(e for e in new if e.seq == mine)
        return {
            "sha256": taken.sha256,
            "outcome": taken.outcome,
            "time_utc": event.time_utc,
            "event": mine,
            "event_hash": event.hash,
            "checkpoint": checkpoint.text(),
            "proof": [node.hex() for node in proof],
        }
