"""Where output goes: results to stdout, everything else to stderr."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from rich.console import Console

from tally.errors import HattamaError

# Rich assumes 80 columns in a pipe, which would fold every table; files and pagers take more.
_PIPE_COLUMNS = 140


class _Console(Console):
    """Leaves it to ``cli.main`` what a closed pipe means; rich itself would end with 1: differences."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def out() -> Console:
    """A console on the present stdout. Markup is off: file names may hold brackets."""
    width = None if sys.stdout.isatty() else _PIPE_COLUMNS
    return _Console(file=sys.stdout, width=width, markup=False, highlight=False)


def note(message: str) -> None:
    """One line for the person, on stderr, so that stdout stays clean for a pipe."""
    print(printable(message), file=sys.stderr, flush=True)


def in_words(error: HattamaError) -> str:
    """One paragraph: where, what, what to do; a full stop before the advice if the message has none."""
    if not error.advice:
        return str(error)
    told = str(error).removesuffix(error.advice).rstrip()
    return f"{told}{'' if told.endswith(tuple('.!?:;')) else '.'} {error.advice}"


def emit(value: Any, *, compact: bool = False) -> None:
    """Print one JSON value: indented, or on one line when ``compact`` (JSON lines)."""
    text = json.dumps(value, ensure_ascii=False, indent=None if compact else 2)
    print(printable(text), flush=True)


def printable(text: str) -> str:
    """``text`` without lone surrogates (undecodable file names), which stdout would refuse."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def debugging() -> bool:
    """True if the user asked for tracebacks with ``HATTAMA_DEBUG=1``."""
    return os.environ.get("HATTAMA_DEBUG", "") not in ("", "0")
