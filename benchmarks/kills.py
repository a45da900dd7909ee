"""Three writers race on one case and are killed with SIGKILL again and again: is anything lost that was promised?

One adds files, one records readings, one makes checkpoints, each in a process of its own. A writer says what it
has done only after the call that did it has returned. After every round all that was said must be in the case.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tally import ledger
from tally.case import Case, create_case, open_case
from tally.checkpoint import compare, make_checkpoint, parse_checkpoint
from tally.custody import check_case
from tally.model import PageReading, Status

ROOT = Path(__file__).resolve().parent.parent
ROLES = ("add", "read", "log")


@dataclass(slots=True)
class Report:
    """What a run of kills showed."""

    kills: int = 0
    acknowledged: int = 0
    """Acts that a writer had reported as done before it was killed."""
    events: int = 0
    lost: list[str] = field(default_factory=list)
    """Acknowledged acts that are not in the case: must stay empty."""
    problems: list[str] = field(default_factory=list)
    """What the check of the case found: must stay empty."""
    unnamed: int = 0
    """Files stored but not yet recorded when their writer was killed; never acknowledged."""


def run(folder: Path, kills: int, seed: int = 1, slice_seconds: float = 0.4) -> Report:
    """Kill writers until ``kills`` is reached, three racing at a time, at random moments."""
    case = create_case(folder, "kz-2023-majilis", [27], actor="user:kills")
    rng, report = random.Random(seed), Report()
    said: list[list[str]] = []
    while report.kills < kills:
        writers = [_start(folder, role, f"{report.kills}-{role}") for role in ROLES]
        try:
            for writer in writers:
                _must_start(writer)
            for writer in rng.sample(writers, len(writers)):
                time.sleep(rng.uniform(0, slice_seconds))
                writer.send_signal(signal.SIGKILL)
                report.kills += 1
        finally:
            for writer in writers:
                writer.kill()
            for role, writer in zip(ROLES, writers, strict=True):
                lines = writer.communicate()[0].splitlines(keepends=True)
                said += [
                    [role, line.strip()] for line in lines if line.endswith("\n") and line.strip() != "up"
                ]
    _compare(open_case(case.path), said, report)
    return report


def _start(folder: Path, role: str, name: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.kills", str(folder), role, name],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def _must_start(writer: subprocess.Popen[str]) -> None:
    if writer.stdout is None or writer.stdout.readline() != "up\n":
        raise RuntimeError("a writer did not start")


def _compare(case: Case, said: list[list[str]], report: Report) -> None:
    report.acknowledged = len(said)
    checked = check_case(case)
    report.events, report.unnamed = checked.events, len(checked.unnamed)
    report.problems = [f"{one.what} {one.subject}: {one.message}" for one in checked.problems]
    received = {event.body["sha256"] for event in case.ledger.events("received")}
    pipelines = {event.body["pipeline"] for event in case.ledger.events("read")}
    for role, what in said:
        if role == "add" and not (what in received and what in case.originals):
            report.lost.append(f"add {what}")
        if role == "read" and what not in pipelines:
            report.lost.append(f"read {what}")
        if role == "log" and not compare(case, parse_checkpoint(json.loads(what))).extends:
            report.lost.append(f"log {what}")


def _work(folder: Path, role: str, name: str) -> Iterator[str]:
    """One act after another; yields what was done."""
    ledger.WAIT_SECONDS = 60.0
    case = open_case(folder, actor=f"user:{name}")
    if role == "read":
        sha256 = case.add_bytes(b"a photo to read", "read.jpg").sha256
    yield "up"
    number = 0
    while True:
        number += 1
        if role == "add":
            data = f"{name} {number} ".encode() * 200
            case.add_bytes(data, f"{name}-{number}.jpg")
            yield hashlib.sha256(data).hexdigest()
        elif role == "read":
            page = PageReading("read.jpg", 1, sha256, None, 0.1, Status.NOT_A_PROTOCOL, reasons=("test",))
            case.record_pages(sha256, [page], f"{name}-{number}")
            yield f"{name}-{number}"
        else:
            yield json.dumps(make_checkpoint(case).text())
        time.sleep(0.003)  # SQLite's lock is not fair; leave the others a gap


if __name__ == "__main__":
    for done in _work(Path(sys.argv[1]), sys.argv[2], sys.argv[3]):
        print(done, flush=True)
