"""Telegram Desktop exports: ``result.json`` beside the media.

Keys are as its exporter writes them (export_output_json.cpp).

``date_unixtime`` is UTC; ``date`` is the clock of the computer that made the export and is not used.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from tally.chats.model import Chat, Found, Message, Missing, Question

_KEYS = ("photo", "file")
_PLACEHOLDER = "("
"""``(File not included. Change data exporting settings to download.)`` and the like stand where a path would."""


def looks_like_telegram(head: bytes, name: str) -> bool:
    """True for ``result.json`` files that begin like an export."""
    start = head[:4096].lstrip(b"\xef\xbb\xbf \r\n\t")
    return (
        name.lower().endswith(".json")
        and start.startswith(b"{")
        and (
            (b'"type"' in start and b'"messages"' in start)
            or b'"personal_information"' in start
            or b'"chats"' in start
        )
    )


def looks_like_telegram_page(head: str, name: str) -> bool:
    """True for ``messages.html``: the same export made for reading, which gives neither UTC nor all file names."""
    return name.lower().endswith((".html", ".htm")) and 'class="page_wrap' in head and "<html" in head.lower()


def parse_telegram(data: bytes, names: Collection[str]) -> Chat:
    """Read an export of one chat or of many. ``names``: paths of the other files, relative to the JSON file.

    Raises :class:`Question` if it is not such an export, also in part.
    """
    if data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        raise Question("telegram_page", 1)
    try:
        top = json.loads(data.decode("utf-8-sig"))
        found = Found()
        for number, message in enumerate(_messages(top), start=1):
            _take(message, number, names, found)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError, OSError) as error:
        raise Question("not_telegram", 1, seen=type(error).__name__) from error
    return found.chat("telegram", "result.json")


def _messages(top: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    chats = [top] if "messages" in top else [*top["chats"]["list"]]
    left = top.get("left_chats", {}).get("list", [])
    for chat in (*chats, *left):
        yield from chat["messages"]


def _take(message: Mapping[str, Any], number: int, names: Collection[str], found: Found) -> None:
    seconds = message["date_unixtime"]
    time = datetime.fromtimestamp(int(seconds), UTC).isoformat().replace("+00:00", "Z")
    found.times.append((number, time))
    if message["type"] != "message":
        return
    sender = str(message.get("from") or message.get("from_id") or "")
    found.author(sender, number)
    for key in _KEYS:
        path = message.get(key)
        if path is None:
            continue
        if not isinstance(path, str):
            raise TypeError(key)
        if path in names:
            files = (path,)
            how = "photo" if key == "photo" or message.get("media_type") else "file"
            forwarded = bool(message.get("forwarded_from"))
            found.messages.append(Message(number, sender, time, files, _text(message), how, forwarded))
        else:
            named = "" if path.startswith(_PLACEHOLDER) else path.rpartition("/")[2]
            why = path if path.startswith(_PLACEHOLDER) else "named in the chat, but not in the export"
            found.missing.append(Missing(number, str(message.get("file_name") or named), why.strip("()")))


def _text(message: Mapping[str, Any]) -> str:
    """The text; Telegram writes a list where parts are bold or links."""
    text = message.get("text", "")
    parts = text if isinstance(text, list) else [text]
    return "".join(part if isinstance(part, str) else str(part["text"]) for part in parts)
