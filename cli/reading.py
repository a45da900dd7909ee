"""Read the photos of a case: what this pipeline version has not read yet, in worker processes, resumable.

What is to be read is derived from the ledger; there is no list of jobs that could be lost or disagree with it.
Each file is written to the ledger as soon as it is read, all its pages in one transaction. So Ctrl-C, a kill
or a power cut loses at most the files that were being read at that moment, and the next run reads those.
A newer version reads everything again; the older readings stay in the ledger.

A file on which reading does not come to an end (time, memory, a crash) is a failed attempt, which the ledger
keeps. The next run tries once more; after that the file counts as unreadable, with the reason, and waits for a
person.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cli.pool import READ_LIMITS
from cli.scanning import AUTO, UNEXPECTED, PageLine, ScanTask, scan
from tally.case import Case
from tally.model import PageReading
from tally.state import CaseState, state

READ_FAILED = "read_failed"
"""Kind of the event of a failed attempt."""
ATTEMPTS = 2
"""How often a version tries a file on which reading does not come to an end."""


@dataclass(frozen=True, slots=True)
class ReadFile:
    """One file that was read, or why it was not."""

    sha256: str
    name: str
    pages: tuple[PageReading, ...]
    error: str = ""
    recorded: bool = True
    """False after an error of ours or a failed attempt: there is no reading, the next run tries again."""


def pipeline_version() -> str:
    """The name under which readings of this version are kept. Raises ``MissingComponent``."""
    from ocr.pipeline import pipeline_id  # imported here: it loads the image libraries

    return pipeline_id()


def unread(case: Case, known: CaseState | None = None) -> list[ScanTask]:
    """What is still to be read, in order of receipt; ``known``: the case, if somebody has it already."""
    known = known or state(case)
    contests = contests_of(case)
    return [
        ScanTask(case.originals.path_of(sha256), known.photos[sha256].name, AUTO, case.election_at, contests)
        for sha256 in known.unread(pipeline_version())
    ]


def contests_of(case: Case) -> tuple[str, ...]:
    """Ids of the contests that sheets of a case may belong to: its districts' and those without one."""
    return tuple(
        contest.id
        for contest in case.election().contests
        if contest.district is None or not case.districts or contest.district in case.districts
    )


def read_all(case: Case, tasks: list[ScanTask], jobs: int) -> Iterator[ReadFile]:
    """Read and record. Raises ``MissingComponent``, or ``CaseError`` if the ledger is taken."""
    version = pipeline_version()
    for task, lines in scan(tasks, jobs, READ_LIMITS):
        yield _record(case, task, lines, version)


def record_one(case: Case, task: ScanTask, lines: list[PageLine]) -> ReadFile:
    """Record what one file gave, by the rules of :func:`read_all`."""
    return _record(case, task, lines, pipeline_version())


def _record(case: Case, task: ScanTask, lines: list[PageLine], version: str) -> ReadFile:
    sha256 = task.path.name
    if lines[0].stopped and _tries_again(case, sha256, version, lines[0].error):
        return ReadFile(sha256, task.name, (), lines[0].error, recorded=False)
    error = next((line.error for line in lines if line.error), "")
    # An unexpected error is ours and may be gone tomorrow; a photo that cannot be decoded is a result.
    if error.startswith(UNEXPECTED):
        return ReadFile(sha256, task.name, (), error, recorded=False)
    pages = tuple(line.page for line in lines)
    case.record_pages(sha256, pages, version)
    return ReadFile(sha256, task.name, pages, error)


def _tries_again(case: Case, sha256: str, version: str, reason: str) -> bool:
    """Keep a failed attempt; False if there were enough of them."""
    case.record(READ_FAILED, {"sha256": sha256, "pipeline": version, "reason": reason})
    attempts = [event.body for event in case.ledger.events(READ_FAILED)]
    same = [body for body in attempts if (body["sha256"], body["pipeline"]) == (sha256, version)]
    return len(same) < ATTEMPTS
