"""Registers of precincts: the full list per district, so that a missing protocol has a name."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tally.case import Case
from tally.columns import ColumnMap, check_targets
from tally.errors import TableError, UsageError
from tally.official_table import Problems, Row
from tally.state import CaseState, Listed, state
from tally.typed_rows import EntryReader, in_scope, table_rows

REGISTER_ADDED = "register_added"
COLUMNS = {
    "precinct": ("участок", "участок №", "номер участка", "учаске", "учаске №"),
    "district": ("округ", "округ №", "номер округа"),
    "contest": ("выборы", "сайлау"),
    "region": ("область", "регион", "облыс", "өңір"),
    "name": ("address", "адрес", "название", "мекенжай", "атауы", "место"),
}
"""Columns of a register with the spellings under which they are accepted."""


@dataclass(frozen=True, slots=True)
class Register:
    """A list of precincts as it was taken in."""

    sha256: str
    name: str
    source: str
    precincts: tuple[tuple[str, Listed], ...]
    """(contest id, precinct)."""

    def counts(self) -> dict[str, int]:
        """Contest id -> precincts."""
        return dict(Counter(contest for contest, _ in self.precincts))


def add_register(case: Case, path: Path, source: str, mapping: ColumnMap | None = None) -> Register:
    """Take in a CSV or .xlsx of precincts, all rows or none. A later register replaces those of its contests.

    Raises :class:`TableError` with the problems of all rows, :class:`UsageError` without a source.
    """
    if not source.strip():
        raise UsageError("where does this list come from?", advice="Give --source.")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TableError(f"cannot be read: {error.strerror}.", file=str(path)) from error
    check_targets(mapping or {}, COLUMNS, {})
    precincts = tuple(_parse(data, path.name, case, state(case), mapping or {}))
    stored = case.official.put(io.BytesIO(data))
    body = {
        "sha256": stored.sha256,
        "name": path.name,
        "source": source,
        "precincts": [[contest, one.region, one.precinct, one.name] for contest, one in precincts],
    }
    case.record(REGISTER_ADDED, body)
    return Register(stored.sha256, path.name, source, precincts)


def _parse(
    data: bytes, file: str, case: Case, known: CaseState, mapping: ColumnMap
) -> Iterable[tuple[str, Listed]]:
    election = case.election()
    problems = Problems(file, [])
    rows = table_rows(data, file, COLUMNS, mapping, problems).rows
    reader = EntryReader(election, in_scope(election, known.districts), known, problems)
    first: dict[tuple[str, str, int], int] = {}
    found: list[tuple[str, Listed]] = []
    for row in rows:
        place = reader.place(row)
        if place is None:
            continue
        contest, region, precinct = place
        line = first.setdefault(place, row.line)
        if line != row.line:
            problems.add(row.line, f"precinct {precinct} is listed twice (first on row {line}). Keep one")
        found.append((contest, Listed(precinct, region, _name(row))))
    problems.raise_if_any()
    return found


def _name(row: Row) -> str:
    return row.cells.get("name", "")
