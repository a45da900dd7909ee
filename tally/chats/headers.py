"""How a line of a WhatsApp export begins: one shape for the whole chat, one order of day and month.

Shapes seen on Android (``19.03.2023, 21:41 - Name: text``) and iOS (``[19.03.2023, 21:41:05] Name: text``), with dots,
slashes or dashes, a 12-hour or a 24-hour clock. CLDR writes AM and PM in Latin letters for kk, ru and en; phones with
older data write ДП and ПП in Russian. A two-digit year never stands first on a phone in these languages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from tally.chats.model import Question

ORDERS: Final = ("dmy", "mdy")
"""What a person may answer: day first, or month first."""

_MARKS: Final = dict.fromkeys([0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF])
_SPACES: Final = dict.fromkeys([0xA0, 0x2007, 0x2009, 0x202F], " ")
_DATE: Final = r"(?P<a>\d{1,4})(?P<sep>[./-])(?P<b>\d{1,2})(?P=sep)(?P<c>\d{1,4})(?: ?[гж])?\.?(?P<comma>,?) "
_TIME: Final = r"(?P<h>\d{1,2}):(?P<m>\d{2})(?::(?P<s>\d{2}))?(?: ?(?P<half>[ap]\.? ?m\.?|[дп]п))?"
_DASHED: Final = re.compile(rf"{_DATE}{_TIME} - (?P<rest>.*)", re.IGNORECASE)
_BRACKETED: Final = re.compile(rf"\[{_DATE}{_TIME}\] ?(?P<rest>.*)", re.IGNORECASE)
_MEDIA_DATES: Final = (
    re.compile(r"(?:IMG|VID|PTT|AUD|DOC|STK)-(\d{4})(\d{2})(\d{2})-WA\d+"),
    re.compile(r"-(?:PHOTO|VIDEO|AUDIO|GIF|STICKER|DOCUMENT)-(\d{4})-(\d{2})-(\d{2})-\d{2}-\d{2}-\d{2}"),
)


@dataclass(frozen=True, slots=True)
class Header:
    """The beginning of one message."""

    line: int
    """From 1."""
    shape: tuple[object, ...]
    """Equal for all messages of one export."""
    numbers: tuple[int, int, int]
    """The date in the order in which it is written."""
    clock: tuple[int, int, int] | None
    """Hour 0..23, minute, second; ``None`` if there is no such time."""
    seen: str
    """The date and time as written."""
    rest: str
    """Sender and text, without direction marks."""


def plain(text: str) -> str:
    """The text without direction marks, with usual spaces for the narrow ones that phones put before AM and PM."""
    return text.translate(_MARKS).translate(_SPACES)


def header_of(text: str, line: int) -> Header | None:
    """The header in a line, if there is one."""
    clean = plain(text)
    for style, pattern in (("[]", _BRACKETED), ("-", _DASHED)):
        if found := pattern.fullmatch(clean):
            a, b, c = found["a"], found["b"], found["c"]
            if (len(a), len(c)) not in {(4, 1), (4, 2), (1, 4), (2, 4), (1, 2), (2, 2)}:
                return None
            seconds, half = found["s"] is not None, found["half"] is not None
            year = "y.." if len(a) == 4 else f"..{'y' * len(c)}"
            shape = (style, found["sep"], year, found["comma"], seconds, half)
            seen = clean[: found.start("rest")].strip(" -[]")
            return Header(line, shape, (int(a), int(b), int(c)), _clock(found), seen, found["rest"])
    return None


def _clock(found: re.Match[str]) -> tuple[int, int, int] | None:
    hour, minute, second = int(found["h"]), int(found["m"]), int(found["s"] or 0)
    if half := found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.lower()[0] in "pп" else 0)
    return (hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def described(header: Header) -> str:
    """The shape in words of a format: ``[n.n.yyyy, h:mm:ss]``."""
    style, sep, year, comma, seconds, half = header.shape
    day = f"yyyy{sep}n{sep}n" if year == "y.." else f"n{sep}n{sep}{str(year)[2:]}"
    time = f"{day}{comma} h:mm{':ss' if seconds else ''}{' am/pm' if half else ''}"
    return f"[{time}]" if style == "[]" else f"{time} -"


def reader_of(
    headers: Sequence[Header], media: Iterable[tuple[Header, str]], answer: str | None
) -> Callable[[Header], datetime]:
    """The one way to read all dates: because no other fits, because the names of the media say so, or as answered.

    ``media``: headers with the file name in their message. Raises :class:`Question`.
    """
    for header in headers:
        if header.clock is None or not any(_day(header, order) for order in ORDERS):
            raise Question("no_such_date", header.line, seen=header.seen)
    if headers[0].shape[2] == "y..":
        return lambda header: _time(header, "ymd")
    if answer is not None:
        wrong = next((header for header in headers if _day(header, answer) is None), None)
        if wrong is not None:
            raise Question("wrong_answer", wrong.line, seen=wrong.seen, readings=_readings(wrong))
        return lambda header: _time(header, answer)
    fitting = [order for order in ORDERS if all(_day(header, order) for header in headers)]
    if len(fitting) == 2 and all(len(set(header.numbers[:2])) == 1 for header in headers):
        fitting = fitting[:1]  # 3.3.2023 is the same day in both orders
    if len(fitting) == 2:
        fitting = [order for order in fitting if order in _told(media)] or fitting
    if len(fitting) != 1:
        # Two orders fit, or none does: the first date that tells them apart is shown.
        odd = next(header for header in headers if len(set(header.numbers[:2])) == 2)
        raise Question("date_order", odd.line, seen=odd.seen, readings=_readings(odd))
    return lambda header: _time(header, fitting[0])


def _told(media: Iterable[tuple[Header, str]]) -> set[str]:
    """The orders that names of media speak for: WhatsApp writes the day into them, year first."""
    told = set()
    for header, name in media:
        for pattern in _MEDIA_DATES:
            if found := pattern.search(name):
                named = _date(*(int(part) for part in found.groups()))
                near = {order for order in ORDERS if _near(_day(header, order), named)}
                told |= near if len(near) == 1 else set()
    return told


def _near(one: date | None, other: date | None) -> bool:
    # A photo of shortly before midnight may be sent shortly after.
    return one is not None and other is not None and abs(one - other) <= timedelta(days=1)


def _readings(header: Header) -> dict[str, str]:
    days = {order: _day(header, order) for order in ORDERS}
    return {order: day.isoformat() for order, day in days.items() if day is not None}


def _time(header: Header, order: str) -> datetime:
    day = _day(header, order)
    if day is None or header.clock is None:
        raise Question("no_such_date", header.line, seen=header.seen)
    hour, minute, second = header.clock
    return datetime(day.year, day.month, day.day, hour, minute, second)  # noqa: DTZ001 - the zone is not stated


def _day(header: Header, order: str) -> date | None:
    a, b, c = header.numbers
    if header.shape[2] == "y..":
        return _date(a, b, c)
    year = c + 2000 if c < 100 else c
    return _date(year, b, a) if order == "dmy" else _date(year, a, b)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
