"""Which pages wait for a person, and which of them is offered to whom next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from tally.model import Status
from tally.review.answers import Lease, Place, Reviewed
from tally.review.priority import Weight, order
from tally.review.settle import Stage, Standing, may_decide, may_enter, standing
from tally.state import CaseState

GOLD_EVERY = 15
"""About one entry in so many is a gold question."""

# The sheets that most likely hold countable numbers come first.
_LEGIBLE = {Status.REVIEW: 0, Status.ACCEPTED: 1, Status.UNREADABLE: 2, Status.NOT_A_PROTOCOL: 3}


@dataclass(frozen=True, slots=True)
class Task:
    """One page that people have to do with."""

    place: Place
    status: Status
    standing: Standing
    weight: Weight

    @property
    def done(self) -> bool:
        """True if no person is needed any more."""
        return self.standing.settled


def tasks(case: CaseState, weights: Mapping[Place, Weight] | None = None) -> list[Task]:
    """Every page that needs or needed people, the most urgent first, finished ones last.

    Sheets between whose entries somebody has to decide come before sheets to type: the work is nearly done.
    """
    known, weighed = case.review, weights or {}
    found = []
    for page in case.pages():
        place = (page.sha256, page.page)
        wanted = page.status is not Status.ACCEPTED or known.everything
        # What people have begun is finished, also if a newer reader accepts the sheet.
        if wanted or known.of(place):
            now = standing(known, place)
            found.append(Task(place, page.status, now, weighed.get(place, Weight())))
    return sorted(found, key=lambda task: _urgency(task, weighed))


def _urgency(task: Task, weights: Mapping[Place, Weight]) -> tuple[bool, bool, int, int, bool, int]:
    rank, votes = order(weights, task.place)
    conflict = task.standing.stage is Stage.CONFLICT
    return task.done, not conflict, rank, _LEGIBLE[task.status], task.standing.stage is Stage.FIRST, votes


def held(known: Reviewed, person: str, now: datetime, passing: str = "") -> Lease | None:
    """The sheet that a person has on the desk and may still answer; the lease ``passing`` does not count."""
    for place, tokens in known.on_desk.items():
        for token in tokens:
            lease = known.leases[token]
            mine = lease.person == person and lease.until > now and token != passing
            if mine and not (may_decide if lease.decides else may_enter)(known, place, person):
                return lease
    return None


def following(
    case: CaseState,
    queue: list[Task],
    person: str,
    now: datetime,
    *,
    decides: bool,
    after: Place | None = None,
) -> tuple[Place, bool] | None:
    """The sheet that this person gets next, and whether it is to decide; ``None``: nothing waits.

    ``after``: the sheet that the same person answers in the same moment, so that both can be written at once.
    """
    gold = gold_for(case.review, person, after)
    if gold is not None:
        return gold, False
    for task, deciding in offered(case, queue, person, now, decides=decides):
        if task.place != after:
            return task.place, deciding
    return None


def offered(
    case: CaseState, queue: list[Task], person: str, now: datetime, *, decides: bool
) -> Iterator[tuple[Task, bool]]:
    """What this person may do next, best first; True if it is to decide between two entries.

    A sheet that enough others have on their screens is left out. What the person passed comes last.
    """
    known = case.review
    later: list[tuple[Task, bool]] = []
    for task in queue:
        deciding = task.standing.stage is Stage.CONFLICT
        if task.done or (deciding and not decides) or not free(known, task.place, person, now):
            continue
        if (may_decide if deciding else may_enter)(known, task.place, person):
            continue
        if (task.place, person) in known.passed:
            later.append((task, deciding))
        else:
            yield task, deciding
    yield from later


def free(known: Reviewed, place: Place, person: str, now: datetime) -> bool:
    """True if fewer other people have the sheet on their screens than it still needs."""
    state = standing(known, place)
    needed = 1 if state.stage is Stage.CONFLICT else known.entries - len(state.entries)
    return sum(lease.person != person for lease in known.open_leases(place, now)) < needed


def gold_for(known: Reviewed, person: str, after: Place | None = None) -> Place | None:
    """A gold question if it is this person's turn for one; nobody can tell which sheet it is.

    ``after``: see :func:`following`.
    """
    mine = sum(answer.person == person for answers in known.answers.values() for answer in answers)
    mine += after is not None
    if not known.gold or mine % GOLD_EVERY != GOLD_EVERY // 2:
        return None
    fresh = [place for place in known.gold if place != after and not may_enter(known, place, person)]
    # Spread over people, yet the same after a restart.
    return min(fresh, key=lambda p: sha256(f"{person}{p}".encode()).digest(), default=None)
