"""Who stands on which line of the ballot: from the election file, or as the sheets of a contest agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import groupby

from tally.election import Contest
from tally.form import Form
from tally.model import PageReading, Status


@dataclass(frozen=True)
class Positions:
    """The order of the ballot of one contest as far as it is known."""

    contest: Contest
    rows: int
    """Lines of candidates on the sheet."""
    codes: tuple[str, ...]
    """Codes of the candidates' lines, from top to bottom."""
    unplaced: tuple[str, ...]
    """Candidates for whom votes were typed by name while nobody knows their line."""
    by_code: Mapping[str, str]
    """``{"votes.1": "altaev"}``; lines whose candidate is not known are left out."""

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """Everything that takes votes: the lines, then candidates without one."""
        return (*self.codes, *self.unplaced)

    @cached_property
    def _by_candidate(self) -> dict[str, str]:
        return {candidate: code for code, candidate in self.by_code.items()}

    def subject(self, code: str) -> str:
        """Candidate id of a line where known, else the code itself."""
        return self.by_code.get(code, code)

    def code_of(self, name: str) -> str:
        """Field code of a candidate id; any other name is returned as it is."""
        return self._by_candidate.get(name, name)

    def contradicts(self, printed: Mapping[str, str]) -> bool:
        """True if a sheet prints a candidate on another line than agreed."""
        if printed == self.by_code or printed.items() <= self.by_code.items():
            return False
        return any(
            self.by_code.get(code, candidate) != candidate or self._by_candidate.get(candidate, code) != code
            for code, candidate in printed.items()
        )


def agree_on_positions(
    contest: Contest, form: Form, pages: Sequence[PageReading], typed: Collection[str] = ()
) -> Positions:
    """The order of the ballot: the election file's where it says so, else what most sheets print.

    Each candidate gets one line and each line one candidate. ``typed`` are the names under which votes were
    typed: candidates who are named there but stand on no known line keep a line of their own, under their id.
    Which of them ``votes.1`` is, is never guessed.
    """
    rows = max([len(contest.candidates), _printed_rows(pages), *map(_line, typed)])
    codes = tuple(code for code in form.codes_for(rows) if code.startswith("votes."))
    known = _from_files(contest, codes)
    for code, candidate in _printed(contest, pages):
        if code in codes and code not in known and candidate not in known.values():
            known[code] = candidate
    unplaced = tuple(c.id for c in contest.candidates if c.id in typed and c.id not in known.values())
    if unplaced and not pages:
        # Lines of which nobody speaks are mere labels, and any order of those named serves.
        free = [code for code in codes if code not in known and code not in typed]
        waiting = tuple(c.id for c in contest.candidates if c.id not in known.values())
        named = waiting if len(waiting) <= len(free) else unplaced
        if len(named) <= len(free):
            known |= dict(zip(free, named, strict=False))
            unplaced = ()
    return Positions(contest, rows, codes, unplaced, known)


def _printed_rows(pages: Sequence[PageReading]) -> int:
    """Lines of candidates on the sheets: what most accepted sheets show, else what most sheets show.

    One page with a line too many must not give every other sheet of the contest an unread line.
    """
    accepted = [page.fields for page in pages if page.status is Status.ACCEPTED]
    shapes = Counter(map(tuple, accepted or [page.fields for page in pages]))
    seen: Counter[int] = Counter()
    for codes, times in shapes.items():
        seen[max(map(_line, codes), default=0)] += times
    return max(seen, key=lambda count: (seen[count], count), default=0)


def _from_files(contest: Contest, codes: tuple[str, ...]) -> dict[str, str]:
    """Lines that the election or the form itself ties to a candidate (``votes.yes`` of a referendum)."""
    known = {f"votes.{c.position}": c.id for c in contest.candidates if c.position is not None}
    known |= {f"votes.{c.id}": c.id for c in contest.candidates if f"votes.{c.id}" in codes}
    return {code: candidate for code, candidate in known.items() if code in codes}


def _printed(contest: Contest, pages: Sequence[PageReading]) -> list[tuple[str, str]]:
    """Pairs (line, candidate) as printed on the sheets, the most frequent first; ties by line."""
    ids = {candidate.id for candidate in contest.candidates}
    seen: Counter[tuple[str, str]] = Counter()
    # A country's sheets print the same names on the same lines, but for a few.
    for printed, alike in groupby(page.candidates for page in pages):
        times = sum(1 for _ in alike)
        for code, who in printed.items():
            if who in ids:
                seen[code, who] += times
    return sorted(seen, key=lambda pair: (-seen[pair], _line(pair[0]), pair[1]))


@cache
def _line(code: str) -> int:
    stem, _, number = code.partition(".")
    return int(number) if stem == "votes" and number.isdecimal() else 0


def beyond_line(codes: Iterable[str], rows: int) -> tuple[str, ...]:
    """Those of the codes that are lines of candidates below line number ``rows``."""
    return tuple(code for code in codes if _line(code) > rows)
