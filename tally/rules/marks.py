"""What was seen beside the numbers: no imprint of a stamp, an early time of signing, other numbers in words.

Marks are found in pictures and can be missed there, so these are indicators and never more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tally import texts
from tally.acceptance import WORDS_FINDING, in_words
from tally.findings import Finding, observed
from tally.rules.view import View, place_of
from tally.versions import Protocol, Sheet

CLOSING = 20
"""The count starts at 20:00 local time (article 43 of the law on elections, in an older edition; the present
text was not read)."""
_PLAIN = 13
"""Hours up to 12 can be those of a clock of twelve hours, or the next morning: they say nothing."""
_TIME = re.compile(r"(\d{1,2}):(\d{2})")


def no_seal(view: View) -> Iterator[Finding]:
    """S3: the place of the stamp is in the picture and no imprint was found there."""
    for protocol, sheet, marks in _pages(view):
        if _value(marks.get("seal"), "present") is False:
            yield _about("S3", "seal", view, protocol, sheet, {})


def early_time(view: View) -> Iterator[Finding]:
    """S4: the sheet bears a time that only an afternoon clock shows, before the count may start."""
    for protocol, sheet, marks in _pages(view):
        told = _TIME.fullmatch(str(_value(marks.get("time"), "value")))
        if told and _PLAIN <= int(told[1]) < CLOSING:
            yield _about("S4", "time", view, protocol, sheet, {"time": told[0], "closing": f"{CLOSING}:00"})


def other_in_words(view: View) -> Iterator[Finding]:
    """S5: the figures are settled, by two readers and the sums or by a person, and the words say another number."""
    for protocol, sheet, marks in _pages(view):
        for code, (words, confidence) in in_words(marks).items():
            cell = sheet.cells.get(code)
            if cell is None or not cell.span.is_exact or confidence < WORDS_FINDING:
                continue
            if words != cell.span.low:
                subject = view.totals.positions.subject(code)
                told = {"figures": cell.span.low, "words": words}
                yield _about("S5", subject, view, protocol, sheet, told, row=view.name(subject))


def _pages(view: View) -> Iterator[tuple[Protocol, Sheet, Mapping[str, Any]]]:
    for protocol, sheet in view.sheets:
        if sheet.page is not None and sheet.page.marks:
            yield protocol, sheet, sheet.page.marks


def _value(mark: Any, key: str) -> Any:
    """Marks are plain values, or objects that say how sure they are."""
    return mark.get(key) if isinstance(mark, Mapping) else mark


def _about(
    code: str,
    subject: str,
    view: View,
    protocol: Protocol,
    sheet: Sheet,
    told: Mapping[str, str | int],
    **named: Mapping[str, str],
) -> Finding:
    """``told`` stands in the text and in the details, ``named`` (names by language) in the text alone."""
    text = texts.say(code, file=sheet.name, precinct=view.precinct(protocol), **told, **named)
    details = {**place_of(protocol, sheet), **told}
    return observed(code, "sheet", view.id, subject, text, (sheet.source,), details)
