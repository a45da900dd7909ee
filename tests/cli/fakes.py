"""A reader that needs no networks: it knows what is on a photo from the photo's name.

``p<precinct>.jpg`` is accepted, ``r<precinct>.jpg`` needs a person, ``u...`` cannot be read, ``n...`` is no
protocol, ``bug...`` raises what nobody expected.
"""

from __future__ import annotations

import hashlib
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from cli.scanning import ScanTask
from tally.case import Case, open_case
from tally.checks import run_checks, spans_of
from tally.errors import PhotoError
from tally.form import load_form
from tally.model import Mark, PageReading, Quad, Reading, Status
from tests.cli.conftest import jpeg

FORM = "kz-2023-majilis-smd"
QUAD: Quad = ((4, 4), (40, 4), (40, 30), (4, 30))
VALUES = {
    "voters_listed": 800,
    "ballots_received": 808,
    "ballots_issued": 500,
    "voted_outside": 10,
    "voted_absentee": 1,
    "ballots_cancelled": 308,
    "ballots_found": 500,
    "ballots_invalid": 10,
    "ballots_valid": 490,
    "votes.1": 300,
    "votes.2": 150,
    "votes.3": 35,
    "against_all": 5,
}
CANDIDATES = {"votes.1": "altaev", "votes.2": "qyryqbaev"}


def fake_read_one(task: ScanTask) -> list[PageReading]:
    """Stands in for ``cli.scanning.read_one``."""
    name = Path(task.name).name
    if name.startswith("bug"):
        raise ZeroDivisionError("nobody expected this")
    if name.startswith("u"):
        raise PhotoError("The picture is damaged.", advice="Ask again.")
    sha256 = hashlib.sha256(task.path.read_bytes()).hexdigest()
    if name.startswith("n"):
        return [
            PageReading(task.name, 1, sha256, None, 0.1, Status.NOT_A_PROTOCOL, reasons=("no form fits",))
        ]
    return [page(task.name, sha256, int(name[1:].partition(".")[0]), name.startswith("p"))]


def slow_read_one(task: ScanTask) -> list[PageReading]:
    """Says what it begins, and takes its time. A spawned worker finds it by its name."""
    print("reading", task.name, file=sys.stderr, flush=True)
    time.sleep(1.5)
    return fake_read_one(task)


def stubborn_read_one(task: ScanTask) -> list[PageReading]:
    """Hangs on ``hang...``, takes all memory on ``fat...``, dies on ``crash...``."""
    name = Path(task.name).name
    if name.startswith("hang"):
        time.sleep(600)
    if name.startswith("fat"):
        bytearray(64 * 2**30)
    if name.startswith("crash"):
        os.kill(os.getpid(), signal.SIGSEGV)
    return fake_read_one(task)


def page(name: str, sha256: str, precinct: int, accepted: bool) -> PageReading:
    """A consistent sheet; one that is not accepted is unsure of every number."""
    confidence = 0.999 if accepted else 0.4
    header = {"precinct": cell(precinct, confidence), "district": cell(27, confidence)}
    fields = {code: cell(value, confidence) for code, value in VALUES.items()}
    form = load_form(FORM)
    return PageReading(
        file=name,
        page=1,
        sha256=sha256,
        form=FORM,
        form_confidence=0.97,
        status=Status.ACCEPTED if accepted else Status.REVIEW,
        header=header,
        fields=fields,
        checks=tuple(run_checks(form, spans_of(form, fields))),
        reasons=() if accepted else ("votes.1: not sure enough",),
        candidates=CANDIDATES,
        reader="fake 1",
        elapsed_ms=7,
    )


def cell(value: int, confidence: float) -> Reading:
    """One cell."""
    return Reading(
        Mark.READ,
        value,
        confidence,
        alternatives=((value + 1, 0.001),),
        quad_px=QUAD,
        anchored=True,
        agreed=True,
        text=str(value),
    )


@pytest.fixture
def fake_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace the networks in this process. Use with ``--jobs 1``."""
    monkeypatch.setattr("cli.scanning.read_one", fake_read_one)
    monkeypatch.setattr("cli.reading.READ_LIMITS", None)
    for module in ("cli.reading", "cli.commands.read", "cli.status"):
        monkeypatch.setattr(f"{module}.pipeline_version", lambda: "fake")


@pytest.fixture
def filled(case: Case, fake_reader: None) -> Case:
    """Two accepted sheets, one that needs a person, one that is no protocol; all read."""
    from cli.reading import read_all, unread

    for grey, name in enumerate(("p1.jpg", "p2.jpg", "r3.jpg", "n4.jpg")):
        case.add_bytes(jpeg(40 * grey + 20), name)
    assert len(list(read_all(case, unread(case), 1))) == 4
    return open_case(case.path, actor="user:test")
