"""What the answers about one sheet amount to, and who may still say something.

Two equal entries of two people confirm a sheet. Two that differ go to a third person, whose decision stands.
Later answers are kept, and measure their author; they change nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tally.review.answers import Answer, Content, Place, Reviewed


class Stage(StrEnum):
    """Where a sheet stands."""

    FIRST = "first"  # nobody typed it yet
    SECOND = "second"  # one entry, a second one is needed
    CONFLICT = "conflict"  # two entries that differ: a third person decides
    DONE = "done"  # typed and settled
    ASIDE = "aside"  # settled: there is nothing to type


class By(StrEnum):
    """How a settled sheet was settled; every output that says confirmed says this as well."""

    DOUBLE = "double"
    ADJUDICATED = "adjudicated"
    SINGLE = "single"


@dataclass(frozen=True, slots=True)
class Standing:
    """One sheet as the answers leave it."""

    stage: Stage
    entries: tuple[Answer, ...] = ()
    """The entries that count: at most two, by different people."""
    decision: Answer | None = None
    by: By | None = None
    """``None`` unless settled."""

    @property
    def settled(self) -> bool:
        """True if no person is needed any more."""
        return self.stage in (Stage.DONE, Stage.ASIDE)

    @property
    def content(self) -> Content | None:
        """What was settled; ``None`` before."""
        if not self.settled:
            return None
        return self.decision.content if self.decision else self.entries[0].content

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Everything that the standing rests on."""
        return (*self.entries, self.decision) if self.decision else self.entries


def standing(known: Reviewed, place: Place) -> Standing:
    """Where a sheet stands. Pure: the same answers always give the same, so it is judged once."""
    mark = known.mark(place)  # taken first: an answer that comes in between makes it a past one
    kept = known.judged.get(place)
    if kept is None or kept[0] != mark:
        kept = known.judged[place] = (mark, _judged(known, place))
    found: Standing = kept[1]
    return found


def _judged(known: Reviewed, place: Place) -> Standing:
    answers = known.of(place)
    entries = tuple(answer for answer in answers if not answer.decides)[:2]
    if not entries:
        return Standing(Stage.FIRST)
    if len(entries) == 1:
        if known.entries > 1:
            return Standing(Stage.SECOND, entries)
        return _settled(entries, None, By.SINGLE)
    if entries[0].content == entries[1].content:
        return _settled(entries, None, By.DOUBLE)
    authors = {entry.person for entry in entries}
    after = entries[1].seq
    decisions = (a for a in answers if a.decides and a.seq > after and a.person not in authors)
    decision = next(decisions, None)
    if decision is None:
        return Standing(Stage.CONFLICT, entries)
    return _settled(entries, decision, By.ADJUDICATED)


def _settled(entries: tuple[Answer, ...], decision: Answer | None, by: By) -> Standing:
    content = decision.content if decision else entries[0].content
    return Standing(Stage.ASIDE if content.aside else Stage.DONE, entries, decision, by)


def may_enter(known: Reviewed, place: Place, person: str) -> str:
    """Why this person may not type this sheet; empty if nothing speaks against it."""
    if person in known.invalid:
        return "invalidated"
    if known.entries > 1 and person in known.uploaders.get(place[0], ()):
        return "uploader"
    if any(answer.person == person for answer in known.of(place)):
        return "already"
    return ""


def may_decide(known: Reviewed, place: Place, person: str) -> str:
    """Why this person may not decide between the entries of this sheet; empty if nothing speaks against it."""
    why = may_enter(known, place, person)
    if why:
        return why
    return "" if standing(known, place).stage is Stage.CONFLICT else "settled"


@dataclass(frozen=True, slots=True)
class Row:
    """What of a sheet's answers goes into the sums, as if it had been typed."""

    seq: int
    reader: str
    adjudicator: bool
    place: Place
    content: Content
    backing: dict[str, int]
    """Field code -> how many other people typed the same value of that field."""


def rows(known: Reviewed) -> Iterator[Row]:
    """The answers that count. A sheet with one entry of two gives none: one person confirms nothing.

    Of two entries that differ both count: where they agree a cell is confirmed, where they do not it is a range
    over both. If they do not even speak of the same protocol, neither counts.
    """
    for place in known.answers:
        now = standing(known, place)
        if now.decision is not None and not now.decision.content.aside:
            yield _row(place, now.decision, now.entries)
        elif now.decision is None and (now.settled or now.stage is Stage.CONFLICT):
            headers = {entry.content.header for entry in now.entries}
            if len(headers) == 1 and not now.entries[0].content.aside:
                for entry in now.entries:
                    yield _row(place, entry, ())


def _row(place: Place, answer: Answer, others: tuple[Answer, ...]) -> Row:
    backing = {
        code: sum((code, value) in other.content.fields for other in others)
        for code, value in answer.content.fields
    }
    return Row(answer.seq, answer.reader, answer.decides, place, answer.content, backing)
