"""An election that is not shipped, as a case keeps it: a copy of its files, whose hashes stand in the ledger.

A bundle carries the files. Its checkpoint is over the ledger alone, so the ledger has to say which files they were:
who exchanges two candidates in the file would else exchange their votes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tally.case import Case
from tally.election import OWN, own_hashes
from tally.ledger import Event

CHANGED = "election_changed"
"""Kind of the event that says with which files the case goes on: somebody corrected one."""


def recorded(events: Iterable[Event]) -> Mapping[str, str] | None:
    """The hashes as the ledger last had them; ``None`` for a shipped election."""
    found: Mapping[str, str] | None = None
    for event in events:
        if event.kind in ("case_created", CHANGED):
            found = event.body.get("election_files", found)
    return found


def record_changes(case: Case) -> None:
    """Say in the ledger that files of the case's own election are other ones now, if they are."""
    if case.election_id != OWN:
        return
    now = own_hashes(case.path / OWN)
    if now != recorded(case.ledger.events("case_created", CHANGED)):
        case.record(CHANGED, {"election_files": now})
