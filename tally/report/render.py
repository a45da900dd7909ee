"""Typeset the report of a bundle with Typst: PDF/A, fonts shipped, the same bytes for the same bundle."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from tally.bundle import layout
from tally.bundle.contents import Contents
from tally.report.data import report_data
from tally.report.evidence import Evidence
from tally.report.legal import complaint
from tally.report.typeset import typeset
from tally.report.volumes import Content, Shelved, bind, file_name, shelved, with_volumes

LANGUAGES = ("kk", "ru", "en")
AT_ONCE: Final = 2
"""Files typeset at once, each in a process of its own: more would take more memory than a laptop may have."""


def render(
    found: Contents, data: Path, bundle: str, languages: Iterable[str] = LANGUAGES
) -> Iterator[tuple[str, bytes]]:
    """Reports and draft complaints with their paths below ``data/``, from the ``data`` folder of a bundle.

    One after the other, each language's main volume after its others: no more of them are held than are at work.
    Text reaches the template as JSON, never as source: nothing that a stranger typed is executed.
    """
    evidence = Evidence.of(data)
    codes = list(languages)
    files = [bind(report_data(found, evidence, bundle, code)) for code in codes]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        shelves: list[list[Shelved]] = [[] for _ in files]
        volumes = [(place, part) for place, parts in enumerate(files) for part in parts[1:]]
        for (place, part), paper in _typeset(pool, data, volumes):
            shelves[place].append(shelved(part, paper))
            yield f"{layout.REPORT}/{file_name(part)}", paper
        mains = [(place, with_volumes(parts[0], shelves[place])) for place, parts in enumerate(files)]
        for (_, main), paper in _typeset(pool, data, mains):
            yield f"{layout.REPORT}/{file_name(main)}", paper
    for language in codes:
        for contest in found.totals.contests:
            text = complaint(found, contest, bundle, language)
            yield f"{layout.REPORT}/complaint-{contest.contest.id}-{language}.txt", text.encode("utf-8")


def _typeset(
    pool: ThreadPoolExecutor, data: Path, parts: list[tuple[int, Content]]
) -> Iterator[tuple[tuple[int, Content], bytes]]:
    """Every part with its paper, in order; a few are at work ahead of whoever takes them."""
    waiting: deque[tuple[tuple[int, Content], Future[bytes]]] = deque()
    for one in parts:
        waiting.append((one, pool.submit(pdf, one[1], data)))
        if len(waiting) > AT_ONCE:
            part, paper = waiting.popleft()
            yield part, paper.result()
    while waiting:
        part, paper = waiting.popleft()
        yield part, paper.result()


def pdf(content: dict[str, Any], data: Path) -> bytes:
    """One file, from :func:`tally.report.volumes.bind` and the pictures in the folder ``data``."""
    return typeset(json.dumps(content, ensure_ascii=False, sort_keys=True), data)
