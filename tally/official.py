"""Official figures: tables as published, kept byte for byte, as dated snapshots beside each other.

A later snapshot never replaces an earlier one; comparisons take the latest figure and can name the earlier.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tally.case import Case
from tally.election import Contest, Election, OfficialFigure
from tally.errors import TableError, UsageError
from tally.official_names import UnknownName, find_contest, find_subject
from tally.official_table import Problems, Row, parse_count, read_table
from tally.state import CaseState

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "contest": ("выборы", "сайлау", "бюллетень"),
    "district": ("округ", "номер округа", "округ №", "№ округа", "constituency", "округ нөмірі"),
    "subject": (
        "candidate",
        "кандидат",
        "кандидат, партия",
        "партия",
        "party",
        "үміткер",
        "name",
        "имя",
        "фио",
        "аты-жөні",
    ),
    "votes": ("голоса", "голосов", "число голосов", "дауыс", "дауыстар", "дауыс саны", "value", "count"),
    "region": ("регион", "область", "облыс", "өңір", "unit"),
    "precinct": ("участок", "уик", "номер участка", "учаске", "polling station"),
    "derived": ("вычислено", "есептелген"),
    "printed": ("as printed", "как напечатано", "басылғаны"),
}
"""Columns of a table of official figures and the spellings under which they are accepted."""

_YES = {"yes", "true", "1", "+", "да", "иә"}
_NO = {"", "no", "false", "0", "-", "нет", "жоқ"}
_COLUMN_FIELDS = {"registered": "voters_listed", "total": "ballots_found"}
"""Columns of the shipped tables that are sums of a field of the sheets."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One published table as it stood at one time."""

    sha256: str
    """Hash of the bytes, kept in ``official/``."""
    name: str
    source: str
    """Address or other origin."""
    as_of: str
    """ISO 8601: when the table looked like this."""
    figures: tuple[OfficialFigure, ...]
    notes: tuple[str, ...] = ()
    """How the table was read: columns left out, what the total row says."""

    def to_dict(self) -> dict[str, Any]:
        """Body of the ``official_added`` event."""
        return {
            "sha256": self.sha256,
            "name": self.name,
            "source": self.source,
            "as_of": self.as_of,
            "notes": list(self.notes),
            "figures": [_figure_dict(figure) for figure in self.figures],
        }

    @classmethod
    def from_dict(cls, body: Mapping[str, Any]) -> Snapshot:
        """The inverse of :meth:`to_dict`."""
        figures = (OfficialFigure(**f, source=body["source"], as_of=body["as_of"]) for f in body["figures"])
        notes = tuple(body.get("notes", ()))
        return cls(body["sha256"], body["name"], body["source"], body["as_of"], tuple(figures), notes)


def add_figures(
    case: Case,
    data: bytes,
    name: str,
    figures: Iterable[OfficialFigure],
    source: str,
    as_of: str,
    notes: Iterable[str] = (),
) -> Snapshot:
    """Keep a table whose figures have been parsed: bytes first, then the event."""
    stored = case.official.put(io.BytesIO(data))
    snapshot = Snapshot(stored.sha256, name, source, as_of, tuple(figures), tuple(notes))
    case.record("official_added", snapshot.to_dict())
    return snapshot


def snapshots_of(state: CaseState) -> tuple[Snapshot, ...]:
    """All snapshots of a case, the oldest state of affairs first."""
    found = [Snapshot.from_dict(body) for body in state.official]
    return tuple(sorted(found, key=lambda snapshot: moment(snapshot.as_of)))


def parse_official(
    data: bytes, file: str, election: Election, source: str, as_of: str
) -> tuple[OfficialFigure, ...]:
    """Figures of a CSV with the columns contest or district, subject, votes and optionally printed."""
    return figures_of(read_table(data, file, COLUMNS), file, election, source, as_of)


def figures_of(
    rows: Sequence[Row], file: str, election: Election, source: str, as_of: str
) -> tuple[OfficialFigure, ...]:
    """Figures of rows with the columns of :data:`COLUMNS`. Raises :class:`TableError` with all problems."""
    _need_columns(rows[0], file)
    problems = Problems(file, [])
    first: dict[tuple[str, str, str, int | None], int] = {}
    figures: list[OfficialFigure] = []
    for row in rows:
        figure = _figure(row, election, source, as_of, problems)
        if figure is None:
            continue
        known = first.setdefault(figure.key, row.line)
        if known != row.line:
            where = f"district {row.cells['district']}" if row.cells.get("district") else figure.contest
            problems.add(
                row.line, f"{where}, {figure.subject} is listed twice (first on row {known}). Keep one"
            )
        figures.append(figure)
    problems.raise_if_any()
    return tuple(figures)


def in_force(
    election: Election, snapshots: Iterable[Snapshot], unit: str = ""
) -> dict[str, dict[str, OfficialFigure]]:
    """Contest -> subject -> the latest figure for the whole contest, or for one ``unit`` (a region id).

    Contests of which no snapshot speaks fall back to the figures shipped with the election.
    """
    return in_force_by_unit(election, snapshots).get(unit, {})


def in_force_by_unit(
    election: Election, snapshots: Iterable[Snapshot]
) -> dict[str, dict[str, dict[str, OfficialFigure]]]:
    """:func:`in_force` for every unit of which a figure speaks; the whole contest is the unit ``""``."""
    out: dict[str, dict[str, dict[str, OfficialFigure]]] = {}
    for snapshot in sorted(snapshots, key=lambda s: moment(s.as_of)):
        for figure in snapshot.figures:
            if _is_count(figure) and figure.precinct is None:
                out.setdefault(figure.unit, {}).setdefault(figure.contest, {})[figure.subject] = figure
    added = {(unit, contest) for unit, figures in out.items() for contest in figures}
    for figure in election.official:
        if (figure.unit, figure.contest) not in added and _is_count(figure):
            subject = _COLUMN_FIELDS.get(figure.subject, figure.subject)
            out.setdefault(figure.unit, {}).setdefault(figure.contest, {}).setdefault(subject, figure)
    return out


def moment(as_of: str) -> datetime:
    """An ISO 8601 time; one without an offset is taken as UTC for ordering. Raises :class:`UsageError`."""
    try:
        parsed = datetime.fromisoformat(as_of)
    except ValueError as error:
        advice = "Write it as 2023-03-27T12:00+05:00."
        raise UsageError(f"{as_of!r} is not a time.", advice=advice) from error
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def _is_count(figure: OfficialFigure) -> bool:
    return figure.value is not None and figure.kind != "percent"


def _need_columns(row: Row, file: str) -> None:
    missing = [name for name in ("subject", "votes") if name not in row.cells]
    if "contest" not in row.cells and "district" not in row.cells:
        missing.insert(0, "contest or district")
    if missing:
        raise TableError(
            f"the table has no column {', '.join(missing)}.", file=file, line=1, advice="See docs/rules.md."
        )


def _figure(
    row: Row, election: Election, source: str, as_of: str, problems: Problems
) -> OfficialFigure | None:
    printed = row.cells["votes"]
    try:
        contest = find_contest(election, row.cells.get("contest", ""), row.cells.get("district", ""))
        subject = find_subject(contest, row.cells["subject"])
        value = parse_count(printed)
        unit = _unit(row.cells.get("region", ""), contest, election)
        precinct = _precinct(row.cells.get("precinct", ""))
        derived = _derived(row.cells.get("derived", ""))
    except (UnknownName, ValueError) as error:
        problems.add(row.line, str(error))
        return None
    return OfficialFigure(
        contest=contest.id,
        subject=subject,
        unit=unit,
        value=value,
        printed="" if derived else row.cells.get("printed") or printed,
        kind="votes" if _is_candidate(contest, subject) else "count",
        derived=derived,
        source=source,
        as_of=as_of,
        precinct=precinct,
    )


def _precinct(text: str) -> int | None:
    plain = text.lstrip("№ ")
    if plain and not (plain.isascii() and plain.isdigit() and 0 < int(plain) < 100_000):
        raise ValueError(f"precinct {text!r} is not a number from 1 to 99999")
    return int(plain) if plain else None


def _derived(text: str) -> bool:
    """Was the number computed by whoever made the table, and not printed by the commission?"""
    if text.casefold() not in _YES | _NO:
        raise ValueError(f"derived is yes or no, not {text!r}")
    return text.casefold() in _YES


def _unit(named: str, contest: Contest, election: Election) -> str:
    """Region id of a figure that is about one region of a contest; empty for the whole contest."""
    if not named:
        return ""
    region = election.region_named(named)
    if region is None:
        known = ", ".join(r.id for r in election.regions)
        raise UnknownName(f"there is no region {named!r}; known are {known}")
    return "" if contest.region == region else region


def _is_candidate(contest: Contest, subject: str) -> bool:
    return any(candidate.id == subject for candidate in contest.candidates)


def _figure_dict(figure: OfficialFigure) -> dict[str, Any]:
    return {
        "contest": figure.contest,
        "subject": figure.subject,
        "unit": figure.unit,
        "value": figure.value,
        "printed": figure.printed,
        "kind": figure.kind,
        "derived": figure.derived,
        **({"precinct": figure.precinct} if figure.precinct is not None else {}),
    }
