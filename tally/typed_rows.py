"""From the rows of a table to typed protocols: names resolved once per spelling, every problem named by row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tally.columns import ColumnMap
from tally.election import Contest, Election, form_of
from tally.errors import TableError, UsageError
from tally.foreign import Table, read_foreign, text_cells
from tally.official_names import UnknownName, count_names, find_contest, spellings
from tally.official_table import Problems, Row
from tally.places import region_in
from tally.state import CaseState
from tally.tables.streamed import is_workbook, workbook_rows
from tally.typed_fields import CellValue, FieldRules, cell_value

ABOUT: Mapping[str, tuple[str, ...]] = {
    "file": ("photo", "фото", "файл", "сурет"),
    "sha256": (),
    "page": ("страница", "бет"),
    "region": ("область", "регион", "облыс", "өңір"),
    "precinct": ("участок", "участок №", "номер участка", "учаске", "учаске №"),
    "district": ("округ", "округ №", "номер округа"),
    "contest": ("выборы", "сайлау"),
}
"""Columns that say which protocol a row is, with the spellings under which they are accepted."""
_MOST_LINES = 60
"""Candidates on one ballot; the longest list of 2023 had far fewer."""


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
    row: int = 0
    """1-based row of the table; 0 if it came from no table."""

    def to_dict(self, reader: str, kind: str) -> dict[str, Any]:
        """Body of the ``typed`` event."""
        body = {
            "reader": reader,
            "kind": kind,
            "contest": self.contest,
            "region": self.region,
            "precinct": self.precinct,
            "sha256": self.sha256,
            "page": self.page,
            "fields": dict(self.fields),
        }
        return body | ({"row": self.row} if self.row else {})


def columns_of(contests: Iterable[Contest]) -> dict[str, tuple[str, ...]]:
    """Every column that a table may have: what names a protocol, field codes, candidates; with spellings."""
    columns: dict[str, tuple[str, ...]] = dict(ABOUT)
    for contest in contests:
        form = form_of(contest)
        for code in form.codes_for(max(len(contest.candidates), _MOST_LINES)):
            columns.setdefault(code, ())
        for one in form.fields:
            if not one.repeat:
                columns[one.code] = tuple(dict.fromkeys((*columns[one.code], *count_names(one))))
        for candidate in contest.candidates:
            columns.setdefault(candidate.id, tuple(dict.fromkeys(spellings(candidate))))
    return columns


def in_scope(election: Election, districts: tuple[int, ...]) -> tuple[Contest, ...]:
    """The contests of a case."""
    return tuple(
        c for c in election.contests if c.district is None or not districts or c.district in districts
    )


def table_rows(
    data: bytes,
    file: str,
    columns: Mapping[str, Iterable[str]],
    mapping: ColumnMap,
    problems: Problems,
) -> Table:
    """Rows of a CSV or workbook by known columns, foreign heads renamed first. Raises :class:`TableError`."""
    cells = workbook_rows(data, file) if is_workbook(data) else text_cells(data, file, columns, mapping)
    try:
        return read_foreign(cells, file, columns, mapping, problems)
    except TableError as error:
        if error.advice.startswith("Columns are"):
            error.advice += ' Say what it is with --map "head=column", or --map "head=" if it is not wanted.'
        raise


class EntryReader:
    """Turns rows into entries; what a text means is looked up once."""

    def __init__(
        self, election: Election, contests: tuple[Contest, ...], known: CaseState, problems: Problems
    ) -> None:
        self.election = election
        self.contests = contests
        self.known = known
        self.problems = problems
        self.empty: list[int] = []
        """Rows that name a protocol and type no number of it: a list of all precincts, filled as protocols come in."""
        self._contests: dict[tuple[str, str], Contest | str] = {}
        self._regions: dict[tuple[str, str], tuple[str, str]] = {}
        self._rules: dict[str, FieldRules] = {}

    def entry(self, row: Row) -> Entry | None:
        """The protocol of a row, or ``None`` after noting everything that is wrong with it, or that it is empty."""
        before = len(self.problems.found)
        contest = self._contest(row)
        if contest is None:
            return None
        sha256 = self._photo(row)
        precinct = self._number(row, "precinct")
        if precinct is None and sha256 is None and len(self.problems.found) == before:
            self.problems.add(row.line, "the precinct is missing, and no photo is named that could tell it")
        region = self._region(row, contest)
        rules = self._rules.setdefault(contest.id, FieldRules(contest))
        fields = dict(self._values(row, rules))
        page = self._number(row, "page") or 1
        if len(self.problems.found) > before:
            return None
        if all(value is None for value in fields.values()):
            self.empty.append(row.line)
            return None
        return Entry(contest.id, region, precinct, sha256, page, fields, row.line)

    def place(self, row: Row) -> tuple[str, str, int] | None:
        """(contest id, region id, precinct) of a row, or ``None`` after noting what is wrong with it."""
        before = len(self.problems.found)
        contest = self._contest(row)
        if contest is None:
            return None
        precinct, region = self._number(row, "precinct"), self._region(row, contest)
        if precinct is None and len(self.problems.found) == before:
            self.problems.add(row.line, "the precinct is missing")
        if precinct is None or len(self.problems.found) > before:
            return None
        return contest.id, region, precinct

    def _contest(self, row: Row) -> Contest | None:
        named, district = row.cells.get("contest", ""), row.cells.get("district", "")
        found = self._contests.get((named, district))
        if found is None:
            found = self._contests[named, district] = self._find_contest(named, district)
        if isinstance(found, str):
            self.problems.add(row.line, found)
            return None
        return found

    def _find_contest(self, named: str, district: str) -> Contest | str:
        """The contest, or what is wrong."""
        if not named and not district:
            by_district = [contest for contest in self.contests if contest.district is not None]
            only = self.contests if len(self.contests) == 1 else by_district
            return only[0] if len(only) == 1 else "the contest is missing; name the contest or the district"
        try:
            found = find_contest(self.election, named, district)
        except UnknownName as error:
            return str(error)
        return found if found in self.contests else f"{found.id} is not part of this case"

    def _photo(self, row: Row) -> str | None:
        wanted = row.cells.get("sha256", "").casefold() or row.cells.get("file", "")
        if not wanted:
            return None
        found = self.known.named(wanted)
        if len(found) == 1:
            return found[0]
        several = f"{len(found)} photos of this case are called {wanted!r}; give the sha256 instead"
        self.problems.add(row.line, several if found else f"no photo of this case is called {wanted!r}")
        return None

    def _region(self, row: Row, contest: Contest) -> str:
        named = row.cells.get("region", "")
        if (contest.id, named) not in self._regions:
            self._regions[contest.id, named] = self._find_region(named, contest)
        region, problem = self._regions[contest.id, named]
        if problem:
            self.problems.add(row.line, problem)
        return region

    def _find_region(self, named: str, contest: Contest) -> tuple[str, str]:
        """Region id, and what is wrong."""
        if not named:
            unclear = contest.region is None and len(self.election.regions) > 1
            said = "the region is missing; precinct numbers repeat between regions" if unclear else ""
            return contest.region or "", said
        exact = self.election.region_named(named)
        found = region_in(named, self.election) if exact is None else None
        region = exact or (found.id if found else None)
        if region is None:
            if found is not None and found.is_ambiguous:
                return "", f"the region {named!r} may be {' or '.join(found.options)}; write one of them"
            known = ", ".join(region.id for region in self.election.regions)
            return "", f"there is no region {named!r}; known are {known}"
        if contest.region is not None and region != contest.region:
            return region, f"{contest.id} lies in {contest.region}, not in {region}"
        return region, ""

    def _number(self, row: Row, column: str) -> int | None:
        text = row.cells.get(column, "").lstrip("№ ")
        if not text:
            return None
        if text.isascii() and text.isdigit() and 0 < int(text) < 100_000:
            return int(text)
        self.problems.add(row.line, f"{column} {row.cells[column]!r} is not a number from 1 to 99999")
        return None

    def _values(self, row: Row, rules: FieldRules) -> Iterable[tuple[str, CellValue]]:
        for column, text in row.cells.items():
            if column in ABOUT:
                continue
            name = rules.name_of(column)
            if name is None and not text:
                continue
            try:
                value = cell_value(text)
                rules.must_fit(name or column, value)
            except (ValueError, UsageError) as error:
                self.problems.add(row.line, f"{column}: {error}")
                continue
            yield name or column, value
