"""From one table to the relations that its numbers have to satisfy.

Tables do not say what their percentages are percentages of, or whether all candidates are listed. The rows
decide by majority: a convention is taken only if most rows keep it, and then the others are findings.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from tally.audit.model import (
    INVALID,
    ISSUED,
    PERCENT,
    REGISTERED,
    SERIES,
    TOTAL,
    TURNOUT,
    VALID,
    Key,
    Numbers,
    Table,
    Unit,
)
from tally.audit.relations import Adds, AtMost, Custom, Hundred, OneBase, Relation, Share

_REGISTER_GROWTH = Fraction(101, 100)
"""Lists grow on the day; ballots are printed for 1 % more voters than are listed, and no more can vote."""

_MOST = Fraction(1, 2)
_TWO_THIRDS = Fraction(2, 3)
_NEARLY_ALL = Fraction(9, 10)
"""Of rows that may lack a category: fewer may be rows where it had no votes."""

_Terms = tuple[tuple[str, ...], tuple[str, ...]]


def relations_of(table: Table, n: Numbers) -> list[Relation]:
    """All relations within one table, in the order of the rules."""
    return [
        *_totals(table),
        *_rows(table, n),
        *_shares(table, n),
        *_hundreds(table, n),
        *_turnout(table, n),
        *_series(table),
    ]


def count_columns(table: Table) -> tuple[str, ...]:
    """Columns of counts in the order of the table."""
    columns = dict.fromkeys(key.column for key in table.cells)
    return tuple(column for column in columns if not column.endswith(PERCENT))


def _totals(table: Table) -> Iterator[Relation]:
    for unit in table.units:
        parts = table.children(unit.path)
        for column in count_columns(table) if parts else ():
            keys = tuple(table.key(part.path, column) for part in parts)
            if table.has(unit.path, column) and all(key in table.cells for key in keys):
                yield Adds("T1", table.key(unit.path, column), keys)


def _rows(table: Table, n: Numbers) -> Iterator[Relation]:
    votes = table.categories
    for total, parts in (
        (VALID, votes),
        (TOTAL, (VALID, INVALID)),
        (TOTAL, (*votes, INVALID)),
        (TOTAL, votes),
    ):
        equal = list(_sums(table, total, parts))
        sure = parts == (VALID, INVALID) or _all_listed(table, n)
        if _adopted(table, equal, n, _NEARLY_ALL if not sure else _MOST, sure=parts == (VALID, INVALID)):
            yield from equal
        elif _adopted(table, equal, n, _MOST):
            # Some rows may lack a category that is not printed; more than the total is still too much.
            yield from _sums(table, total, parts, at_most=True)
        else:
            continue
        if total == TOTAL:
            break  # the other ways to the same total say nothing new
    for parts in ((*votes, INVALID), votes, (TOTAL,)):
        if at_most := list(_sums(table, ISSUED, parts, at_most=True)):
            yield from at_most
            break


def _all_listed(table: Table, n: Numbers) -> bool:
    """True if the percentages of nearly all rows make up 100 %: then all categories are columns."""
    if table.complete is not None:
        return table.complete
    found = [_hundred(table, unit, complete=True) for unit in table.units]
    return _adopted(table, [one for one in found if len(one.percents) > 1], n, _NEARLY_ALL)


def _sums(table: Table, total: str, parts: Sequence[str], *, at_most: bool = False) -> Iterator[Adds]:
    for unit in table.units:
        if parts and table.has(unit.path, total, *parts):
            keys = tuple(table.key(unit.path, part) for part in parts)
            yield Adds("T2", table.key(unit.path, total), keys, at_most)


def _adopted(
    table: Table, found: Sequence[Relation], n: Numbers, enough: Fraction, *, sure: bool = False
) -> bool:
    if sure or table.complete:
        return bool(found)
    hold = sum(one.holds(n) for one in found)
    return hold > 0 and hold >= enough * len(found)


def _shares(table: Table, n: Numbers) -> Iterator[Relation]:
    terms = _base(table, n)
    for unit in table.units:
        pairs = _pairs(table, unit)
        if terms and table.has(unit.path, *terms[0], *terms[1]):
            yield from (_share(table, unit, terms, column) for column in pairs)
        elif len(pairs) > 1:
            yield OneBase("T4", tuple(_pair(table, unit, column) for column in pairs))


def _pairs(table: Table, unit: Unit) -> list[str]:
    return [column for column in table.categories if table.has(unit.path, column, column + PERCENT)]


def _pair(table: Table, unit: Unit, column: str) -> tuple[Key, Key, Fraction]:
    percent = table.key(unit.path, column + PERCENT)
    return table.key(unit.path, column), percent, table.cells[percent].half


def _share(table: Table, unit: Unit, terms: _Terms, column: str, code: str = "T3") -> Share:
    percent = table.key(unit.path, (TURNOUT if code == "T6" else column) + PERCENT)
    plus, minus = (tuple(table.key(unit.path, term) for term in side) for side in terms)
    return Share(code, table.key(unit.path, column), percent, table.cells[percent].half, plus, minus)


def _base(table: Table, n: Numbers) -> _Terms | None:
    """What most percentages of the table are percentages of, if its columns hold it."""
    best: tuple[int, _Terms | None] = (0, None)
    for terms in (
        ((VALID,), ()),
        ((TOTAL,), (INVALID,)),
        (table.categories, ()),
        ((TOTAL,), ()),
        ((ISSUED,), ()),
        ((REGISTERED,), ()),
    ):
        found = [
            _share(table, unit, terms, column)
            for unit in table.units
            if table.has(unit.path, *terms[0], *terms[1])
            for column in _pairs(table, unit)
        ]
        hold = sum(share.holds(n) for share in found)
        # The listed candidates may not be all there were.
        enough = _NEARLY_ALL if terms[0] == table.categories and not table.complete else _TWO_THIRDS
        if hold >= 3 and hold >= enough * len(found) and hold > best[0]:
            best = (hold, terms)
    return best[1]


def _hundreds(table: Table, n: Numbers) -> Iterator[Relation]:
    found = [_hundred(table, unit, complete=table.complete is not False) for unit in table.units]
    several = [one for one in found if len(one.percents) > 1]
    sums_up = table.complete or (table.complete is None and _adopted(table, several, n, _NEARLY_ALL))
    for one in several:
        listed = len(one.percents) == len(table.categories)
        yield Hundred("T5", one.percents, bool(sums_up) and listed, one.counts)


def _hundred(table: Table, unit: Unit, *, complete: bool) -> Hundred:
    printed = [c for c in table.categories if table.has(unit.path, c + PERCENT)]
    keys = {column: table.key(unit.path, column + PERCENT) for column in printed}
    counts = {keys[c]: table.key(unit.path, c) for c in printed if table.has(unit.path, c)}
    percents = tuple((key, table.cells[key].half) for key in keys.values())
    return Hundred("T5", percents, complete, counts)


def _turnout(table: Table, n: Numbers) -> Iterator[Relation]:
    ways = [
        [
            _share(table, unit, ((REGISTERED,), ()), column, "T6")
            for unit in table.units
            if table.has(unit.path, REGISTERED, column, TURNOUT + PERCENT)
        ]
        for column in (TOTAL, ISSUED)
    ]
    best = max(ways, key=lambda way: sum(share.holds(n) for share in way))
    if best and 2 * sum(share.holds(n) for share in best) >= len(best):
        yield from best
    for unit in table.units:
        for column in (TOTAL, ISSUED, VALID):
            if table.has(unit.path, REGISTERED, column):
                yield AtMost("T7", table.key(unit.path, column), table.key(unit.path, REGISTERED))
                break
        if table.has(unit.path, TURNOUT + PERCENT):
            yield _no_more_than_all(table.key(unit.path, TURNOUT + PERCENT))


def _no_more_than_all(key: Key) -> Relation:
    return Custom("T7", (key,), lambda n: n[key] <= 100)


def hours_of(table: Table, path: tuple[str, ...], suffix: str = "") -> list[int]:
    """Hours at which a unit's turnout was printed, as counts or (suffix ``%``) as percentages."""
    columns = (c for c in table.columns.get(path, ()) if c.startswith(SERIES))
    digits = (c.removeprefix(SERIES) for c in columns if c.endswith(PERCENT) == (suffix == PERCENT))
    return sorted(int(text.removesuffix(PERCENT)) for text in digits)


def _series(table: Table) -> Iterator[Relation]:
    for unit in table.units:
        keys = [table.key(unit.path, f"{SERIES}{hour}") for hour in hours_of(table, unit.path)]
        last = [table.key(unit.path, c) for c in (TOTAL, ISSUED) if table.has(unit.path, c)][:1]
        yield from (AtMost("T8", *pair) for pair in pairwise([*keys, *last]))
        percents = [
            table.key(unit.path, f"{SERIES}{hour}{PERCENT}") for hour in hours_of(table, unit.path, PERCENT)
        ]
        yield from (_no_fall(table, *pair) for pair in pairwise(percents))


def _no_fall(table: Table, earlier: Key, later: Key) -> Relation:
    """A turnout in percent may fall by rounding, and because the lists grew; nobody can vote back."""
    room = (table.cells[earlier].half, table.cells[later].half)
    return Custom(
        "T8",
        (earlier, later),
        lambda n: n[earlier] - room[0] <= (n[later] + room[1]) * _REGISTER_GROWTH,
    )
