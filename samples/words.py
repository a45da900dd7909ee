"""Whole numbers in Russian and Kazakh words, 0 to 9999, as commissions write them out."""

from __future__ import annotations

RU_ONES = ("", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять")
RU_TEENS = (
    "десять", "одиннадцать", "двенадцать", "тринадцать", "четырнадцать", "пятнадцать", "шестнадцать",
    "семнадцать", "восемнадцать", "девятнадцать",
)  # fmt: skip
RU_TENS = (
    "", "", "двадцать", "тридцать", "сорок", "пятьдесят", "шестьдесят", "семьдесят", "восемьдесят",
    "девяносто",
)  # fmt: skip
RU_HUNDREDS = (
    "", "сто", "двести", "триста", "четыреста", "пятьсот", "шестьсот", "семьсот", "восемьсот", "девятьсот",
)  # fmt: skip
KK_ONES = ("", "бір", "екі", "үш", "төрт", "бес", "алты", "жеті", "сегіз", "тоғыз")
KK_TENS = ("", "он", "жиырма", "отыз", "қырық", "елу", "алпыс", "жетпіс", "сексен", "тоқсан")


def in_words(number: int, language: str) -> str:
    """``127`` -> ``сто двадцать семь`` (``ru``) or ``бір жүз жиырма жеті`` (``kk``).

    Raises ``ValueError`` outside 0..9999 or for another language.
    """
    if not 0 <= number <= 9999 or language not in ("ru", "kk"):
        raise ValueError(f"no words for {number} in {language!r}")
    if number == 0:
        return "ноль" if language == "ru" else "нөл"
    parts = _russian(number) if language == "ru" else _kazakh(number)
    return " ".join(part for part in parts if part)


def _kazakh(number: int) -> list[str]:
    thousands, rest = divmod(number, 1000)
    hundreds, rest = divmod(rest, 100)
    out = [KK_ONES[thousands], "мың"] if thousands else []
    out += [KK_ONES[hundreds], "жүз"] if hundreds else []
    return [*out, KK_TENS[rest // 10], KK_ONES[rest % 10]]


def _russian(number: int) -> list[str]:
    thousands, rest = divmod(number, 1000)
    out = []
    if thousands:
        # "тысяча" is feminine: одна тысяча, две тысячи, five and more "тысяч"
        count = {1: "одна", 2: "две"}.get(thousands, RU_ONES[thousands])
        out = [count, "тысяча" if thousands == 1 else "тысячи" if thousands < 5 else "тысяч"]
    hundreds, rest = divmod(rest, 100)
    out.append(RU_HUNDREDS[hundreds])
    if 10 <= rest < 20:
        return [*out, RU_TEENS[rest - 10]]
    return [*out, RU_TENS[rest // 10], RU_ONES[rest % 10]]
