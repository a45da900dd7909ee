"""The relations of a form as sums of whole numbers, compiled for the fields that a sheet shows.

Ten thousand sheets times nine checks take seconds with the careful arithmetic of tally.checks, and nearly all hold.
So all sheets that show the same fields are looked at together, and only those that may break a relation are judged
in full. The look may suspect too much, never too little; tally.checks alone decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from operator import gt

from tally.checks import spread
from tally.form import Form
from tally.form_model import Check, Term
from tally.matrix import Matrix


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of a relation on many sheets: what it is at least and at most on each."""

    low: Sequence[int]
    high: Sequence[int]


@dataclass(frozen=True, slots=True)
class Relation:
    """One check of a form with ``votes.*`` spread out."""

    check: Check
    left: tuple[str, ...]
    right: tuple[str, ...]
    left_constant: int
    right_constant: int

    def equates(self, numbers: Mapping[str, int | None]) -> bool:
        """True if both sides are one number, and the same; ``None`` is a number that may be several."""
        total = self.left_constant - self.right_constant
        for sign, codes in ((1, self.left), (-1, self.right)):
            for code in codes:
                number = numbers[code]
                if number is None:
                    return False
                total += sign * number
        return total == 0

    def may_break(self, left: _Side, right: _Side) -> Iterable[bool]:
        """Sheet by sheet whether the left side, from its low to its high number, may contradict the right one."""
        check = self.check
        up, down = check.factor.numerator, check.factor.denominator
        if check.relation == "==":
            sides = zip(left.low, left.high, right.low, right.high, strict=True)
            return [a != c and (a > d or c > b) for a, b, c, d in sides]
        if check.relation == "<=":
            if up == down:
                return map(gt, left.low, right.high)
            return [low * down > up * ceiling for low, ceiling in zip(left.low, right.high, strict=True)]
        room = check.tolerance * down
        sides = zip(left.low, left.high, right.low, right.high, strict=True)
        return [a != b or c != d or abs(a * down - up * c) > room for a, b, c, d in sides]


def relations(
    form: Form, checks: Iterable[Check], codes: Sequence[str], n_candidates: int | None = None
) -> tuple[Relation, ...]:
    """Those of the checks whose operands are all among ``codes``."""
    found, shown = [], frozenset(codes)
    for check in checks:
        left, right = (spread(form, terms, shown, n_candidates) for terms in (check.left, check.right))
        if shown.issuperset(left) and shown.issuperset(right):
            found.append(Relation(check, left, right, _constants(check.left), _constants(check.right)))
    return tuple(found)


def suspects(form: Form, matrix: Matrix) -> list[tuple[int, tuple[Check, ...]]]:
    """Rows that may break checks whatever their open cells hold, and which checks, in the order of the form."""
    found: dict[int, list[Check]] = {}
    for codes, rows in _alike(matrix):
        part = matrix if len(rows) == len(matrix) else matrix.part(rows)
        for relation in relations(form, form.checks, codes):
            left = _added(part, relation.left, relation.left_constant)
            right = _added(part, relation.right, relation.right_constant)
            for row in compress(rows, relation.may_break(left, right)):
                found.setdefault(row, []).append(relation.check)
    return [(row, tuple(found[row])) for row in sorted(found)]


def _alike(matrix: Matrix) -> Iterator[tuple[tuple[str, ...], Sequence[int]]]:
    """Rows in groups that show the same fields, and these fields."""
    absent: dict[int, int] = {}
    for place, code in enumerate(matrix.codes):
        for row in matrix.without(code):
            absent[row] = absent.get(row, 0) | 1 << place
    groups: dict[int, list[int]] = {}
    for row in range(len(matrix)) if absent else ():
        groups.setdefault(absent.get(row, 0), []).append(row)
    for places, rows in groups.items() if absent else ((0, range(len(matrix))),):
        yield tuple(code for place, code in enumerate(matrix.codes) if not places >> place & 1), rows


def _added(matrix: Matrix, codes: Sequence[str], constant: int) -> _Side:
    """One side of a relation, row by row. All rows have all fields."""
    columns = [matrix.low(code) for code in codes]
    if len(columns) == 1 and not constant:
        return _Side(columns[0], matrix.high(codes[0]))  # type: ignore[arg-type]
    low = [constant] * len(matrix)
    if columns:
        low = list(map(sum, zip(*columns, strict=True), low))
    high = list(low)
    for code in codes:
        for row, width in matrix.widths(code).items():
            high[row] += width
    return _Side(low, high)


def _constants(terms: tuple[Term, ...]) -> int:
    return sum(term for term in terms if isinstance(term, int))
