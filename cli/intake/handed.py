"""What passes from finding files to keeping them: plain data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tally.chats import Chat, Question

MAX_STORED_BYTES = 256 * 2**20
"""Largest file that a case takes in: a long PDF scan has tens of MB, a video has more than this."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What a person answered to the question of an export."""

    date_order: str | None = None
    """``dmy``, ``mdy`` or ``None``."""
    quoted: bool = False
    """True: lines that begin like messages of another phone are pasted text."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What an export or a mail says about one file."""

    chat: str
    """sha256 of the text that says it."""
    channel: str
    """``whatsapp``, ``telegram`` or ``mail``."""
    sender: str
    """As printed. Becomes a pseudonym before anything is written."""
    time: str
    line: int = 0
    text: str = ""
    how: str = ""
    forwarded: bool = False


@dataclass(frozen=True, slots=True)
class Handed:
    """One file as handed in."""

    name: str
    """File name without folder; ``archive.zip!name`` for a member; ``whatsapp 1a2b3c4d!name`` out of a chat."""
    data: bytes | None
    """The bytes; ``None`` if there are none to store."""
    trouble: str = ""
    """Why it is missing (no bytes) or cannot be a photo (bytes are stored all the same)."""
    claim: Claim | None = None

    @property
    def own_name(self) -> str:
        """The name without that of the archive or chat."""
        return self.name.rpartition("!")[2]


@dataclass(frozen=True, slots=True)
class Opened:
    """A text that names people: the text of a chat, a mail, or a contact card beside it. Never stored as it is."""

    label: str
    """Says where it lay without naming anybody: ``whatsapp 1a2b3c4d``."""
    channel: str
    """``whatsapp``, ``telegram``, ``mail`` or ``contact``."""
    sha256: str
    data: bytes
    chat: Chat | None = None
    """``None`` if a question is open, and for mails."""
    question: Question | None = None
    people: Mapping[str, int] = field(default_factory=dict)
    """Name as printed -> line where it stands first."""
    media: Callable[[], Mapping[str, str]] = dict
    """Reads the files that the text speaks of: name -> sha256."""
