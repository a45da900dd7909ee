"""Where the demo may write: a new or empty folder, or one that an earlier demo made."""

from __future__ import annotations

import shutil
from pathlib import Path

from tally.errors import UsageError

MARKER = "THIS-IS-A-HATTAMA-DEMO.txt"
_TEXT = (
    "Everything in this folder was made by `hattama demo` and is made anew by the next run.\n"
    "The protocols are synthetic: precinct numbers and the split over precincts are invented,\n"
    "only the sums, the names and the official figures are the published ones.\n"
)


def prepare(out: Path, parts: list[str]) -> None:
    """Make ``out`` ready for ``parts`` (sub-folders). Raises ``UsageError`` if it holds anything else."""
    if out.exists() and not out.is_dir():
        raise UsageError("this is a file, not a folder.", file=str(out), advice="Choose another --out.")
    if out.is_dir() and any(out.iterdir()) and not (out / MARKER).is_file():
        raise UsageError(
            "this folder is not empty and was not made by the demo; nothing was touched.",
            file=str(out),
            advice="Choose another --out.",
        )
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / MARKER).write_text(_TEXT, encoding="utf-8")
        for part in parts:
            if (out / part).is_dir():
                shutil.rmtree(out / part)
    except OSError as error:
        raise UsageError(f"the folder cannot be written: {error.strerror}.", file=str(out)) from error
