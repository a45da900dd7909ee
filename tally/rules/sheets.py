"""What single sheets say: broken relations of the form, ballots in another order, another district."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tally import texts
from tally.broken import Broken
from tally.findings import Finding, observed
from tally.form import Check
from tally.model import Span
from tally.rules.view import View, place_of
from tally.texts import Value


def broken_relations(view: View) -> Iterator[Finding]:
    """S1 (a relation that law or arithmetic demands) and S2 (a usual one): broken for every possible value.

    The values are given as they stand on the sheet. Nothing is repaired; suggestions are passed on.
    """
    for broken in view.totals.broken:
        yield _broken(view, broken)


def other_ballot_order(view: View) -> Iterator[Finding]:
    """P1: a sheet prints the candidates on other lines than the other sheets of its contest."""
    for protocol, sheet in view.sheets:
        if sheet.positions_conflict:
            order: dict[str, Value] = {code: view.name(who) for code, who in sheet.candidates.items()}
            differs = view.totals.positions.contradicts(sheet.candidates)
            key = "P1" if differs else "P1-lines"
            text = texts.say(key, file=sheet.name, values=view.listed(order, ": "))
            details: dict[str, Any] = {
                "printed": dict(sheet.candidates),
                "agreed": dict(view.totals.positions.by_code),
            }
            details |= place_of(protocol, sheet)
            yield observed(
                "P1", "sheet", view.id, "positions", text, (sheet.source,), details, verdict="sheet"
            )


def other_district(view: View) -> Iterator[Finding]:
    """P2: the sheet names another district than the one whose case it lies in."""
    for protocol, sheet in view.sheets:
        if sheet.district_read is not None:
            number = texts.number_or_unknown(sheet.district_read)
            text = texts.say("P2", file=sheet.name, district=number, place=view.place)
            details: dict[str, Any] = {
                "district_on_sheet": sheet.district_read,
                "district_of_case": view.totals.contest.district,
            }
            details |= place_of(protocol, sheet)
            yield observed(
                "P2", "sheet", view.id, "district", text, (sheet.source,), details, verdict="sheet"
            )


def _broken(view: View, broken: Broken) -> Finding:
    sheet, check = broken.version.sheets[0], broken.check
    form_check = next(c for c in sheet.form.checks if c.id == check.id)
    cells = {code: broken.version.cells[code] for code in check.fields if code in broken.version.cells}
    left, right = check.left or Span.exactly(0), check.right or Span.exactly(0)
    code = "S1" if check.severity == "error" else "S2"
    # What may be our own misreading is never said to be a mistake of the sheet.
    said = texts.say(
        code if code == "S2" or broken.settled else "S1-open",
        file=sheet.name,
        precinct=view.precinct(broken.protocol),
        says=form_check.says,
        check=check.id,
        left=left,
        right=right,
        values=view.listed({view.totals.positions.subject(c): cell.span for c, cell in cells.items()}),
    )
    doubt = () if broken.confirmed else (texts.say("sheet-as-read"),)
    return Finding(
        code=code,
        family="sheet",
        verdict="sheet" if code == "S1" and broken.settled else "indicator",
        contest=view.id,
        subject=check.id,
        protocols=left,
        official=None,
        margin=_gap(form_check, left, right),
        robust=broken.confirmed,
        text=texts.joined(said, *doubt),
        sources=broken.version.sources,
        confirmed=broken.confirmed,
        details=place_of(broken.protocol, sheet)
        | {
            "check": check.id,
            "left": left.to_dict(),
            "right": right.to_dict(),
            "values": {c: cell.span.to_dict() for c, cell in cells.items()},
            "suggestions": [text for s in broken.version.sheets if s.page for text in s.page.suggestions],
        },
    )


def _gap(check: Check, left: Span, right: Span) -> int | None:
    """Fewest votes by which either side must change; ``None`` where the relation is not one of plain sums."""
    if check.factor != 1 or check.relation == "~":
        return None
    above = left.low - right.high
    return above if above > 0 or check.relation == "<=" else right.low - left.high
