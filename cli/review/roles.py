"""Who may do what on the review page."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What an invitation makes of a person."""

    OBSERVER = "observer"
    REVIEWER = "reviewer"
    ADJUDICATOR = "adjudicator"
    LEAD = "lead"
    READER = "reader"
    LOCAL = "local"  # whoever sits at the computer, where the page is open to nobody else


class Right(StrEnum):
    """One thing that can be allowed."""

    UPLOAD = "upload"
    TYPE = "type"
    DECIDE = "decide"
    SEE = "see"
    MANAGE = "manage"


# A lead sees what the program read and so does not type: who has seen a number cannot type it blind.
RIGHTS: dict[Role, frozenset[Right]] = {
    Role.OBSERVER: frozenset({Right.UPLOAD}),
    Role.REVIEWER: frozenset({Right.TYPE, Right.SEE}),
    Role.ADJUDICATOR: frozenset({Right.TYPE, Right.DECIDE, Right.SEE}),
    Role.LEAD: frozenset({Right.SEE, Right.MANAGE, Right.UPLOAD}),
    Role.READER: frozenset({Right.SEE}),
    Role.LOCAL: frozenset(Right),
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in."""

    name: str
    role: Role
    invite: str = ""
    """Id of the invitation; empty on localhost without accounts."""
    precincts: tuple[int, ...] = field(default=())
    """Precincts whose photos an observer may hand in; empty: all."""
    quota: int = 0
    """Most photos that an observer may hand in; 0: no limit."""

    def may(self, right: Right) -> bool:
        """True if the role allows it."""
        return right in RIGHTS[self.role]

    @property
    def blind(self) -> bool:
        """True if this person types: then what was read on open sheets is hidden."""
        return self.may(Right.TYPE)
