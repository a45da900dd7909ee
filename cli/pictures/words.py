"""Labels of the pictures in Kazakh, Russian and English."""

from __future__ import annotations

from typing import Final

from cli.lang import Lang

_WORDS: Final[dict[str, tuple[str, str, str]]] = {
    # key: (kk, ru, en)
    "bars": (
        "Хаттамалар және ресми сандар",
        "Протоколы и официальные цифры",
        "Protocols and official figures",
    ),
    "in_hand": ("қолдағы хаттамалар", "протоколы на руках", "protocols in hand"),
    "open": ("оқылмаған ұяшықтар", "непрочитанные ячейки", "cells that are not read"),
    "elsewhere": (
        "басқа учаскелер (ресми − қолдағы)",
        "остальные участки (официально − на руках)",
        "other precincts (official − in hand)",
    ),
    "official": ("ресми сан", "официальная цифра", "official figure"),
    "votes": ("дауыс саны", "голоса", "votes"),
    "more_than": (
        "ресми саннан {} артық",
        "на {} больше официальной цифры",
        "{} more than the official figure",
    ),
    "gamma": (
        "Көрінбеген учаскелер қаншалықты өзгеше болуы керек",
        "Насколько иными должны быть остальные участки",
        "How different the other precincts must be",
    ),
    "gamma_x": (
        "Γ: қолдағы хаттамаларда {a} : {b} қатынасы неше есе жоғары",
        "Γ: во сколько раз отношение {a} : {b} в протоколах на руках выше, чем в остальных",
        "Γ: how many times higher {a} : {b} is in the protocols in hand than elsewhere",
    ),
    "gamma_y": (
        "екеуінің дауыстарындағы үлесі: {a}, %",
        "доля от голосов за двоих: {a}, %",
        "share of the votes for the two: {a}, %",
    ),
    "same": ("айырмашылық жоқ", "без различий", "no difference"),
    "tie": ("тең", "поровну", "level"),
    "coverage": (
        "Учаскелер: хаттаманың бар-жоғы",
        "Участки: где есть протокол",
        "Precincts: where there is a protocol",
    ),
    "confirmed": ("адам растаған", "подтверждено человеком", "confirmed by a person"),
    "accepted": ("қабылданды", "принято", "accepted"),
    "review": ("тексеру керек", "на проверку", "needs review"),
    "missing": (
        "хаттама жоқ не ондай нөмір жоқ",
        "протокола нет или номера нет",
        "no protocol, or no such number",
    ),
    "precinct_number": ("учаске нөмірі", "номер участка", "precinct number"),
    "per_hundred": ("100 нөмірдегі хаттама саны", "протоколов на 100 номеров", "protocols per 100 numbers"),
    "scatter": (
        "Қатысу және үлес учаскелер бойынша",
        "Явка и доля по участкам",
        "Turnout and share by precinct",
    ),
    "turnout": ("қатысу, %", "явка, %", "turnout, %"),
    "share": ("дауыс үлесі: {a}, %", "доля голосов: {a}, %", "share of votes: {a}, %"),
    "precincts": ("учаскелер саны", "число участков", "precincts"),
    "circle": (
        "шеңбердің ауданы — сайлаушылар саны",
        "площадь круга — число избирателей",
        "area of a circle: voters listed",
    ),
    "grid": (
        "Санның дөңгелектенген пайызға жақындығы",
        "Насколько число близко к округлённому проценту",
        "How close a count is to a rounded percentage",
    ),
    "grid_x": (
        "ең жақын k × {q} көбейтіндісінен қашықтық, тор қадамымен",
        "расстояние до ближайшего k × {q}, в долях шага",
        "distance to the nearest k × {q}, in steps of the grid",
    ),
    "grid_hit": (
        "бір дауысқа дейін дәл ({n} / {all})",
        "совпадает до голоса ({n} из {all})",
        "equal to the vote ({n} of {all})",
    ),
    "grid_other": ("басқалары", "остальные", "the others"),
    "grid_even": ("біркелкі таралса", "при равномерном разбросе", "if spread evenly"),
    "numbers": ("сандар", "чисел", "counts"),
}


def say(key: str, lang: Lang, **values: object) -> str:
    """The label in ``lang``, with its values filled in."""
    kk, ru, en = _WORDS[key]
    return {Lang.KK: kk, Lang.RU: ru, Lang.EN: en}[lang].format(*values.values(), **values)


def all_words() -> str:
    """Every label in every language, for the test that the font has all letters."""
    return "".join(text for texts in _WORDS.values() for text in texts)
