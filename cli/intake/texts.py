"""What `add` and `status` say about exports and about the way of a photo, in Kazakh, Russian and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from cli.lang import Lang

_INDEX: Final = {Lang.KK: 0, Lang.RU: 1, Lang.EN: 2}

# (kk, ru, en)
_TEXTS: Final[Mapping[str, tuple[str, str, str]]] = {
    "chat": (
        "{chat}: хабарлама — {messages}, файлмен — {with_files}, жоқ файл — {missing}, жіберуші — {people}",
        "{chat}: сообщений — {messages}, с файлами — {with_files}, файлов нет — {missing}, отправителей — {people}",
        "{chat}: messages {messages}, with files {with_files}, missing {missing}, senders {people}",
    ),
    "mail": ("{chat}: хат", "{chat}: письмо", "{chat}: mail"),
    "contact": (
        "{chat}: байланыс карточкасы, файл ретінде сақталмайды",
        "{chat}: карточка контакта, как файл не хранится",
        "{chat}: a contact card, not kept as a file",
    ),
    "sealed": (
        "есімдер мен мәтін істің кілтімен шифрланды",
        "имена и текст зашифрованы ключом дела",
        "names and text are sealed for the key of the case",
    ),
    "not_sealed": (
        "есімдер істе сақталмайды: экспорттың өзін сақтап қойыңыз",
        "имена в деле не хранятся: сохраните сам экспорт",
        "names are not kept in the case: keep the export itself",
    ),
    "backwards": (
        "{n}-жолда уақыт кері жүреді (барлығы — {count})",
        "в строке {n} время идёт назад (всего таких — {count})",
        "the time goes back in line {n} (such lines: {count})",
    ),
    "date_order": (
        (
            "{chat}, {line}-жол: «{seen}» күнін екі түрлі оқуға болады: {readings}. Файлдар алынды, "
            "жіберуші мен уақыт "
            "жазылмады. Жауабын беріп, командаңызды қайталаңыз: --date-order dmy (алдымен күн) немесе --date-order mdy "
            "(алдымен ай)."
        ),
        (
            "{chat}, строка {line}: дату «{seen}» можно прочесть двояко: {readings}. Файлы приняты, "
            "отправители и время "
            "не записаны. Ответьте и повторите команду: --date-order dmy (сначала день) или --date-order mdy (сначала "
            "месяц)."
        ),
        (
            "{chat}, line {line}: the date {seen} can be read in two ways: {readings}. The files are "
            "in, senders and times "
            "are not recorded. Answer and repeat the command: --date-order dmy (day first) or "
            "--date-order mdy (month first)."
        ),
    ),
    "two_formats": (
        (
            "{chat}, {line}-жол ({seen}) чаттың басындағыдан ({readings}) басқаша басталады: бұл "
            "қойылған мәтін бе, әлде "
            "екі экспорт біріктірілген бе? Файлдар алынды, жіберуші мен уақыт жазылмады. Қойылған "
            "мәтін болса, --quoted "
            "қосып қайталаңыз; әйтпесе экспорттарды бөлек қосыңыз."
        ),
        (
            "{chat}, строка {line} ({seen}) начинается иначе, чем чат ({readings}): это вставленный "
            "текст или два экспорта в "
            "одном файле? Файлы приняты, отправители и время не записаны. Если текст вставлен, "
            "повторите с --quoted; если "
            "нет, добавьте экспорты порознь."
        ),
        (
            "{chat}, line {line} ({seen}) begins in another way than the chat ({readings}): is it "
            "pasted text, or are these "
            "two exports in one file? The files are in, senders and times are not recorded. If it is "
            "pasted, repeat with "
            "--quoted; if not, add the exports apart."
        ),
    ),
    "wrong_answer": (
        "{chat}, {line}-жол: «{seen}» бұл жауапқа сәйкес келмейді ({readings}).",
        "{chat}, строка {line}: «{seen}» не подходит к этому ответу ({readings}).",
        "{chat}, line {line}: {seen} does not fit this answer ({readings}).",
    ),
    "no_such_date": (
        "{chat}, {line}-жол: «{seen}» деген күн немесе уақыт жоқ. Файлдар алынды; чатты қайта экспорттаңыз.",
        "{chat}, строка {line}: даты или времени «{seen}» не бывает. Файлы приняты; экспортируйте чат ещё раз.",
        "{chat}, line {line}: there is no such date or time as {seen}. The files are in; export the chat again.",
    ),
    "unknown_format": (
        (
            "{chat}, {line}-жол: хабарламаның мұндай басталуы бізге белгісіз. Файлдар алынды, жіберуші "
            "мен уақыт жазылмады. "
            "Осы жолдың үлгісін (есімсіз) бізге жіберіңіз."
        ),
        (
            "{chat}, строка {line}: такое начало сообщения нам не известно. Файлы приняты, отправители "
            "и время не записаны. "
            "Пришлите нам образец этой строки (без имён)."
        ),
        (
            "{chat}, line {line}: we do not know messages that begin like this. The files are in, "
            "senders and times are not "
            "recorded. Send us a sample of this line (without names)."
        ),
    ),
    "encoding": (
        "{chat}, {line}-жол: мәтін UTF-8 емес. Файлдар алынды; чатты қайта экспорттаңыз.",
        "{chat}, строка {line}: текст не в UTF-8. Файлы приняты; экспортируйте чат ещё раз.",
        "{chat}, line {line}: the text is not UTF-8. The files are in; export the chat again.",
    ),
    "telegram_page": (
        (
            "{chat}: бұл — Telegram-ның HTML экспорты. Файлдар алынды, жіберуші мен уақыт жазылмады, бет істе "
            "сақталмайды; чатты JSON түрінде (machine-readable) қайта экспорттаңыз."
        ),
        (
            "{chat}: это экспорт Telegram в HTML. Файлы приняты, отправители и время не записаны, сама страница в деле "
            "не хранится; экспортируйте чат ещё раз в JSON (machine-readable)."
        ),
        (
            "{chat}: this is a Telegram export in HTML. The files are in, senders and times are not recorded, the page "
            "itself is not kept in the case; export the chat again as JSON (machine-readable)."
        ),
    ),
    "not_telegram": (
        (
            "{chat}: бұл толық Telegram экспорты емес. Файлдар алынды, жіберуші мен уақыт жазылмады; "
            "JSON-ды қайта экспорттаңыз."
        ),
        (
            "{chat}: это не полный экспорт Telegram. Файлы приняты, отправители и время не записаны; "
            "экспортируйте JSON ещё раз."
        ),
        (
            "{chat}: this is not a whole Telegram export. The files are in, senders and times are not "
            "recorded; export the "
            "JSON again."
        ),
    ),
    "exported": (
        "{out}: фото — {photos}, парақ — {protocols}",
        "{out}: фото — {photos}, листов — {protocols}",
        "{out}: photos {photos}, sheets {protocols}",
    ),
    "look_first": (
        "Жарияламас бұрын әр суретті қараңыз: бет-әлпет, қол, телефон нөмірі түсіп қалмасын.",
        "Прежде чем публиковать, посмотрите каждое фото: нет ли на нём лиц, рук, номеров телефонов.",
        "Look at every picture before you publish it: no faces, hands or telephone numbers.",
    ),
    "original": ("түпнұсқа", "оригинал", "original"),
    "document": ("файл ретінде", "прислан файлом", "sent as a file"),
    "recompressed": ("мессенджер қысқан", "сжат мессенджером", "recompressed"),
    "unknown_way": ("белгісіз", "неизвестно", "unknown"),
    "provenance": ("қалай келді", "как пришло", "way"),
    "hint": ("жазуында", "в подписи", "caption says"),
    "missing_files": ("чатта аталған, бірақ жоқ", "названы в чате, но их нет", "named in chats, not there"),
    "resent": ("бір түсірілім екі рет?", "один снимок дважды?", "one shot sent twice?"),
    "shots": ("түсірілім саны", "разных снимков", "different shots"),
    "same_sheet": ("бір парақтың фотолары", "фото одного листа", "photos of one sheet"),
    "caption_differs": ("жазуы парақтан басқаша", "подпись расходится с листом", "caption and sheet differ"),
    "photos": ("фотолар", "фото", "photos"),
    "open_question": ("жауап күтіп тұрған сұрақ", "вопрос без ответа", "open question"),
}


def text(key: str, lang: Lang, **values: Any) -> str:
    """A line with its values."""
    return _TEXTS[key][_INDEX[lang]].format(**values)


def way(kind: str, lang: Lang) -> str:
    """A provenance class in words."""
    return text("unknown_way" if kind == "unknown" else kind, lang)


def question(chat: str, asked: Mapping[str, Any], lang: Lang) -> str:
    """The question of an export, with both readings. ``asked``: ``question`` of ``add --json``."""
    readings = "; ".join(
        value if key == "first" else f"{key} → {value}" for key, value in asked["readings"].items()
    )
    return text(asked["code"], lang, chat=chat, line=asked["line"], seen=asked["seen"], readings=readings)
