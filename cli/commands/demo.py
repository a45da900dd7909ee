"""``hattama demo``: the three disputes of 19 March 2023, from photos to differences."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from cli.commands.review import DEFAULT_PORT, check_address
from cli.commands.review import review as open_page
from cli.console import out as console_out
from cli.demo.folder import prepare
from cli.demo.story import PAIRS, Story
from cli.demo.summary import print_summary
from cli.demo.texts import text
from cli.options import JobsOpt, LangOpt, chosen
from cli.pool import default_jobs

DEFAULT_OUT = Path("demo-out")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo")(demo)


def demo(
    out: Annotated[Path, typer.Option(help="Folder for the photos and case folders.")] = DEFAULT_OUT,
    review: Annotated[
        bool,
        typer.Option("--review", help="Leave the doubtful sheets to you, and open the page to type them."),
    ] = False,
    jobs: JobsOpt = None,
    lang: LangOpt = None,
) -> None:
    """Work through three real disputes on synthetic photos: read, add up, compare. Takes some minutes."""
    began, tongue, console = time.monotonic(), chosen(lang), console_out()
    if review:
        check_address("127.0.0.1", DEFAULT_PORT)  # now, and not after minutes of reading
    prepare(out, [f"district-{district}" for district in PAIRS])
    console.print(text("synthetic", tongue), soft_wrap=True)
    workers = jobs or default_jobs()
    endings = [Story(district, out, workers, console, tongue, typist=not review).tell() for district in PAIRS]
    print_summary(console, endings, out, tongue)
    console.print(text("took", tongue, round(time.monotonic() - began)))
    if review:
        open_page(out / "district-27", reader="demo", lang=tongue)
