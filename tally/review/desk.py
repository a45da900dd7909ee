"""The desk: hands out sheets, takes answers in, writes every act to the ledger before it says so.

Acts come one after another: of two requests at the same moment the second sees what the first has written. Writing
waits for the disk, so the state is locked only while it is looked at, and who only looks does not wait for the disk.
A second program on the same case is not locked out; the fold judges its entries by the same rules.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from tally.case import Case
from tally.errors import UsageError
from tally.ledger import Event
from tally.review import answers as kinds
from tally.review import bodies
from tally.review.answers import Lease, Place, person_of
from tally.review.bodies import Act
from tally.review.priority import Weight
from tally.review.queue import Task, following, free, held, tasks
from tally.review.settle import Stage, may_decide, may_enter, standing
from tally.state import CaseState, extend, fold
from tally.typed_fields import FieldRules
from tally.typed_rows import Entry

_SAYS = {
    "already": ("you have typed this sheet already; another person has to.", "Take the next sheet."),
    "uploader": ("you handed this photo in, so somebody else has to type it.", "Take the next sheet."),
    "invalidated": ("your entries no longer count.", "Talk to the person who leads the review."),
    "settled": ("this sheet is settled, or there is nothing to decide on it.", "Take the next sheet."),
    "taken": ("others have this sheet on their screens.", "Take the next sheet, or come back later."),
    "lease": ("this sheet was not handed to you.", "Take the next sheet."),
    "other": ("there is no such sheet in this case.", "Go back to the queue."),
}


class Refused(UsageError):
    """An act that the rules of the review do not allow; ``why`` is a stable word."""

    def __init__(self, why: str) -> None:
        message, advice = _SAYS[why]
        super().__init__(message, advice=advice)
        self.why = why


class ReviewDesk:
    """All acts of a review over one case."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.lock = threading.RLock()
        """Held while the state is looked at or extended."""
        self.acts = threading.RLock()
        """Held from the look that allows an act until it is written; taken before ``lock``, never after it."""
        self._state = fold(case.election().id, case.districts, ())
        self._seen = 0
        self._still = 0
        """The thread that holds a moment; 0: none."""
        self._last: dict[str, int] = {}
        self._queue: tuple[int, Mapping[Place, Weight] | None, list[Task]] | None = None

    def state(self) -> CaseState:
        """The case as the ledger has it now; only events that are new are read."""
        with self.lock:
            if self._still == threading.get_ident():
                return self._state
            new = list(self.case.ledger.events(after=self._seen))
            if new:
                extend(self._state, new)
                self._seen = new[-1].seq
                self._last.update((event.kind, event.seq) for event in new)
            return self._state

    @contextmanager
    def moment(self) -> Iterator[CaseState]:
        """Hold the lock and look at one state of the case: the ledger is read once, and after own acts."""
        with self.lock:
            found, before = self.state(), self._still
            self._still = threading.get_ident()
            try:
                yield found
            finally:
                self._still = before

    @property
    def latest(self) -> CaseState:
        """The case as it was when somebody last looked; the ledger is not read."""
        return self._state

    def changed(self, passed_by: Collection[str]) -> int:
        """Number of the last event of any kind but these."""
        return max((seq for kind, seq in self._last.items() if kind not in passed_by), default=0)

    def next(
        self, reader: str, weights: Mapping[Place, Weight], *, decides: bool, now: datetime | None = None
    ) -> Lease | None:
        """Hand the most urgent sheet to a person; the one already on the desk first. ``None``: nothing waits."""
        moment, person = now or datetime.now(UTC), person_of(reader)
        with self.acts:
            with self.lock:
                known = self.state().review
                if person in known.invalid:
                    raise Refused("invalidated")
                mine = held(known, person, moment)
                if mine is not None:
                    return mine
                chosen = following(self.state(), self.queue(weights), person, moment, decides=decides)
            return None if chosen is None else self._lease(chosen[0], reader, moment, decides=chosen[1])

    def offers(self, reader: str, weights: Mapping[Place, Weight], *, decides: bool) -> bool:
        """True if :meth:`next` would hand this person a sheet now; nothing is written."""
        now, person = datetime.now(UTC), person_of(reader)
        with self.lock:
            case = self.state()
            if person in case.review.invalid:
                return False
            mine = held(case.review, person, now)
            return bool(mine or following(case, self.queue(weights), person, now, decides=decides))

    def take(self, place: Place, reader: str, *, decides: bool = False, now: datetime | None = None) -> Lease:
        """Hand one sheet to a person who chose it. Raises :class:`Refused`."""
        moment, person = now or datetime.now(UTC), person_of(reader)
        with self.acts:
            with self.lock:
                known = self.state().review
                self._must_exist(place)
                deciding = decides and standing(known, place).stage is Stage.CONFLICT
                why = (may_decide if deciding else may_enter)(known, place, person)
                if why:
                    raise Refused(why)
                mine = [one for one in known.open_leases(place, moment) if one.person == person]
                fitting = [lease for lease in mine if lease.decides == deciding]
                if fitting:
                    return fitting[0]
                if standing(known, place).stage not in (Stage.DONE, Stage.ASIDE):
                    if standing(known, place).stage is Stage.CONFLICT and not deciding:
                        raise Refused("settled")
                    if not free(known, place, person, moment):
                        raise Refused("taken")
            return self._lease(place, reader, moment, decides=deciding)

    def lease(self, token: str, reader: str) -> Lease:
        """A lease that this person got, also one that ran out. Raises :class:`Refused`."""
        found = self.state().review.leases.get(token)
        if found is None or found.person != person_of(reader):
            raise Refused("lease")
        return found

    def enter(self, token: str, reader: str, entry: Entry | None, aside: str = "") -> int:
        """Take an answer in: what was typed, or why there is nothing to type. Returns the event's number.

        The same token again (a second tab, a request sent twice) returns the first answer and writes nothing.
        A lease that ran out does not matter as long as the sheet may still be typed by this person.
        """
        with self.acts:
            with self.lock:
                act = self._answer(token, reader, entry, aside)
                if act is None:
                    return self.state().review.answered[token]
            return self._write([act], reader)[0].seq

    def enter_and_next(
        self,
        token: str,
        reader: str,
        entry: Entry | None,
        aside: str = "",
        *,
        weights: Mapping[Place, Weight],
        decides: bool,
    ) -> tuple[int, Lease | None]:
        """:meth:`enter` and :meth:`next` in one: the disk is waited for once instead of twice."""
        now, person = datetime.now(UTC), person_of(reader)
        with self.acts:
            with self.lock:
                known = self.state().review
                act = self._answer(token, reader, entry, aside)
                if act is None:
                    return known.answered[token], self.next(reader, weights, decides=decides)
                mine, place = held(known, person, now, token), known.leases[token].place
                chosen = None if mine else following(
                    self.state(), self.queue(weights), person, now, decides=decides, after=place
                )  # fmt: skip
            handed = None if chosen is None else bodies.handed(chosen[0], reader, now, decides=chosen[1])
            events = self._write([act] if handed is None else [act, (kinds.LEASED, handed)], reader)
            if handed is not None:
                mine = self.state().review.leases[str(handed["lease"])]
            return events[0].seq, mine

    def _answer(self, token: str, reader: str, entry: Entry | None, aside: str) -> Act | None:
        """The event of an answer; ``None`` if the lease was answered before. Raises :class:`Refused`."""
        lease, known = self.lease(token, reader), self.state().review
        if token in known.answered:
            return None
        why = (may_decide if lease.decides else may_enter)(known, lease.place, lease.person)
        if why:
            raise Refused(why)
        body: dict[str, Any] = {"lease": token, "reader": reader}
        if aside or entry is None:
            if aside not in kinds.REASONS:
                raise UsageError("there is no such reason.", advice=f"Known: {', '.join(kinds.REASONS)}.")
            kind, says = kinds.SET_ASIDE, {**bodies.where(lease.place), "reason": aside}
        else:
            rules = FieldRules(self.case.election().contest(entry.contest))
            for name, value in entry.fields.items():
                rules.must_fit(name, value)
            kind, says = kinds.ENTERED, bodies.typed(entry, lease.place)
        return kinds.DECIDED if lease.decides else kind, body | says

    def release(self, token: str, reader: str) -> None:
        """Give a sheet back without an answer."""
        with self.acts, self.lock:
            lease = self.lease(token, reader)
            if token not in self.state().review.answered:
                self._write([(kinds.RELEASED, {"lease": token, **bodies.where(lease.place)})], reader)

    def withdraw(self, place: Place, reader: str) -> None:
        """Take one's own answer back, as long as nobody else has typed the sheet. Raises :class:`Refused`."""
        with self.acts, self.lock:
            person, counted = person_of(reader), self.state().review.of(place)
            mine = [answer for answer in counted if answer.person == person]
            if not mine or len(mine) < len(counted):
                raise Refused("settled")
            body = {"reader": reader, "answer": mine[0].seq, **bodies.where(place)}
            self._write([(kinds.WITHDRAWN, body)], reader)

    def reopen(self, place: Place, by: str, reason: str) -> None:
        """Put a sheet back into the queue as if nobody had typed it; the old answers stay in the ledger."""
        self._must_exist(place)
        body = {"by": by, "reason": bodies.reason_of(reason), **bodies.where(place)}
        self._write([(kinds.REOPENED, body)], by)

    def invalidate(self, reader: str, by: str, reason: str) -> None:
        """Declare that nothing which this person typed counts: their sheets go back into the queue."""
        if person_of(reader) == person_of(by):
            raise UsageError("nobody judges their own work.", advice="Another person has to do this.")
        self._write(
            [(kinds.INVALIDATED, {"reader": reader, "by": by, "reason": bodies.reason_of(reason)})], by
        )

    def set_mode(self, entries: int, by: str, *, everything: bool = False) -> None:
        """How many people have to type a sheet (1 or 2), and whether accepted sheets are typed too."""
        if entries not in (1, 2):
            raise UsageError("a sheet is typed by one or by two people.", advice="Give 1 or 2.")
        self._write([(kinds.MODE, {"entries": entries, "everything": everything, "by": by})], by)

    def mark_gold(self, place: Place, by: str) -> None:
        """Use a settled sheet as a question with a known answer. Raises :class:`Refused`."""
        with self.acts, self.lock:
            now = standing(self.state().review, place)
            if now.content is None or now.content.aside:
                raise Refused("settled")
            content = now.content
            body = {
                "contest": content.contest,
                "region": content.region,
                "precinct": content.precinct,
                "fields": content.values(),
                "by": by,
                **bodies.where(place),
            }
            self._write([(kinds.GOLD, body)], by)

    def queue(self, weights: Mapping[Place, Weight] | None = None) -> list[Task]:
        """Every page that needs or needed people, worked out once per state of the case."""
        with self.lock:
            case = self.state()
            if self._queue is None or self._queue[0] != self._seen or self._queue[1] is not weights:
                self._queue = (self._seen, weights, tasks(case, weights))
            return list(self._queue[2])

    def _lease(self, place: Place, reader: str, now: datetime, *, decides: bool) -> Lease:
        body = bodies.handed(place, reader, now, decides=decides)
        self._write([(kinds.LEASED, body)], reader)
        return self.state().review.leases[str(body["lease"])]

    def _write(self, acts: Sequence[Act], reader: str) -> Sequence[Event]:
        if self._still == threading.get_ident():
            self._still = 0  # what was written has to be seen at once
        return self.case.ledger.append_all(acts, actor=f"person:{reader}")

    def _must_exist(self, place: Place) -> None:
        if place[1] not in {page.page for page in self.state().pages_of(place[0])}:
            raise Refused("other")
