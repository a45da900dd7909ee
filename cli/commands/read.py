"""``hattama read``: read every photo of a case that this version has not read."""

from __future__ import annotations

from collections import Counter

import typer

from cli.console import emit, note, out
from cli.options import CaseArg, JobsOpt, JsonFlag, LangOpt, chosen
from cli.pool import default_jobs
from cli.progress import progress
from cli.reading import ReadFile, pipeline_version, read_all, unread
from cli.render import show, table
from cli.scanning import exit_code
from cli.words import heads, word
from tally.case import open_case
from tally.errors import ExitCode
from tally.model import Status


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("read")(read)


def read(case: CaseArg, jobs: JobsOpt = None, json_: JsonFlag = False, lang: LangOpt = None) -> None:
    """Read what has not been read yet. Can be interrupted at any time; run it again to go on.

    Exit code: 0 all pages accepted, 3 some need a person, 4 some file cannot be read, 130 interrupted.
    """
    opened = open_case(case)
    tasks = unread(opened)
    done: list[ReadFile] = []
    try:
        with progress("read", len(tasks)) as step:
            for one in read_all(opened, tasks, jobs or default_jobs()):
                done.append(one)
                step()
    except KeyboardInterrupt:
        note(f"hattama: stopped; {len(done)} of {len(tasks)} files are read and kept. Run it again to go on.")
        raise
    pages = Counter(page.status for one in done for page in one.pages)
    counts = {status.value: pages[status] for status in Status}
    failed = [{"file": one.name, "sha256": one.sha256, "error": one.error} for one in done if one.error]
    if json_:
        emit(
            {
                "case": str(case),
                "pipeline": pipeline_version(),
                "read": len(done),
                "pages": counts,
                "failed": failed,
            }
        )
    else:
        tongue = chosen(lang)
        rows = [(word(key, tongue), number) for key, number in counts.items()]
        show(out(), table(heads(tongue, "page", "count"), rows, numbers=(1,)))
        for entry in failed:
            print(f"{entry['file']}: {entry['error']}")
    if any(not one.recorded for one in done):
        raise typer.Exit(int(ExitCode.OTHER))
    if code := exit_code(pages.elements()):
        raise typer.Exit(int(code))
