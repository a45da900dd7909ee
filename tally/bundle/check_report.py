"""Is the paper what the data say? The report is typeset once more and compared."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

from tally.bundle import layout
from tally.bundle.contents import Contents
from tally.bundle.programs import libraries
from tally.bundle.verified import Verified
from tally.report.render import LANGUAGES, render

_NAME = re.compile(rf"report-({'|'.join(LANGUAGES)})\.pdf")


def check_report(bag: Path, again: Contents, found: Verified) -> None:
    """Compare every report with one made now from the same data: its bytes, or, of another Typst, its text."""
    folder = bag / "data" / layout.REPORT
    languages = []
    for path in sorted(folder.glob("*")):
        match = _NAME.fullmatch(path.name)
        if match is None:
            found.add("report", f"data/{layout.REPORT}/{path.name}", "is no report of hattama")
        else:
            languages.append(match.group(1))
    if not languages:
        found.notes.append("no_report")
        return
    told = json.loads((bag / "data" / layout.PROGRAMS).read_bytes())["libraries"].get("typst")
    for name, own in render(again, bag / "data", found.bundle, languages).items():
        theirs = (bag / "data" / name).read_bytes()
        if theirs == own:
            continue
        if told == libraries().get("typst"):
            found.add("report", f"data/{name}", "is not the report that follows from the data")
        elif _text(theirs) != _text(own):
            found.add("report", f"data/{name}", "says something else than the data")


def _text(pdf: bytes) -> list[str]:
    """The words of a report in order. Raises ``ValueError`` if it is no PDF."""
    import pdfplumber

    try:
        with pdfplumber.open(io.BytesIO(pdf)) as document:
            return [word for page in document.pages for word in (page.extract_text() or "").split()]
    except Exception as error:
        # pdfminer raises whatever the damage leads to
        raise ValueError(f"a report is not a PDF: {error}") from error
