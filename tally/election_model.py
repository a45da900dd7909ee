"""What an election is made of: regions, contests, candidates, and the figures published about it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from tally.errors import FormError

_PERCENT = re.compile(r"(\d+)(?:[.,](\d+))?\s*%")


@dataclass(frozen=True, slots=True)
class Region:
    """A region (or city of republican significance) with every spelling that tables and sheets use."""

    id: str
    names: Mapping[str, tuple[str, ...]]
    """``kk``, ``ru``, ``latin`` -> variants, the usual one first."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person, or a party of a list vote."""

    id: str
    """Lower-case ASCII: the surname, or the party's short name."""
    names: Mapping[str, tuple[str, ...]]
    """``kk``, ``ru``, ``latin`` -> variants, surname first as on ballots, then as usually said."""
    party: str = ""
    """Affiliation as printed in the source; empty for parties and where unknown."""
    position: int | None = None
    """1-based place on the ballot; ``None`` until a sheet tells."""
    spelling: str = "sourced"
    """``transliterated`` if the Cyrillic spellings were made from a Latin one and need a loose match."""


@dataclass(frozen=True, slots=True)
class SeatRule:
    """How the seats of a list vote are shared out: by largest remainder among the parties over a threshold."""

    number: int
    threshold: Fraction
    """Share of the base, such as 1/20."""
    bases: tuple[str, ...]
    """Counts that the threshold may be a share of: ``ballots_valid``, and a wider one if the law was not read."""
    source: str
    """Where the numbers come from, and whether the law itself was read."""


@dataclass(frozen=True, slots=True)
class Contest:
    """One ballot: a district's candidates, a party list, a presidency."""

    id: str
    form: str
    """Id of the form of its precinct protocols."""
    level: str
    """The level at which it is decided; one of the election's levels."""
    district: int | None
    region: str | None
    """Region id, if the contest lies within one."""
    names: Mapping[str, str]
    """kk, ru, en."""
    candidates: tuple[Candidate, ...]
    candidates_complete: bool
    """False if more candidates stood than the file knows."""
    precincts_total: int | None = None
    form_file: Path | None = None
    """File of a form that is the election's own; ``None`` for a shipped one."""
    seats: SeatRule | None = None
    """``None`` where one person wins, or where the rule is not known."""

    def candidate(self, candidate_id: str) -> Candidate | None:
        """The candidate of an id, or ``None``."""
        return next((c for c in self.candidates if c.id == candidate_id), None)


@dataclass(frozen=True, slots=True)
class OfficialFigure:
    """One number of a published table, exactly as printed, with its source."""

    contest: str
    subject: str
    """Candidate id, field code (``ballots_valid``, ``against_all``) or column (``registered``, ``total``)."""
    unit: str
    """Region id, or empty for the whole contest."""
    value: int | None
    """The count, if the printed text leaves no doubt; always ``None`` for percents."""
    printed: str
    """The characters of the source; empty if the figure is derived."""
    kind: str
    """``votes``, ``count`` (ballots, voters) or ``percent``."""
    derived: bool
    """True if it is computed from other printed figures; ``note`` says how."""
    source: str
    as_of: str
    """Date, or date and local time, to which the source refers it (ISO 8601)."""
    note: str = ""
    precinct: int | None = None
    """Number of the precinct, where figures are published so far down; ``None`` for a whole unit."""

    @property
    def key(self) -> tuple[str, str, str, int | None]:
        """What the figure is about: contest, subject, unit, precinct."""
        return self.contest, self.subject, self.unit, self.precinct

    @property
    def percent(self) -> Fraction | None:
        """The printed percentage as an exact number (47.03 % -> 4703/100), if it is one."""
        found = _PERCENT.fullmatch(self.printed) if self.kind == "percent" else None
        return Fraction(f"{found[1]}.{found[2] or 0}") if found else None

    @property
    def places(self) -> int | None:
        """Decimal places of the printed percentage."""
        found = _PERCENT.fullmatch(self.printed) if self.kind == "percent" else None
        return len(found[2] or "") if found else None


@dataclass(frozen=True, slots=True)
class Election:
    """One election day of one country, as far as it is known."""

    id: str
    title: Mapping[str, str]
    """kk, ru, en."""
    date: str
    """ISO 8601."""
    levels: tuple[str, ...]
    """Levels of aggregation from the bottom up, such as precinct, district, region, country."""
    source: str
    regions: tuple[Region, ...]
    contests: tuple[Contest, ...]
    official: tuple[OfficialFigure, ...]
    _named: dict[str, str | None] = field(default_factory=dict, init=False, compare=False, repr=False)
    """Texts that were looked up before: ten thousand sheets name the same few regions."""

    def contest(self, contest_id: str) -> Contest:
        """The contest of an id. Raises ``FormError`` with the known ids."""
        found = next((c for c in self.contests if c.id == contest_id), None)
        if found is None:
            known = ", ".join(c.id for c in self.contests)
            raise FormError(f"election {self.id} has no contest {contest_id!r}", advice=f"It has: {known}.")
        return found

    def district(self, number: int) -> Contest | None:
        """The contest of a district number, or ``None``."""
        return next((c for c in self.contests if c.district == number), None)

    def region(self, region_id: str) -> Region | None:
        """The region of an id, or ``None``."""
        return next((r for r in self.regions if r.id == region_id), None)

    def region_named(self, text: str) -> str | None:
        """Id of the region that a text names in any spelling; the longest name within the text wins.

        ``None`` if no region is named, or if two are named by equally long names.
        """
        if text not in self._named:
            self._named[text] = self._region_named(text)
        return self._named[text]

    def _region_named(self, text: str) -> str | None:
        wanted = f" {_plain(text)} "
        found: dict[int, set[str]] = {}
        for region in self.regions:
            for name in (region.id, *(n for variants in region.names.values() for n in variants)):
                if (plain := _plain(name)) and f" {plain} " in wanted:
                    found.setdefault(len(plain), set()).add(region.id)
        longest = found[max(found)] if found else set()
        return longest.pop() if len(longest) == 1 else None

    def figures(self, contest: str, subject: str | None = None, unit: str = "") -> tuple[OfficialFigure, ...]:
        """Published figures of a contest (and subject) for one unit, in the order of the file."""
        return tuple(
            figure
            for figure in self.official
            if figure.contest == contest and figure.unit == unit and subject in (None, figure.subject)
        )


def _plain(text: str) -> str:
    """Lower case, letters and digits only, single spaces: the form in which names are compared."""
    return " ".join(re.findall(r"\w+", text.casefold()))
