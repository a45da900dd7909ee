"""People as random ids: who sent what stays comparable, who they are stays outside. See docs/adr/0008-pseudonyms.md.

An id is drawn, never computed from a name or number, so nobody can try all telephone numbers of a country against it.
The same person keeps the id where the case itself shows that it is the same: the same place in the same text, or a
photo that was sent at the same time in an older export of that chat.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime

from cli.intake.handed import Opened
from tally.case import Case
from tally.sealed import seal
from tally.state import CaseState, state

_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
_LENGTH = 8
"""About 40 bits: no two people of a country get the same by chance."""


def record(case: Case, opened: Opened) -> dict[str, str]:
    """Give every person in a text an id, seal the names if the case has keys, and say in the ledger that it came.

    Returns name as printed -> id. Raises ``CaseError`` if the ledger is taken or the disk is full.
    """
    known = state(case)
    ids = _ids(opened, known)
    sealed = _seal(case, opened, ids)
    chat = opened.chat
    body = {
        "sha256": opened.sha256,
        "size": len(opened.data),
        "channel": opened.channel,
        "outcome": "duplicate" if opened.sha256 in known.chats else "new",
        "sealed": sealed,
        "people": {ids[name]: line for name, line in opened.people.items()},
    }
    if opened.question is not None:
        body["question"] = opened.question.to_dict()
    if chat is not None:
        body |= {
            "format": chat.format,
            "messages": chat.count,
            "with_files": len(chat.messages),
            "first": chat.first,
            "last": chat.last,
            "backwards": list(chat.backwards),
            "missing": [{"line": one.line, "name": one.name, "why": one.why} for one in chat.missing],
        }
    case.record("chat_received", body)
    return ids


def _ids(opened: Opened, known: CaseState) -> dict[str, str]:
    taken = {person for chat in known.chats.values() for person in chat["people"]}
    ids = _by_line(opened, known) or _by_photos(opened, known)
    for name in opened.people:
        if name not in ids:
            ids[name] = _drawn(taken)
            taken.add(ids[name])
    return ids


def _by_line(opened: Opened, known: CaseState) -> dict[str, str]:
    """The same bytes were read before: the same line is the same person."""
    before = known.chats.get(opened.sha256)
    if before is None:
        return {}
    at = {line: person for person, line in before["people"].items()}
    return {name: at[line] for name, line in opened.people.items() if line in at}


def _by_photos(opened: Opened, known: CaseState) -> dict[str, str]:
    """Another export of a chat: whoever sent the same bytes at the same time is the same, if all such photos agree."""
    told = {
        (photo.sha256, claim["time"]): claim["sender"]
        for photo in known.photos.values()
        for claim in photo.claims
        if claim.get("channel") == opened.channel and claim.get("sender") and claim.get("time")
    }
    if not told or opened.chat is None:
        return {}
    hashes = opened.media()
    seen: dict[str, set[str]] = {}
    for message in opened.chat.messages:
        for name in message.files:
            person = told.get((hashes.get(name, ""), message.time))
            if person:
                seen.setdefault(message.sender, set()).add(person)
    sure = {name: next(iter(people)) for name, people in seen.items() if len(people) == 1}
    twice = {person for person in sure.values() if list(sure.values()).count(person) > 1}
    return {name: person for name, person in sure.items() if person not in twice}


def _drawn(taken: set[str]) -> str:
    while True:
        drawn = "p-" + "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
        if drawn not in taken:
            return drawn


def _seal(case: Case, opened: Opened, ids: Mapping[str, str]) -> bool:
    """Encrypt the text and the names for the keys of the case; without keys neither is kept."""
    if not case.recipients:
        return False
    folder = case.path / "sealed"
    seal(folder, opened.sha256, opened.data, case.recipients)
    if ids:
        names = {"chat": opened.sha256, "time_utc": datetime.now(UTC).isoformat(timespec="seconds")}
        data = json.dumps(
            {**names, "people": {person: name for name, person in ids.items()}}, ensure_ascii=False
        )
        seal(folder, f"{opened.sha256}.names", data.encode("utf-8"), case.recipients)
    return True
