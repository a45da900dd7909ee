"""The checks as a witness where the readers read one cell differently.

Rule 1 of the contract: arithmetic never creates a value. It may only choose between values that were really read,
in at most one cell of a sheet, and the sheet says so. Two cells in doubt could be bent until the sums hold; so
they are left to a person.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from tally.checks import covered_fields, equalities, run_checks, spans_of
from tally.form_model import Form
from tally.model import Mark, Outcome, Reading, Span

LEAST = 0.10
"""A value that the readers together hold for less likely than this is not in the running: a mistake on the paper
must not be read away because one reader slipped to the number that the sums would like."""


def arbitrate(
    form: Form, readings: Mapping[str, Reading], sure: float, n_candidates: int | None = None
) -> tuple[dict[str, Reading], tuple[str, ...]]:
    """The readings with at most one cell settled by the checks, and its code.

    Args:
        form: whose equalities decide.
        readings: the sheet's, by field code.
        sure: confidence from which on a covered cell needs no third witness.
        n_candidates: as in :func:`tally.checks.run_checks`.

    A cell is settled only if it is the only covered one in doubt, every equality on it holds with exactly one of
    the values that its readers read, and no equality of the sheet is left broken or open.
    """
    out = dict(readings)
    covered = covered_fields(form, [code for code, one in out.items() if one.mark is not Mark.ABSENT])
    doubtful = [code for code in out if code in covered and _in_doubt(out[code], sure)]
    if len(doubtful) != 1:
        return out, ()
    (code,) = doubtful
    fitting = [value for value in _options(out[code]) if _all_hold(form, out, code, value, n_candidates)]
    if len(fitting) != 1:
        return out, ()
    out[code] = _chosen(out[code], fitting[0])
    return out, (code,)


def _in_doubt(reading: Reading, sure: float) -> bool:
    return reading.mark is not Mark.ABSENT and (not reading.anchored or reading.confidence < sure)


def _options(reading: Reading) -> Iterator[int]:
    """The values that were really read and are likely enough; none unless the readers differ."""
    if not reading.anchored or not reading.rivals:
        return
    chances = dict(reading.alternatives)
    if reading.value is not None:
        chances[reading.value] = reading.confidence
    own = () if reading.value is None else (reading.value,)
    running = [value for value in (*own, *reading.rivals) if chances.get(value, 0.0) >= LEAST]
    # Words alone, beside figures that are no likely number, leave nothing to choose between.
    if len(running) > 1 or not reading.by_words:
        yield from running


def _all_hold(
    form: Form, readings: Mapping[str, Reading], code: str, value: int, n_candidates: int | None
) -> bool:
    spans = {**spans_of(form, readings), code: Span.exactly(value)}
    asked = {check.id for check in equalities(form)}
    results = [result for result in run_checks(form, spans, n_candidates) if result.id in asked]
    return bool(results) and all(result.outcome is Outcome.HOLDS for result in results)


def _chosen(reading: Reading, value: int) -> Reading:
    """The reading with ``value`` in the place of its own, which is never lost."""
    if value == reading.value:
        return reading
    chances = dict(reading.alternatives)
    confidence = chances.pop(value, 0.0)
    if reading.value is not None:
        chances[reading.value] = reading.confidence
    before = (*(() if reading.value is None else (reading.value,)), *reading.rivals)
    return replace(
        reading,
        mark=Mark.READ,
        value=value,
        confidence=confidence,
        alternatives=tuple(sorted(chances.items(), key=lambda one: -one[1])),
        rivals=tuple(other for other in before if other != value),
        reader=reading.figures_reader,  # a rival of words is what the figures were read as
    )
