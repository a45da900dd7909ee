"""One page of the report per photographed sheet: the photo, and every number's crop beside what was made of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from statistics import median
from typing import Any

from tally import texts
from tally.bundle.contents import Contents
from tally.bundle.crops import view_path
from tally.catalogue import messages
from tally.checks import run_checks
from tally.model import Mark, Outcome, PageReading, Quad, Reading
from tally.state import Typed
from tally.totals import ContestTotals
from tally.versions import Protocol, Sheet, Version

_OUTCOMES = {Outcome.HOLDS: "holds", Outcome.BROKEN: "broken", Outcome.UNKNOWN: "open"}


def sheet_pages(
    found: ContestTotals, contents: Contents, crops: Mapping[tuple[str, int, str, str], str], language: str
) -> list[dict[str, Any]]:
    """All sheets of a contest by region and precinct, those that do not count last; every version, every copy."""
    order = sorted(
        found.protocols, key=lambda p: (not p.countable, p.key.region, p.key.precinct or 0, p.key.photo)
    )
    return [
        _page(found, protocol, number, version, sheet, contents, crops, language)
        for protocol in order
        for number, version in enumerate(protocol.versions, 1)
        for sheet in version.sheets
    ]


def _page(
    found: ContestTotals,
    protocol: Protocol,
    number: int,
    version: Version,
    sheet: Sheet,
    contents: Contents,
    crops: Mapping[tuple[str, int, str, str], str],
    language: str,
) -> dict[str, Any]:
    photo = contents.state.photos.get(sheet.source)
    page = sheet.page
    typed = [row for row in contents.state.typed if _is_of(row, sheet)]
    pipeline = next(reversed(contents.state.readings[sheet.source]), "") if page is not None else ""
    rows = []
    for code, cell in sheet.cells.items():
        subject = found.positions.subject(code)
        rows.append(
            {
                "label": texts.subject_name(found.contest, subject)[language],
                "crop": crops.get((sheet.source, page.page, pipeline, code), "") if page is not None else "",
                "program": _reading(page.fields.get(code), language) if page is not None else "",
                "people": list(_people(typed, code, subject, language)),
                "counts": texts.written(cell.span, language),
                "confirmed": cell.confirmed,
            }
        )
    spans = {code: cell.span for code, cell in version.cells.items() if not cell.optional}
    checks = run_checks(sheet.form, spans, found.positions.rows)
    says = {check.id: check.says.get(language, "") for check in sheet.form.checks}
    return {
        "precinct": texts.number_or_unknown(protocol.key.precinct)[language],
        "region": _region(protocol, contents, language),
        "version": f"{number}/{len(protocol.versions)}" if len(protocol.versions) > 1 else "",
        "view": view_path(sheet.source, page.page) if page is not None else "",
        "turns": turns(page),
        "name": sheet.name,
        "sha256": photo.sha256 if photo is not None else "",
        "received": photo.received_utc[:19].replace("T", " ") if photo is not None else "",
        "doubt": _doubt(sheet, language),
        "rows": rows,
        "checks": [[c.id, says.get(c.id, ""), _word(_OUTCOMES[c.outcome], language)] for c in checks],
    }


def _word(key: str, language: str) -> str:
    return messages()[f"report.{key}"][language]


def _region(protocol: Protocol, contents: Contents, language: str) -> str:
    region = contents.election.region(protocol.key.region)
    return texts.region_name(region)[language] if region is not None else ""


def _is_of(row: Typed, sheet: Sheet) -> bool:
    if row.sha256 is None:
        return sheet.page is None and sheet.name == row.reader and sheet.key.precinct == row.precinct
    return row.sha256 == sheet.source and (sheet.page is None or row.page == sheet.page.page)


def _people(typed: list[Typed], code: str, subject: str, language: str) -> Iterator[str]:
    """Everything that was typed into a cell, in order, with who typed it: nothing is overwritten on paper either."""
    for row in typed:
        name = code if code in row.fields else subject
        if name in row.fields:
            yield f"{_reading(row.fields[name], language) or '—'} ({row.reader})"


def _reading(reading: Reading | None, language: str) -> str:
    if reading is None:
        return ""
    if reading.value is not None:
        return texts.written(reading.value, language)
    return _word(f"mark.{reading.mark.value}", language) if reading.mark is not Mark.READ else ""


def _doubt(sheet: Sheet, language: str) -> str:
    if sheet.countable:
        return ""
    reason = "district" if sheet.district_read is not None else sheet.doubt or "precinct_unknown"
    return _word(f"doubt.{reason}", language)


def turns(page: PageReading | None) -> int:
    """Clockwise quarter turns (0..3) that bring the rows of a photo to run from left to right."""
    quads: list[Quad] = []
    if page is not None:
        quads = [r.quad_px for r in (*page.header.values(), *page.fields.values()) if r.quad_px]
    if not quads:
        return 0
    across = median(quad[1][0] - quad[0][0] for quad in quads)
    down = median(quad[1][1] - quad[0][1] for quad in quads)
    if abs(across) >= abs(down):
        return 0 if across >= 0 else 2
    return 3 if down > 0 else 1
