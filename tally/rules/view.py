"""What a rule may look at: one contest of a case beside its official figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

from tally import texts
from tally.election import OfficialFigure, Region
from tally.model import Span
from tally.rules.chance import Coincidences
from tally.rules.repeats import Repeats
from tally.rules.ways import Ways
from tally.rules.weight import Weights
from tally.sums import Sum
from tally.texts import Value
from tally.totals import ContestTotals
from tally.versions import Cell, Protocol, Sheet

_COUNTS = ("against_all", "ballots_found", "ballots_invalid", "ballots_valid")
_FEWEST_LINES = 3
_FEWEST_VOTES = 30
"""Below this, equal vote counts in two precincts are too ordinary to be worth a finding."""


@dataclass(frozen=True)
class View:
    """One contest: sums of the protocols and the official figures in force, by subject."""

    totals: ContestTotals
    official: Mapping[str, OfficialFigure]
    region: Region | None = None
    """Set if the view is about the part of a contest that lies in one region."""
    whole: View | None = None
    """The view of the whole contest, if this one is about a part of it: what was found there need not be sought."""
    regions: Mapping[str, Region] = field(default_factory=dict)
    """The regions of the election, by id."""

    @property
    def id(self) -> str:
        """Contest id."""
        return self.totals.contest.id

    @cached_property
    def place(self) -> dict[str, str]:
        """The district, or the region, in words."""
        if self.region is not None:
            return texts.region_name(self.region)
        return texts.place(self.totals.contest)

    def name(self, subject: str) -> dict[str, str]:
        """A subject in words."""
        if subject not in self._names:
            self._names[subject] = texts.subject_name(self.totals.contest, subject)
        return self._names[subject]

    @cached_property
    def _names(self) -> dict[str, dict[str, str]]:
        return {}

    def precinct(self, protocol: Protocol) -> Mapping[str, str]:
        """The precinct of a protocol in words, so that it is found among all of the contest."""
        key = protocol.key
        return texts.precinct_name(self.totals.contest, self.regions, key.region, key.precinct)

    def listed(self, values: Mapping[str, Value], between: str = " = ") -> dict[str, str]:
        """``Name = value, name = value`` for subjects in order, in each language."""
        return {
            language: ", ".join(
                f"{self.name(subject)[language]}{between}{texts.written(value, language)}"
                for subject, value in values.items()
            )
            for language in texts.LANGUAGES
        }

    def figure(self, subject: str) -> int | None:
        """The official number of votes (or ballots, voters) of a subject."""
        found = self.official.get(subject)
        return found.value if found else None

    @cached_property
    def sheets(self) -> Sequence[tuple[Protocol, Sheet]]:
        """Every sheet with the protocol that it is a copy of."""
        return [(p, sheet) for p in self.totals.protocols for v in p.versions for sheet in v.sheets]

    @cached_property
    def photos(self) -> tuple[str, ...]:
        """All photos and typed rows behind the sums, each once."""
        sheets = [sheet.source for p in self.totals.protocols for v in p.versions for sheet in v.sheets]
        return tuple(dict.fromkeys(sheets))

    def sources(self, *subjects: str) -> tuple[str, ...]:
        """Origins of the official figures of these subjects, then all photos."""
        tables = tuple(dict.fromkeys(self.official[s].source for s in subjects if s in self.official))
        if tables not in self._sources:
            self._sources[tables] = (*tables, *self.photos)
        return self._sources[tables]

    @cached_property
    def _sources(self) -> dict[tuple[str, ...], tuple[str, ...]]:
        """Most figures of a contest come from one table, and a country has ten thousand photos."""
        return {}

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """Subjects that share the valid votes among them: candidates, then against all."""
        extra = ("against_all",) if "against_all" in self.totals.sums else ()
        return (*self.totals.candidates, *extra)

    @cached_property
    def valid_in_hand(self) -> Sum | None:
        """The valid vote of the protocols: the printed row or the sum of the lines, the surely larger one."""
        sums = [self.totals.sums[s] for s in self.lines]
        printed = self.totals.sums.get("ballots_valid")
        if not sums:
            return printed
        added = Sum(
            span=Span(sum(s.span.low for s in sums), sum(s.span.high for s in sums)),
            as_read=sum(s.as_read for s in sums),
            confirmed=sum(s.confirmed for s in sums),
            cells=sum(s.cells for s in sums),
            cells_confirmed=sum(s.cells_confirmed for s in sums),
            cells_unread=sum(s.cells_unread for s in sums),
            cells_twice=sum(s.cells_twice for s in sums),
        )
        return printed if printed is not None and printed.span.low >= added.span.low else added

    @cached_property
    def official_valid(self) -> int | None:
        """Official valid votes: as published, or the sum of all lines if each of them is published."""
        published = self.figure("ballots_valid")
        contest = self.totals.contest
        if published is not None or not contest.candidates_complete:
            return published
        needed = [c.id for c in contest.candidates] + (["against_all"] if "against_all" in self.lines else [])
        found = [self.figure(subject) for subject in needed]
        return sum(v for v in found if v is not None) if found and None not in found else None

    @cached_property
    def look_alikes(self) -> tuple[tuple[Protocol, ...], ...]:
        """Groups of precincts whose candidates have exactly the same votes, and hardly by chance."""
        vectors = list(self._vectors())
        known = [vector for vector in vectors if vector is not None]
        if len(set(known)) == len(known):
            return ()
        groups: dict[tuple[int, ...], list[Protocol]] = {}
        for protocol, vector in zip(self.totals.protocols, vectors, strict=True):
            if vector is not None and protocol.countable:
                groups.setdefault(vector, []).append(protocol)
        repeated = {vector: group for vector, group in groups.items() if len(group) > 1}
        if not repeated:
            return ()
        chance = Coincidences(vector for vector, group in groups.items() for _ in group)
        return tuple(tuple(group) for vector, group in repeated.items() if chance.unlikely(vector))

    @cached_property
    def _repeats(self) -> Repeats:
        totals = self.totals
        if self.whole is not None:
            if not self.whole.has_repeats:
                return self.whole._repeats
            numbers = self.whole.totals.counted
            return self.whole._repeats.among([numbers[totals.places[row]] for row in totals.counted])
        codes, rows = (*totals.positions.lines, *_COUNTS), tuple(totals.counted)
        all_count = len(rows) == len(totals.protocols)
        matrix = totals.matrix if all_count else totals.matrix.part(rows)
        return Repeats(matrix, codes, lambda i: totals.protocols[rows[i]].numbered)

    @property
    def has_repeats(self) -> bool:
        """True if two precincts in hand may be one sheet that was filed under two numbers."""
        return self._repeats.found

    def repeated(self, subject: str) -> int:
        """At most so many votes are counted twice if sheets that may be one sheet are one sheet."""
        return self._repeats.lost(self.totals.positions.code_of(subject))

    @cached_property
    def only_some_rows(self) -> bool:
        """True if candidates are missing from the protocols as entered: their lines fall short of the valid votes.

        Most sheets decide, as single ones may contradict themselves; where none shows both, the election's
        list of candidates does.
        """
        codes = [self.totals.positions.code_of(subject) for subject in self.lines]
        matrix, short, full = self.totals.matrix, 0, 0
        unsure = matrix.open(("ballots_valid", *codes))
        for row, (low, lows) in enumerate(zip(matrix.low("ballots_valid"), matrix.lows(codes), strict=True)):
            if low is not None and row not in unsure:
                added = sum(filter(None, lows))
                short, full = short + (added < low), full + (added >= low)
        if short or full:
            return short > full
        contest = self.totals.contest
        return not contest.candidates_complete or len(self.totals.candidates) < len(contest.candidates)

    @cached_property
    def ways(self) -> Ways:
        """The ways to choose among copies."""
        return Ways.of(self.totals) if self.whole is None else self.whole.ways.among(self.totals)

    @cached_property
    def weights(self) -> Weights:
        """What wrong cells would cost, sheet by sheet."""
        return Weights.of(self.totals) if self.whole is None else self.whole.weights.among(self.totals)

    def compared(self, cells: Mapping[str, Cell]) -> tuple[str, ...]:
        """The fields by which look-alikes are told: the lines, with against all where the lines are few."""
        lines = tuple(c for c in self.totals.positions.lines if c in cells and not cells[c].optional)
        extra = ("against_all",) if len(lines) < _FEWEST_LINES and "against_all" in cells else ()
        return (*lines, *extra)

    def _vectors(self) -> Iterator[tuple[int, ...] | None]:
        """Per protocol the votes of its lines; ``None`` where one is open or there are too few of them."""
        matrix, lines = self.totals.matrix, self.totals.positions.lines
        uneven = frozenset().union(*(matrix.without(code) for code in lines))
        unsure, few = matrix.open(lines), len(lines) < _FEWEST_LINES
        for row, lows in enumerate(matrix.lows(lines)):
            if few or row in uneven:
                cells = matrix.rows[row]
                spans = [cells[code].span for code in self.compared(cells)]
                values = tuple(s.low for s in spans) if all(s.is_exact for s in spans) else ()
            else:
                # No line is missing here, so none of the numbers is.
                values = () if row in unsure else cast(tuple[int, ...], lows)
            enough = len(values) >= _FEWEST_LINES and sum(values) >= _FEWEST_VOTES
            yield values if enough else None


def certainty(total: Sum, *others: Sum) -> dict[str, str]:
    """The sentence that says how much of the readings people have confirmed."""
    cells = total.cells + sum(other.cells for other in others)
    sure = total.cells_confirmed + sum(other.cells_confirmed for other in others)
    if sure == 0:
        return texts.say("unconfirmed")
    twice = total.cells_twice + sum(other.cells_twice for other in others)
    said = (
        texts.say("confirmed", all=cells)
        if sure == cells
        else texts.say("part-confirmed", sure=sure, all=cells)
    )
    return texts.joined(said, texts.say("twice", twice=twice))


def place_of(protocol: Protocol, sheet: Sheet) -> dict[str, Any]:
    """Where a sheet is found again, as ``details`` name it."""
    return {"file": sheet.name, "region": protocol.key.region, "precinct": protocol.key.precinct}
