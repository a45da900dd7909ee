"""Why a file is missing or in quarantine, in the person's language; what is not known here stays English.

The reasons are written in English, and so they stand in the ledger and in JSON. The patterns repeat the texts of
``ocr.photo``, ``tally.chats`` and ``cli.intake``.
"""

from __future__ import annotations

import re
from typing import Final

from cli.lang import Lang

# (pattern, kk, ru); the groups of the pattern are kept as they are.
_REASONS: Final[tuple[tuple[str, str, str], ...]] = (
    (
        r"the chat was exported without this file; ask for the file itself|File not included\..*|File exceeds.*",
        "чат бұл файлсыз экспортталған; файлдың өзін сұраңыз",
        "чат экспортирован без этого файла; попросите сам файл",
    ),
    (
        r"named in the chat, but not in the export.*|File unavailable.*",
        "чатта аталған, бірақ экспортта жоқ; файлдың өзін сұраңыз",
        "назван в чате, но в экспорте его нет; попросите сам файл",
    ),
    (
        r"The picture is damaged or cut off.*",
        "сурет бүлінген не толық емес; оны құжат ретінде қайта сұраңыз",
        "снимок повреждён или неполон; попросите прислать его ещё раз, документом",
    ),
    (
        r"The PDF is damaged or locked.*",
        "PDF бүлінген не құпиясөзбен жабылған; ашық күйінде сұраңыз немесе парақты түсіріңіз",
        "PDF повреждён или закрыт паролем; попросите открытый или снимите лист",
    ),
    (
        r"Page (?P<n>\d+) of the PDF is damaged.*",
        "PDF-тің {n}-беті бүлінген; файлды қайта сұраңыз",
        "страница {n} этого PDF повреждена; попросите файл ещё раз",
    ),
    (
        r"This is not a picture or PDF that can be read \((?P<kind>.*)\)\..*",
        "бұл оқуға болатын сурет не PDF емес",
        "это не снимок и не PDF, которые можно прочесть",
    ),
    (
        r"The file is empty.*",
        "файл бос (0 байт); қайта жіберуді сұраңыз",
        "файл пуст (0 байт); попросите прислать его ещё раз",
    ),
    (
        r"The file has (?P<n>\d+) pages; the limit is (?P<m>\d+)\..*",
        "файлда {n} бет бар, шегі — {m}; бөліп жіберіңіз",
        "в файле {n} страниц, предел — {m}; разделите его",
    ),
    (
        r"The picture claims (?P<size>.*); the limit is (?P<m>\d+) million\..*",
        "суреттің өлшемі тым үлкен; телефон түсірген күйінде сұраңыз",
        "снимок слишком велик; попросите его таким, каким его сделал телефон",
    ),
    (
        r"there is no such file or folder",
        "мұндай файл не қалта жоқ",
        "такого файла или папки нет",
    ),
    (
        r"larger than (?P<n>\d+) MB, not taken in; send photos only",
        "{n} МБ-тан үлкен, алынбады; тек фото жіберіңіз",
        "больше {n} МБ, не принято; присылайте только фото",
    ),
    (
        r"locked with a password; send it unlocked",
        "құпиясөзбен жабылған; ашық күйінде сұраңыз",
        "закрыто паролем; попросите открытым",
    ),
    (
        r"damaged inside the zip; ask for it again",
        "zip ішінде бүлінген; қайта сұраңыз",
        "повреждено внутри zip; попросите ещё раз",
    ),
    (
        r"a zip inside a zip is not opened; add it by itself",
        "zip ішіндегі zip ашылмайды; оны бөлек қосыңыз",
        "zip внутри zip не открывается; добавьте его отдельно",
    ),
    (
        r"the zip is damaged or only half there; ask for it again",
        "zip бүлінген не толық емес; қайта сұраңыз",
        "zip повреждён или неполон; попросите ещё раз",
    ),
    (
        r"kept whole: some of its files could not be unpacked",
        "тұтас сақталды: кейбір файлдары ашылмады",
        "сохранён целиком: часть его файлов не распаковалась",
    ),
    (
        r"the zip (?:packs|would unpack|unpacks) .*",
        "zip шектен көп ашылады (zip-бомба?); фотоларды қаптамасыз жіберіңіз",
        "zip распаковывается сверх меры (zip-бомба?); пришлите фото без архива",
    ),
    (
        r"the zip holds (?P<n>\d+) files, the limit is (?P<m>\d+); split it",
        "zip ішінде {n} файл бар, шегі — {m}; бөліп жіберіңіз",
        "в zip файлов: {n}, предел — {m}; разделите его",
    ),
)
_COMPILED: Final = tuple((re.compile(pattern, re.DOTALL), kk, ru) for pattern, kk, ru in _REASONS)
_NAMELESS: Final = re.compile(r"\((\d+)\)")
_FILES: Final = {
    Lang.KK: "атаусыз файл: {}",
    Lang.RU: "файлов без имени: {}",
    Lang.EN: "files without a name: {}",
}


def reason_in(reason: str, lang: Lang) -> str:
    """A reason in the language; English if it is not known."""
    if lang is Lang.EN:
        return reason
    for pattern, kk, ru in _COMPILED:
        if found := pattern.fullmatch(reason):
            return (kk if lang is Lang.KK else ru).format(**found.groupdict())
    return reason


def file_in(name: str, lang: Lang) -> str:
    """A file for a table: without the label of the chat, which is said once below it."""
    container, _, own = name.rpartition("!")
    if nameless := _NAMELESS.fullmatch(own):
        return _FILES[lang].format(nameless[1])
    return own if container.startswith(("whatsapp ", "telegram ", "mail ")) else name
