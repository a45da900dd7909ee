"""Which pages of a case wait for a person, most useful first, as the commands list them."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.lang import Lang
from cli.words import word
from tally.case import Case
from tally.hints import never_read
from tally.model import Status
from tally.review.queue import Task, tasks
from tally.review.settle import By, Stage, standing
from tally.state import CaseState


@dataclass(frozen=True, slots=True)
class Waiting:
    """One sheet of the queue."""

    sha256: str
    page: int
    name: str
    status: Status
    done: bool
    """True if no person is needed any more: typed twice and equal, decided, or set aside."""
    caption: str = ""
    """What was written with the photo: a hint which sheet this is, never shown beside the fields to type."""


def queue(_case: Case, known: CaseState) -> list[Waiting]:
    """Pages that the readers did not accept, finished ones last."""
    typed = {(row.sha256, row.page) for row in known.imported_rows if row.sha256 and row.confirms}
    listed = [_waiting(known, task, task.done or task.place in typed) for task in tasks(known)]
    return sorted(listed, key=lambda one: one.done)


def _waiting(known: CaseState, task: Task, done: bool) -> Waiting:
    photo = known.photos[task.place[0]]
    caption = next((claim["caption"] for claim in photo.claims if claim.get("caption")), "")
    return Waiting(*task.place, photo.name, task.status, done, caption)


def review_counts(known: CaseState, listed_tasks: Sequence[Task] | None = None) -> dict[str, Any]:
    """How far the review is, and by how many people: stable keys of ``review`` in the outputs."""
    listed = [task.standing for task in (tasks(known) if listed_tasks is None else listed_tasks)]
    stages, ways = Counter(one.stage for one in listed), Counter(one.by for one in listed)
    return {
        "entries": known.review.entries,
        "stages": {stage.value: stages[stage] for stage in Stage},
        "settled_by": {by.value: ways[by] for by in By},
    }


def single_entry(known: CaseState) -> bool:
    """True if somewhere one person's entry was enough: an output that says confirmed has to say so."""
    once = any(standing(known.review, place).by is By.SINGLE for place in known.review.answers)
    return once or known.review.entries == 1 or any(row.confirms for row in known.imported_rows)


def unread_photos(known: CaseState) -> list[dict[str, str]]:
    """Photos that no sum holds because they were not read: stable key ``unread`` in the outputs."""
    return [{"file": photo.name, "sha256": photo.sha256} for photo in never_read(known)]


def unread_notice(known: CaseState, case: Path, lang: Lang) -> str:
    """How many photos the sums lack, and how to read them; empty if none."""
    count = len(never_read(known))
    command = f"hattama read {shlex.quote(str(case))}"
    return word("unread_photos", lang).format(count=count, command=command) if count else ""
