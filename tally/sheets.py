"""From readings to sheets: which contest a page belongs to, and whether it may count there.

What single cells are worth is decided in tally.cells; numbers that people typed stand before the machine's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tally.acceptance import FORM_THRESHOLD, is_settled
from tally.cells import Rules
from tally.election import Contest, Election, form_of
from tally.errors import FormError
from tally.form import Field, value_span
from tally.model import PageReading, Reading, Status
from tally.positions import Positions, agree_on_positions
from tally.state import RANK, CaseState, Typed
from tally.versions import Cell, Key, Sheet


@dataclass(frozen=True, slots=True)
class Unassigned:
    """A page that counts in no contest, and why."""

    sha256: str
    page: int
    name: str
    reason: str
    """``not_a_protocol``, ``unknown_form``, ``no_contest`` or ``district_unknown``."""

    def to_dict(self) -> dict[str, str | int]:
        """Stable keys."""
        return {"file": self.name, "sha256": self.sha256, "page": self.page, "reason": self.reason}


@dataclass(slots=True)
class Assigned:
    """All sheets of a case by contest, and what could not be placed."""

    sheets: dict[str, list[Sheet]] = field(default_factory=dict)
    positions: dict[str, Positions] = field(default_factory=dict)
    unassigned: list[Unassigned] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Place:
    """What speaks against counting a page in the contest in which it lies."""

    district: int | None = None
    """Another district than the contest's, as read on the sheet."""
    doubt: str = ""
    """See :attr:`Sheet.doubt`."""

    @property
    def is_sure(self) -> bool:
        return self.district is None and not self.doubt


_SURE = _Place()


def assign(state: CaseState, election: Election, contests: Iterable[Contest]) -> Assigned:
    """Turn all pages and typed rows of a case into sheets of the given contests."""
    scope = {contest.id: contest for contest in contests}
    out = Assigned()
    typed = _typed_by_sheet(state.typed)
    placed: dict[str, list[tuple[PageReading, _Place]]] = {contest_id: [] for contest_id in scope}
    by_form: dict[str, tuple[Contest, ...]] = {}
    for one in scope.values():
        by_form[one.form] = (*by_form.get(one.form, ()), one)
    for page in state.pages():
        rows = _best(typed.get((page.sha256, page.page), [])) if typed else []
        contest, other = (rows[-1].contest, None) if rows else _contest_of(page, by_form)
        if contest in placed:
            doubt = _doubt(page, rows, scope[contest])
            placed[contest].append((page, _Place(other, doubt) if doubt or other is not None else _SURE))
        else:
            name = state.photos[page.sha256].name
            out.unassigned.append(Unassigned(page.sha256, page.page, name, "no_contest" if rows else contest))
    names: dict[str, set[str]] = {}
    for row in state.typed:
        names.setdefault(row.contest, set()).update(row.fields)
    for contest_id, pages in placed.items():
        form = form_of(scope[contest_id])
        # A sheet that may belong elsewhere has no say in who stands on which line here.
        read = [page for page, place in pages if place.is_sure]
        positions = agree_on_positions(scope[contest_id], form, read, names.get(contest_id, ()))
        rules = Rules(scope[contest_id], form, positions)
        out.positions[contest_id] = positions
        out.sheets[contest_id] = [*_sheets(rules, pages, typed, election, state)]
    return out


def _sheets(
    rules: Rules,
    pages: Iterable[tuple[PageReading, _Place]],
    typed: Mapping[tuple[str, int], list[Typed]],
    election: Election,
    state: CaseState,
) -> Iterator[Sheet]:
    seen: set[tuple[str, int]] = set()
    for page, place in pages:
        seen.add((page.sha256, page.page))
        yield _page_sheet(page, place, rules, typed, election, state.photos[page.sha256].name)
    for where, rows in typed.items():
        if where not in seen and rows[-1].contest == rules.contest.id:
            yield _typed_sheet(rows, rules)


def _contest_of(page: PageReading, by_form: Mapping[str, tuple[Contest, ...]]) -> tuple[str, int | None]:
    """Contest id of a page (or why it has none), and the district on the sheet if it is another one."""
    if page.status is Status.NOT_A_PROTOCOL:
        return "not_a_protocol", None
    if page.form is None:
        return "unknown_form", None
    fitting = by_form.get(page.form, ())
    if len(fitting) == 1 and fitting[0].district is None:
        return fitting[0].id, None
    district = _header_number(page, "district")
    if len(fitting) == 1:
        return fitting[0].id, district if district not in (None, fitting[0].district) else None
    for contest in fitting:
        if district is not None and contest.district == district:
            return contest.id, None
    return ("district_unknown" if fitting and district is None else "no_contest"), None


def _doubt(page: PageReading, rows: list[Typed], contest: Contest) -> str:
    """Why nobody can be sure that a page belongs to the contest; empty if nothing speaks against it."""
    if page.form_confidence < FORM_THRESHOLD and not any(row.confirms for row in rows):
        return "form_unsure"
    if rows or contest.district is None or _header_number(page, "district") is not None:
        return ""
    ids = {candidate.id for candidate in contest.candidates}
    return "" if ids.intersection(page.candidates.values()) else "district_unread"


def _header_number(page: PageReading, code: str) -> int | None:
    reading = page.header.get(code)
    if reading is None or reading.value is None:
        return None
    return reading.value if page.status is Status.ACCEPTED or is_settled(reading, covered=False) else None


def _typed_by_sheet(typed: Iterable[Typed]) -> dict[tuple[str, int], list[Typed]]:
    """Typed rows by the sheet they speak of: a photo's page, or the row itself if there is no photo."""
    out: dict[tuple[str, int], list[Typed]] = {}
    for row in typed:
        # Without a photo, the same reader typing the same precinct again corrects himself.
        where = (
            (row.sha256, row.page)
            if row.sha256
            else (f"typed:{row.kind}:{row.reader}:{row.contest}:{row.region}:{row.precinct}", 0)
        )
        out.setdefault(where, []).append(row)
    return out


def _page_sheet(
    page: PageReading,
    place: _Place,
    rules: Rules,
    typed: Mapping[tuple[str, int], list[Typed]],
    election: Election,
    name: str,
) -> Sheet:
    rows = _best(typed.get((page.sha256, page.page), [])) if typed else []
    accepted = page.status is Status.ACCEPTED
    exceeds = rules.exceeded_by(page)
    differs = rules.positions.contradicts(page.candidates)
    cells = rules.cells(page)
    named = bool(rows) and any(name in rules.positions.unplaced for row in rows for name in row.fields)
    if differs or named or exceeds:
        # Whose votes stand on which line of this sheet is not known: every line may hold anything.
        cells |= rules.opened(cells, rules.positions.codes)
    if place.doubt == "form_unsure":
        cells |= rules.opened(cells, tuple(cells))
    precinct, region = _header_number(page, "precinct"), _region(page, rules.contest, election)
    if rows:
        cells |= _typed_cells(rows, rules)
        precinct = next((row.precinct for row in rows if row.precinct is not None), precinct)
        region = next((row.region for row in rows if row.region), region)
    # A number alone does not name a precinct: numbers repeat between regions.
    known = precinct if region is not None or len(election.regions) < 2 else None
    apart = known is None or not place.is_sure
    key = Key(rules.contest.id, region or "", known, f"{page.sha256}#{page.page}" if apart else "")
    return Sheet(
        key=key,
        source=page.sha256,
        name=name,
        cells=cells,
        form=rules.form,
        accepted=accepted and not place.doubt,
        page=page,
        candidates=page.candidates,
        positions_conflict=place.is_sure and (differs or (exceeds and accepted)),
        district_read=place.district,
        numbered=precinct is not None and any(row.confirms and row.precinct == precinct for row in rows),
        doubt=place.doubt,
    )


def _region(page: PageReading, contest: Contest, election: Election) -> str | None:
    """Region id of a page: the contest's own, or the one that the sheet names; ``None`` if not known."""
    if contest.region:
        return contest.region
    reading = page.header.get("region")
    return election.region_named(reading.text) if reading is not None and reading.text else None


def _typed_sheet(rows: list[Typed], rules: Rules) -> Sheet:
    best = _best(rows)
    row = best[-1]
    photo = "" if row.precinct is not None else f"typed:{row.seq}"
    return Sheet(
        key=Key(rules.contest.id, row.region or rules.contest.region or "", row.precinct, photo),
        source=row.sha256 or f"typed:{row.seq}",
        name=row.reader,
        cells=rules.unknown | _typed_cells(best, rules),
        form=rules.form,
        accepted=False,
        numbered=row.confirms and row.precinct is not None,
    )


def _best(rows: list[Typed]) -> list[Typed]:
    """The rows that count: of the highest rank present, the last one of each reader."""
    if not rows:
        return rows
    top = max(RANK[row.kind] for row in rows)
    return list({row.reader: row for row in rows if RANK[row.kind] == top}.values())


def _typed_cells(rows: list[Typed], rules: Rules) -> dict[str, Cell]:
    """Cells on which all rows agree are exact; where two people differ, the range holds both, unconfirmed."""
    out: dict[str, Cell] = {}
    for row in rows:
        codes, confirms = rules.codes_of(tuple(row.fields)), row.confirms
        for (name, reading), code in zip(row.fields.items(), codes, strict=True):
            if code is None:
                raise FormError(f"{row.reader} typed {name!r}, which form {rules.form.id} does not have")
            if reading is None:
                cell = rules.unknown[code]
            elif reading.value is not None and not confirms:
                cell = rules.sure[reading.value]
            else:
                cell = _typed_cell(rules.fields[code], reading, row, name)
            out[code] = cell if code not in out else _joined(out[code], cell)
    return out


def _typed_cell(form_field: Field, reading: Reading, row: Typed, name: str) -> Cell:
    span = value_span(form_field, reading)
    exact = span.is_exact
    if not (row.confirms and exact):
        return Cell(span, span.low if exact else None, settled=exact)
    # Whoever typed the same beside this person has no row of their own: the review keeps their names apart.
    others = (f"{row.reader} and {k}" for k in range(row.backing.get(name, 0)))
    return Cell(span, span.low, True, settled=True, readers=frozenset((row.reader, *others)))


def _joined(known: Cell, cell: Cell) -> Cell:
    if known.span == cell.span:
        return Cell(
            known.span,
            known.value,
            known.confirmed or cell.confirmed,
            settled=known.settled,
            readers=known.readers | cell.readers,
        )
    return Cell(known.span.hull(cell.span), known.value)
