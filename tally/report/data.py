"""What the report says, as plain data for the template. Every language gets the same numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tally import texts
from tally.bundle.contents import Contents
from tally.catalogue import messages
from tally.election import Election, form_of
from tally.findings import Finding
from tally.hints import never_read
from tally.official import in_force
from tally.report.evidence import Evidence
from tally.report.legal import law_rows
from tally.report.rates import measured, source
from tally.report.sheets import sheet_pages
from tally.rulebook import explain
from tally.totals import ContestTotals
from tally.version import PROGRAM

NUMBERED = ("claim", "unclaim", "method", "limit", "guide", "certificate", "observer", "expert")
"""Families of texts that are lists."""


def report_data(found: Contents, evidence: Evidence, bundle: str, language: str) -> dict[str, Any]:
    """Everything that the template prints, in one language (``kk``, ``ru``, ``en``)."""
    words = {key.removeprefix("report."): text[language] for key, text in messages().items() if _is_ours(key)}
    told = _told(found, bundle, language)
    lists = {name: [line.format(**told) for line in _numbered(words, name)] for name in NUMBERED}
    return {
        "language": language,
        "bundle": bundle,
        "date": found.latest.time_utc[:10],
        "words": words,
        "lists": lists,
        "cover": _cover(found, words, language),
        "contests": [_contest(one, found, evidence, language) for one in found.totals.contests],
        "unread": _unread(found),
        "unassigned": [[page.name, str(page.page)] for page in found.totals.unassigned],
        "measured": measured(found, language),
        "sources": source(found, language),
        "law": law_rows(found, words, language),
        "exhibits": [_exhibit(i, photo, words) for i, photo in enumerate(evidence.photos, 1)],
    }


def _is_ours(key: str) -> bool:
    return key.startswith("report.")


def _numbered(words: Mapping[str, str], name: str) -> list[str]:
    return [words[f"{name}.{i}"] for i in range(1, 20) if f"{name}.{i}" in words]


def _unread(found: Contents) -> list[str]:
    """Names of the files whose numbers nobody has: they are in no sum, and nothing may hide that."""
    return [photo.name for photo in never_read(found.state)]


def _told(found: Contents, bundle: str, language: str) -> dict[str, str]:
    """What the certificate and the declarations say of this very case."""
    received = [event.time_utc[:19].replace("T", " ") for event in found.events if event.kind == "received"]
    photos = found.state.photos.values()
    return {
        "bundle": bundle,
        "program": PROGRAM,
        "readers": "; ".join(_readers(found)) or "-",
        "root": found.checkpoint.text().splitlines()[2],
        "files": texts.written(len(photos), language),
        "quarantined": texts.written(sum(photo.quarantined is not None for photo in photos), language),
        "first": min(received, default="-"),
        "last": max(received, default="-"),
    }


def _readers(found: Contents) -> list[str]:
    return sorted({page.reader for page in found.state.pages() if page.reader})


def _cover(found: Contents, words: Mapping[str, str], language: str) -> list[list[str]]:
    title = found.election.title.get(language) or found.election.id
    districts = ", ".join(map(str, found.state.districts)) or words["all"]
    quarantined = sum(photo.quarantined is not None for photo in found.state.photos.values())
    rows = [
        [words["election"], title],
        [words["districts"], districts],
        [words["note"], found.note],
        [words["as_of"], found.latest.time_utc[:19].replace("T", " ")],
        [words["events"], texts.written(found.latest.seq, language)],
        [words["root"], found.checkpoint.text().splitlines()[2]],
        [words["files"], texts.written(len(found.state.photos), language)],
        [words["quarantined"], texts.written(quarantined, language)],
        [words["program"], PROGRAM],
        [words["readers"], "; ".join(_readers(found))],
    ]
    return [row for row in rows if row[1]]


def _contest(found: ContestTotals, contents: Contents, evidence: Evidence, language: str) -> dict[str, Any]:
    contest = found.contest
    official = in_force(contents.election, contents.snapshots).get(contest.id, {})
    form = form_of(contest)
    rows, bars = [], []
    for subject, one in found.sums.items():
        figure = official.get(subject)
        name = texts.subject_name(contest, subject)[language]
        published = figure.value if figure is not None else None
        rows.append(
            [
                name,
                texts.written(one.span, language),
                texts.written(one.confirmed, language),
                "" if published is None else texts.written(published, language),
            ]
        )
        if subject in found.candidates:
            bars.append({"name": name, "low": one.span.low, "high": one.span.high, "official": published})
    covered = found.coverage
    return {
        "title": texts.place(contest)[language],
        "form": form.title.get(language) or form.id,
        "reconstruction": form.reconstruction,
        "counts": [_count(number, language) for number in (found.with_protocol, found.total, found.missing)],
        "not_counted": texts.written(len(found.not_counted()), language),
        "rows": rows,
        "bars": bars,
        "findings": [_finding(one, language) for one in contents.findings if one.contest == contest.id],
        "have": _by_region(_counted(found), contents.election, language),
        "lack": None
        if covered is None
        else _by_region([(one.region, one.precinct) for one in covered.missing], contents.election, language),
        "sheets": sheet_pages(found, contents, evidence, language),
    }


def _count(number: int | None, language: str) -> str:
    return messages()["report.unknown"][language] if number is None else texts.written(number, language)


def _counted(found: ContestTotals) -> list[tuple[str, int]]:
    return [(p.key.region, p.key.precinct or 0) for p in found.protocols if p.countable]


def _by_region(keys: Iterable[tuple[str, int]], election: Election, language: str) -> list[str]:
    """``Turkistan region: 288, 303``, one text per region."""
    groups: dict[str, list[int]] = {}
    for region_id, number in sorted(keys):
        groups.setdefault(region_id, []).append(number)
    out = []
    for region_id, numbers in groups.items():
        region = election.region(region_id)
        name = f"{texts.region_name(region)[language]}: " if region is not None else ""
        out.append(name + ", ".join(map(str, numbers)))
    return out


def _finding(one: Finding, language: str) -> dict[str, str]:
    told = explain(one.code)
    return {
        "code": one.code,
        "assumes": messages()[f"report.assume.{one.verdict}"][language],
        "text": one.text[language],
        "proves": told.proves[language],
        "benign": told.benign[language],
    }


def _exhibit(number: int, photo: Mapping[str, Any], words: Mapping[str, str]) -> list[str]:
    names = list(dict.fromkeys(receipt["name"] for receipt in photo["receipts"]))
    state = words["state.ok"] if photo["quarantined"] is None else words["state.quarantined"]
    first = photo["receipts"][0]["time_utc"][:19].replace("T", " ")
    return [
        str(number),
        ", ".join(names),
        photo["sha256"],
        str(photo["size"]),
        first,
        str(len(photo["receipts"])),
        state,
    ]
