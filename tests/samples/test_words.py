"""A wrong number word on a sample would teach the reader a wrong agreement."""

from __future__ import annotations

import pytest

from samples.words import in_words


@pytest.mark.parametrize(
    ("number", "ru", "kk"),
    [
        (0, "ноль", "нөл"),
        (7, "семь", "жеті"),
        (10, "десять", "он"),
        (19, "девятнадцать", "он тоғыз"),
        (40, "сорок", "қырық"),
        (127, "сто двадцать семь", "бір жүз жиырма жеті"),
        (1000, "одна тысяча", "бір мың"),
        (1011, "одна тысяча одиннадцать", "бір мың он бір"),
        (2451, "две тысячи четыреста пятьдесят один", "екі мың төрт жүз елу бір"),
        (5002, "пять тысяч два", "бес мың екі"),
    ],
)
def test_numbers_in_words(number: int, ru: str, kk: str) -> None:
    assert in_words(number, "ru") == ru
    assert in_words(number, "kk") == kk


def test_all_numbers_have_words_of_their_own() -> None:
    for language in ("ru", "kk"):
        assert len({in_words(n, language) for n in range(10_000)}) == 10_000


@pytest.mark.parametrize(("number", "language"), [(-1, "ru"), (10_000, "kk"), (5, "en")])
def test_what_has_no_words_is_refused(number: int, language: str) -> None:
    with pytest.raises(ValueError, match="no words"):
        in_words(number, language)
