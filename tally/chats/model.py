"""What a chat export says, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Message:
    """One message with at least one file. Other messages are counted and not kept: they are nobody's evidence."""

    line: int
    """Where it begins: line of the text, or number of the message in the JSON; from 1."""
    sender: str
    """As the export prints it; never leaves the program unless sealed."""
    time: str
    """ISO 8601. Without an offset it is the clock of the phone that made the export, whose zone nobody states."""
    files: tuple[str, ...]
    """Names (WhatsApp) or paths in the export (Telegram) that are really there."""
    text: str = ""
    """What was written with the file."""
    how: str = ""
    """``photo`` or ``file`` where the export says how it was sent, else empty."""
    forwarded: bool = False


@dataclass(frozen=True, slots=True)
class Missing:
    """A file that a message speaks of and that the export does not hold."""

    line: int
    name: str
    """Empty if the export does not even give the name."""
    why: str


@dataclass(frozen=True, slots=True)
class Chat:
    """One export, read under one format and one order of dates."""

    kind: str
    """``whatsapp`` or ``telegram``."""
    format: str
    """How the messages begin, for example ``[d.m.yyyy, h:mm:ss]``."""
    messages: tuple[Message, ...]
    count: int
    """All messages, also those without files."""
    authors: Mapping[str, int] = field(default_factory=dict)
    """Sender -> where the first message stands, in order; for telling people apart without keeping their names."""
    missing: tuple[Missing, ...] = ()
    backwards: tuple[int, ...] = ()
    """Lines at which the time goes back: a changed clock, or a text that was edited."""
    first: str = ""
    last: str = ""


class Question(Exception):
    """The export can be read in two ways, or in none. ``readings`` says what each answer would mean."""

    def __init__(
        self, code: str, line: int, *, readings: Mapping[str, str] | None = None, seen: str = ""
    ) -> None:
        super().__init__(f"{code} in line {line}")
        self.code = code
        """``date_order``, ``two_formats``, ``no_such_date``, ``unknown_format``, ``wrong_answer``, ``encoding``,
        ``not_telegram``, ``telegram_page``."""
        self.line = line
        self.seen = seen
        """The part of the line that cannot be read for certain; dates only, never a name."""
        self.readings = dict(readings or {})
        """Answer -> how the date would be read."""

    def to_dict(self) -> dict[str, Any]:
        """Stable keys of ``question`` in ``add --json``."""
        return {"code": self.code, "line": self.line, "seen": self.seen, "readings": self.readings}


@dataclass(slots=True)
class Found:
    """What a parser collects on its way; becomes a :class:`Chat`."""

    messages: list[Message] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    times: list[tuple[int, str]] = field(default_factory=list)
    """Line and time of every message."""
    authors: dict[str, int] = field(default_factory=dict)

    def author(self, sender: str, line: int) -> None:
        """Somebody wrote a message."""
        if sender:
            self.authors.setdefault(sender, line)

    def chat(self, kind: str, format_: str) -> Chat:
        """The finished chat."""
        times = [time for _, time in self.times]
        back = (line for (line, time), before in zip(self.times[1:], times, strict=False) if time < before)
        return Chat(
            kind=kind,
            format=format_,
            messages=tuple(self.messages),
            count=len(times),
            authors=dict(self.authors),
            missing=tuple(self.missing),
            backwards=tuple(back),
            first=min(times, default=""),
            last=max(times, default=""),
        )
