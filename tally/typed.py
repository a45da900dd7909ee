"""Numbers that somebody typed from protocols, from a table or one by one, as readings of a named reader.

They replace the program's values of the same sheet in every sum; the program's readings stay in the ledger.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tally.case import Case
from tally.columns import ColumnMap, check_targets
from tally.election import Election
from tally.errors import TableError, UsageError
from tally.foreign import Taken
from tally.official_table import Problems
from tally.state import RANK, CaseState, state
from tally.typed_fields import CellValue, FieldRules
from tally.typed_rows import Entry, EntryReader, columns_of, in_scope, table_rows

__all__ = ["IMPORTED", "CellValue", "Entry", "Imported", "import_protocols", "import_table"]

IMPORTED = "imported"
"""Kind of the event that names a table, the mapping of its columns and how many protocols it gave."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a table."""

    entries: tuple[Entry, ...]
    sha256: str
    """Hash of the table, which the case keeps among its originals."""
    outcome: str
    """``new``, or ``duplicate`` if the same reader imported the same bytes the same way before."""
    empty: tuple[int, ...] = ()
    """Rows that name a precinct and type nothing: no protocol of it is taken in."""
    columns: Taken = ()
    """What each column of the table was taken as."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """The protocols of a table."""

    entries: tuple[Entry, ...]
    empty: tuple[int, ...]
    """See :attr:`Imported.empty`."""
    columns: Taken


def import_protocols(
    case: Case, path: Path, reader: str, kind: str = "file", mapping: ColumnMap | None = None
) -> tuple[Entry, ...]:
    """:func:`import_table`, the entries alone."""
    return import_table(case, path, reader, kind, mapping).entries


def import_table(
    case: Case, path: Path, reader: str, kind: str = "file", mapping: ColumnMap | None = None
) -> Imported:
    """Take in a table (CSV or .xlsx) of typed protocols: every row of it, or none.

    Columns: precinct; district or contest (not needed if the case has one contest); region where the
    contest spans several; optionally file or sha256 (and page) of the photo; then field codes or
    candidates. A cell is a number, one of the words of :class:`Mark`, or empty: not typed, which is a range
    and not a zero. ``kind`` is ``person`` (``reader`` answers for every cell: confirmed) or ``file``
    (exact, not confirmed). ``mapping`` names columns of other tables; a case remembers those that it was
    given, so they are given once.

    The bytes are kept among the originals, and every entry names its table and row. Importing the same table
    again changes nothing but the receipt.

    Raises :class:`TableError` with the problems of all rows, :class:`UsageError` for a nameless reader or a
    mapping to nowhere.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TableError(f"cannot be read: {error.strerror}.", file=str(path)) from error
    known, election = state(case), case.election()
    merged = {**known.mapping, **(mapping or {})}
    check_targets(merged, columns_of(in_scope(election, known.districts)), known.mapping)
    found = parse_protocols(data, path.name, election, known, merged)
    bodies = _bodies(case, found.entries, reader, kind)
    table = case.originals.put(io.BytesIO(data))
    receipt = {
        "sha256": table.sha256,
        "name": path.name,
        "size": table.size,
        "reader": reader,
        "kind": kind,
        "mapping": merged,
        "rows": len(found.entries),
        "empty_rows": len(found.empty),
    }
    again = any(_same(receipt, body) for body in known.imported)
    receipt["outcome"] = "duplicate" if again else "new"
    typed = [] if again else [("typed", body | {"table": table.sha256}) for body in bodies]
    case.ledger.append_all([(IMPORTED, receipt), *typed], actor=case.actor)
    return Imported(found.entries, table.sha256, str(receipt["outcome"]), found.empty, found.columns)


def _same(receipt: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
    return all(body.get(key) == receipt[key] for key in ("sha256", "reader", "kind", "mapping"))


def _bodies(case: Case, entries: Iterable[Entry], reader: str, kind: str) -> list[dict[str, Any]]:
    if not reader.strip():
        raise UsageError("who typed these numbers?", advice="Give the name of the reader.")
    if kind not in RANK:
        raise UsageError(f"{kind!r} is not a kind of reader.", advice=f"It is one of {', '.join(RANK)}.")
    election = case.election()
    rules: dict[str, FieldRules] = {}
    bodies = []
    for entry in entries:
        if entry.contest not in rules:
            rules[entry.contest] = FieldRules(election.contest(entry.contest))
        for name, value in entry.fields.items():
            rules[entry.contest].must_fit(name, value)
        if entry.sha256 is not None and entry.sha256 not in case.originals:
            raise UsageError(f"no photo with sha256 {entry.sha256[:12]} in this case.")
        bodies.append(entry.to_dict(reader, kind))
    return bodies


def parse_protocols(
    data: bytes, file: str, election: Election, known: CaseState, mapping: ColumnMap | None = None
) -> Parsed:
    """The protocols of a table. Raises :class:`TableError` with all problems."""
    contests = in_scope(election, known.districts)
    problems = Problems(file, [])
    table = table_rows(data, file, columns_of(contests), mapping or {}, problems)
    reader = EntryReader(election, contests, known, problems)
    entries: list[Entry] = []
    first: dict[tuple[Any, ...], int] = {}
    for row in table.rows:
        entry = reader.entry(row)
        if entry is None:
            continue
        key = (entry.contest, entry.region, entry.precinct, entry.sha256, entry.page)
        line = first.setdefault(key, row.line)
        if line != row.line:
            problems.add(
                row.line, f"precinct {entry.precinct} is listed twice (first on row {line}). Keep one"
            )
        entries.append(entry)
    if reader.empty and not entries:
        problems.add(reader.empty[0], "no number is typed in this row, nor in any other")
    problems.raise_if_any()
    return Parsed(tuple(entries), tuple(reader.empty), table.taken)
