"""The room in which a review takes place: one case, its desk, its people, its workers, and what follows from it."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cli.findings import case_findings
from cli.lang import Lang
from cli.review import drawings
from cli.review.accounts import Accounts
from cli.review.gallery import AHEAD, Gallery
from cli.review.pictures import LARGE_PX, View, quarter_turns
from cli.review.questions import Questions
from cli.review.receiving import Receiver
from cli.review.roles import Person, Right, Role
from cli.review.stations import Station
from tally.case import Case
from tally.findings import Finding
from tally.model import PageReading, Reading
from tally.official import snapshots_of
from tally.review.answers import Place
from tally.review.desk import Refused, ReviewDesk
from tally.review.priority import Weight, weigh
from tally.state import CaseState
from tally.totals import CaseTotals, ContestTotals, totals

_SHARE = 10
"""Sums are made anew at most so often that they take a tenth of the time."""
_AT_ONCE_PHOTOS = 100
"""Sums of no more photos are made while somebody waits (some 10 ms), so that a small case is always up to date."""
# What changes neither a sum nor a finding.
_QUIET = frozenset({"leased", "released", "joined", "invited", "revoked", "left", "viewed", "checkpoint"})


@dataclass(frozen=True, slots=True)
class Known:
    """Sums, findings and weights of one moment."""

    changed: int
    totals: CaseTotals
    findings: tuple[Finding, ...]
    weights: dict[Place, Weight]
    contests: tuple[Mapping[str, Any], ...]
    """Each contest as ``totals --json`` has it."""
    made: float
    took: float


@dataclass
class Room:
    """Everything that the handlers share. ``lock`` is held while a handler looks at the case."""

    case: Case
    lang: Lang
    reader: str = ""
    """Name of whoever sits at the computer; empty: accounts are needed."""
    fingerprint: str = ""
    """Of the certificate; empty where the page is not encrypted."""
    lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self.desk = ReviewDesk(self.case)
        self.desk.lock = self.lock
        self.accounts = Accounts(self.case)
        self.accounts.refresh()
        self.questions = Questions(self.case)
        self.began = time.time()
        self.gallery = Gallery(self.case.path / "derived")
        self._drawings = Station(drawings.draw, drawings.LIMITS)
        self._known: Known | None = None
        self._summing: threading.Thread | None = None
        self.receiver = Receiver(self.case, self.desk.moment)
        self._drawn: dict[tuple[int, str, Lang], dict[str, bytes]] = {}

    @property
    def local(self) -> bool:
        """True if the page is open on this computer alone and needs no accounts."""
        return bool(self.reader)

    def person(self, session: str) -> Person | None:
        """Who asks; ``None`` if nobody is signed in."""
        if self.local:
            return Person(self.reader, Role.LOCAL)
        return self.accounts.person(session) if session else None

    def state(self) -> CaseState:
        """The case as the ledger has it now."""
        return self.desk.state()

    def known(self) -> Known:
        """Sums and findings. Of a large case they may be some seconds old: nobody waits while they are made."""
        with self.lock:
            return self._up_to_date(self.state(), self._known)

    def _up_to_date(self, case: CaseState, old: Known | None) -> Known:
        changed = self.desk.changed(_QUIET)
        if old is not None and old.changed == changed:
            return old
        if old is None or len(case.photos) <= _AT_ONCE_PHOTOS:
            return self._sums(case, changed)
        busy = self._summing is not None and self._summing.is_alive()
        if not busy and time.monotonic() - old.made > _SHARE * old.took:
            self._summing = threading.Thread(target=self._sums, args=(case.copy(), changed), daemon=True)
            self._summing.start()
        return old

    def _sums(self, case: CaseState, changed: int) -> Known:
        began = time.monotonic()
        found = totals(case, self.questions.election)
        findings = case_findings(self.case, found, case)
        weights = weigh(found, findings)
        contests = tuple(one.to_dict() for one in found.contests)
        now = time.monotonic()
        made = self._known = Known(changed, found, findings, weights, contests, now, now - began)
        return made

    def offers(self, who: Person) -> bool:
        """True if there is a sheet that this person may type or decide now."""
        return self.desk.offers(who.name, self.known().weights, decides=who.may(Right.DECIDE))

    def page(self, place: Place) -> PageReading:
        """What the program read. Raises ``Refused`` if the case has no such page."""
        for one in self.state().pages_of(place[0]):
            if one.page == place[1]:
                return one
        raise Refused("other")

    def whole_page(self, read: PageReading, turns: int = 0, side_px: int = LARGE_PX) -> bytes:
        """The page as JPEG, upright as far as is known, ``turns`` more quarter turns. Raises ``PhotoError``."""
        if not turns and side_px == LARGE_PX:
            return self._sheet(read)[0]
        turns = (quarter_turns(read) + turns) % 4
        return self.gallery.show(View(self._path(read.sha256), read.page, turns, side_px))[0]

    def cell(self, read: PageReading, code: str) -> bytes | None:
        """One cell as PNG; ``None`` if it was not found in the photo. Raises ``PhotoError``."""
        located = [one for one, reading in _cells(read).items() if reading.quad_px]
        return self._sheet(read)[1 + located.index(code)] if code in located else None

    def sketch(self, found: ContestTotals, lang: Lang) -> drawings.Sketch:
        """What the pictures of a contest are made of."""
        of_contest = tuple(one for one in self.known().findings if one.contest == found.contest.id)
        return drawings.Sketch(found, self.questions.election, snapshots_of(self.state()), of_contest, lang)

    def drawn(self, sketch: drawings.Sketch) -> dict[str, bytes]:
        """Pictures of a contest as SVG, drawn once per state of the case and language."""
        known = self._known
        key = (known.changed if known else 0, sketch.found.contest.id, sketch.lang)
        if key not in self._drawn:
            made = self._drawings.run(sketch)
            if len(self._drawn) > 20:
                self._drawn.clear()
            self._drawn[key] = made
        return self._drawn[key]

    def warm_up(self) -> None:
        """Read the ledger and add up before anybody waits for it; begin to make pictures."""
        with self.lock:
            self.known()
        self.gallery.run_ahead(self._coming)

    def _coming(self) -> list[View]:
        """The sheets that are handed out next."""
        with self.lock:
            weights = self._known.weights if self._known else {}
            waiting = [task.place for task in self.desk.queue(weights) if not task.done][:AHEAD]
            return [self._view(self.page(place)) for place in waiting]

    def close(self) -> None:
        """End the workers."""
        self.gallery.stop()
        self._drawings.stop()
        self.receiver.stop()

    def _sheet(self, read: PageReading) -> Sequence[bytes]:
        return self.gallery.show(self._view(read))

    def _view(self, read: PageReading) -> View:
        quads = tuple(one.quad_px for one in _cells(read).values() if one.quad_px)
        return View(self._path(read.sha256), read.page, quarter_turns(read), quads=quads)

    def _path(self, sha256: str) -> Path:
        return self.case.originals.path_of(sha256)


def _cells(read: PageReading) -> dict[str, Reading]:
    return {**read.header, **read.fields}
