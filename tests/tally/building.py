"""Small sheets and cases for tests, made by hand so that every sum can be checked in the head."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from tally.case import Case, create_case
from tally.ledger import Event
from tally.model import Mark, PageReading, Reading, Status
from tally.official import snapshots_of
from tally.reconcile import Finding, diff
from tally.state import CaseState, fold, state
from tally.totals import CaseTotals, totals

ELECTION = "kz-2023-majilis"
FORM = "kz-2023-majilis-smd"
D27 = {"votes.1": "altaev", "votes.2": "qyryqbaev"}
PIPELINE = "test 1"


def full(votes: Sequence[int], *, against_all: int = 5, invalid: int = 3, unused: int = 10) -> dict[str, int]:
    """All numbers of a sheet on which every relation holds."""
    valid = sum(votes) + against_all
    found = valid + invalid
    listed = found + unused
    return {
        "voters_listed": listed,
        "ballots_received": listed + listed // 100,
        "ballots_issued": found,
        "voted_outside": 0,
        "voted_absentee": 0,
        "ballots_cancelled": listed + listed // 100 - found,
        "ballots_found": found,
        "ballots_invalid": invalid,
        "ballots_valid": valid,
        **{f"votes.{line}": value for line, value in enumerate(votes, 1)},
        "against_all": against_all,
    }


def page(
    precinct: int | None,
    fields: Mapping[str, int | Mark | Reading],
    *,
    status: Status = Status.ACCEPTED,
    form: str | None = FORM,
    district: int | None = 27,
    candidates: Mapping[str, str] | None = None,
    sha256: str | None = None,
    number: int = 1,
) -> PageReading:
    """A page as a reader would hand it over; numbers are read with certainty, marks as they are."""
    header = {}
    for code, value in (("precinct", precinct), ("district", district)):
        header[code] = _cell(Mark.ILLEGIBLE if value is None else value)
    name = f"sheet-{precinct}.jpg"
    return PageReading(
        file=name,
        page=number,
        sha256=sha256
        or hashlib.sha256(repr((precinct, sorted(fields.items(), key=str), number)).encode()).hexdigest(),
        form=form,
        form_confidence=1.0,
        status=status,
        header=header,
        fields={code: _cell(value) for code, value in fields.items()},
        candidates=D27 if candidates is None else candidates,
        reader=PIPELINE,
    )


def unsure(value: int, confidence: float = 0.5) -> Reading:
    """A number that nobody should rely on yet."""
    return Reading(Mark.READ, value, confidence=confidence, anchored=True)


def _cell(value: int | Mark | Reading) -> Reading:
    if isinstance(value, Reading):
        return value
    if isinstance(value, Mark):
        return Reading(value, confidence=0.99, anchored=True, agreed=True)
    return Reading(Mark.READ, value, confidence=0.999, anchored=True, agreed=True, text=str(value))


def folded(
    pages: Sequence[PageReading], districts: tuple[int, ...] = (27,), typed: Sequence[Mapping] = ()
) -> CaseState:
    """The state of a case with these pages, without touching the disk."""
    events = []
    for one in pages:
        received = {"sha256": one.sha256, "size": 1, "name": one.file, "outcome": "new"}
        events.append(_event("received", received))
        events.append(
            _event(
                "read",
                {"sha256": one.sha256, "page": one.page, "pipeline": PIPELINE, "reading": one.to_dict()},
            )
        )
    events += [_event("typed", body) for body in typed]
    return fold(ELECTION, districts, [Event(**{**e, "seq": i}) for i, e in enumerate(events, 1)])


def _event(kind: str, body: Mapping) -> dict:
    return {
        "seq": 0,
        "time_utc": "2023-03-19T20:00:00Z",
        "local_offset": "+05:00",
        "actor": "test",
        "kind": kind,
        "body": body,
        "prev_hash": "",
        "hash": "",
    }


def typed_body(
    precinct: int | None, fields: Mapping, *, reader: str = "aida", kind: str = "person", **more: object
) -> dict:
    return {
        "reader": reader,
        "kind": kind,
        "contest": "smd-27",
        "region": "",
        "precinct": precinct,
        "sha256": None,
        "page": 1,
        "fields": dict(fields),
        **more,
    }


def make_case(folder: Path, *districts: int) -> Case:
    return create_case(folder, ELECTION, districts or (27,), actor="test")


def put(case: Case, one: PageReading) -> str:
    """Add a photo whose bytes are new, and record the reading of its only page."""
    added = case.add_bytes(f"{one.file}{sorted(one.fields)}{one.sha256}".encode(), one.file)
    case.record_pages(added.sha256, [_with_hash(one, added.sha256)], PIPELINE)
    return added.sha256


def _with_hash(one: PageReading, sha256: str) -> PageReading:
    return PageReading.from_dict(one.to_dict() | {"sha256": sha256})


def sums(case_state: CaseState, case_election) -> dict[str, tuple[int, int]]:
    found = totals(case_state, case_election).contests[0].sums
    return {subject: (total.span.low, total.span.high) for subject, total in found.items()}


def differences(case: Case) -> tuple[CaseTotals, tuple[Finding, ...]]:
    now = state(case)
    added = totals(now, case.election())
    return added, diff(added, case.election(), snapshots_of(now))


def english_thousands(text: Mapping[str, str]) -> list[str]:
    """Numbers of the Kazakh and Russian text that are written with a comma between thousands."""
    return [found for language in ("kk", "ru") for found in re.findall(r"\d+,\d{3}(?!\d)", text[language])]
