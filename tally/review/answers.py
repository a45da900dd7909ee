"""What people answered about sheets: a fold over the events of the review."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from tally.ledger import Event

Place: TypeAlias = tuple[str, int]
"""sha256 of the photo and its page."""
CellValue: TypeAlias = int | str | None
"""A number of votes, the word of a mark (``dash``), or ``None`` for a cell that was not typed."""

ENTERED = "entered"
"""Event: one person typed a sheet without seeing what anybody else read."""
DECIDED = "decided"
"""Event: a third person decided between two entries that differ."""
SET_ASIDE = "set_aside"
"""Event: a person says that a page cannot be typed, and why (one of :data:`REASONS`)."""
LEASED, RELEASED, WITHDRAWN = "leased", "released", "withdrawn"
REOPENED, INVALIDATED, MODE, GOLD = "reopened", "reviewer_invalidated", "review_mode", "gold_set"
REASONS = ("not_a_protocol", "photograph_again")


def person_of(name: str) -> str:
    """A name without differences that do not make another person: case, blanks, forms of the same letter."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


@dataclass(frozen=True, slots=True)
class Content:
    """What an answer says; two answers are equal if their contents are."""

    contest: str = ""
    region: str = ""
    precinct: int | None = None
    fields: frozenset[tuple[str, int | str]] = frozenset()
    """Field code and value of every cell that was answered."""
    aside: str = ""
    """Why there is nothing to type; then the rest is empty."""

    @classmethod
    def of(cls, body: Mapping[str, object]) -> Content:
        """From the body of an event."""
        if body.get("reason"):
            return cls(aside=str(body["reason"]))
        fields, precinct = body.get("fields"), body.get("precinct")
        assert isinstance(fields, Mapping)
        return cls(
            str(body.get("contest") or ""),
            str(body.get("region") or ""),
            precinct if isinstance(precinct, int) else None,
            frozenset((code, value) for code, value in fields.items() if value is not None),
        )

    @property
    def header(self) -> tuple[str, str, int | None, str]:
        """Which protocol it speaks of."""
        return self.contest, self.region, self.precinct, self.aside

    def values(self) -> dict[str, int | str]:
        """Field code -> value, in the order of codes."""
        return dict(sorted(self.fields))

    def differing(self, other: Content) -> tuple[str, ...]:
        """Fields in which two contents differ."""
        one, two = dict(self.fields), dict(other.fields)
        return tuple(sorted(code for code in one.keys() | two.keys() if one.get(code) != two.get(code)))


@dataclass(frozen=True, slots=True)
class Answer:
    """One person's answer about one sheet."""

    seq: int
    time_utc: str
    reader: str
    person: str
    """:func:`person_of` the reader."""
    content: Content
    lease: str = ""
    decides: bool = False
    """True if it was given by a third person who saw both entries."""
    own_photo: bool = False
    """True if its author had handed in that very photo."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A sheet that somebody has on the screen."""

    token: str
    place: Place
    person: str
    until: datetime
    decides: bool
    begun: datetime


@dataclass(slots=True)
class Reviewed:
    """Everything that the ledger says about the review, indexed; nothing is judged here."""

    entries: int = 2
    """How many people have to type a sheet: 2, or 1 at a headquarters of one person."""
    everything: bool = False
    """True if accepted sheets are typed too."""
    answers: dict[Place, list[Answer]] = field(default_factory=dict)
    leases: dict[str, Lease] = field(default_factory=dict)
    """By token; also those that ended."""
    on_desk: dict[Place, list[str]] = field(default_factory=dict)
    """Tokens of leases that were neither given back nor answered."""
    answered: dict[str, int] = field(default_factory=dict)
    """Token of a lease -> event of the answer."""
    passed: set[tuple[Place, str]] = field(default_factory=set)
    """Sheets that a person gave back."""
    uploaders: dict[str, set[str]] = field(default_factory=dict)
    """sha256 -> persons who handed the photo in through an account."""
    invalid: dict[str, str] = field(default_factory=dict)
    """Person -> why nothing that he or she typed counts."""
    withdrawn: set[int] = field(default_factory=set)
    """Events of answers that their author took back."""
    reopened: dict[Place, int] = field(default_factory=dict)
    """Sheet -> the event before which no answer counts."""
    gold: dict[Place, tuple[int, Content]] = field(default_factory=dict)
    """Sheets whose answer is known: the event that said so, and the answer."""

    judged: dict[Place, tuple[Any, Any]] = field(default_factory=dict, compare=False, repr=False)
    """What :func:`tally.review.settle.standing` found last, each with the :meth:`mark` that it holds for."""

    def mark(self, place: Place) -> tuple[int, ...]:
        """Changes whenever :meth:`of` may give something else: everything it looks at only ever grows."""
        since, given = self.reopened.get(place, 0), len(self.answers.get(place, ()))
        return self.entries, since, given, len(self.withdrawn), len(self.invalid)

    def of(self, place: Place) -> list[Answer]:
        """Answers about a sheet that may count, oldest first, only the first one of each person.

        Left out: what was withdrawn, given before the sheet was reopened, typed by somebody whose work was
        declared invalid or by a person who had handed in that very photo (unless one entry is enough).
        """
        since, seen, out = self.reopened.get(place, 0), set[tuple[str, bool]](), []
        for answer in self.answers.get(place, ()):
            who = (answer.person, answer.decides)
            dead = answer.seq < since or answer.seq in self.withdrawn or answer.person in self.invalid
            dead = dead or (answer.own_photo and self.entries > 1)
            if not dead and who not in seen:
                seen.add(who)
                out.append(answer)
        return out

    def open_leases(self, place: Place, now: datetime) -> list[Lease]:
        """Leases of a sheet that have not run out."""
        return [lease for token in self.on_desk.get(place, ()) if (lease := self.leases[token]).until > now]


def apply(out: Reviewed, event: Event) -> None:
    """Take one event into account; kinds of others are passed by."""
    step = _STEPS.get(event.kind)
    if step is not None:
        step(out, event)


def _place(event: Event) -> Place:
    return str(event.body["sha256"]), int(event.body.get("page") or 1)


def _answer(out: Reviewed, event: Event) -> None:
    body, place = event.body, _place(event)
    reader, token = str(body.get("reader", "")), str(body.get("lease") or "")
    person = person_of(reader)
    answer = Answer(
        seq=event.seq,
        time_utc=event.time_utc,
        reader=reader,
        person=person,
        content=Content.of(body),
        lease=token,
        decides=event.kind == DECIDED,
        # Whoever handed the photo in is a party to it; an upload after the answer does not undo the answer.
        own_photo=person in out.uploaders.get(place[0], ()),
    )
    out.answers.setdefault(place, []).append(answer)
    if token:
        out.answered.setdefault(token, event.seq)
        _off_desk(out, token)


def _leased(out: Reviewed, event: Event) -> None:
    body = event.body
    lease = Lease(
        str(body["lease"]),
        _place(event),
        person_of(str(body["reader"])),
        datetime.fromisoformat(str(body["until"])),
        bool(body.get("decides")),
        datetime.fromisoformat(event.time_utc),
    )
    out.leases[lease.token] = lease
    out.on_desk.setdefault(lease.place, []).append(lease.token)


def _released(out: Reviewed, event: Event) -> None:
    lease = out.leases.get(str(event.body["lease"]))
    if lease is not None:
        out.passed.add((lease.place, lease.person))
        _off_desk(out, lease.token)


def _off_desk(out: Reviewed, token: str) -> None:
    lease = out.leases.get(token)
    if lease is not None and token in out.on_desk.get(lease.place, ()):
        out.on_desk[lease.place].remove(token)


def _received(out: Reviewed, event: Event) -> None:
    kind, _, name = event.actor.partition(":")
    if kind == "person":
        out.uploaders.setdefault(str(event.body["sha256"]), set()).add(person_of(name))


def _withdrawn(out: Reviewed, event: Event) -> None:
    seq, person = int(event.body["answer"]), person_of(str(event.body["reader"]))
    counted = out.of(_place(event))
    # Once somebody else has typed the sheet nobody may take an answer back: that would be a second try.
    if any(answer.seq == seq for answer in counted) and all(a.person == person for a in counted):
        out.withdrawn.add(seq)


def _reopened(out: Reviewed, event: Event) -> None:
    out.reopened[_place(event)] = event.seq


def _invalidated(out: Reviewed, event: Event) -> None:
    out.invalid[person_of(str(event.body["reader"]))] = str(event.body.get("reason", ""))


def _mode(out: Reviewed, event: Event) -> None:
    out.entries, out.everything = int(event.body["entries"]), bool(event.body.get("everything"))


def _gold(out: Reviewed, event: Event) -> None:
    out.gold[_place(event)] = (event.seq, Content.of(event.body))


_STEPS: Mapping[str, Callable[[Reviewed, Event], None]] = {
    "received": _received,
    ENTERED: _answer,
    DECIDED: _answer,
    SET_ASIDE: _answer,
    LEASED: _leased,
    RELEASED: _released,
    WITHDRAWN: _withdrawn,
    REOPENED: _reopened,
    INVALIDATED: _invalidated,
    MODE: _mode,
    GOLD: _gold,
}
