"""Mails (``.eml``): what is attached, and who claims to have sent it when. With the parser of the standard library."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

_FIELD = re.compile(
    rb"^(?:From|Date|Message-ID|Received|MIME-Version|Return-Path):", re.IGNORECASE | re.MULTILINE
)
_MOST_TEXT = 4_000


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file in a mail."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail."""

    sender: str
    """As the mail prints it; never leaves the program unless sealed."""
    time: str
    """ISO 8601 with the offset that the mail states; empty if it states no valid time."""
    text: str
    """Subject and plain text, the beginning of it."""
    attachments: tuple[Attachment, ...]


def looks_like_mail(data: bytes, name: str) -> bool:
    """True if the name says mail and the head has at least two of the fields that every mail has."""
    head = data[:8192].split(b"\n\n", 1)[0].split(b"\r\n\r\n", 1)[0]
    return name.lower().endswith(".eml") and len(set(map(bytes.lower, _FIELD.findall(head)))) >= 2


def parse_mail(data: bytes) -> Mail:
    """Read a mail; attachments in forwarded mails are found too. Raises ``ValueError`` if it cannot be read."""
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        return Mail(_header(message, "From"), _time(message), _text(message), tuple(_attached(message)))
    except (LookupError, AttributeError, TypeError, ValueError, RecursionError) as error:
        # The parser of the standard library lets these through on broken encodings and addresses.
        raise ValueError(f"the mail is damaged: {type(error).__name__}") from error


def _header(message: EmailMessage, key: str) -> str:
    return str(message.get(key, "") or "").strip()


def _time(message: EmailMessage) -> str:
    try:
        found: datetime = parsedate_to_datetime(_header(message, "Date"))
    except (ValueError, TypeError, IndexError):
        return ""
    return found.isoformat() if found.tzinfo else ""


def _text(message: EmailMessage) -> str:
    body = message.get_body(preferencelist=("plain",))
    content = body.get_content() if body is not None and not body.is_multipart() else ""
    return f"{_header(message, 'Subject')}\n{str(content)[:_MOST_TEXT]}".strip()


def _attached(message: EmailMessage) -> list[Attachment]:
    out = []
    for part in message.walk():
        name = part.get_filename()
        kind = part.get_content_maintype()
        if part.is_multipart() or (not name and kind in ("text", "multipart")):
            continue
        data = part.get_payload(decode=True)
        if isinstance(data, bytes):
            out.append(Attachment(name or f"attachment.{part.get_content_subtype()}", data))
    return out
