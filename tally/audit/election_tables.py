"""The published figures of an election file as tables for an audit.

Only what was printed is audited; figures that we derived ourselves are left out. Candidates of different
districts are columns of one table with cells in their own district's row only.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from tally.audit.model import PERCENT, SERIES, Cell, Key, Names, Unit, Unread
from tally.audit.model import Table as PublishedTable
from tally.audit.wording import COLUMNS, column_name, country, say
from tally.election import Contest, Election, OfficialFigure, load_election
from tally.official_table import parse_count
from tally.texts import place, region_name, subject_name

DISTRICTS = "districts"


def election_tables(election_id: str) -> tuple[PublishedTable, ...]:
    """One table per contest with figures; all single-mandate districts together are one table.

    Raises ``FormError`` for an unknown election.
    """
    election = load_election(election_id)
    singles = [c for c in election.contests if c.district is not None]
    others = [c for c in election.contests if c.district is None]
    tables = [_contest(election, contest) for contest in others]
    if singles:
        tables.insert(0, _districts(election, singles))
    return tuple(table for table in tables if table.cells or table.unread)


def _districts(election: Election, contests: list[Contest]) -> PublishedTable:
    sheet = _Cells(DISTRICTS)
    names: dict[str, Names] = {}
    for contest in contests:
        for figure in election.figures(contest.id):
            column = _column(contest, figure)
            names[column] = subject_name(contest, figure.subject)
            sheet.put((contest.id,), column, figure, place(contest), names[column])
    return sheet.table(
        say("districts"),
        tuple(Unit((c.id,), place(c), c.region) for c in contests),
        tuple(f"{c.id}/{one.id}" for c in contests for one in c.candidates),
        names,
        complete=False,
    )


def _column(contest: Contest, figure: OfficialFigure) -> str:
    person = contest.candidate(figure.subject) is not None
    return f"{contest.id}/{figure.subject}" if person else figure.subject


def _contest(election: Election, contest: Contest) -> PublishedTable:
    figures = [f for f in election.official if f.contest == contest.id]
    categories = (*(c.id for c in contest.candidates), *_against(figures))
    names = {column: _name(contest, column) for column in (*categories, *(f.subject for f in figures))}
    units = _units(election, figures)
    rows = {unit.path: unit.names for unit in units}
    sheet = _Cells(contest.id)
    for figure in figures:
        path = (figure.unit,) if figure.unit else ()
        sheet.put(path, figure.subject, figure, rows[path], names[figure.subject])
    title = {language: text or contest.id for language, text in contest.names.items()}
    return sheet.table(title, units, categories, names, complete=contest.candidates_complete)


class _Cells:
    """Collects the cells of one table, the texts that are no numbers, and what has to be said about both."""

    def __init__(self, table: str) -> None:
        self.id = table
        self.cells: dict[Key, Cell] = {}
        self.unread: list[Unread] = []
        self.remarks: list[Names] = []

    def put(
        self, path: tuple[str, ...], column: str, figure: OfficialFigure, row: Names, name: Names
    ) -> None:
        """Take in one figure. The first one printed for a cell counts; others are remarked upon."""
        if figure.derived:
            return
        number = _number(figure)
        if number is None:
            self.unread.append(Unread(figure.printed, row["en"], name["en"]))
            return
        percent = PERCENT if figure.kind == "percent" else ""
        key = Key(self.id, path, column + percent)
        if key in self.cells:
            first = self.cells[key].printed
            self.remarks.append(say("remark-again", row=row, column=name, used=first, other=figure.printed))
            return
        places = figure.places or 0
        self.cells[key] = Cell(figure.printed, number, places, figure.source, row["en"], name["en"] + percent)
        if not percent and "." in figure.printed:
            self.remarks.append(
                say("remark-dot", row=row, column=name, printed=figure.printed, value=int(number))
            )

    def table(
        self,
        names: Names,
        units: tuple[Unit, ...],
        categories: tuple[str, ...],
        column_names: Mapping[str, Names],
        *,
        complete: bool,
    ) -> PublishedTable:
        """The table as collected."""
        return PublishedTable(
            id=self.id,
            names=names,
            units=units,
            categories=categories,
            column_names=column_names,
            cells=self.cells,
            complete=complete,
            unread=tuple(self.unread),
            remarks=tuple(self.remarks),
        )


def _against(figures: list[OfficialFigure]) -> tuple[str, ...]:
    return ("against_all",) if any(f.subject == "against_all" for f in figures) else ()


def _name(contest: Contest, column: str) -> Names:
    if column in COLUMNS or column.startswith(SERIES):
        return column_name(column)
    return subject_name(contest, column)


def _units(election: Election, figures: list[OfficialFigure]) -> tuple[Unit, ...]:
    used = {figure.unit for figure in figures}
    regions = [r for r in election.regions if r.id in used]
    return (
        *(Unit((r.id,), region_name(r), r.id) for r in regions),
        *([Unit((), country())] if "" in used else []),
    )


def _number(figure: OfficialFigure) -> Fraction | None:
    """The number that the printed text is, if it is an exact one."""
    if figure.kind == "percent":
        return figure.percent
    try:
        return Fraction(parse_count(figure.printed))
    except ValueError:
        return None
