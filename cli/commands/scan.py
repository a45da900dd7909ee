"""``hattama scan``: photo in, numbers out, no case needed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.console import emit, note, out
from cli.intake import photos_in
from cli.lang import Lang
from cli.options import JobsOpt, LangOpt, chosen
from cli.pool import default_jobs
from cli.progress import progress
from cli.reasons import check_texts, in_language
from cli.render import show, table
from cli.scanning import AUTO, PageLine, ScanTask, display_name, exit_code, scan
from cli.words import heads, word
from tally.acceptance import FORM_THRESHOLD
from tally.election import load_election
from tally.errors import UsageError
from tally.form import load_form
from tally.model import Mark, PageReading, Reading


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("scan")(scan_photos)


def scan_photos(
    photos: Annotated[
        list[Path], typer.Argument(metavar="PHOTO...", help="Photos, PDFs, or folders of them.")
    ],
    form: Annotated[str, typer.Option("--form", help="Form id, a .toml file, or `auto`.")] = AUTO,
    json_: Annotated[
        bool, typer.Option("--json", help="One JSON object per page, one page per line.")
    ] = False,
    overlay: Annotated[Path | None, typer.Option(help="Folder for pictures of what was found where.")] = None,
    jobs: JobsOpt = None,
    election: Annotated[str, typer.Option(help="Election id: helps to recognise the candidates.")] = "",
    lang: LangOpt = None,
) -> None:
    """Read photos of protocols and say what is in doubt.

    Exit code: 0 every page accepted, 3 some page needs a person, 4 some file cannot be read, 5 unknown form.
    """
    _check_options(form, election, overlay)
    tasks = [ScanTask(path, display_name(path), form, election, (), overlay) for path in _files(photos)]
    statuses = []
    with progress("scan", len(tasks)) as step:
        for task, lines in scan(tasks, jobs or default_jobs()):
            for line in lines:
                statuses.append(line.status)
                if json_:
                    emit(line.to_dict(), compact=True)
                else:
                    _print_page(line, task, chosen(lang))
            step()
    if code := exit_code(statuses):
        raise typer.Exit(int(code))


def _check_options(form: str, election: str, overlay: Path | None) -> None:
    # Before any photo is opened: a wrong id is one mistake, not one per photo.
    if form != AUTO:
        load_form(form)
    if election:
        load_election(election)
    if overlay is not None:
        try:
            overlay.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"the folder cannot be made: {error.strerror}.", file=str(overlay)) from error


def _files(paths: list[Path]) -> list[Path]:
    """The paths, with the photos of a folder in its place."""
    files: list[Path] = []
    for path in paths:
        if not path.is_dir():
            files.append(path)
            continue
        photos, others = photos_in(path)
        files += photos
        if others:
            note(f"{path}: passed by {others} files that are neither picture nor PDF")
    return files


def _print_page(line: PageLine, task: ScanTask, lang: Lang) -> None:
    page, console = line.page, out()
    where = f"{page.file} #{page.page}"
    if line.error:
        note(f"{task.path}: {line.error}")
        console.print(f"{where}: {word('unreadable', lang)}")
        return
    doubtful = page.form is not None and page.form_confidence < FORM_THRESHOLD
    form = f"{page.form}?" if doubtful else page.form or "?"
    console.print(f"{where}: {word(page.status.value, lang)}, {form}", soft_wrap=True)
    says = check_texts(page, task.form, lang)
    reasons = [f"  - {in_language(text, lang, says)}" for text in _reasons(page)]
    if doubtful:  # before numbers of which it is not even sure what they count
        console.print("\n".join(reasons), soft_wrap=True)
        reasons = []
    cells = [*page.header.items(), *page.fields.items()]
    rows = [
        (code, page.candidates.get(code, ""), value(reading, lang), f"{reading.confidence:.3f}")
        for code, reading in cells
    ]
    show(console, table([*heads(lang, "field", "candidate", "value"), "p"], rows, numbers=(2, 3)))
    for check in page.checks:
        console.print(
            f"  {check.id} {word(check.outcome.value, lang)}: {says.get(check.id, check.says)}",
            soft_wrap=True,
        )
    for text in (*reasons, *(f"  - {in_language(text, lang)}" for text in page.suggestions)):
        console.print(text, soft_wrap=True)


def _reasons(page: PageReading) -> list[str]:
    """What to do better in the next photo first: it explains most of the rest."""
    advice = page.quality.get("warnings", ())
    return sorted(page.reasons, key=lambda text: text not in advice)


def value(reading: Reading, lang: Lang) -> object:
    """The number, or the mark in words."""
    if reading.mark is not Mark.READ:
        return word(f"mark_{reading.mark.value}", lang)
    return reading.text if reading.value is None else reading.value
