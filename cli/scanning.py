"""Read files without a case: one task per file, one line per page, one exit code per batch."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from cli.console import in_words, printable
from cli.health import missing_library
from cli.intake import MAX_STORED_BYTES
from cli.pool import Limits, run_all
from tally.election import Election, load_election
from tally.errors import ExitCode, HattamaError, MissingComponent, PhotoError, ReaderStopped
from tally.model import PageReading, Status

AUTO = "auto"

UNEXPECTED = "unexpected"
"""How the text of an error begins that is ours: no result, to be tried again."""


@dataclass(frozen=True, slots=True)
class ScanTask:
    """What a worker needs to read one file; plain data, because it crosses a process border."""

    path: Path
    name: str
    """What the person calls the file; shown in the output."""
    form: str
    """Form id, path of a form file, or ``auto``."""
    election: str = ""
    """Election id for the candidates' names; empty if not known."""
    contests: tuple[str, ...] = ()
    """Only these contests of the election; empty: all."""
    overlay: Path | None = None
    """Folder for pictures of what was found where; ``None``: no pictures."""


@dataclass(frozen=True, slots=True)
class PageLine:
    """One page, or one file that could not be read at all."""

    page: PageReading
    error: str = ""
    stopped: bool = False
    """True if reading did not come to an end (time, memory, a crash): it may do so another time."""

    @property
    def status(self) -> Status:
        """The status of the page."""
        return self.page.status

    def to_dict(self) -> dict[str, Any]:
        """One object of ``scan --json``; ``error`` only when the file could not be read."""
        return self.page.to_dict() | ({"error": self.error} if self.error else {})


def scan(
    tasks: Sequence[ScanTask], jobs: int, limits: Limits | None = None
) -> Iterator[tuple[ScanTask, list[PageLine]]]:
    """Read every file, in order. A file that cannot be read gives one line with ``error``; the rest goes on.

    With ``limits`` also a single file is read in a process of its own; see :func:`cli.pool.run_all`.

    Raises:
        MissingComponent: a program or model is missing, so no file can be read.
    """
    for task, result in run_all(read_one, tasks, jobs, limits):
        if isinstance(result, MissingComponent):
            raise result
        if isinstance(result, ImportError):
            raise missing_library(result) from result
        if isinstance(result, Exception):
            yield task, [unreadable(task, result)]
        else:
            yield task, [PageLine(page) for page in result]


def read_one(task: ScanTask) -> list[PageReading]:
    """Worker: read one file and, if asked, draw what was found. Raises ``PhotoError`` and the like."""
    from ocr import pipeline  # imported here: the parent process of a batch never needs the image libraries

    data = read_bytes(task.path)
    election = _election(task.election) if task.election else None
    pages = pipeline.read_file(data, task.name, task.form, election=election, contests=task.contests or None)
    if not pages:
        raise PhotoError("The file has no page.", advice="Ask for it again.")
    if task.overlay is not None:
        _draw(data, task, pages)
    return pages


def read_bytes(path: Path) -> bytes:
    """The whole file. Raises ``PhotoError`` if it cannot be opened or is far too large for a photo."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_STORED_BYTES + 1)
    except FileNotFoundError as error:
        raise PhotoError("There is no such file.", advice="Check the name.") from error
    except OSError as error:
        raise PhotoError(
            f"The file cannot be opened: {error.strerror}.", advice="Check the path and its rights."
        ) from error
    if len(data) > MAX_STORED_BYTES:
        raise PhotoError(
            f"The file has more than {MAX_STORED_BYTES // 2**20} MB.",
            advice="Send the photo itself, not a video.",
        )
    return data


def unreadable(task: ScanTask, error: Exception) -> PageLine:
    """The line of a file that could not be read: every key of a page, nothing in it, and the reason."""
    if isinstance(error, HattamaError):
        text = in_words(HattamaError(error.message, advice=error.advice))  # the line names the file itself
    else:
        text = f"{UNEXPECTED} {type(error).__name__}: {error}"
    page = PageReading(
        file=task.name,
        page=1,
        sha256=_sha256(task.path),
        form=None,
        form_confidence=0.0,
        status=Status.UNREADABLE,
        reasons=(text,),
    )
    return PageLine(page, text, isinstance(error, ReaderStopped))


def exit_code(statuses: Iterable[Status]) -> ExitCode:
    """The code of a batch; the worst page decides: unreadable (4) before anything that needs a person (3)."""
    seen = set(statuses)
    if Status.UNREADABLE in seen:
        return ExitCode.UNREADABLE_PHOTO
    return ExitCode.NEEDS_REVIEW if seen - {Status.ACCEPTED} else ExitCode.OK


def _draw(data: bytes, task: ScanTask, pages: Sequence[PageReading]) -> None:
    from ocr import overlay
    from ocr.photo import open_photos

    assert task.overlay is not None
    for photo, page in zip(open_photos(data, task.name), pages, strict=False):
        # The hash keeps two photos with the same name apart.
        name = f"{Path(task.name).stem}-{page.sha256[:8]}-p{page.page}.png"
        (task.overlay / name).write_bytes(overlay.draw(photo, page))


@lru_cache(maxsize=4)
def _election(election_id: str) -> Election:
    return load_election(election_id)


def _sha256(path: Path) -> str:
    try:
        if not path.is_file():  # a device never ends
            return ""
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def display_name(path: Path) -> str:
    """The name without folder, printable: what a page is called whether or not it can be read."""
    return printable(path.name)
