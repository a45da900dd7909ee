"""How whole numbers are written out: every usual wording of 0 to 9999, in two parts (:mod:`ocr.numerals`).

Kazakh and Russian here, the languages of forms from elsewhere in :mod:`ocr.wordings_latin`. Letters are folded to what
a hand hardly tells apart: ё to е, and the Kazakh қ ң ө ү ұ ғ to к н о у у г; no two numbers have one wording then.
"""

from __future__ import annotations

from functools import lru_cache

from ocr.numerals import Wordings, counted, joined, options
from ocr.wordings_latin import LATIN, unaccented

HIGHEST = 9999
_FOLDED = str.maketrans("ёқңөүұғһәi", "екноуугхаі")

_RU_ONES = "|один одна одно|два две|три|четыре|пять|шесть|семь|восемь|девять"
_RU_TEENS = (
    "десять|одиннадцать|двенадцать|тринадцать|четырнадцать|пятнадцать|шестнадцать|семнадцать|восемнадцать|"
    "девятнадцать"
)
_RU_TENS = "||двадцать|тридцать|сорок|пятьдесят|шестьдесят|семьдесят|восемьдесят|девяносто"
_RU_HUNDREDS = "|сто|двести|триста|четыреста|пятьсот|шестьсот|семьсот|восемьсот|девятьсот"
_KK_ONES = "|бір|екі|үш|төрт|бес|алты|жеті|сегіз|тоғыз"
_KK_TENS = "|он|жиырма|отыз|қырық|елу|алпыс|жетпіс|сексен|тоқсан"


def folded(text: str) -> str:
    """Cyrillic in lower case, letters folded, single spaces."""
    return " ".join(text.lower().translate(_FOLDED).split())


@lru_cache(maxsize=8)
def wordings(language: str) -> Wordings:
    """The wordings of ``ru``, ``kk``, ``en``, ``id`` or ``tr``, folded. Raises ValueError for another language."""
    known = {"ru": _russian, "kk": _kazakh, **LATIN}
    if language not in known:
        raise ValueError(f"no wordings in {language!r}")
    said, fold = known[language](), unaccented if language in LATIN else folded
    return Wordings(
        tuple((n, fold(text)) for n, text in said.heads),
        tuple((n, fold(text)) for n, text in said.tails),
        tuple(fold(text) for text in said.zeros),
        tuple((n, fold(text)) for n, text in said.joints),
    )


def _russian() -> Wordings:
    few = [f"{word} тысячи" for word in ("две", "три", "четыре")]
    many = [f"{word} тысяч" for word in ("пять", "шесть", "семь", "восемь", "девять")]
    thousands = [[""], ["тысяча", "одна тысяча"], *([text] for text in (*few, *many))]
    teens = tuple((10 + n, text) for n, (text,) in enumerate(options(_RU_TEENS)))
    tens = tuple(pair for pair in joined(options(_RU_TENS), options(_RU_ONES), 10) if not 10 <= pair[0] < 20)
    return Wordings(joined(thousands, options(_RU_HUNDREDS), 1000), (*tens, *teens), ("ноль", "нуль"))


def _kazakh() -> Wordings:
    ones = options(_KK_ONES)
    thousands, hundreds = (counted(ones, unit, (unit, f"бір {unit}")) for unit in ("мың", "жүз"))
    return Wordings(joined(thousands, hundreds, 1000), joined(options(_KK_TENS), ones, 10), ("нөл", "ноль"))
