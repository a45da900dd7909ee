"""Table heads and short lines in Kazakh, Russian and English, one word per thing."""

from __future__ import annotations

from typing import Final

from cli.lang import Lang

_WORDS: Final[dict[str, tuple[str, str, str]]] = {
    # key: (kk, ru, en)
    "file": ("файл", "файл", "file"),
    "page": ("бет", "стр.", "page"),
    "status": ("күйі", "статус", "status"),
    "form": ("бланк", "форма", "form"),
    "precinct": ("учаске", "участок", "precinct"),
    "district": ("округ", "округ", "district"),
    "why": ("себебі", "почему", "why"),
    "outcome": ("нәтиже", "итог", "outcome"),
    "field": ("жол", "строка", "field"),
    "value": ("мәні", "значение", "value"),
    "label": ("баспа атауы", "печатное название", "printed label"),
    "meaning_dash": ("сызықша", "прочерк", "dash"),
    "blank": ("бос", "пусто", "blank"),
    "digits": ("таңба", "цифр", "digits"),
    "ceiling": ("шегі", "предел", "ceiling"),
    "check": ("тексеру", "проверка", "check"),
    "says": ("мағынасы", "что проверяет", "says"),
    "severity": ("дәрежесі", "строгость", "severity"),
    "id": ("id", "id", "id"),
    "title": ("атауы", "название", "title"),
    "source": ("дереккөз", "источник", "source"),
    "seen": ("көрілген", "видели", "seen"),
    "reconstruction": ("қайта құрылған", "реконструкция", "reconstruction"),
    "date": ("күні", "дата", "date"),
    "contests": ("сайлаулар", "голосования", "contests"),
    "contest": ("дауыс беру", "голосование", "contest"),
    "candidate": ("кандидат", "кандидат", "candidate"),
    "candidates": ("кандидаттар", "кандидаты", "candidates"),
    "subject": ("кім/не", "кто/что", "subject"),
    "protocols": ("хаттамалар", "протоколы", "protocols"),
    "official": ("ресми", "официально", "official"),
    "margin": ("айырма", "разница", "margin"),
    "robust": ("берік", "устойчиво", "robust"),
    "verdict": ("қорытынды", "вывод", "verdict"),
    "code": ("код", "код", "code"),
    "text": ("мәтін", "текст", "text"),
    "low": ("кемінде", "не меньше", "at least"),
    "high": ("ең көбі", "не больше", "at most"),
    "as_read": ("оқылғандай", "как прочитано", "as read"),
    "confirmed": ("адам растаған", "подтверждено", "confirmed"),
    "in_hand": ("қолда бар", "в протоколах", "in hand"),
    "unseen": ("қалғандары", "на остальных", "unseen"),
    "bounds": ("шектері", "границы", "bounds"),
    "sum": ("қосынды", "сумма", "sum"),
    "with_protocol": ("хаттамасы бар", "с протоколом", "with protocol"),
    "total": ("барлығы", "всего", "total"),
    "missing": ("жетіспейді", "нет", "missing"),
    "unknown": ("белгісіз", "неизвестно", "unknown"),
    "accepted": ("қабылданды", "принято", "accepted"),
    "review": ("тексеру керек", "на проверку", "review"),
    "unreadable": ("оқылмайды", "не читается", "unreadable"),
    "not_a_protocol": ("хаттама емес", "не протокол", "not a protocol"),
    "inconsistent": ("қосындысы сәйкес емес", "не сходится", "inconsistent"),
    "holds": ("сәйкес", "сходится", "holds"),
    "broken": ("сәйкес емес", "не сходится", "broken"),
    # Marks, as `Mark` names them.
    "mark_blank": ("бос", "пусто", "blank"),
    "mark_dash": ("сызықша", "прочерк", "dash"),
    "mark_crossed": ("крест", "крест", "crossed"),
    "mark_illegible": ("оқылмайды", "неразборчиво", "illegible"),
    "mark_struck": ("сызылған", "зачёркнуто", "struck"),
    "mark_cropped": ("кадрға сыймаған", "вышло за край снимка", "cropped"),
    "mark_absent": ("жоқ", "отсутствует", "absent"),
    "new": ("жаңа", "новый", "new"),
    "duplicate": ("қайталанған", "уже есть", "duplicate"),
    "quarantined": ("карантинде", "в карантине", "quarantined"),
    "photos": ("фотолар", "фото", "photos"),
    "count": ("саны", "количество", "count"),
    "yes": ("иә", "да", "yes"),
    "no": ("жоқ", "нет", "no"),
    "contradiction": ("қайшылық", "противоречие", "contradiction"),
    "difference": ("айырма", "разница", "difference"),
    "statement": ("тұжырым", "утверждение", "statement"),
    "sheet": ("парақ", "лист", "sheet"),
    "copies": ("көшірмелер", "копии", "copies"),
    "table": ("кесте", "таблица", "table"),
    "indicator": ("көрсеткіш", "индикатор", "indicator"),
    "snapshot": ("сақталған көшірме", "снимок", "snapshot"),
    "as_of": ("уақыты", "по состоянию на", "as of"),
    "figures": ("сандар", "цифр", "figures"),
    "component": ("құрамдас", "компонент", "component"),
    "details": ("мәлімет", "подробности", "details"),
    "no_findings": ("Айтарлық ештеңе жоқ.", "Ничего не найдено.", "Nothing was found."),
    "not_read": ("әлі оқылмаған", "ещё не прочитано", "not read yet"),
    "read": ("оқылды", "прочитано", "read"),
    "waiting": ("адамды күтіп тұр", "ждут человека", "wait for a person"),
    "typed": ("қолмен енгізілді", "введено вручную", "typed"),
    "ledger": ("журнал жазбалары", "записей в журнале", "ledger entries"),
    "election": ("сайлау", "выборы", "election"),
    "level": ("деңгей", "уровень", "level"),
}

_INDEX = {Lang.KK: 0, Lang.RU: 1, Lang.EN: 2}


def word(key: str, lang: Lang) -> str:
    """The word for ``key``; an unknown key is shown as it is: ids and codes are not translated."""
    entry = _WORDS.get(key)
    return entry[_INDEX[lang]] if entry else key


def heads(lang: Lang, *keys: str) -> list[str]:
    """Table heads."""
    return [word(key, lang) for key in keys]
