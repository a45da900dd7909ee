"""Pair the files of a folder or archive with what a chat, beside which they lie, claims about them; open mails."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from cli.console import printable
from cli.intake.handed import Answers, Claim, Handed, Opened
from cli.intake.items import Item, archive_items, data_item
from cli.intake.zips import ZipTrouble, is_zip, opened
from tally.chats import (
    Chat,
    Mail,
    Question,
    looks_like_mail,
    looks_like_telegram,
    looks_like_telegram_page,
    looks_like_whatsapp,
    parse_mail,
    parse_telegram,
    parse_whatsapp,
)

_TEXTS = (".txt", ".json", ".html", ".htm", ".eml", ".vcf")
_SAYS_CHAT = re.compile(r"whatsapp|telegram|chatexport|\bчат\w*[ _-]|\bchat[ _-]", re.IGNORECASE)
# What cannot show a sheet: if it is missing, no evidence is.
_NOT_PAPER = frozenset("opus ogg mp3 m4a aac amr mp4 mov 3gp avi mkv gif vcf tgs webm".split())


def without_contact(name: str) -> str:
    """The name of an archive; exports carry the name of the person or group, which stays out of the case."""
    return f"chat-export{PurePosixPath(name).suffix}" if _SAYS_CHAT.search(name) else name


def paired(items: Sequence[Item], answers: Answers) -> Iterator[Handed | Opened]:
    """The texts that name people first (never as files), then every other file with what is claimed about it."""
    others: list[Item] = []
    claims: dict[str, tuple[str, Claim]] = {}
    missing: list[Handed] = []
    for item in items:
        text = _text_of(item)
        if text is None:
            others.append(item)
            continue
        channel, data = text
        if channel == "mail":
            yield from _mail(data, answers)
            continue
        found = _opened(channel, data, item, items, answers)
        yield found
        if found.chat is not None:
            missing += _missing(found.label, found.chat)
            for path, claim in _claims(found.chat, found.sha256, _beside(channel, item, items)).items():
                claims.setdefault(path, (found.label, claim))
    for item in others:
        handed = item.read()
        if item.path in claims:
            label, claim = claims[item.path]
            handed = Handed(f"{label}!{item.name}", handed.data, handed.trouble, claim)
        yield handed
    yield from missing


def _text_of(item: Item) -> tuple[str, bytes] | None:
    """Kind and bytes of a text that names people; ``None`` for every other file."""
    if not item.name.lower().endswith(_TEXTS):
        return None
    data = item.read().data
    if data is None:
        return None
    head = data[:4096].decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "replace")
    if item.name.lower().endswith(".txt") and looks_like_whatsapp(head, item.name):
        return "whatsapp", data
    if looks_like_telegram(data, item.name) or looks_like_telegram_page(head, item.name):
        return "telegram", data
    if looks_like_mail(data, item.name):
        return "mail", data
    if "BEGIN:VCARD" in head:
        return "contact", data
    return None


def _label(channel: str, data: bytes) -> str:
    return f"{channel} {hashlib.sha256(data).hexdigest()[:8]}"


def _opened(channel: str, data: bytes, item: Item, items: Sequence[Item], answers: Answers) -> Opened:
    sha256 = hashlib.sha256(data).hexdigest()
    label = _label(channel, data)
    if channel == "contact":
        return Opened(label, channel, sha256, data)
    beside = _beside(channel, item, items)
    try:
        if channel == "whatsapp":
            chat = parse_whatsapp(data, beside.keys(), order=answers.date_order, quoted=answers.quoted)
        else:
            chat = parse_telegram(data, beside.keys())
    except Question as question:
        return Opened(label, channel, sha256, data, question=question)
    return Opened(label, channel, sha256, data, chat, people=chat.authors, media=_hashes(chat, beside))


def _beside(channel: str, text: Item, items: Iterable[Item]) -> dict[str, Item]:
    """The files that a chat may speak of, by the name that it uses: WhatsApp's lie beside it, Telegram's below it."""
    if channel == "whatsapp":
        return {item.name: item for item in items if item.folder == text.folder and item is not text}
    start = f"{text.folder}/" if text.folder else ""
    return {
        item.path[len(start) :]: item for item in items if item.path.startswith(start) and item is not text
    }


def _claims(chat: Chat, sha256: str, beside: Mapping[str, Item]) -> dict[str, Claim]:
    """Path of the item -> what the first message with it claims."""
    out: dict[str, Claim] = {}
    for message in chat.messages:
        for name in message.files:
            claim = Claim(
                chat=sha256,
                channel=chat.kind,
                sender=message.sender,
                time=message.time,
                line=message.line,
                text=message.text,
                how=message.how,
                forwarded=message.forwarded,
            )
            out.setdefault(beside[name].path, claim)
    return out


def _hashes(chat: Chat, beside: Mapping[str, Item]) -> Callable[[], Mapping[str, str]]:
    def read() -> dict[str, str]:
        names = dict.fromkeys(name for message in chat.messages for name in message.files)
        data = ((name, beside[name].read().data) for name in names)
        return {name: hashlib.sha256(found).hexdigest() for name, found in data if found is not None}

    return read


def _missing(label: str, chat: Chat) -> list[Handed]:
    """Files that the chat speaks of and that are not there; those without a name as one line."""
    named = {
        one.name: one.why
        for one in chat.missing
        if one.name and one.name.rpartition(".")[2].lower() not in _NOT_PAPER
    }
    out = [Handed(f"{label}!{printable(name)}", None, why) for name, why in named.items()]
    if nameless := [one for one in chat.missing if not one.name]:
        whys = "; ".join(dict.fromkeys(one.why for one in nameless))
        out.append(Handed(f"{label}!({len(nameless)})", None, whys))
    return out


def _mail(data: bytes, answers: Answers) -> Iterator[Handed | Opened]:
    label, sha256 = _label("mail", data), hashlib.sha256(data).hexdigest()
    try:
        mail = parse_mail(data)
    except ValueError as error:
        yield Handed(f"{label}.eml", data, f"{error}; ask for the attachments themselves")
        return
    people = {mail.sender: 1} if mail.sender else {}
    yield Opened(label, "mail", sha256, data, people=people, media=lambda: _attachment_hashes(mail))
    claim = Claim(sha256, "mail", mail.sender, mail.time, 1, mail.text, "file")
    texts = [data_item(one.name, one.data) for one in mail.attachments if not is_zip(one.data)]
    for one in paired(texts, answers):
        if isinstance(one, Opened) or one.claim is not None:
            yield one
        else:
            yield Handed(f"{label}!{one.name}", one.data, one.trouble, claim)
    for attachment in mail.attachments:
        if is_zip(attachment.data):
            yield from _attached_zip(
                attachment.data, f"{label}!{without_contact(attachment.name)}", answers, claim
            )


def _attached_zip(data: bytes, name: str, answers: Answers, claim: Claim) -> Iterator[Handed | Opened]:
    """A chat exported "by mail" comes like this. Files without a claim of their own keep that of the mail."""
    try:
        with opened(io.BytesIO(data)) as archive:
            for one in paired(archive_items(archive, name), answers):
                if isinstance(one, Handed) and one.claim is None and one.data is not None:
                    yield Handed(one.name, one.data, one.trouble, claim)
                else:
                    yield one
    except ZipTrouble as trouble:
        yield Handed(name, data, str(trouble), claim)


def _attachment_hashes(mail: Mail) -> dict[str, str]:
    return {one.name: hashlib.sha256(one.data).hexdigest() for one in mail.attachments}
