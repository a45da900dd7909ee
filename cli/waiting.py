"""Which pages of a case wait for a person, most useful first."""

from __future__ import annotations

from dataclasses import dataclass

from tally.case import Case
from tally.model import Status
from tally.state import CaseState

SET_ASIDE = "set_aside"
"""Event: a person says that a page cannot be typed, and why (one of :data:`REASONS`)."""
REASONS = ("not_a_protocol", "photograph_again")

# The sheets that most likely hold countable numbers come first.
_ORDER = {Status.REVIEW: 0, Status.UNREADABLE: 1, Status.NOT_A_PROTOCOL: 2}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One sheet of the queue."""

    sha256: str
    page: int
    name: str
    status: Status
    done: bool
    """True if a person has typed it or set it aside."""
    caption: str = ""
    """What was written with the photo: a hint which sheet this is, never shown beside the fields to type."""


def queue(case: Case, known: CaseState) -> list[Waiting]:
    """Pages that the readers did not accept, finished ones last."""
    done = {(row.sha256, row.page) for row in known.typed if row.sha256 and row.confirms}
    done |= {(event.body["sha256"], event.body["page"]) for event in case.ledger.events(SET_ASIDE)}
    pages = [page for page in known.pages() if page.status is not Status.ACCEPTED]
    sheets = [
        Waiting(
            p.sha256,
            p.page,
            known.photos[p.sha256].name,
            p.status,
            (p.sha256, p.page) in done,
            next((claim["caption"] for claim in known.photos[p.sha256].claims if claim.get("caption")), ""),
        )
        for p in pages
    ]
    return sorted(sheets, key=lambda sheet: (sheet.done, _ORDER[sheet.status]))
