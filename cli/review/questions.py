"""What is asked about one sheet, and whether what a person typed has the right form. Knows nothing of the web."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cli.lang import Lang
from cli.names import candidate_name, field_label, first_spelling
from cli.reading import contests_of
from cli.words import word
from tally.case import Case
from tally.election import Contest, form_of
from tally.errors import UsageError
from tally.form import Field, Form
from tally.model import Mark, PageReading, Quad, Status
from tally.typed_rows import Entry

MARKS: Mapping[str, Mark] = {"N": Mark.ILLEGIBLE, "D": Mark.DASH, "S": Mark.STRUCK, "B": Mark.BLANK}
"""Letters that a person types instead of a number."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One field to type. Carries no value: the entry is blind."""

    code: str
    label: str
    quad: Quad | None
    """Where the cell is in the photo; ``None`` if it was not found."""
    ceiling: int
    must: bool
    """True if a number or a mark is demanded."""


@dataclass(frozen=True, slots=True)
class SheetQuestion:
    """Everything that a person is asked about one page."""

    sha256: str
    page: int
    name: str
    status: Status
    contest: Contest
    header: tuple[Asked, ...]
    fields: tuple[Asked, ...]
    regions: tuple[tuple[str, str], ...] = ()
    """Region ids and names to choose from, where the contest spans several."""


@dataclass(frozen=True, slots=True)
class Typing:
    """What a person typed, checked for form only, never for sums."""

    values: Mapping[str, int | str] = field(default_factory=dict)
    """Field code -> number, or the mark in words; fields left empty are not in it."""
    region: str = ""
    """Region id."""
    problems: Mapping[str, str] = field(default_factory=dict)
    """Field code -> ``empty_fields``, ``bad_value``, ``too_large`` or ``other_district``."""


class Questions:
    """Asks about the pages of one case."""

    def __init__(self, case: Case) -> None:
        self.election = case.election()
        chosen = contests_of(case)
        self.contests = tuple(c for c in self.election.contests if c.id in chosen)

    def form_named(self, form_id: str) -> str | Path:
        """What :func:`tally.form.load_form` takes for the form of an id: of an own form its file."""
        own = (c.form_file for c in self.election.contests if c.form == form_id)
        return next(own, None) or form_id

    def about(self, read: PageReading, name: str, contest_id: str, lang: Lang) -> SheetQuestion:
        """What to ask about a page; ``contest_id`` empty: the contest that the page seems to belong to."""
        contest = self._contest(read, contest_id)
        form = form_of(contest)
        header = tuple(_asked(f, f.code, read, field_label(f, lang)) for f in form.header if f.kind != "text")
        fields = tuple(
            _asked(form.field(code), code, read, self._name(form, code, read, contest, lang))
            for code in form.codes_for(_rows(contest, read))
        )
        regions = self._regions(contest, lang)
        return SheetQuestion(read.sha256, read.page, name, read.status, contest, header, fields, regions)

    def _contest(self, read: PageReading, contest_id: str) -> Contest:
        if contest_id:
            for contest in self.contests:
                if contest.id == contest_id:
                    return contest
            raise UsageError("this case has no such contest.", advice="Go back to the queue.")
        fitting = [contest for contest in self.contests if contest.form == read.form] or list(self.contests)
        district = read.header.get("district")
        if district is not None and district.value is not None:
            fitting = [c for c in fitting if c.district == district.value] or fitting
        return fitting[0]

    def _regions(self, contest: Contest, lang: Lang) -> tuple[tuple[str, str], ...]:
        if contest.region or len(self.election.regions) < 2:
            return ()
        return tuple(
            (region.id, first_spelling(region.names, lang) or region.id) for region in self.election.regions
        )

    def _name(self, form: Form, code: str, read: PageReading, contest: Contest, lang: Lang) -> str:
        repeated = form.repeated
        if repeated is None or not code.startswith(f"{repeated.code}."):
            return field_label(form.field(code), lang)
        known = contest.candidate(read.candidates.get(code, ""))
        return (
            f"{code.partition('.')[2]}. {candidate_name(known, lang) if known else word('candidate', lang)}"
        )


def entry_of(question: SheetQuestion, typing: Typing) -> Entry:
    """What was typed, as one entry."""
    header = {asked.code for asked in question.header}
    precinct = typing.values.get("precinct")
    return Entry(
        contest=question.contest.id,
        region=typing.region,
        precinct=precinct if isinstance(precinct, int) else None,
        sha256=question.sha256,
        page=question.page,
        fields={code: value for code, value in typing.values.items() if code not in header},
    )


def check_entry(question: SheetQuestion, typed: Mapping[str, str]) -> Typing:
    """Turn what was typed into values. Sums are none of its business: an inconsistent sheet is a finding."""
    values: dict[str, int | str] = {}
    problems: dict[str, str] = {}
    for asked in (*question.header, *question.fields):
        text = typed.get(asked.code, "").strip().upper()
        if not text:
            if asked.must:
                problems[asked.code] = "empty_fields"
        elif text in MARKS:
            values[asked.code] = MARKS[text].value
        elif not (text.isascii() and text.isdigit() and len(text) <= 9):
            problems[asked.code] = "bad_value"
        elif int(text) > asked.ceiling:
            problems[asked.code] = "too_large"
        else:
            values[asked.code] = int(text)
    district = values.get("district", question.contest.district)
    if isinstance(district, int) and question.contest.district not in (None, district):
        problems.setdefault("district", "other_district")
    region = question.contest.region or typed.get("region", "")
    if question.regions and region not in dict(question.regions):
        problems["region"] = "empty_fields"
    return Typing(values, region, problems)


def _rows(contest: Contest, read: PageReading) -> int:
    lines = [int(code[6:]) for code in read.fields if code.startswith("votes.") and code[6:].isdecimal()]
    return max([len(contest.candidates), *lines])


def _asked(form_field: Field, code: str, read: PageReading, label: str) -> Asked:
    reading = read.fields.get(code) or read.header.get(code)
    seen = reading is not None and reading.mark is not Mark.ABSENT
    # Rows of candidates beyond those on the paper stay empty; a row that was found has to be answered.
    must = seen or (form_field.required and not code.startswith("votes."))
    return Asked(code, label, reading.quad_px if reading else None, form_field.ceiling, must)
