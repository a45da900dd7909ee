"""Typeset the report of a bundle with Typst: PDF/A, fonts shipped, the same bytes for the same bundle."""

from __future__ import annotations

import json
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Final

import typst

from tally.bundle import layout
from tally.bundle.contents import Contents
from tally.report.data import report_data
from tally.report.evidence import Evidence
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
    codes = list(languages)
    contents = [report_data(found, evidence, bundle, language) for language in codes]
    with ThreadPoolExecutor() as pool:  # Typst leaves Python's lock: one core per language
        papers = pool.map(lambda content: pdf(content, data), contents)
        for language, paper in zip(codes, papers, strict=True):
            made[f"{layout.REPORT}/report-{language}.pdf"] = paper
    for language in codes:
        for contest in found.totals.contests:
            text = complaint(found, contest, bundle, language)
            made[f"{layout.REPORT}/complaint-{contest.contest.id}-{language}.txt"] = text.encode("utf-8")
    return made


def pdf(content: dict[str, Any], data: Path) -> bytes:
    """One report. Pictures that the content names lie in the folder ``data``; Typst opens no file outside it."""
    package = files("tally") / "report"
    with as_file(package / "fonts") as fonts:
        made: bytes = typst.compile(  # type: ignore[call-overload] # its stubs want one type for source and folders
            (package / "report.typ").read_bytes(),
            root=str(data),
            format="pdf",
            font_paths=[str(fonts)],
            ignore_system_fonts=True,
            sys_inputs={"content": json.dumps(content, ensure_ascii=False, sort_keys=True)},
            pdf_standards=STANDARD,
        )
        return made
