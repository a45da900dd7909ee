"""Invitations and sessions: one-time links, kept as hashes in the ledger, each act an event.

A link carries 128 random bits behind the ``#``, where no server log and no referrer sees them; it is swapped once
for a session. The ledger holds sha256 of both: with 128 random bits behind it a plain hash cannot be guessed back.
"""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from cli.review.roles import Person, Role
from tally.case import Case
from tally.errors import UsageError
from tally.ledger import Event
from tally.review.answers import person_of

INVITED, JOINED, REVOKED, LOCKED, UNLOCKED, LEFT = (
    "invited",
    "joined",
    "revoked",
    "locked",
    "unlocked",
    "left",
)
KINDS = (INVITED, JOINED, REVOKED, LOCKED, UNLOCKED, LEFT)
SESSION_HOURS = 14
"""Longer than a night of counting."""


@dataclass(slots=True)
class Invitation:
    """One link."""

    id: str
    token_hash: str
    person: Person
    until: datetime
    used: bool = False
    revoked: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Stable keys; no token, which nobody has but the invited."""
        return {
            "id": self.id,
            "name": self.person.name,
            "role": self.person.role.value,
            "until": self.until.isoformat(timespec="seconds"),
            "used": self.used,
            "revoked": self.revoked,
            "precincts": list(self.person.precincts),
            "quota": self.person.quota,
        }


class Accounts:
    """Everything about people of one case; a fold over its events like all else."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.invitations: dict[str, Invitation] = {}
        self.locked = False
        self._by_token: dict[str, str] = {}
        self._sessions: dict[str, tuple[str, datetime]] = {}
        self._seen = 0
        self._lock = threading.RLock()

    def refresh(self) -> None:
        """Take in what was written since."""
        with self._lock:
            last = self.case.ledger.last()
            if last > self._seen:
                for event in self.case.ledger.events(*KINDS, after=self._seen):
                    self._apply(event)
                    last = max(last, event.seq)
                self._seen = last

    def invite(
        self,
        name: str,
        role: Role,
        by: str,
        *,
        hours: int = 48,
        precincts: tuple[int, ...] = (),
        quota: int = 0,
    ) -> tuple[Invitation, str]:
        """A new invitation and its token, which is shown once. Raises ``UsageError``."""
        clean = " ".join(name.split())[:60]
        if not clean or role is Role.LOCAL:
            raise UsageError("an invitation needs a name and a role.", advice="Give both.")
        self.refresh()
        same = [i for i in self.invitations.values() if person_of(i.person.name) == person_of(clean)]
        if any(one.person.role is not role and not one.revoked for one in same):
            raise UsageError(
                "this name has another role already; one person has one role.",
                advice="Revoke the other invitation first, or use another name.",
            )
        token = secrets.token_urlsafe(16)
        until = datetime.now(UTC) + timedelta(hours=max(1, min(hours, 24 * 30)))
        body = {
            "invite": f"i-{secrets.token_hex(8)}",
            "token_sha256": _hash(token),
            "name": clean,
            "role": role.value,
            "until": until.isoformat(timespec="seconds"),
            "precincts": list(precincts),
            "quota": max(0, quota),
        }
        self._write(INVITED, body, by)
        return self.invitations[str(body["invite"])], token

    def join(self, token: str) -> str | None:
        """Swap a token for a session; ``None`` if it is unknown, used, revoked or expired."""
        with self._lock:
            self.refresh()
            found = self.invitations.get(self._by_token.get(_hash(token), ""))
            if found is None or found.used or found.revoked or found.until <= datetime.now(UTC):
                return None
            session = secrets.token_urlsafe(24)
            until = datetime.now(UTC) + timedelta(hours=SESSION_HOURS)
            body = {
                "invite": found.id,
                "session_sha256": _hash(session),
                "until": until.isoformat(timespec="seconds"),
            }
            self._write(JOINED, body, found.person.name)
            # Of two programs that swap the same token at once, the ledger knows who was first.
            return session if _hash(session) in self._sessions else None

    def person(self, session: str) -> Person | None:
        """Who has this session; ``None`` if nobody has, any more."""
        self.refresh()
        invite, until = self._sessions.get(_hash(session), ("", datetime.min.replace(tzinfo=UTC)))
        found = self.invitations.get(invite)
        if found is None or found.revoked or until <= datetime.now(UTC):
            return None
        return found.person

    def leave(self, session: str, person: Person) -> None:
        """End a session."""
        self._write(LEFT, {"session_sha256": _hash(session)}, person.name)

    def revoke(self, invite: str, by: str) -> None:
        """End an invitation and the sessions that came from it. Raises ``UsageError``."""
        if invite not in self.invitations:
            raise UsageError("there is no such invitation.", advice="Go back to the list.")
        self._write(REVOKED, {"invite": invite}, by)

    def set_lock(self, locked: bool, by: str) -> None:
        """Close the page for everybody but the lead, or open it again."""
        self._write(LOCKED if locked else UNLOCKED, {"by": by}, by)

    def _write(self, kind: str, body: dict[str, Any], by: str) -> None:
        self.case.ledger.append(kind, body, actor=f"person:{by}")
        self.refresh()

    def _apply(self, event: Event) -> None:
        body = event.body
        if event.kind == INVITED:
            person = Person(
                body["name"], Role(body["role"]), body["invite"], tuple(body["precincts"]), body["quota"]
            )
            until = datetime.fromisoformat(body["until"])
            self.invitations[person.invite] = Invitation(person.invite, body["token_sha256"], person, until)
            self._by_token[body["token_sha256"]] = person.invite
        elif event.kind == JOINED:
            if self.invitations[body["invite"]].used:
                return
            self.invitations[body["invite"]].used = True
            self._sessions[body["session_sha256"]] = (
                body["invite"],
                datetime.fromisoformat(body["until"]),
            )
        elif event.kind == REVOKED:
            self.invitations[body["invite"]].revoked = True
        elif event.kind == LEFT:
            self._sessions.pop(body["session_sha256"], None)
        else:
            self.locked = event.kind == LOCKED


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
