"""All pictures of a case: which data go into which picture, and under which name it is saved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cli.lang import Lang, pick
from cli.pictures.bars import Bar, bars
from cli.pictures.canvas import Picture
from cli.pictures.coverage import Square, coverage
from cli.pictures.gamma import GammaCurve, gamma_curve
from cli.pictures.grid import GridRow, grid_residuals
from cli.pictures.scatter import Precinct, turnout_share
from tally import texts
from tally.election import Contest, Election, OfficialFigure
from tally.findings import Finding
from tally.official import Snapshot, in_force
from tally.totals import ContestTotals
from tally.versions import Protocol

_CAST = ("ballots_issued", "ballots_found")
"""Rows that turnout may be taken of, in this order."""


_MOST_REGIONS = 30
"""A contest over more regions than this gets no map of each: nobody looks through a hundred pictures."""


@dataclass(frozen=True, slots=True)
class Named:
    """A picture and what its file is called, without ending."""

    name: str
    contest: str
    picture: Picture


def contest_pictures(
    found: ContestTotals,
    election: Election,
    snapshots: tuple[Snapshot, ...],
    findings: tuple[Finding, ...],
    lang: Lang,
    *,
    by_precinct: bool = False,
) -> Iterator[Named]:
    """The pictures of one contest that its data allow.

    ``by_precinct`` adds turnout against share: off unless a table by precinct was published, because a cloud
    of points that observers chose shows where they were and nothing else.
    """
    contest = found.contest
    figures = in_force(election, snapshots).get(contest.id, {})
    place = pick(texts.place(contest), lang)
    made: list[tuple[str, Picture | None]] = []
    if found.candidates:
        made.append(("bars", bars(list(_bars(found, figures, lang)), place, lang)))
    made.append(("gamma", _gamma(contest, findings, place, lang)))
    regions = sorted({p.key.region for p in found.protocols if p.key.precinct is not None})
    for region in regions if len(regions) <= _MOST_REGIONS else ():
        name, where = (
            ("coverage", place) if len(regions) == 1 else (f"coverage-{region}", f"{place}, {region}")
        )
        made.append((name, _coverage(found, region, where, lang)))
    if by_precinct:
        made.append(("turnout-share", _scatter(found, figures, place, lang)))
    for name, picture in made:
        if picture is not None:
            yield Named(f"{contest.id}-{name}-{lang.value}", contest.id, picture)


def election_pictures(election: Election, snapshots: tuple[Snapshot, ...], lang: Lang) -> Iterator[Named]:
    """Pictures of published tables alone: the grid of percentages, where figures by region are complete."""
    for contest in election.contests:
        rows = list(_grid_rows(contest, election, snapshots, lang))
        picture = grid_residuals(rows, pick(texts.place(contest), lang), lang) if rows else None
        if picture is not None:
            yield Named(f"{contest.id}-grid-{lang.value}", contest.id, picture)


def _bars(found: ContestTotals, figures: dict[str, OfficialFigure], lang: Lang) -> Iterator[Bar]:
    extra = ("against_all",) if "against_all" in found.sums else ()
    for subject in (*found.candidates, *extra):
        span, figure = found.sums[subject].span, figures.get(subject)
        name = pick(texts.subject_name(found.contest, subject), lang)
        yield Bar(name, span.low, span.high, figure.value if figure else None)


def _gamma(contest: Contest, findings: tuple[Finding, ...], place: str, lang: Lang) -> Picture | None:
    stated = [f for f in findings if f.code == "R1" and f.contest == contest.id and f.family == "district"]
    for finding in stated[:1]:
        a, b = str(finding.details["a"]), str(finding.details["b"])
        seen, left = finding.details["seen"], finding.details["residual"]
        name_a, name_b = (pick(texts.subject_name(contest, subject), lang) for subject in (a, b))
        numbers = [_exact(part[subject]) for part in (seen, left) for subject in (a, b)]
        exact = [n for n in numbers if n is not None]
        if len(exact) == len(numbers):
            return gamma_curve(GammaCurve(name_a, name_b, *exact), place, lang)
    return None


def _exact(value: object) -> int | None:
    """A number, or a range that holds one: a curve over ranges would be a band that nobody can read off."""
    if isinstance(value, int):
        return value
    if isinstance(value, dict) and value.get("low") == value.get("high"):
        return int(value["low"])
    return None


def _coverage(found: ContestTotals, region: str, place: str, lang: Lang) -> Picture | None:
    squares = [
        Square(p.key.precinct, _state(p))
        for p in found.protocols
        if p.key.precinct is not None and p.key.region == region
    ]
    return coverage(squares, place, lang)


def _state(protocol: Protocol) -> str:
    cells = [cell for cell in protocol.main.cells.values() if not cell.optional]
    if len(protocol.versions) > 1 or not protocol.countable:
        return "review"
    if all(cell.confirmed for cell in cells):
        return "confirmed"
    return "accepted" if all(cell.span.is_exact for cell in cells) else "review"


def _scatter(
    found: ContestTotals, figures: dict[str, OfficialFigure], place: str, lang: Lang
) -> Picture | None:
    leader = max(found.candidates, key=lambda s: _votes(found, figures, s), default=None)
    if leader is None:
        return None
    code = found.positions.code_of(leader)
    points = [point for p in found.protocols if p.countable and (point := _point(p, code)) is not None]
    return turnout_share(points, pick(texts.subject_name(found.contest, leader), lang), place, lang)


def _votes(found: ContestTotals, figures: dict[str, OfficialFigure], subject: str) -> int:
    figure = figures.get(subject)
    return figure.value if figure is not None and figure.value is not None else found.sums[subject].span.low


def _point(protocol: Protocol, code: str) -> Precinct | None:
    known = {
        c: cell.span.low for c, cell in protocol.cells.items() if cell.span.is_exact and not cell.optional
    }
    cast = next((known[c] for c in _CAST if c in known), None)
    if cast is None or not {"voters_listed", "ballots_valid", code} <= known.keys():
        return None
    return Precinct(known["voters_listed"], cast, known["ballots_valid"], known[code])


def _grid_rows(
    contest: Contest, election: Election, snapshots: tuple[Snapshot, ...], lang: Lang
) -> Iterator[GridRow]:
    if not contest.candidates_complete or contest.region is not None:
        return
    for region in election.regions:
        figures = in_force(election, snapshots, region.id).get(contest.id, {})
        lines = [c.id for c in contest.candidates] + (["against_all"] if "against_all" in figures else [])
        votes = [f.value for s in lines if (f := figures.get(s)) is not None and f.value is not None]
        if len(votes) == len(lines) and len(votes) > 1:
            yield GridRow(pick(texts.region_name(region), lang), sum(votes), tuple(sorted(votes)[:-1]))
