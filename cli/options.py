"""Options that several commands share, with one help text each."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from cli.lang import Lang, default_lang

CaseArg: TypeAlias = Annotated[
    Path, typer.Argument(metavar="CASE", help="Case folder, made by `hattama new`.")
]
JsonFlag: TypeAlias = Annotated[
    bool, typer.Option("--json", help="Print one JSON object instead of a table.")
]
LangOpt: TypeAlias = Annotated[
    Lang | None,
    typer.Option(
        "--lang",
        envvar="HATTAMA_LANG",
        help="Language of tables and findings. Default: your locale, else ru.",
    ),
]
JobsOpt: TypeAlias = Annotated[
    int | None,
    typer.Option("--jobs", "-j", min=1, max=256, help="Worker processes. Default: one per CPU core."),
]
DistrictOpt: TypeAlias = Annotated[int | None, typer.Option("--district", min=1, help="Only this district.")]


def chosen(lang: Lang | None) -> Lang:
    """The language asked for, else that of the locale."""
    return lang or default_lang()
