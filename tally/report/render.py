"""Typeset the report of a bundle with Typst: PDF/A, fonts shipped, the same bytes for the same bundle."""

from __future__ import annotations

import json
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from tally.bundle import layout
from tally.bundle.contents import Contents
from tally.report.data import report_data
from tally.report.evidence import Evidence
from tally.report.legal import complaint
from tally.report.typeset import typeset
from tally.report.volumes import Content, bind, file_name, with_volumes

LANGUAGES = ("kk", "ru", "en")
AT_ONCE: Final = 2
"""Files typeset at once, each in a process of its own: more would take more memory than a laptop may have."""


def render(
    found: Contents, data: Path, bundle: str, languages: Iterable[str] = LANGUAGES
) -> dict[str, bytes]:
    """Reports and draft complaints by path below ``data/``, from the ``data`` folder of a bundle without its report.

    Text reaches the template as JSON, never as source: nothing that a stranger typed is executed.
    """
    evidence = Evidence.of(data)
    codes = list(languages)
    files = [bind(report_data(found, evidence, bundle, code)) for code in codes]
    made: dict[str, bytes] = {}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        volumes = [[pool.submit(pdf, part, data) for part in parts[1:]] for parts in files]
        mains = [_main(parts, papers) for parts, papers in zip(files, volumes, strict=True)]
        papers = [pool.submit(pdf, main, data) for main in mains]
        for parts, main, rest in zip(files, papers, volumes, strict=True):
            for part, paper in zip(parts, (main, *rest), strict=True):
                made[f"{layout.REPORT}/{file_name(part)}"] = paper.result()
    for language in codes:
        for contest in found.totals.contests:
            text = complaint(found, contest, bundle, language)
            made[f"{layout.REPORT}/complaint-{contest.contest.id}-{language}.txt"] = text.encode("utf-8")
    return made


def _main(parts: list[Content], volumes: list[Future[bytes]]) -> Content:
    return with_volumes(parts[0], parts[1:], [paper.result() for paper in volumes]) if volumes else parts[0]


def pdf(content: dict[str, Any], data: Path) -> bytes:
    """One file, from :func:`tally.report.volumes.bind` and the pictures in the folder ``data``."""
    return typeset(json.dumps(content, ensure_ascii=False, sort_keys=True), data)
