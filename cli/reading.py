"""Read the photos of a case: what this pipeline version has not read yet, in worker processes, resumable.

Each file is written to the ledger as soon as it is read, all its pages in one transaction. So Ctrl-C, a kill
or a power cut loses at most the files that were being read at that moment, and the next run reads those.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cli.scanning import AUTO, UNEXPECTED, PageLine, ScanTask, scan
from tally.case import Case
from tally.model import PageReading
from tally.state import state


@dataclass(frozen=True, slots=True)
class ReadFile:
    """One file that was read, or why it was not."""

    sha256: str
    name: str
    pages: tuple[PageReading, ...]
    error: str = ""
    recorded: bool = True
    """False after an error of ours: nothing was written, the next run tries again."""


def pipeline_version() -> str:
    """The name under which readings of this version are kept. Raises ``MissingComponent``."""
    from ocr.pipeline import pipeline_id  # imported here: it loads the image libraries

    return pipeline_id()


def unread(case: Case) -> list[ScanTask]:
    """What is still to be read, in order of receipt."""
    known = state(case)
    contests = contests_of(case)
    return [
        ScanTask(case.originals.path_of(sha256), known.photos[sha256].name, AUTO, case.election_id, contests)
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
    for task, lines in scan(tasks, jobs):
        yield _record(case, task, lines, version)


def _record(case: Case, task: ScanTask, lines: list[PageLine], version: str) -> ReadFile:
    sha256 = task.path.name
    error = next((line.error for line in lines if line.error), "")
    # An unexpected error is ours and may be gone tomorrow; a photo that cannot be decoded is a result.
    if error.startswith(UNEXPECTED):
        return ReadFile(sha256, task.name, (), error, recorded=False)
    pages = tuple(line.page for line in lines)
    case.record_pages(sha256, pages, version)
    return ReadFile(sha256, task.name, pages, error)
