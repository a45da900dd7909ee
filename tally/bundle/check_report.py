"""Is the paper what the data say? The report is typeset once more and compared."""

from __future__ import annotations

import io
import json
from pathlib import Path

from tally.bundle import layout
from tally.bundle.contents import Contents
from tally.bundle.programs import libraries
from tally.bundle.verified import Verified
from tally.report.render import LANGUAGES, render


def check_report(bag: Path, again: Contents, found: Verified) -> None:
    """Compare every report with one made now from the same data: its bytes, or, of another Typst, its text."""
    folder = bag / "data" / layout.REPORT
    there = {f"{layout.REPORT}/{path.name}" for path in folder.glob("*")}
    languages = [code for code in LANGUAGES if f"{layout.REPORT}/report-{code}.pdf" in there]
    if languages and any(problem.what == "crop" for problem in found.problems):
        # A picture that no photo shows is no business of the typesetter: it may be made to exhaust the machine.
        found.add(
            "report",
            f"data/{layout.REPORT}",
            "cannot be compared before its pictures are those of the photos",
        )
        return
    if not languages:
        found.notes.append("no_report")
    told = json.loads((bag / "data" / layout.PROGRAMS).read_bytes())["libraries"].get("typst")
    own = set()
    for name, made in render(again, bag / "data", found.bundle, languages):
        own.add(name)
        theirs = (bag / "data" / name).read_bytes() if name in there else b""
        if theirs == made:
            continue
        if told == libraries().get("typst") or not name.endswith(".pdf"):
            found.add("report", f"data/{name}", "is not the report that follows from the data")
        elif _text(theirs) != _text(made):
            found.add("report", f"data/{name}", "says something else than the data")
    for name in sorted(there - own):
        found.add("report", f"data/{name}", "is no report of hattama")


def _text(pdf: bytes) -> list[str]:
    """The words of a report in order. Raises ``ValueError`` if it is no PDF."""
    import pdfplumber

    try:
        with pdfplumber.open(io.BytesIO(pdf)) as document:
            return [word for page in document.pages for word in (page.extract_text() or "").split()]
    except Exception as error:
        # pdfminer raises whatever the damage leads to
        raise ValueError(f"a report is not a PDF: {error}") from error
