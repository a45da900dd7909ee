"""The relations of a form as sums of whole numbers, compiled for the fields that a sheet shows.

Ten thousand sheets times nine checks take seconds with the careful arithmetic of tally.checks, and nearly all hold.
So all sheets that show the same fields are looked at together, and only those that may break a relation are judged
in full. The look may suspect too much, never too little; tally.checks alone decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress

from tally.checks import operands
from tally.form import Form
from tally.form_model import Check, Term
from tally.matrix import Matrix, Numbers
from tally.model import Span


@dataclass(frozen=True, slots=True)
class Relation:
    """One check of a form with ``votes.*`` spread out."""

    check: Check
    left: tuple[str, ...]
    right: tuple[str, ...]
    left_constant: int
    right_constant: int

    def equates(self, spans: Mapping[str, Span]) -> bool:
        """True if both sides are one number, and the same, for all that the spans allow."""
        total = self.left_constant - self.right_constant
        for sign, codes in ((1, self.left), (-1, self.right)):
            for code in codes:
                span = spans[code]
                if span.low != span.high:
                    return False
                total += sign * span.low
        return total == 0

    def may_break(self, sides: Iterable[tuple[int, int, int, int]]) -> list[bool]:
        """Sheet by sheet whether a left side from the first to the second number may contradict a right one."""
        check = self.check
        if check.relation == "==":
            return [low > ceiling or floor > high for low, high, floor, ceiling in sides]
        up, down = check.factor.numerator, check.factor.denominator
        if check.relation == "<=":
            return [low * down > up * ceiling for low, _, _, ceiling in sides]
        room = check.tolerance * down
        return [a != b or c != d or abs(a * down - up * c) > room for a, b, c, d in sides]


def relations(
    form: Form, checks: Iterable[Check], codes: Sequence[str], n_candidates: int | None = None
) -> tuple[Relation, ...]:
    """Those of the checks whose operands are all among ``codes``."""
    found, shown = [], frozenset(codes)
    for check in checks:
        left = operands(form, replace(check, right=()), shown, n_candidates)
        right = operands(form, replace(check, left=()), shown, n_candidates)
        if shown.issuperset(left) and shown.issuperset(right):
            found.append(Relation(check, left, right, _constants(check.left), _constants(check.right)))
    return tuple(found)


def suspects(form: Form, matrix: Matrix) -> list[tuple[int, tuple[Check, ...]]]:
    """Rows that may break checks whatever their open cells hold, and which checks, in the order of the form."""
    found: dict[int, list[Check]] = {}
    for codes, rows in _alike(matrix):
        for relation in relations(form, form.checks, codes):
            for row in _breaking(relation, matrix, rows):
                found.setdefault(row, []).append(relation.check)
    return [(row, tuple(found[row])) for row in sorted(found)]


def _alike(matrix: Matrix) -> Iterator[tuple[tuple[str, ...], list[int]]]:
    """Rows in groups that show the same fields, and these fields."""
    absent = [0] * len(matrix)
    for place, code in enumerate(matrix.codes):
        for row in matrix.without(code):
            absent[row] |= 1 << place
    groups: dict[int, list[int]] = {}
    for row, places in enumerate(absent):
        groups.setdefault(places, []).append(row)
    for places, rows in groups.items():
        yield tuple(code for place, code in enumerate(matrix.codes) if not places >> place & 1), rows


def _breaking(relation: Relation, matrix: Matrix, rows: Sequence[int]) -> Iterator[int]:
    left, right = (relation.left, relation.left_constant), (relation.right, relation.right_constant)
    sides = [_sums(column, *side, rows) for side in (left, right) for column in (matrix.low, matrix.high)]
    return compress(rows, relation.may_break(zip(*sides, strict=True)))


def _sums(
    column: Callable[[str], Numbers], codes: Sequence[str], constant: int, rows: Sequence[int]
) -> Sequence[int]:
    """One side of a relation, row by row. All rows have all fields."""
    columns = [column(code) for code in codes]
    if any(len(rows) < len(numbers) for numbers in columns):
        columns = [[numbers[row] for row in rows] for numbers in columns]
    if not columns:
        return [constant] * len(rows)
    return [constant + sum(filter(None, numbers)) for numbers in zip(*columns, strict=True)]


def _constants(terms: tuple[Term, ...]) -> int:
    return sum(term for term in terms if isinstance(term, int))
