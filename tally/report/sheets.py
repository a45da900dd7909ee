"""One page of the report per photographed sheet: the photo, and every number's crop beside what was made of it."""

from __future__ import annotations

from statistics import median
from typing import Any

from tally import texts
from tally.bundle.contents import Contents
from tally.bundle.crops import IN_A_COLUMN, numbers_path, view_path
from tally.catalogue import messages
from tally.checks import run_checks
from tally.model import Mark, Outcome, PageReading, Quad, Reading
from tally.report.evidence import Evidence
from tally.report.people import legend, said_of, values_of
from tally.totals import ContestTotals
from tally.versions import Protocol, Sheet, Version

_OUTCOMES = {Outcome.HOLDS: "holds", Outcome.BROKEN: "broken", Outcome.UNKNOWN: "open"}


def sheet_pages(
    found: ContestTotals, contents: Contents, evidence: Evidence, language: str
) -> list[dict[str, Any]]:
    """All sheets of a contest by region and precinct, those that do not count last; every version, every copy."""
    order = sorted(
        found.protocols, key=lambda p: (not p.countable, p.key.region, p.key.precinct or 0, p.key.photo)
    )
    exhibits = evidence.exhibits()
    return [
        _page(found, protocol, number, version, sheet, contents, evidence, language)
        | {"exhibit": exhibits.get(sheet.source, "")}
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
    evidence: Evidence,
    language: str,
) -> dict[str, Any]:
    photo = contents.state.photos.get(sheet.source)
    page = sheet.page
    said = said_of(sheet, contents, language)
    pipeline = next(reversed(contents.state.readings[sheet.source]), "") if page is not None else ""
    rows = []
    for code, cell in sheet.cells.items():
        subject = found.positions.subject(code)
        rows.append(
            {
                "label": texts.subject_name(found.contest, subject)[language],
                "crop": _crop(evidence, sheet, pipeline, code),
                "program": _reading(page.fields.get(code), language) if page is not None else "",
                "people": values_of(said, code, subject, language),
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
        "view": _view(evidence, sheet),
        "numbers": _numbers(evidence, sheet),
        "people": [*_arbitrated(found, page, language), *legend(said)],
        "turns": turns(page),
        "name": sheet.name,
        "sha256": photo.sha256 if photo is not None else "",
        "received": photo.received_utc[:19].replace("T", " ") if photo is not None else "",
        "doubt": _doubt(sheet, language),
        "rows": rows,
        "checks": [[c.id, says.get(c.id, ""), _word(_OUTCOMES[c.outcome], language)] for c in checks],
    }


def _arbitrated(found: ContestTotals, page: PageReading | None, language: str) -> list[str]:
    """Says on paper which number the control relations chose among those read: its reader alone was not sure."""
    if page is None or not page.arbitrated:
        return []
    subjects = [found.positions.subject(code) for code in page.arbitrated]
    rows = ", ".join(texts.subject_name(found.contest, subject)[language] for subject in subjects)
    return [_word("arbitrated", language).format(rows=rows)]


def _crop(evidence: Evidence, sheet: Sheet, pipeline: str, code: str) -> list[int]:
    """Column and row of a number in the picture of the numbers of its page; empty if it is not there."""
    page = sheet.page.page if sheet.page is not None else 0
    place = evidence.numbers.get((sheet.source, page, pipeline, code))
    return [] if place is None else list(divmod(place, IN_A_COLUMN))


def _numbers(evidence: Evidence, sheet: Sheet) -> dict[str, Any]:
    """The picture of the numbers of a page, and how many columns and rows it has; empty if there is none."""
    page = sheet.page.page if sheet.page is not None else 0
    count = evidence.on_page.get((sheet.source, page), 0)
    path = numbers_path(sheet.source, page)
    if not count or path not in evidence.views:
        return {}
    return {"file": path, "columns": -(-count // IN_A_COLUMN), "rows": min(count, IN_A_COLUMN)}


def _view(evidence: Evidence, sheet: Sheet) -> str:
    path = view_path(sheet.source, sheet.page.page) if sheet.page is not None else ""
    return path if path in evidence.views else ""


def _word(key: str, language: str) -> str:
    return messages()[f"report.{key}"][language]


def _region(protocol: Protocol, contents: Contents, language: str) -> str:
    region = contents.election.region(protocol.key.region)
    return texts.region_name(region)[language] if region is not None else ""


def _reading(reading: Reading | None, language: str) -> str:
    if reading is None:
        return ""
    if reading.value is not None:
        # Rounded down: 99.9 % is not certain.
        return f"{texts.written(reading.value, language)} · {int(100 * reading.confidence)} %"
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
