"""From the two files of an election folder to an Election, naming every problem with file and line."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path as FilePath
from typing import Any

from tally.election_model import Candidate, Contest, Election, OfficialFigure, Region, SeatRule
from tally.errors import FormError
from tally.form import load_form, shipped_form_ids
from tally.form_lines import FormProblem, LineIndex, Path, syntax_line, texts
from tally.form_tables import TableReader

_ELECTION_KEYS = {"id", "date", "levels", "source", "title", "region", "contest"}
_CONTEST_KEYS = {
    *(
        "id",
        "form",
        "level",
        "district",
        "region",
        "names",
        "candidate",
        "candidates_complete",
        "precincts_total",
        "seats",
    ),
}
_SEAT_KEYS = {"number", "threshold_percent", "bases", "source"}
_CANDIDATE_KEYS = {"id", "kk", "ru", "latin", "party", "position", "spelling"}
_SCRIPTS = ("kk", "ru", "latin")
_COLUMNS = ("contest", "subject", "unit", "kind", "printed", "value", "derived", "as_of", "source", "note")
_KINDS = ("votes", "percent", "count")


def parse_election(folder: FilePath) -> Election:
    """The election of a folder with election.toml and, if figures were published, official.csv.

    Raises ``FormError`` with all problems of the first file that has any.
    """
    toml = folder / "election.toml"
    reader, data = _open(toml)
    election = reader.election(data)
    _refuse(toml, reader.problems)
    table = folder / "official.csv"
    if not table.exists():
        return election
    figures, problems = _figures(_text(table), election)
    _refuse(table, problems)
    return reader.election(data, tuple(figures))


def _open(path: FilePath) -> tuple[_Reader, Mapping[str, Any]]:
    text = _text(path)
    try:
        return _Reader(LineIndex(text), path.parent), tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = syntax_line(str(error))
        raise FormError(f"this is not TOML: {error}", file=str(path), line=line) from error


def _text(path: FilePath) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise FormError(f"the file cannot be opened: {error.strerror}", file=str(path)) from error
    except UnicodeDecodeError as error:
        raise FormError("the file is not UTF-8 text", advice="Save it as UTF-8.", file=str(path)) from error


def _refuse(path: FilePath, problems: list[FormProblem]) -> None:
    if problems:
        problems = sorted(set(problems))
        listed = "; ".join(f"line {p.line}: {p.message}" for p in problems)
        message = listed if len(problems) > 1 else problems[0].message
        raise FormError(message, advice="Correct the file.", file=str(path), line=problems[0].line)


class _Reader(TableReader):
    """Builds the parts of an election out of their tables."""

    def __init__(self, lines: LineIndex, folder: FilePath) -> None:
        super().__init__(lines)
        self.folder = folder
        self.own: dict[str, FilePath] = {}
        """Id of a form that is the election's own -> its file."""

    def election(self, data: Mapping[str, Any], official: tuple[OfficialFigure, ...] = ()) -> Election:
        self.keys(data, _ELECTION_KEYS, ())
        levels = self.strings(data, "levels", ())
        regions = tuple(self.region(t, ("region", i)) for i, t in enumerate(self.tables(data, "region")))
        known = {region.id for region in regions}
        contests = tuple(
            self.contest(t, ("contest", i), levels, known) for i, t in enumerate(self.tables(data, "contest"))
        )
        if not contests:
            self.problem((), "the election has no contests; each contest begins with [[contest]]")
        self.unique("region", [region.id for region in regions], ())
        self.unique("contest", [contest.id for contest in contests], ())
        return Election(
            id=self.string(data, "id", ()),
            title=self.words(data, "title", ()),
            date=self.day(data),
            levels=levels,
            source=self.string(data, "source", ()),
            regions=regions,
            contests=contests,
            official=official,
        )

    def day(self, data: Mapping[str, Any]) -> str:
        text = self.string(data, "date", ())
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            self.problem(("date",), f"date must be written like 2023-03-19, not {text!r}")
            return text

    def region(self, table: Mapping[str, Any], at: Path) -> Region:
        self.keys(table, {"id", *_SCRIPTS}, at)
        return Region(self.string(table, "id", at), self.names(table, at))

    def contest(
        self, table: Mapping[str, Any], at: Path, levels: tuple[str, ...], regions: set[str]
    ) -> Contest:
        self.keys(table, _CONTEST_KEYS, at)
        people = tuple(
            self.candidate(t, (*at, "candidate", i))
            for i, t in enumerate(self.tables(table, "candidate", at))
        )
        self.unique("candidate", [person.id for person in people], at)
        places = [str(person.position) for person in people if person.position is not None]
        self.unique("candidate", places, at, "position")
        region = self.string(table, "region", at) if "region" in table else None
        if region is not None and region not in regions:
            self.problem((*at, "region"), f"region {region!r} is not listed under [[region]]")
        form, form_file = self.form(table, at)
        return Contest(
            id=self.string(table, "id", at),
            form=form,
            form_file=form_file,
            level=self.choice(table, "level", at, levels or ("country",), None),
            district=self.whole(table, "district", at, None) if "district" in table else None,
            region=region,
            names=self.words(table, "names", at),
            candidates=people,
            candidates_complete=self.flag(table, "candidates_complete", at, False),
            precincts_total=self.whole(table, "precincts_total", at, None)
            if "precincts_total" in table
            else None,
            seats=self.seats(self.table(table, "seats", at), (*at, "seats")) if "seats" in table else None,
        )

    def form(self, table: Mapping[str, Any], at: Path) -> tuple[str, FilePath | None]:
        """Id of a shipped form; or of one that lies in a file, by its path from the folder of the election."""
        named, at = table.get("form"), (*at, "form")
        if not isinstance(named, str) or not named.endswith(".toml"):
            if named not in shipped_form_ids():
                known = ", ".join(shipped_form_ids())
                said = f"one of {known}, or the path of a form file (my-form.toml)"
                self.missing(table, "form", at[:-1], said)
            return str(named), None
        file = self.folder / named
        if not file.resolve().is_relative_to(self.folder.resolve()):
            # A case keeps the folder, and a bundle carries it: what lies elsewhere would be left behind.
            self.problem(at, f"form {named!r} must lie in the folder of the election")
            return "", None
        try:
            form = load_form(file)
        except FormError as error:
            said = error.message if error.line is None else "its file has mistakes"
            self.problem(at, f"form {named!r}: {said}; see `hattama forms check {file}`")
            return "", None
        if form.id in shipped_form_ids():
            self.problem(
                at, f"form {named!r} has the id of a shipped form, {form.id}; give it an id of its own"
            )
        if self.own.setdefault(form.id, file) != file:
            self.problem(at, f"form {named!r} has the id of another one, {form.id}; give it an id of its own")
        return form.id, file

    def seats(self, table: Mapping[str, Any], at: Path) -> SeatRule:
        self.keys(table, _SEAT_KEYS, at)
        number = self.whole(table, "number", at, None)
        if number == 0 and "number" in table:
            self.problem((*at, "number"), "number must be the seats to share out, 1 or more")
        written = self.string(table, "threshold_percent", at)
        known = re.fullmatch(r"\d{1,2}(\.\d+)?", written)
        if written and not known:
            self.problem((*at, "threshold_percent"), f'threshold_percent must be like "5", not {written!r}')
        bases = self.strings(table, "bases", at) or ("ballots_valid",)
        if bases[0] != "ballots_valid":
            self.problem((*at, "bases"), 'bases must begin with "ballots_valid"')
        share = Fraction(written) / 100 if known else Fraction(0)
        return SeatRule(number, share, bases, self.string(table, "source", at))

    def candidate(self, table: Mapping[str, Any], at: Path) -> Candidate:
        self.keys(table, _CANDIDATE_KEYS, at)
        return Candidate(
            id=self.string(table, "id", at),
            names=self.names(table, at),
            party=table.get("party", "") and self.string(table, "party", at),
            position=self.whole(table, "position", at, None) if "position" in table else None,
            spelling=self.choice(table, "spelling", at, ("sourced", "transliterated"), "sourced"),
        )

    def names(self, table: Mapping[str, Any], at: Path) -> dict[str, tuple[str, ...]]:
        found = {script: texts(table.get(script)) for script in _SCRIPTS if texts(table.get(script))}
        if not found:
            self.problem(at, f"there is no name in any of {', '.join(_SCRIPTS)}")
        return found

    def unique(self, section: str, names: list[str], at: Path, what: str = "id") -> None:
        for index, name in enumerate(names):
            if name and name in names[:index]:
                self.problem((*at, section, index, what), f"{section} {what} {name!r} is used twice")


def _figures(text: str, election: Election) -> tuple[list[OfficialFigure], list[FormProblem]]:
    rows = csv.DictReader(text.splitlines())
    if tuple(rows.fieldnames or ()) != _COLUMNS:
        return [], [FormProblem(1, f"the columns must be {', '.join(_COLUMNS)}")]
    figures: list[OfficialFigure] = []
    problems: list[FormProblem] = []
    for row in rows:
        found = [FormProblem(rows.line_num, message) for message in _row_problems(row, election)]
        problems += found
        if not found:
            figures.append(_figure(row))
    return figures, problems


def _figure(row: Mapping[str, str]) -> OfficialFigure:
    return OfficialFigure(
        contest=row["contest"],
        subject=row["subject"],
        unit=row["unit"],
        value=int(row["value"]) if row["value"] else None,
        printed=row["printed"],
        kind=row["kind"],
        derived=row["derived"] == "true",
        source=row["source"],
        as_of=row["as_of"],
        note=row["note"],
    )


def _row_problems(row: Mapping[str, str | None], election: Election) -> Iterator[str]:
    if None in row or None in row.values():
        yield f"a row has {len(_COLUMNS)} columns"
        return
    if row["contest"] not in {contest.id for contest in election.contests}:
        yield f"contest {row['contest']!r} is not in election.toml"
    if row["unit"] and election.region(row["unit"]) is None:
        yield f"unit {row['unit']!r} is not a region of election.toml"
    if row["kind"] not in _KINDS:
        yield f"kind must be one of {', '.join(_KINDS)}, not {row['kind']!r}"
    if row["derived"] not in ("true", "false"):
        yield f"derived must be true or false, not {row['derived']!r}"
    if row["value"] and not row["value"].isdecimal():
        yield f"value must be a whole number, not {row['value']!r}"
    if row["value"] and row["kind"] == "percent":
        yield "a percent has no value; it stays as printed"
    for column in ("subject", "source", "as_of"):
        if not row[column]:
            yield f"{column} is empty"
    if not row["printed"] and row["derived"] != "true":
        yield "printed is empty although the figure is not derived"
