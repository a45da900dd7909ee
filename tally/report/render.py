"""Typeset the report of a bundle with Typst: PDF/A, fonts shipped, the same bytes for the same bundle."""

from __future__ import annotations

import json
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from tally.bundle import layout
from tally.bundle.contents import Contents
from tally.report.data import report_data
from tally.report.evidence import Evidence
from tally.report.legal import complaint
from tally.report.typeset import typeset

LANGUAGES = ("kk", "ru", "en")
AT_ONCE: Final = 150
"""Protocols up to which all languages are typeset at once; each takes some 3 MB for each protocol."""


def render(
    found: Contents, data: Path, bundle: str, languages: Iterable[str] = LANGUAGES
) -> dict[str, bytes]:
    """Reports and draft complaints by path below ``data/``, from the ``data`` folder of a bundle without its report.

    Text reaches the template as JSON, never as source: nothing that a stranger typed is executed.
    """
    made: dict[str, bytes] = {}
    evidence = Evidence.of(data)
    codes = list(languages)
    sheets = sum(len(contest.protocols) for contest in found.totals.contests)
    # Small reports at once, one per core; large ones after each other, or a laptop runs out of memory.
    with ThreadPoolExecutor(1 if sheets > AT_ONCE else None) as pool:
        papers = pool.map(lambda code: pdf(report_data(found, evidence, bundle, code), data), codes)
        for language, paper in zip(codes, papers, strict=True):
            made[f"{layout.REPORT}/report-{language}.pdf"] = paper
    for language in codes:
        for contest in found.totals.contests:
            text = complaint(found, contest, bundle, language)
            made[f"{layout.REPORT}/complaint-{contest.contest.id}-{language}.txt"] = text.encode("utf-8")
    return made


def pdf(content: dict[str, Any], data: Path) -> bytes:
    """One report, from :func:`tally.report.data.report_data` and the pictures in the folder ``data``."""
    return typeset(json.dumps(content, ensure_ascii=False, sort_keys=True), data)
