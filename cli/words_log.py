"""Words of the ledger, of registers and of imports; part of the table in cli.words."""

from __future__ import annotations

from typing import Final

LOG_WORDS: Final[dict[str, tuple[str, str, str]]] = {
    # key: (kk, ru, en)
    "seq": ("№", "№", "no."),
    "when": ("қашан", "когда", "when"),
    "actor": ("кім", "кто", "who"),
    "act": ("әрекет", "действие", "act"),
    "what": ("не", "что", "what"),
    "problem": ("мәселе", "что не так", "problem"),
    "supersedes": ("орнына", "вместо записи", "in place of"),
    "case_created": ("іс ашылды", "дело создано", "case made"),
    "received": ("алынды", "получено", "received"),
    "corrected": ("түзетілді", "исправлено", "corrected"),
    "adjudicated": ("шешілді", "решено третьим", "adjudicated"),
    "official_added": ("ресми кесте қосылды", "добавлена официальная таблица", "official table added"),
    "register_added": ("учаскелер тізімі қосылды", "добавлен список участков", "register added"),
    "imported": ("кесте енгізілді", "загружена таблица", "table imported"),
    "mapping": ("бағандар сәйкестігі", "соответствие столбцов", "column mapping"),
    "read_failed": ("оқу үзілді", "чтение прервано", "reading failed"),
    "checkpoint": ("бақылау нүктесі", "контрольная точка", "checkpoint"),
    "exported": ("шығарылды", "выгружено", "exported"),
    "set_aside": ("шетке қойылды", "отложено", "set aside"),
    "originals": ("түпнұсқалар", "оригиналов", "originals"),
    "official_tables": ("ресми кестелер", "официальных таблиц", "official tables"),
    "event": ("жазба", "запись", "event"),
    "order": ("тізбек", "цепочка", "chain"),
    "guard": ("қорғаныс", "защита", "guard"),
    "database": ("журнал файлы", "файл журнала", "ledger file"),
    "original": ("түпнұсқа", "оригинал", "original"),
    "settings": ("баптау", "настройки", "settings"),
    "unnamed": (
        "сақталған, бірақ журналда жоқ; қайта қосыңыз (`hattama add`)",
        "сохранено, но в журнале не названо; добавьте ещё раз (`hattama add`)",
        "stored, but not named in the ledger; add it again (`hattama add`)",
    ),
    "problems": (
        "өзгерген жер табылды; осы қалпында сақтаңыз да, басқа көшірмемен салыстырыңыз",
        "мест изменено; сохраните всё как есть и сравните с другой копией дела",
        "problems; keep everything as it is and compare it with another copy of the case",
    ),
    "as_written": (
        "Бәрі жазылған қалпында.",
        "Всё так, как было записано.",
        "Everything is as it was written.",
    ),
    "extends": (
        "Журнал бақылау нүктесінің жалғасы: {old} жазба өзгермеген, {added} қосылған.",
        "Журнал продолжает контрольную точку: записи до {old} не изменены, добавлено {added}.",
        "The ledger extends the checkpoint: {old} events unchanged, {added} added.",
    ),
    "other_ledger": (
        "Бақылау нүктесі басқа журналдан алынған.",
        "Контрольная точка относится к другому журналу.",
        "The checkpoint belongs to another ledger.",
    ),
    "events_missing": (
        "Журнал бақылау нүктесінен қысқа: онда {old} жазба болған.",
        "Журнал короче контрольной точки: в ней было записей: {old}.",
        "The ledger is shorter than the checkpoint, which has {old} events.",
    ),
    "events_changed": (
        "Алғашқы {old} жазба бақылау нүктесіндегідей емес: олардың бірі өзгерген, жойылған немесе қосылған.",
        "Первые записи ({old}) не те, что в контрольной точке: что-то изменено, убрано или вставлено.",
        "The first {old} events are not those of the checkpoint: something was changed, removed or slipped in.",
    ),
    "register": ("учаскелер тізімі", "список участков", "register"),
    "missing_precincts": ("хаттамасы жоқ учаскелер", "участки без протокола", "precincts without a protocol"),
    "unlisted_precincts": (
        "тізімде жоқ учаскелер",
        "участки, которых нет в списке",
        "precincts that the register lacks",
    ),
    "failed_attempts": ("оқу үзілген", "чтение прервано", "reading failed"),
}
