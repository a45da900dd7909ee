"""How whole numbers are written out in Russian and Kazakh: every usual wording of 0 to 9999, in two parts.

A wording is that of the thousands and hundreds followed by that of the rest. Letters are folded to what a hand hardly
tells apart: ё to е, and the Kazakh қ ң ө ү ұ ғ to к н о у у г; no two numbers have one wording then.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

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
    """Lower case, letters folded, single spaces."""
    return " ".join(text.lower().translate(_FOLDED).split())


@dataclass(frozen=True, slots=True)
class Wordings:
    """Of one language: ``(number, wording)`` of both parts; numbers with several wordings come several times."""

    heads: tuple[tuple[int, str], ...]
    """Thousands and hundreds, as multiples of 100; 0 has the empty wording."""
    tails: tuple[tuple[int, str], ...]
    """1 to 99; 0 has the empty wording."""
    zeros: tuple[str, ...]


@lru_cache(maxsize=2)
def wordings(language: str) -> Wordings:
    """The wordings of ``ru`` or ``kk``, folded. Raises ValueError for another language."""
    if language not in ("ru", "kk"):
        raise ValueError(f"no wordings in {language!r}")
    heads = _russian_heads() if language == "ru" else _kazakh_heads()
    tails = _russian_tails() if language == "ru" else _tails(_options(_KK_TENS), _options(_KK_ONES))
    zeros = ("ноль", "нуль") if language == "ru" else ("нөл", "ноль")
    return Wordings(
        tuple((n, folded(text)) for n, text in heads),
        tuple((n, folded(text)) for n, text in tails),
        tuple(folded(text) for text in zeros),
    )


def _options(words: str) -> list[list[str]]:
    """Wordings of 0, 1, 2, ...; nothing is said for one that has none."""
    return [part.split() or [""] for part in words.split("|")]


def _joined(thousands: list[list[str]], hundreds: list[list[str]]) -> list[tuple[int, str]]:
    return [
        (1000 * t + 100 * h, f"{first} {second}")
        for t, firsts in enumerate(thousands)
        for h, seconds in enumerate(hundreds)
        for first in firsts
        for second in seconds
    ]


def _tails(tens: list[list[str]], ones: list[list[str]]) -> list[tuple[int, str]]:
    return [
        (10 * t + n, f"{first} {second}")
        for t, firsts in enumerate(tens)
        for n, seconds in enumerate(ones)
        for first in firsts
        for second in seconds
    ]


def _russian_heads() -> list[tuple[int, str]]:
    few = [f"{word} тысячи" for word in ("две", "три", "четыре")]
    many = [f"{word} тысяч" for word in ("пять", "шесть", "семь", "восемь", "девять")]
    thousands = [[""], ["тысяча", "одна тысяча"], *([text] for text in (*few, *many))]
    return _joined(thousands, _options(_RU_HUNDREDS))


def _russian_tails() -> list[tuple[int, str]]:
    teens = [(10 + n, text) for n, (text,) in enumerate(_options(_RU_TEENS))]
    tens = [(n, text) for n, text in _tails(_options(_RU_TENS), _options(_RU_ONES)) if not 10 <= n < 20]
    return [*tens, *teens]


def _kazakh_heads() -> list[tuple[int, str]]:
    ones = [word for (word,) in _options(_KK_ONES)[1:]]
    thousands = [[""], ["мың", "бір мың"], *([f"{word} мың"] for word in ones[1:])]
    hundreds = [[""], ["жүз", "бір жүз"], *([f"{word} жүз"] for word in ones[1:])]
    return _joined(thousands, hundreds)
