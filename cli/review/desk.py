"""The reviewer's desk: which sheets wait, what is asked about one, and writing down what a person typed.

Knows nothing of the web. Who may enter what a second time, and who decides between two entries, will be
decided here too; today every entry stands beside the earlier ones and the ledger keeps them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cli.lang import Lang
from cli.names import candidate_name, field_label, first_spelling
from cli.reading import contests_of
from cli.waiting import REASONS, SET_ASIDE, Waiting, queue
from cli.words import word
from tally.case import Case
from tally.election import Contest
from tally.errors import UsageError
from tally.form import Field, Form, load_form
from tally.model import Mark, PageReading, Quad, Status
from tally.state import CaseState, state
from tally.typed import Entry, record_typed

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


class Desk:
    """The queue of one case for one reader."""

    def __init__(self, case: Case, reader: str) -> None:
        self.case = case
        self.reader = reader
        self.election = case.election()
        chosen = contests_of(case)
        self.contests = tuple(c for c in self.election.contests if c.id in chosen)

    def state(self) -> CaseState:
        """The case as the ledger has it now."""
        return state(self.case)

    def queue(self) -> list[Waiting]:
        """Pages that need a person, most useful first, finished ones last."""
        return queue(self.case, self.state())

    def next_after(self, sha256: str, page: int) -> Waiting | None:
        """The waiting sheet after this one, or the first one; ``None`` when nothing waits."""
        queue = [one for one in self.queue() if not one.done or (one.sha256, one.page) == (sha256, page)]
        where = next((i for i, one in enumerate(queue) if (one.sha256, one.page) == (sha256, page)), -1)
        after = queue[where + 1 :] + queue[: max(where, 0)]
        return next((one for one in after if not one.done), None)

    def page(self, sha256: str, page: int) -> PageReading:
        """What the program read. Raises ``UsageError`` if the case has no such page."""
        for one in self.state().pages():
            if (one.sha256, one.page) == (sha256, page):
                return one
        raise UsageError("there is no such sheet in this case.", advice="Go back to the queue.")

    def question(self, sha256: str, page: int, contest_id: str, lang: Lang) -> SheetQuestion:
        """What to ask about a page; ``contest_id`` empty: the contest that the page seems to belong to."""
        read = self.page(sha256, page)
        contest = self._contest(read, contest_id)
        form = load_form(contest.form)
        header = tuple(_asked(f, f.code, read, field_label(f, lang)) for f in form.header if f.kind != "text")
        fields = tuple(
            _asked(form.field(code), code, read, self._name(form, code, read, contest, lang))
            for code in form.codes_for(_rows(contest, read))
        )
        name = self.state().photos[sha256].name
        regions = self._regions(contest, lang)
        return SheetQuestion(sha256, page, name, read.status, contest, header, fields, regions)

    def submit(self, question: SheetQuestion, typing: Typing) -> None:
        """Write what was typed to the ledger as one event of this reader. Raises ``UsageError``."""
        header = {asked.code for asked in question.header}
        precinct = typing.values.get("precinct")
        entry = Entry(
            contest=question.contest.id,
            region=typing.region,
            precinct=precinct if isinstance(precinct, int) else None,
            sha256=question.sha256,
            page=question.page,
            fields={code: value for code, value in typing.values.items() if code not in header},
        )
        record_typed(self.case, [entry], self.reader, "person")

    def set_aside(self, sha256: str, page: int, reason: str) -> None:
        """Note that a person looked and that there is nothing to type. Raises ``UsageError``."""
        if reason not in REASONS:
            raise UsageError("there is no such reason.", advice=f"Known: {', '.join(REASONS)}.")
        self.page(sha256, page)
        self.case.record(SET_ASIDE, {"reader": self.reader, "sha256": sha256, "page": page, "reason": reason})

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
