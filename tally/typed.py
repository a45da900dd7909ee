"""Numbers that somebody typed from protocols, from a table or one by one, as readings of a named reader.

They replace the program's values of the same sheet in every sum; the program's readings stay in the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from tally.case import Case
from tally.election import Contest, Election
from tally.errors import TableError, UsageError
from tally.form import Form, load_form
from tally.ledger import Event
from tally.model import Mark
from tally.official_names import UnknownName, count_names, find_contest, find_subject, spellings
from tally.official_table import Problems, Row, parse_count, read_table
from tally.state import RANK, CaseState, state

CellValue: TypeAlias = int | str | None
"""A number of votes, the word of a mark (``dash``), or ``None`` for a cell that was not typed."""

_ABOUT: Mapping[str, tuple[str, ...]] = {
    "file": ("photo", "фото", "файл", "сурет"),
    "sha256": (),
    "page": ("страница", "бет"),
    "region": ("область", "регион", "облыс", "өңір"),
    "precinct": ("участок", "участок №", "номер участка", "учаске", "учаске №"),
    "district": ("округ", "округ №", "номер округа"),
    "contest": ("выборы", "сайлау"),
}
_MOST_LINES = 60
"""Candidates on one ballot; the longest list of 2023 had far fewer."""

_MARKS = {mark.value: mark for mark in Mark if mark is not Mark.READ} | {
    "-": Mark.DASH,
    "–": Mark.DASH,
    "—": Mark.DASH,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One protocol as typed."""

    contest: str
    region: str
    """Region id, or empty where the contest lies in one region."""
    precinct: int | None
    sha256: str | None
    page: int
    fields: Mapping[str, CellValue]
    """By field code or candidate id."""

    def to_dict(self, reader: str, kind: str) -> dict[str, Any]:
        """Body of the ``typed`` event."""
        return {
            "reader": reader,
            "kind": kind,
            "contest": self.contest,
            "region": self.region,
            "precinct": self.precinct,
            "sha256": self.sha256,
            "page": self.page,
            "fields": dict(self.fields),
        }


def import_protocols(case: Case, csv_path: Path, reader: str, kind: str = "file") -> tuple[Entry, ...]:
    """Take in a table of typed protocols: every row of it, or none.

    Columns: precinct; district or contest (not needed if the case has one contest); region where the
    contest spans several; optionally file or sha256 (and page) of the photo; then field codes or
    candidates. A cell is a number, one of the words of :class:`Mark`, or empty: not typed, which is a range
    and not a zero. ``kind`` is ``person`` (``reader`` answers for every cell: confirmed) or ``file``
    (exact, not confirmed).

    Raises :class:`TableError` with the problems of all rows, :class:`UsageError` for a nameless reader.
    """
    try:
        data = csv_path.read_bytes()
    except OSError as error:
        raise TableError(f"cannot be read: {error.strerror}.", file=str(csv_path)) from error
    entries = parse_protocols(data, csv_path.name, case.election(), state(case))
    record_typed(case, entries, reader, kind)
    return entries


def record_typed(case: Case, entries: Iterable[Entry], reader: str, kind: str) -> tuple[Event, ...]:
    """Write typed protocols, all or none. Raises :class:`UsageError` on values that no form can hold."""
    if not reader.strip():
        raise UsageError("who typed these numbers?", advice="Give the name of the reader.")
    if kind not in RANK:
        raise UsageError(f"{kind!r} is not a kind of reader.", advice=f"It is one of {', '.join(RANK)}.")
    election = case.election()
    bodies: list[tuple[str, Mapping[str, Any]]] = []
    for entry in entries:
        contest = election.contest(entry.contest)
        form = load_form(contest.form)
        for name, value in entry.fields.items():
            _must_fit(contest, form, name, value)
        if entry.sha256 is not None and entry.sha256 not in case.originals:
            raise UsageError(f"no photo with sha256 {entry.sha256[:12]} in this case.")
        bodies.append(("typed", entry.to_dict(reader, kind)))
    return case.ledger.append_all(bodies, actor=case.actor)


def parse_protocols(data: bytes, file: str, election: Election, known: CaseState) -> tuple[Entry, ...]:
    """The rows of a table of typed protocols. Raises :class:`TableError` with all problems."""
    contests = _in_scope(election, known.districts)
    rows = read_table(data, file, {**_ABOUT, **_value_columns(contests)})
    problems = Problems(file, [])
    entries: list[Entry] = []
    first: dict[tuple[Any, ...], int] = {}
    for row in rows:
        entry = _entry(row, election, contests, known, problems)
        if entry is None:
            continue
        key = (entry.contest, entry.region, entry.precinct, entry.sha256, entry.page)
        line = first.setdefault(key, row.line)
        if line != row.line:
            problems.add(
                row.line, f"precinct {entry.precinct} is listed twice (first on row {line}). Keep one"
            )
        entries.append(entry)
    problems.raise_if_any()
    return tuple(entries)


def _in_scope(election: Election, districts: tuple[int, ...]) -> tuple[Contest, ...]:
    return tuple(
        c for c in election.contests if c.district is None or not districts or c.district in districts
    )


def _value_columns(contests: tuple[Contest, ...]) -> dict[str, tuple[str, ...]]:
    """Field codes of every form in scope, and every spelling of every candidate."""
    columns: dict[str, tuple[str, ...]] = {}
    for contest in contests:
        form = load_form(contest.form)
        for code in form.codes_for(max(len(contest.candidates), _MOST_LINES)):
            columns.setdefault(code, ())
        for field in form.fields:
            if not field.repeat:
                columns[field.code] = tuple(dict.fromkeys((*columns[field.code], *count_names(field))))
        for candidate in contest.candidates:
            columns.setdefault(candidate.id, tuple(dict.fromkeys(spellings(candidate))))
    return columns


def _entry(
    row: Row, election: Election, contests: tuple[Contest, ...], known: CaseState, problems: Problems
) -> Entry | None:
    before = len(problems.found)
    contest = _contest(row, election, contests, problems)
    if contest is None:
        return None
    sha256 = _photo(row, known, problems)
    precinct = _number(row, "precinct", problems)
    if precinct is None and sha256 is None and len(problems.found) == before:
        problems.add(row.line, "the precinct is missing, and no photo is named that could tell it")
    region = _region(row, contest, election, problems)
    fields = dict(_values(row, contest, problems))
    if all(value is None for value in fields.values()):
        problems.add(row.line, "no number is typed in this row")
    page = _number(row, "page", problems) or 1
    return (
        Entry(contest.id, region, precinct, sha256, page, fields) if len(problems.found) == before else None
    )


def _contest(
    row: Row, election: Election, contests: tuple[Contest, ...], problems: Problems
) -> Contest | None:
    named, district = row.cells.get("contest", ""), row.cells.get("district", "")
    if not named and not district:
        by_district = [contest for contest in contests if contest.district is not None]
        only = contests if len(contests) == 1 else by_district
        if len(only) == 1:
            return only[0]
        problems.add(row.line, "the contest is missing; name the contest or the district")
        return None
    try:
        found = find_contest(election, named, district)
    except UnknownName as error:
        problems.add(row.line, str(error))
        return None
    if found not in contests:
        problems.add(row.line, f"{found.id} is not part of this case")
        return None
    return found


def _photo(row: Row, known: CaseState, problems: Problems) -> str | None:
    wanted = row.cells.get("sha256", "").casefold() or row.cells.get("file", "")
    if not wanted:
        return None
    found = known.named(wanted)
    if len(found) == 1:
        return found[0]
    problems.add(
        row.line,
        f"{len(found)} photos of this case are called {wanted!r}; give the sha256 instead"
        if found
        else f"no photo of this case is called {wanted!r}",
    )
    return None


def _region(row: Row, contest: Contest, election: Election, problems: Problems) -> str:
    named = row.cells.get("region", "")
    if not named:
        if contest.region is None and len(election.regions) > 1:
            problems.add(row.line, "the region is missing; precinct numbers repeat between regions")
        return contest.region or ""
    found = election.region_named(named)
    if found is None:
        problems.add(
            row.line, f"there is no region {named!r}; known are {', '.join(r.id for r in election.regions)}"
        )
    elif contest.region is not None and found != contest.region:
        problems.add(row.line, f"{contest.id} lies in {contest.region}, not in {found}")
    return found or ""


def _number(row: Row, column: str, problems: Problems) -> int | None:
    text = row.cells.get(column, "").lstrip("№ ")
    if not text:
        return None
    if text.isascii() and text.isdigit() and 0 < int(text) < 100_000:
        return int(text)
    problems.add(row.line, f"{column} {row.cells[column]!r} is not a number from 1 to 99999")
    return None


def _values(row: Row, contest: Contest, problems: Problems) -> Iterable[tuple[str, CellValue]]:
    form = load_form(contest.form)
    for column, text in row.cells.items():
        if column in _ABOUT:
            continue
        belongs = form.has(column) or contest.candidate(column) is not None
        if not belongs and not text:
            continue
        try:
            value = _value(text)
            name = column if form.has(column) else find_subject(contest, column)
            _must_fit(contest, form, name, value)
        except (ValueError, UsageError) as error:
            problems.add(row.line, f"{column}: {error}")
            continue
        yield name, value


def _value(text: str) -> CellValue:
    if not text:
        return None
    mark = _MARKS.get(text.casefold())
    return mark.value if mark is not None else parse_count(text)


def _must_fit(contest: Contest, form: Form, name: str, value: CellValue) -> None:
    repeated = form.repeated
    is_candidate = contest.candidate(name) is not None
    if not is_candidate and not form.has(name):
        raise UsageError(f"form {form.id} has no field {name!r} and {contest.id} no such candidate.")
    if isinstance(value, str):
        Mark(value)
    elif value is not None:
        field = repeated if is_candidate and repeated is not None else form.field(name)
        if not 0 <= value <= field.ceiling:
            raise UsageError(f"{value} does not fit; {name} is 0 to {field.ceiling}.")
