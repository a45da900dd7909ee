"""Control relations of a form, decided for everything that the unread cells may still hold.

A relation HOLDS if it is true for every combination of values that the spans allow, is BROKEN if it is true
for none, and is UNKNOWN otherwise. The answer is exact because each field appears once in a check (the form
loader refuses a repeat), so both sides move independently. Checks judge a sheet; they never change a reading.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from math import ceil, floor

from tally.form import value_span
from tally.form_model import Check, Form, Term
from tally.model import CheckResult, Mark, Outcome, Reading, Span

ONE = Fraction(1)


def compare(left: Span, relation: str, right: Span, tolerance: int = 0, factor: Fraction = ONE) -> Outcome:
    """Decide ``left relation factor * right`` for every pair of whole numbers that two spans allow.

    ``tolerance`` is in votes and belongs to ``~`` (|left - factor * right| <= tolerance, tolerance >= 1).
    Raises ``ValueError`` for another relation, a factor not above 0, or ``==`` with factor or tolerance.
    """
    if factor <= 0 or tolerance < 0:
        raise ValueError("a factor is above 0 and a tolerance is not negative")
    if relation == "==":
        possible, certain = _equal(left, right, tolerance, factor)
    elif relation == "<=":
        possible = left.low <= factor * right.high
        certain = left.high <= factor * right.low
    elif relation == "~":
        possible, certain = _near(left, right, tolerance, factor)
    else:
        raise ValueError(f"unknown relation {relation!r}")
    if not possible:
        return Outcome.BROKEN
    return Outcome.HOLDS if certain else Outcome.UNKNOWN


def _equal(left: Span, right: Span, tolerance: int, factor: Fraction) -> tuple[bool, bool]:
    if tolerance or factor != 1:
        raise ValueError("== takes neither tolerance nor factor; use ~")
    possible = left.low <= right.high and right.low <= left.high
    return possible, possible and left.is_exact and right.is_exact


def _near(left: Span, right: Span, tolerance: int, factor: Fraction) -> tuple[bool, bool]:
    if tolerance < 1:
        raise ValueError("~ takes a tolerance of at least 1 vote")
    lowest = max(right.low, ceil((left.low - tolerance) / factor))
    highest = min(right.high, floor((left.high + tolerance) / factor))
    widest = max(left.high - factor * right.low, factor * right.high - left.low)
    return lowest <= highest, widest <= tolerance


def spans_of(form: Form, readings: Mapping[str, Reading]) -> dict[str, Span]:
    """The span of every reading whose code the form knows; an optional row that is absent is left out."""
    out: dict[str, Span] = {}
    for code, reading in readings.items():
        if not form.has(code):
            continue
        field = form.field(code)
        if field.kind == "count" and (field.required or reading.mark is not Mark.ABSENT):
            out[code] = value_span(field, reading)
    return out


def run_checks(
    form: Form,
    spans: Mapping[str, Span],
    n_candidates: int | None = None,
    language: str = "en",
    checks: Iterable[Check] | None = None,
) -> tuple[CheckResult, ...]:
    """All checks of a form (or only ``checks``) on one sheet, in the order of the form.

    ``spans`` maps field codes to what they may be worth. A check with an optional field that is not in
    ``spans`` is left out (the row is not printed on this sheet); with another missing field, or with a gap
    among the candidates (or fewer than ``n_candidates``, if given), it is UNKNOWN.
    """
    asked = form.checks if checks is None else checks
    results = (_run(form, check, spans, n_candidates, language) for check in asked)
    return tuple(result for result in results if result is not None)


def _run(
    form: Form, check: Check, spans: Mapping[str, Span], n_candidates: int | None, language: str
) -> CheckResult | None:
    left, right = (spread(form, terms, spans, n_candidates) for terms in (check.left, check.right))
    codes = (*left, *right)
    absent = [code for code in codes if code not in spans]
    if any(not form.field(code).required for code in absent):
        return None
    says = check.says.get(language, "")
    if absent:
        return CheckResult(check.id, Outcome.UNKNOWN, check.severity, None, None, codes, says)
    one, other = _total(check.left, left, spans), _total(check.right, right, spans)
    outcome = compare(one, check.relation, other, check.tolerance, check.factor)
    return CheckResult(check.id, outcome, check.severity, one, other, codes, says)


def operands(
    form: Form, check: Check, present: Collection[str], n_candidates: int | None = None
) -> tuple[str, ...]:
    """Field codes that a check needs on this sheet, with ``votes.*`` spread over its candidates."""
    return spread(form, check.terms, present, n_candidates)


def spread(
    form: Form, terms: Iterable[Term], present: Collection[str], n_candidates: int | None = None
) -> tuple[str, ...]:
    """:func:`operands` of some terms of a check."""
    return tuple(code for term in terms for code in _codes(form, term, present, n_candidates))


def _codes(form: Form, term: Term, present: Collection[str], n_candidates: int | None) -> tuple[str, ...]:
    if isinstance(term, int):
        return ()
    if not term.endswith(".*"):
        return (term,)
    tails = (code[len(term) - 1 :] for code in present if code.startswith(term[:-1]))
    return form.field(term[:-2]).codes(max([n_candidates or 1, *(int(t) for t in tails if t.isdecimal())]))


def _total(terms: Iterable[Term], codes: Iterable[str], spans: Mapping[str, Span]) -> Span:
    """What the fields that the terms stand for add up to, with the constants among the terms."""
    constant = sum(term for term in terms if isinstance(term, int))
    added = [spans[code] for code in codes]
    return Span(constant + sum(span.low for span in added), constant + sum(span.high for span in added))


def suggest(form: Form, readings: Mapping[str, Reading], n_candidates: int | None = None) -> tuple[str, ...]:
    """Single changes that would mend a broken check: ``149 instead of 49 in votes.3 would satisfy K2``.

    Only values that a reader really offered as an alternative are tried, and only those that break no check
    which held before. A suggestion is for a person's eyes; nothing applies it.
    """
    spans = spans_of(form, readings)
    before = {r.id: r for r in run_checks(form, spans, n_candidates) if r.severity == "error"}
    broken = [r for r in before.values() if r.outcome is Outcome.BROKEN]
    suspects = dict.fromkeys(code for result in broken for code in result.fields)
    found: list[tuple[int, float, str]] = []
    for code in suspects:
        for value, chance in readings[code].alternatives if readings[code].mark is Mark.READ else ():
            after = run_checks(form, {**spans, code: Span.exactly(value)}, n_candidates)
            mended = list(_mended(before, after))
            if mended:
                change = f"{value} instead of {readings[code].value} in {code}"
                text = f"{change} would satisfy {' and '.join(mended)}"
                found.append((-len(mended), -chance, text))
    return tuple(text for _, _, text in sorted(found))


def _mended(before: Mapping[str, CheckResult], after: tuple[CheckResult, ...]) -> Iterator[str]:
    """Ids of checks that were broken and now hold; nothing if another one broke instead."""
    errors = [result for result in after if result.severity == "error"]
    if any(r.outcome is Outcome.BROKEN and before[r.id].outcome is not Outcome.BROKEN for r in errors):
        return
    for result in errors:
        if result.outcome is Outcome.HOLDS and before[result.id].outcome is Outcome.BROKEN:
            yield result.id


def equalities(form: Form) -> tuple[Check, ...]:
    """The checks whose two sides must be equal, of severity ``error``: only they can expose a misreading."""
    return tuple(check for check in form.checks if check.relation == "==" and check.severity == "error")


def covered_fields(form: Form, present: Collection[str] | None = None) -> frozenset[str]:
    """Codes that at least one equality of severity ``error`` covers, so that a misreading would show.

    With ``present`` (the codes of one sheet), only equalities whose operands are all on the sheet count, and
    the candidates' codes are spread out; without it a repeated field stands as ``votes.*`` beside fixed rows.
    """
    out: set[str] = set()
    for check in equalities(form):
        codes = operands(form, check, present or ())
        if present is None:
            fixed = [c for term in check.terms for c in _fixed(form, term)]
            out |= set(fixed)
        elif all(code in present for code in codes):
            out |= set(codes)
    return frozenset(out)


def _fixed(form: Form, term: Term) -> tuple[str, ...]:
    if isinstance(term, int):
        return ()
    if not term.endswith(".*"):
        return (term,)
    field = form.field(term[:-2])
    return (term, *field.codes(0))
