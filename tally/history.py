"""The ledger as a list of acts: who did what, when, to which file or precinct, and what it took the place of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tally.ledger import Event


@dataclass(frozen=True, slots=True)
class Act:
    """One event with what a person wants to know of it."""

    event: Event
    act: str
    """The event's kind; of ``typed`` events ``typed``, ``corrected`` (typed again) or ``adjudicated``."""
    supersedes: int | None
    """Number of the event whose reading or entry this one takes the place of; that one stays in the ledger."""
    name: str
    """File name as claimed, else who typed."""
    sha256: str
    """Hash of the file, or empty."""
    precinct: int | None
    contest: str

    def to_dict(self) -> dict[str, Any]:
        """Stable keys: those of the event, and what was made of it."""
        return {
            **self.event.to_dict(),
            "act": self.act,
            "supersedes": self.supersedes,
            "file": self.name,
            "sha256": self.sha256,
            "precinct": self.precinct,
            "contest": self.contest,
        }


@dataclass(frozen=True, slots=True)
class Filter:
    """Which acts are wanted; empty values want all."""

    kinds: frozenset[str] = frozenset()
    """Kinds of events or acts."""
    precinct: int | None = None
    sha256: str = ""
    """The first digits of a hash."""
    actor: str = ""
    """Part of who is named."""

    def wants(self, act: Act) -> bool:
        """True if the act fits all that is asked."""
        return (
            (not self.kinds or bool(self.kinds & {act.act, act.event.kind}))
            and (self.precinct is None or act.precinct == self.precinct)
            and act.sha256.startswith(self.sha256.casefold())
            and self.actor.casefold() in act.event.actor.casefold()
        )


def acts(events: Iterable[Event]) -> Iterator[Act]:
    """One act per event, in order. Bodies of unknown kinds are shown by what they have in common."""
    names: dict[str, str] = {}
    latest: dict[tuple[Any, ...], int] = {}
    for event in events:
        body = event.body
        sha256 = str(body.get("sha256") or "")
        if event.kind == "received" and body.get("name"):
            names.setdefault(sha256, str(body["name"]))
        place = _place(event)
        before = latest.get(place) if place else None
        if place:
            latest[place] = event.seq
        precinct = body.get("precinct") if event.kind != "read" else _read_precinct(body)
        yield Act(
            event=event,
            act=_act(event, before),
            supersedes=before,
            name=names.get(sha256) or str(body.get("name") or body.get("reader") or ""),
            sha256=sha256,
            precinct=precinct if isinstance(precinct, int) else None,
            contest=str(body.get("contest") or ""),
        )


def _act(event: Event, before: int | None) -> str:
    if event.kind != "typed":
        return event.kind
    if event.body.get("kind") == "adjudicator":
        return "adjudicated"
    return "typed" if before is None else "corrected"


def _place(event: Event) -> tuple[Any, ...]:
    """What a later event of the same place takes over from an earlier one; empty if nothing is taken over."""
    body = event.body
    if event.kind == "read":
        return ("read", body.get("sha256"), body.get("page"))
    if event.kind == "decided":
        return ("decided", body.get("sha256"), body.get("page"))
    if event.kind == "typed":
        who = (body.get("reader"), body.get("kind"))
        sheet = (
            (body["sha256"], body.get("page"))
            if body.get("sha256")
            else (body.get("region"), body.get("precinct"))
        )
        return ("typed", who if body.get("kind") != "adjudicator" else "", body.get("contest"), *sheet)
    return ()


def _read_precinct(body: Mapping[str, Any]) -> Any:
    return ((body.get("reading") or {}).get("header") or {}).get("precinct", {}).get("value")
