"""WhatsApp exports: the text file beside the media, from Android and iOS, in Kazakh, Russian and English.

Words are not relied on, they differ by phone and version: a file belongs to a message because its *name* stands there.
The whole text must follow one format, see :mod:`tally.chats.headers`.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from tally.chats.headers import Header, described, header_of, plain, reader_of
from tally.chats.model import Chat, Found, Message, Missing, Question

_NAME: Final = r"[^<>:/\\]+\.\w{2,5}"
_BRACKETED: Final = re.compile(rf"<[^<>:]+: ?(?P<name>{_NAME})>")
_ENDS_LIKE_A_FILE: Final = re.compile(r"\.\w{2,5}")
_BREAKS: Final = re.compile(r"[\s<>:()\[\]]+")
_LONGEST_NAME: Final = 200
"""Characters; a sender or file name is shorter. Keeps the work in proportion to the text, also for hostile ones."""
_MADE_BY_WHATSAPP: Final = re.compile(
    r"(?:IMG|VID|PTT|AUD|DOC|STK)-\d{8}-WA\d+\.\w+|\d{5,}-[A-Z]+-\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d\.\w+"
)
_GONE: Final = (
    r"(?:omitted|отсутству[ею]т|пропущен[оаы]?|опущен[оаы]?|не добавлен[оаы]?|не включен[оаы]?"
    r"|жоқ|қосылмаған|қосылмады)"
)
_OMITTED: Final = re.compile(
    rf"<[^<>:]{{3,40}}>|(?:image|photo|video|audio|document|gif|sticker|contact card|file|изображение|фото|видео|аудио"
    rf"|документ|файл|стикер|карточка контакта|сурет|бейне|құжат) {_GONE}",
    re.IGNORECASE,
)
_OMITTED_BY_PHONE: Final = re.compile(rf"(?:[\w-]+ ){{1,4}}{_GONE}", re.IGNORECASE)
"""Any kind of thing, where the mark shows that the phone wrote it: «видеосообщение отсутствует»."""
_NAMED_OMITTED: Final = re.compile(rf"(?P<name>{_NAME}) • .{{1,60}} {_GONE}", re.IGNORECASE)
"""As iOS writes a document: «протокол.pdf • 1 страница документ отсутствует»."""
_EDITED: Final = re.compile(r"<[^<>]*(?:edited|измен|редакт|өзгерт|түзет)[^<>]*>", re.IGNORECASE)
_NOT_EXPORTED: Final = "the chat was exported without this file; ask for the file itself"
_NOT_THERE: Final = "named in the chat, but not in the export; ask for the file itself"


@dataclass(frozen=True, slots=True)
class _Part:
    """One message as it stands in the text."""

    header: Header
    lines: tuple[str, ...]
    """The header's line without date and time, then the lines that follow; those with their direction marks."""
    marked: bool
    """True if the text after the sender begins with the mark that phones put before what they write themselves."""


def looks_like_whatsapp(head: str, name: str) -> bool:
    """True if a text begins like an export, or is called like one (then its format may be new to us)."""
    first = next((line for line in head.split("\n") if plain(line).strip()), "").rstrip("\r")
    called = name.lower() == "_chat.txt" or ("whatsapp" in name.lower() and name.lower().endswith(".txt"))
    return called or header_of(first, 1) is not None


def parse_whatsapp(
    data: bytes, names: Collection[str], *, order: str | None = None, quoted: bool = False
) -> Chat:
    """Read an export. ``names``: the files beside the text, without folders.

    ``order``: a person's answer ``dmy`` or ``mdy``; ``quoted``: a person says that lines which begin like messages of
    another phone are text that somebody pasted. Raises :class:`Question`.
    """
    parts = _parts(_decoded(data), quoted)
    files = {part.header.line: _files(part, names) for part in parts}
    media = [(part.header, name) for part in parts for name in _named(part)]
    read = reader_of([part.header for part in parts], media, order)
    senders = {sender for part in parts for sender in _sure_sender(part, files[part.header.line])}
    found = Found()
    for part in parts:
        line = part.header.line
        time = read(part.header).isoformat()
        found.times.append((line, time))
        sender, text = _split(part, senders)
        found.author(sender, line)
        here, gone = files[line]
        found.missing += [Missing(line, name, _NOT_EXPORTED if not name else _NOT_THERE) for name in gone]
        if here:
            found.messages.append(Message(line, sender, time, tuple(here), _caption(text, here)))
    return found.chat("whatsapp", described(parts[0].header))


def _decoded(data: bytes) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Question("encoding", data[: error.start].count(b"\n") + 1) from error


def _parts(text: str, quoted: bool) -> list[_Part]:
    parts: list[_Part] = []
    lines: list[str] = []
    header: Header | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        raw = line.rstrip("\r")
        found = header_of(raw, number)
        if header is None:
            if found is None and plain(raw).strip():
                raise Question("unknown_format", number)
            header, lines = found, [raw]
        elif found is None or (quoted and found.shape != header.shape):
            lines.append(raw)
        elif found.shape != header.shape:
            raise Question("two_formats", number, seen=found.seen, readings={"first": header.seen})
        else:
            parts.append(_part(header, lines))
            header, lines = found, [raw]
    if header is None:
        raise Question("unknown_format", 1)
    return [*parts, _part(header, lines)]


def _part(header: Header, lines: list[str]) -> _Part:
    return _Part(header, (header.rest, *lines[1:]), ": \u200e" in lines[0])


def _named(part: _Part) -> list[str]:
    """Names that WhatsApp itself gave, which hold the day."""
    return [name for line in part.lines for name in _MADE_BY_WHATSAPP.findall(plain(line))]


def _files(part: _Part, names: Collection[str]) -> tuple[list[str], list[str]]:
    """Files of a message that are in the export, and those that are not (``""``: not even named)."""
    here: dict[str, None] = {}
    gone: dict[str, None] = {}
    for number, line in enumerate(map(plain, part.lines)):
        attached = [found["name"].strip() for found in _BRACKETED.finditer(line)]
        name = _noted(line)
        # In brackets after a name anybody may write anything: that counts only with a name that is known.
        if name in names or _MADE_BY_WHATSAPP.fullmatch(name) or (name and part.marked and number == 0):
            attached.append(name)
        attached += [
            token for token in (word.rstrip(".,;!?") for word in _BREAKS.split(line)) if token in names
        ]
        for one in attached:
            (here if one in names else gone)[one] = None
    if not here and not gone and ": " in part.lines[0]:
        gone |= dict.fromkeys(_omitted(plain(part.lines[0]).rpartition(": ")[2].strip(), part.marked))
    return list(here), list(gone)


def _omitted(body: str, marked: bool) -> list[str]:
    """The file that the phone left out of the export, ``""`` if it does not say which; empty if it left none out."""
    if found := _NAMED_OMITTED.fullmatch(body):
        return [found["name"].strip()]
    if _EDITED.fullmatch(body):
        return []
    pattern = _OMITTED_BY_PHONE if marked else _OMITTED
    return [""] if _OMITTED.fullmatch(body) or pattern.fullmatch(body) else []


def _noted(line: str) -> str:
    """The file name in ``Sender: name.jpg (words)``, as Android writes it; empty if the line is none."""
    before, found, note = line.rpartition(" (")
    name = before.rpartition(": ")[2].strip()
    dot = name.rfind(".")
    if not found or not note.endswith(")") or dot < 1 or len(name) > _LONGEST_NAME:
        return ""
    return name if _ENDS_LIKE_A_FILE.fullmatch(name[dot:]) else ""


def _sure_sender(part: _Part, files: tuple[list[str], list[str]]) -> list[str]:
    """The sender, where nothing but a file follows the name: then a colon in the name cannot mislead."""
    line = plain(part.lines[0])
    for name in filter(None, (*files[0], *files[1])):
        before, found, _ = line.partition(name)
        before = re.sub(r"<[^<>:]+: ?$", "", before)
        if found and before.endswith(": "):
            return [before.removesuffix(": ").strip()]
    return []


def _split(part: _Part, senders: Collection[str]) -> tuple[str, str]:
    """Sender and text of a message."""
    rest = plain(part.lines[0])
    splits = [rest[: found.start()] for found in re.finditer(": ", rest[:_LONGEST_NAME])]
    # The shortest sure name: a longer one may be a name with the beginning of a caption.
    sender = next((split for split in splits if split in senders), splits[0] if splits else "")
    text = rest[len(sender) + 1 :] if sender else rest
    return sender.removeprefix("~").strip(), "\n".join([text, *map(plain, part.lines[1:])])


def _caption(text: str, files: Collection[str]) -> str:
    for name in files:
        text = re.sub(rf"<[^<>:]+: ?{re.escape(name)}>|{re.escape(name)}(?: \([^()]{{2,60}}\))?", "", text)
    return "\n".join(line.strip() for line in text.strip().split("\n")).strip()
