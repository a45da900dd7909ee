"""What ``hattama status`` and the first page of the review say about a case."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from cli.reading import pipeline_version
from cli.waiting import queue, review_counts, single_entry
from tally.case import Case
from tally.errors import MissingComponent
from tally.hints import captions_differ, item, missing_files, open_questions, same_sheet
from tally.law_case import LAW_EVENTS, law_of_case
from tally.model import Status
from tally.provenance import CLASSES
from tally.resends import resent
from tally.state import CaseState, state
from tally.totals import totals

_CHAT_KEYS = ("channel", "sha256", "format", "messages", "with_files", "first", "last", "backwards", "sealed")


def _version() -> str:
    # What is in a case can be seen on a computer that cannot read photos; then nothing counts as read by it.
    try:
        return pipeline_version()
    except MissingComponent:
        return ""


def status_of(case: Case) -> dict[str, Any]:
    """Counts with the stable keys of ``status --json``; ``pages`` has every status as a key."""
    known = state(case)
    quarantined = [photo for photo in known.photos.values() if photo.quarantined is not None]
    pages = Counter(page.status for page in known.pages())
    version = _version()
    found = totals(known, case.election())
    items = [item(photo) for photo in known.photos.values()]
    ways = Counter(one["provenance"]["class"] for one in items)
    twice = list(resent({sha256: photo.phash for sha256, photo in known.photos.items()}))
    return {
        "case": str(case.path),
        "election": case.election().id,
        "districts": list(case.districts),
        "photos": len(known.photos),
        "quarantined": len(quarantined),
        "not_read": len(known.unread(version)),
        "waiting": sum(not sheet.done for sheet in queue(case, known)),
        "typed": len(known.typed),
        "review": {**review_counts(known), "single_entry": single_entry(known)},
        "ledger": case.ledger.head()[0],
        "pipeline": version,
        "pages": {status.value: pages[status] for status in Status},
        "quarantine": [
            {"file": photo.name, "sha256": photo.sha256, "reason": photo.quarantined} for photo in quarantined
        ],
        "coverage": _coverage(case, known),
        "provenance": {kind: ways[kind] for kind in CLASSES},
        "items": items,
        "chats": [
            {key: chat.get(key) for key in _CHAT_KEYS} | {"people": list(chat["people"])}
            for chat in known.chats.values()
        ],
        "missing": missing_files(known),
        "questions": open_questions(known),
        "resent": [
            {
                "files": [known.photos[one].name, known.photos[other].name],
                "sha256": [one, other],
                "bits": bits,
            }
            for one, other, bits in twice
        ],
        "same_sheet": same_sheet(found, known, [(one, other) for one, other, _ in twice]),
        "captions_differ": captions_differ(found, known),
        "deadlines": _deadlines(case),
    }


def _deadlines(case: Case) -> list[dict[str, Any]]:
    """Legal terms that run from the day of the election; each says whether a lawyer has confirmed it."""
    election = case.election()
    law = law_of_case(election, case.ledger.events(*LAW_EVENTS))
    return law.deadlines(election, datetime.now().astimezone().date()) if law is not None else []


def _coverage(case: Case, known: CaseState) -> list[dict[str, Any]]:
    """Contests with a register: how many precincts have a protocol. `totals` names the missing ones."""
    if not known.register:
        return []
    return [
        {
            "contest": found.contest.id,
            "total": found.total,
            "with_protocol": found.with_protocol,
            "missing": found.missing,
            "unlisted": len(found.coverage.unlisted),
        }
        for found in totals(known, case.election()).contests
        if found.coverage is not None
    ]
