"""Taking a published file into a case: read it whole or refuse it, then keep its bytes and its figures."""

from __future__ import annotations

from pathlib import Path

from tally.case import Case
from tally.errors import TableError, UsageError
from tally.official import Snapshot, add_figures, moment
from tally.official_reading import TableChoice, read_official


def add_official(
    case: Case, path: Path, source: str, as_of: str, choice: TableChoice | None = None
) -> Snapshot:
    """Take in a CSV, an XLSX, a PDF with a text layer or a saved page: all of it or nothing.

    Raises :class:`TableError` with every problem by row, :class:`UsageError` for a missing source, a time
    that is not ISO 8601 or a table that does not say which contest it is about.
    """
    if not source.strip():
        raise UsageError("where does this table come from?", advice="Give --source URL.")
    moment(as_of)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TableError(f"cannot be read: {error.strerror}.", file=str(path)) from error
    election, districts = case.election(), case.districts
    scope = [c for c in election.contests if c.district is None or not districts or c.district in districts]
    figures, notes = read_official(data, path.name, election, scope, choice or TableChoice(), source, as_of)
    return add_figures(case, data, path.name, figures, source, as_of, notes)
