"""Chat exports and mails as text: who claims to have sent which file when. Strict, and never a guess.

Everything here is a claim of whoever made the export: any participant can edit it, so senders and times prove
nothing by themselves. A chat that can be read in two ways is a :class:`Question` to the person, not a choice.
"""

from __future__ import annotations

from tally.chats.captions import Hint, hint_of, without_contacts
from tally.chats.mail import Attachment, Mail, looks_like_mail, parse_mail
from tally.chats.model import Chat, Message, Missing, Question
from tally.chats.telegram import looks_like_telegram, looks_like_telegram_page, parse_telegram
from tally.chats.whatsapp import looks_like_whatsapp, parse_whatsapp

__all__ = [
    "Attachment",
    "Chat",
    "Hint",
    "Mail",
    "Message",
    "Missing",
    "Question",
    "hint_of",
    "looks_like_mail",
    "looks_like_telegram",
    "looks_like_telegram_page",
    "looks_like_whatsapp",
    "parse_mail",
    "parse_telegram",
    "parse_whatsapp",
    "without_contacts",
]
