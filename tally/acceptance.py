"""Whether a sheet may count without a person having looked at it.

Rule 4 of the contract: abstain rather than guess. The thresholds stand here and nowhere else, each with
its history. They judge probabilities, so they only mean something while the readers are calibrated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import floor, inf, log
from typing import Any, TypeVar

from tally.checks import covered_fields, equalities
from tally.form import Form
from tally.model import CheckResult, Mark, Outcome, PageReading, Reading, Status

_T = TypeVar("_T")

CELL_THRESHOLD = 0.90
"""A cell inside an equality that holds. History: 0.90 set before the first calibration (2026-11-22): the
equality is the second witness, so the cell alone need not carry the whole proof."""

WITNESSED_THRESHOLD = 0.50
"""A cell that two readers read alike, inside equalities that all hold: two readers and the sums say the same number.
Without the sums it stays a range. History: 2026-11-24, see docs/adr/0016-witnesses.md."""

LONE_CELL_THRESHOLD = 0.98
"""A cell that no equality covers; two readers must agree on it as well. A wrong number there is never caught by
arithmetic: all silent errors measured on the first lab readers were of this kind. History: 2026-11-22, on 299 such
cells of 106 generated sheets, 0.985 without agreement let 1 wrong number pass (a 1 that looks like a 2), with
agreement none of 258; two readers that agree are still both wrong in 1 to 5 % of strings, so both are asked for.
2026-11-24, readers 1.1.0 (calibrated anew, less sure of themselves): 0.95. Chosen on 120 generated sheets (seeds from
300000): no sheet was accepted wrongly down to three log odds below 0.98. Looked at again on 400 others (seeds from
500000): of 322 cells between 0.95 and 0.98 none was wrong; see the counts in docs/adr/0003-recogniser.md.
2026-11-28, readers 1.2.0, two of three agreeing: 0.98. At 0.95 two of 290 sheets passed with a wrong number, at 0.962
and 0.963 (518 generated sheets, seeds from 1300000), and 0.9 % of such cells were wrong on hands of unknown writers; at
0.98 none of 240 and 0.3 %. Verified on seeds from 1400000: docs/adr/0017-third-reader.md. Readers 1.3.0: kept; on 560
sheets of seeds from 1900000 none of 362 accepted ones was wrong: docs/adr/0019-hand.md."""

LONE_CELL_ALONE_THRESHOLD = 0.999
"""A cell that no equality covers and that the readers see differently: the contract allows a threshold of its own.
History: 0.999 set 2026-11-24. Above 0.98 the pooled reading was right in 25 of 25 such cells of the same sheets, which
leaves room for 11 % of error: too little is known to let them pass, so in practice both readers are asked for."""

SECOND_THOUGHT = 0.15
"""What one reader by itself may give to another number in a cell that no equality covers; from there on it is in doubt,
however sure all together are. History: 2026-11-29, after one of 294 generated sheets (seeds from 5500000) was accepted
with precinct 237 where 277 stood: 0.992 together, 0.24 for 277 by the small reader. Chosen by its cost on 120 others
(seeds from 4700000). With it none of 265 sheets accepted of 400 (from 4900000) was wrong."""

SEVEN_FOR_ONE = 0.001
"""What all readers together may leave to a number with a 1 for a 7, or a 7 for a 1, in digit boxes that no equality
covers. History: 2026-11-29, after one of 87 generated sheets (seeds from 5600000) was accepted with 71 where 11 stood:
0.994 together, 0.0024 for 11. Elsewhere the writer's other ones and sevens are compared (docs/adr/0019-hand.md). With
both rules none of 363 accepted of 550 (from 5700000 and 5800000) was wrong."""

WORDS_CONFIRM = 0.95
"""Confidence from which on words that say the same number confirm the figures. History: 2026-11-29, with the reader of
words (docs/adr/0022-numbers-in-words.md); of 1,667 such numbers beside figures on 150 generated sheets (seeds from
5000000) none was wrong."""

WORDS_DOUBT = 0.90
"""Confidence from which on words that say another number put the figures in doubt. It costs a look and never gives a
value, so it lies lower than where it would say something of the paper. History: 2026-11-29, on the same sheets: of
1,879 numbers read in words 94 % lie above it, and one of them, beside figures that were right, was misread; at 0.95
it would be 89 % and none, at 0.98 it was 76 % and none."""

WORDS_TELL = 0.95
"""Confidence from which on words tell the number where the figures do not tell it surely: a proposal for a person,
which never counts by itself. History: 2026-11-29, on the real sheets of three countries
(docs/adr/0023-words-in-real-hands.md): from there on none of 46 numbers in real hands was wrong, and 3 of 259 in drawn
ones."""

WORDS_FINDING = 0.98
"""Confidence from which on words that say another number than settled figures are a finding (S5): 0 of 1,430 wrong."""

FORM_THRESHOLD = 0.7
"""Confidence of the form: most of its rows were found by label, and its title tells it from its near twins."""

ZERO_MARKS = frozenset({Mark.DASH, Mark.CROSSED, Mark.BLANK})
UNREAD_INK = frozenset({Mark.ILLEGIBLE, Mark.STRUCK, Mark.CROPPED})
"""Something was written and nobody knows what: in a header it may say that the sheet belongs elsewhere."""


def is_settled(reading: Reading, *, covered: bool) -> bool:
    """True if the cell is sure enough to count as one value rather than as a range.

    Args:
        reading: what was read; an unanchored reading is never settled.
        covered: whether an equality of the form covers this field (and so would expose a misreading).
    """
    return reading.confidence >= _needed(reading, covered)


def stands_alone(reading: Reading) -> bool:
    """:func:`is_settled` where no equality covers the cell: asked of every cell of a country."""
    return reading.confidence >= _needed(reading, False)


def by_sureness(
    readings: Iterable[Reading], alone: Mapping[int | None, _T], others: Mapping[int | None, _T]
) -> list[_T]:
    """What belongs to the number in each cell: of ``alone`` where it :func:`stands_alone`, else of ``others``.

    In one go, as a country has half a million cells. ``None`` is asked for where a cell holds no number.
    """
    agreed, single = LONE_CELL_THRESHOLD, LONE_CELL_ALONE_THRESHOLD
    return [
        (alone if r.anchored and r.confidence >= (agreed if r.agreed else single) else others)[r.value]
        for r in readings
    ]


def margin(reading: Reading, *, covered: bool, sums_hold: bool = False) -> float:
    """How far the cell lies above its threshold, in log odds; below 0 it is not settled, ``-inf`` it never can be.

    All thresholds moved by one number of log odds give the curve of accepted share against wrong sheets.

    Args:
        reading: what was read.
        covered: whether an equality of the form covers this field.
        sums_hold: whether all equalities of the sheet hold, so that two readers and the sums are enough.
    """
    needed = _needed(reading, covered, sums_hold)
    if needed == inf:
        return -inf
    # Compared as they stand, so that rounding never lets a cell pass that lies below.
    distance = log_odds(reading.confidence) - log_odds(needed)
    return max(distance, 0.0) if reading.confidence >= needed else min(distance, -1e-9)


def _needed(reading: Reading, covered: bool, sums_hold: bool = False) -> float:
    """The confidence that settles a cell; infinite where none does."""
    if not reading.anchored or not (reading.mark is Mark.READ or reading.mark in ZERO_MARKS):
        return inf
    if covered and sums_hold and reading.agreed and reading.mark is Mark.READ:
        return WITNESSED_THRESHOLD
    if covered:
        return CELL_THRESHOLD
    return LONE_CELL_THRESHOLD if reading.agreed else LONE_CELL_ALONE_THRESHOLD


def words_differ(mark: Mark, value: int | None, words: int, confidence: float) -> bool:
    """Whether words say another number than the figures do, surely enough to be asked about.

    Args:
        mark: what stands in the figures' place; one that says nothing (illegible, struck out) contradicts nothing.
        value: the figures' number, of one that was read; a dash, a cross or an empty cell counts as none.
        words: the number in words; ``confidence`` (0..1) is that of its reader.
    """
    figures = value if mark is Mark.READ else 0 if mark in ZERO_MARKS else None
    return confidence >= WORDS_DOUBT and figures is not None and figures != words


def log_odds(probability: float) -> float:
    """Log odds of 0..1; certainty stays finite."""
    p = min(max(probability, 1e-9), 1 - 1e-9)
    return log(p / (1 - p))


def decide(form: Form, page: PageReading) -> tuple[Status, tuple[str, ...]]:
    """Accept the sheet, or say in words why a person has to look.

    Returns ``(Status.ACCEPTED, ())`` or ``(Status.REVIEW, reasons)``; never repairs or fills a value.
    """
    reasons = list(_doubts_about_form(page))
    reasons += [*_doubts_about_cells(form, page), *_doubts_about_header(form, page.header)]
    reasons += _doubts_about_checks(form, page.checks)
    return (Status.REVIEW, tuple(reasons)) if reasons else (Status.ACCEPTED, ())


def _doubts_about_form(page: PageReading) -> Iterator[str]:
    if page.form_confidence < FORM_THRESHOLD:
        yield "the title of the form was not read, or too few of its rows: it may be another form"


def _doubts_about_cells(form: Form, page: PageReading) -> Iterator[str]:
    covered = covered_fields(form, [code for code, r in page.fields.items() if r.mark is not Mark.ABSENT])
    sums_hold = _sums_hold(form, page.checks)
    spelled = in_words(page.marks)
    for code, reading in page.fields.items():
        field = form.field(code)
        if reading.mark is Mark.ABSENT:
            if field.required:
                yield f"{code}: the row was not found; photograph the whole sheet"
        elif not reading.anchored:
            yield f"{code}: the row could not be tied to its printed label"
        elif code in spelled and words_differ(reading.mark, reading.value, *spelled[code]):
            figures = "no number" if reading.value is None else reading.value
            yield f"{code}: {figures} in figures, {spelled[code][0]} in words"
        elif sums_hold and code in page.arbitrated:
            continue
        elif margin(reading, covered=code in covered, sums_hold=sums_hold) < 0:
            yield f"{code}: {_describe(reading)}"


def in_words(marks: Mapping[str, Any]) -> dict[str, tuple[int, float]]:
    """Field code -> number that stands in words beside the figures, and its confidence, from a page's marks."""
    return {code: (said["value"], said["confidence"]) for code, said in marks.get("words", {}).items()}


def _sums_hold(form: Form, checks: tuple[CheckResult, ...]) -> bool:
    outcomes = {check.id: check.outcome for check in checks}
    asked = equalities(form)
    return bool(asked) and all(outcomes.get(check.id) is Outcome.HOLDS for check in asked)


def _describe(reading: Reading) -> str:
    if reading.mark is not Mark.READ:
        return reading.mark.value
    if reading.by_words:
        return f"figures not clear, {reading.value} in words"
    if reading.anchored and not reading.agreed and reading.confidence >= LONE_CELL_THRESHOLD:
        return f"read as {reading.value}, but the readers differ"
    # Rounded down: a doubt of 0.4 % is never shown as certainty.
    sure = floor(reading.confidence * 100 + 1e-9)
    return f"read as {reading.value}, but not sure enough ({sure // 100}.{sure % 100:02d})"


def _doubts_about_header(form: Form, header: Mapping[str, Reading]) -> Iterator[str]:
    for field in form.header:
        reading = header.get(field.code, Reading(Mark.ABSENT))
        if reading.mark is Mark.READ:  # a wrong district is wrong, also where it may be left out
            if not is_settled(reading, covered=False):
                yield f"{field.code}: {_describe(reading)}"
        elif field.required or reading.mark in UNREAD_INK:
            yield f"{field.code}: not read in the header"


def _doubts_about_checks(form: Form, checks: tuple[CheckResult, ...]) -> Iterator[str]:
    outcomes = {check.id: check.outcome for check in checks}
    asked = equalities(form)
    if not asked:
        yield "the form has no control sum that could expose a misreading"
    for equality in asked:
        if outcomes.get(equality.id, Outcome.UNKNOWN) is Outcome.UNKNOWN:
            yield f"{equality.id} could not be checked"
    for check in checks:
        if check.outcome is Outcome.BROKEN:
            yield f"{check.id} does not hold: {check.says}"
