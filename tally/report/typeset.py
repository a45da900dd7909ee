"""Typeset one report in a process of its own: python -m tally.report.typeset FOLDER < content > report.

Typst keeps every page that it ever set. A process that ends gives all of it back: some 3 MB for each sheet.
"""

from __future__ import annotations

import subprocess
import sys
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

from tally.errors import CaseError

STANDARD: Final = "a-2b"
"""PDF/A-2b: the kind that archives ask for; Typst refuses to write a file that breaks it."""
_TOLD: Final = 3
"""Lines of Typst's own message that an error repeats."""


def typeset(content: str, data: Path) -> bytes:
    """The report as PDF. Pictures that the content names lie in the folder ``data``; Typst opens none outside it.

    Raises :class:`CaseError` if it cannot be set, or if its process was ended, which is what too little memory does.
    """
    done = subprocess.run(
        [sys.executable, "-P", "-m", "tally.report.typeset", str(data.absolute())],
        input=content.encode("utf-8"),
        capture_output=True,
        check=False,
    )
    if done.returncode == 0:
        return done.stdout
    told = " ".join(done.stderr.decode("utf-8", "replace").splitlines()[-_TOLD:])
    raise CaseError(
        f"the report cannot be typeset: {told or f'its process was ended ({done.returncode})'}.",
        advice="Close other programs if memory is short, or leave the report out: --no-report.",
    )


def main() -> None:
    """Read the content from standard input and write the PDF to standard output."""
    import typst

    package = files("tally") / "report"
    with as_file(package / "fonts") as fonts:
        made: bytes = typst.compile(  # type: ignore[call-overload] # its stubs want one type for source and folders
            (package / "report.typ").read_bytes(),
            root=sys.argv[1],
            format="pdf",
            font_paths=[str(fonts)],
            ignore_system_fonts=True,
            sys_inputs={"content": sys.stdin.buffer.read().decode("utf-8")},
            pdf_standards=STANDARD,
        )
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main()
