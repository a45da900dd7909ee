"""One dispute from photos to what follows, with the very functions that the commands call."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from cli.demo import screen
from cli.demo.texts import text
from cli.findings import case_findings
from cli.intake.take import add_all, counted
from cli.lang import Lang
from cli.progress import progress
from cli.reading import read_all, unread
from cli.waiting import unread_notice
from samples.dispute_plans import ELECTION
from samples.disputes import DisputeSet, render_dispute
from tally.case import Case, create_case
from tally.findings import Finding
from tally.model import PageReading, Status
from tally.official_adding import add_official
from tally.state import state
from tally.totals import ContestTotals, totals
from tally.typed import import_protocols

PAIRS = {4: ("boqaev", "stambekov"), 14: ("ahmediarov", "quspan"), 27: ("altaev", "qyryqbaev")}
"""District -> candidate ids of claimant and opponent."""
TYPIST = "demo-typist"


@dataclass(frozen=True, slots=True)
class Ending:
    """How one dispute ends, for the summary."""

    district: int
    totals: ContestTotals
    findings: tuple[Finding, ...]
    unread: str = ""
    """What must be said of photos that the sums lack; empty if there are none."""


class Story:
    """The demo for one district."""

    def __init__(
        self, district: int, out: Path, jobs: int, console: Console, lang: Lang, *, typist: bool = True
    ) -> None:
        self.typist = typist
        """False: the sheets that need a person are left to a person."""
        self.district = district
        self.folder = out / f"district-{district}"
        self.jobs = jobs
        self.console = console
        self.lang = lang

    def tell(self) -> Ending:
        """Run every step and print it. Raises what the commands would raise."""
        screen.heading(self.console, text("district", self.lang, self.district))
        made = self._render()
        case = self._fill(made)
        self._read(case)
        self._official(case, made)
        waiting = self._waiting(case)
        ending = self._result(case, last=not waiting)
        if not waiting:
            if not ending.unread:
                self.console.print(text("settled", self.lang))
            return ending
        screen.open_sums(self.console, ending.totals, PAIRS[self.district], len(waiting), self.lang)
        if not self.typist:
            return ending
        self._type(case, made, waiting)
        return self._result(case, last=True)

    def _render(self) -> DisputeSet:
        with progress(text("district", self.lang, self.district), 100) as step:
            shown = 0

            def percent(done: int, total: int) -> None:
                nonlocal shown
                while shown < 100 * done // total:
                    step()
                    shown += 1

            made = render_dispute(self.district, self.folder, percent, self.jobs)
        self.console.print(text("rendered", self.lang, len(made.photos)))
        return made

    def _fill(self, made: DisputeSet) -> Case:
        self._shell(f"new {self.folder} --election {ELECTION} --district {self.district}")
        case = create_case(self.folder, ELECTION, [self.district], note="demo: synthetic protocols")
        self._shell(f"add {self.folder} {self.folder / 'photos'}")
        with progress("add", len(made.photos)) as step:
            taken = []
            for one in add_all(case, [self.folder / "photos"]):
                taken.append(one)
                step()
        self.console.print(text("added", self.lang, **counted(taken)))
        return case

    def _read(self, case: Case) -> None:
        self._shell(f"read {self.folder} --jobs {self.jobs}")
        tasks = unread(case)
        pages: list[PageReading] = []
        stopped: list[str] = []
        with progress("read", len(tasks)) as step:
            for one in read_all(case, tasks, self.jobs):
                pages += one.pages
                if not one.recorded:
                    stopped.append(f"{one.name}: {one.error}")
                step()
        by_status = Counter(page.status for page in pages)
        each = sum(page.elapsed_ms for page in pages) // max(1, len(pages))
        accepted = by_status[Status.ACCEPTED]
        review = len(pages) - accepted
        self.console.print(
            text("read", self.lang, pages=len(pages), accepted=accepted, review=review, ms=each)
        )
        for line in stopped:
            self.console.print(line, soft_wrap=True)

    def _official(self, case: Case, made: DisputeSet) -> None:
        source, as_of = made.official_source, made.official_as_of
        self._shell(f'official add {self.folder} {made.official} --source "{source}" --as-of {as_of}')
        snapshot = add_official(case, made.official, source, as_of)
        self.console.print(f"{snapshot.name}: {len(snapshot.figures)}")

    def _result(self, case: Case, *, last: bool) -> Ending:
        self._shell(f"totals {self.folder}")
        known = state(case)
        found = totals(known, case.election(), self.district)
        contest = next(one for one in found.contests if one.contest.district == self.district)
        findings = case_findings(case, found)
        screen.sums(self.console, contest, PAIRS[self.district], case.election(), self.lang)
        unread = unread_notice(known, self.folder, self.lang)
        if unread:
            self.console.print(unread, style="bold", soft_wrap=True)
        self._shell(f"diff {self.folder}")
        screen.findings(self.console, findings, self.lang, sheets=last)
        return Ending(self.district, contest, findings, unread)

    def _waiting(self, case: Case) -> list[str]:
        known = state(case)
        return [known.photos[p.sha256].name for p in known.pages() if p.status is not Status.ACCEPTED]

    def _type(self, case: Case, made: DisputeSet, waiting: Sequence[str]) -> None:
        self.console.print(text("typist", self.lang, count=len(waiting)), soft_wrap=True)
        table = self.folder / "typed.csv"
        table.write_text(made.typed_for(waiting), encoding="utf-8")
        self._shell(f"import {self.folder} {table} --reader {TYPIST} --kind person")
        import_protocols(case, table, TYPIST, "person")

    def _shell(self, line: str) -> None:
        self.console.print(f"\n$ hattama {line}", style="bold", soft_wrap=True)
