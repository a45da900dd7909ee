"""A quick look at which sheets may break a relation at all, so that only those are judged in full.

Ten thousand sheets times nine checks take seconds with the careful arithmetic of tally.checks, and nearly
all hold. The look may suspect too much, never too little; tally.checks alone decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tally.checks import operands
from tally.form import Form
from tally.form_model import Check, Term
from tally.model import Span


@dataclass(frozen=True, slots=True)
class _Relation:
    relation: str
    tolerance: int
    numerator: int
    denominator: int
    left: tuple[str, ...]
    right: tuple[str, ...]
    left_constant: int
    right_constant: int

    def may_break(self, spans: Mapping[str, Span]) -> bool:
        low = high = self.left_constant
        for code in self.left:
            span = spans[code]
            low, high = low + span.low, high + span.high
        floor = ceiling = self.right_constant
        for code in self.right:
            span = spans[code]
            floor, ceiling = floor + span.low, ceiling + span.high
        if self.relation == "==":
            return low > ceiling or floor > high
        if self.relation == "<=":
            return low * self.denominator > self.numerator * ceiling
        exact = low == high and floor == ceiling
        gap = abs(low * self.denominator - self.numerator * floor)
        return not exact or gap > self.tolerance * self.denominator


class Suspicion:
    """Whether a sheet of one form is worth a full check, by the fields that it shows."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self._compiled: dict[frozenset[str], tuple[_Relation, ...]] = {}

    def falls_on(self, spans: Mapping[str, Span]) -> bool:
        """True if some relation may be broken for every value that ``spans`` allow."""
        codes = frozenset(spans)
        relations = self._compiled.get(codes)
        if relations is None:
            relations = self._compiled[codes] = tuple(self._relations(codes))
        return any(relation.may_break(spans) for relation in relations)

    def _relations(self, codes: frozenset[str]) -> list[_Relation]:
        found = []
        for check in self._form.checks:
            left = operands(self._form, replace(check, right=()), codes)
            right = operands(self._form, replace(check, left=()), codes)
            if codes.issuperset(left) and codes.issuperset(right):
                found.append(_relation(check, left, right))
        return found


def _relation(check: Check, left: tuple[str, ...], right: tuple[str, ...]) -> _Relation:
    return _Relation(
        relation=check.relation,
        tolerance=check.tolerance,
        numerator=check.factor.numerator,
        denominator=check.factor.denominator,
        left=left,
        right=right,
        left_constant=_constants(check.left),
        right_constant=_constants(check.right),
    )


def _constants(terms: tuple[Term, ...]) -> int:
    return sum(term for term in terms if isinstance(term, int))
