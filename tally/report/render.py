"""Typeset the report of a bundle with Typst: PDF/A, fonts shipped, the same bytes for the same bundle."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Final

import typst

from tally.bundle import layout
from tally.bundle.contents import Contents
from tally.report.data import Evidence, report_data
from tally.report.legal import complaint

LANGUAGES = ("kk", "ru", "en")
STANDARD: Final = "a-2b"
"""PDF/A-2b: the kind that archives ask for; Typst refuses to write a file that breaks it."""


def render(
    found: Contents, data: Path, bundle: str, languages: Iterable[str] = LANGUAGES
) -> dict[str, bytes]:
    """Reports and draft complaints by path below ``data/``, from the ``data`` folder of a bundle without its report.

    Text reaches the template as JSON, never as source: nothing that a stranger typed is executed.
    """
    made: dict[str, bytes] = {}
    evidence = Evidence.of(data)
    for language in languages:
        content = report_data(found, evidence, bundle, language)
        made[f"{layout.REPORT}/report-{language}.pdf"] = pdf(content, data)
        for contest in found.totals.contests:
            text = complaint(found, contest, bundle, language)
            made[f"{layout.REPORT}/complaint-{contest.contest.id}-{language}.txt"] = text.encode("utf-8")
    return made


def pdf(content: dict[str, Any], data: Path) -> bytes:
    """One report. Pictures that the content names are taken from the folder ``data``."""
    package = files("tally") / "report"
    with tempfile.TemporaryDirectory(prefix="hattama-report-") as folder, as_file(package / "fonts") as fonts:
        root = Path(folder)
        (root / "report.typ").write_bytes((package / "report.typ").read_bytes())
        (root / "content.json").write_text(json.dumps(content, ensure_ascii=False, sort_keys=True), "utf-8")
        for name in _pictures(content):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(data / name, root / name)
        return typst.compile(
            str(root / "report.typ"),
            root=str(root),
            format="pdf",
            font_paths=[str(fonts)],
            ignore_system_fonts=True,
            pdf_standards=STANDARD,
        )


def _pictures(content: dict[str, Any]) -> set[str]:
    sheets = [sheet for contest in content["contests"] for sheet in contest["sheets"]]
    crops = {row["crop"] for sheet in sheets for row in sheet["rows"]}
    return {name for name in crops | {sheet["view"] for sheet in sheets} if name}
