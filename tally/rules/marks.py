"""What was seen beside the numbers: no imprint of a stamp, a time of signing before voting closed.

Marks are found in pictures and can be missed there, so these are indicators and never more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tally import texts
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


def _pages(view: View) -> Iterator[tuple[Protocol, Sheet, Mapping[str, Any]]]:
    for protocol, sheet in view.sheets:
        if sheet.page is not None and sheet.page.marks:
            yield protocol, sheet, sheet.page.marks


def _value(mark: Any, key: str) -> Any:
    """Marks are plain values, or objects that say how sure they are."""
    return mark.get(key) if isinstance(mark, Mapping) else mark


def _about(
    code: str, subject: str, view: View, protocol: Protocol, sheet: Sheet, words: dict[str, str]
) -> Finding:
    text = texts.say(code, file=sheet.name, precinct=view.precinct(protocol), **words)
    details = place_of(protocol, sheet) | words
    return observed(code, "sheet", view.id, subject, text, (sheet.source,), details)
