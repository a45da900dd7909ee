from __future__ import annotations

import pytest

from ocr.wordings import HIGHEST, folded, wordings
from ocr.wordings_latin import unaccented
from samples.words import in_words


def said(language: str) -> dict[str, int]:
    """Wording -> number; fails if two numbers share one."""
    words, out = wordings(language), dict.fromkeys(wordings(language).zeros, 0)
    for head, first in (*words.heads, *words.joints):
        for tail, second in words.tails:
            if second or (first and (head, first) not in words.joints):
                assert out.setdefault(f"{first} {second}".strip(), head + tail) == head + tail
    return out


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_every_number_has_a_wording_and_no_wording_two_numbers(language):
    known = said(language)
    assert set(known.values()) == set(range(HIGHEST + 1))
    assert all(known[folded(in_words(n, language))] == n for n in range(HIGHEST + 1))


@pytest.mark.parametrize("language", ["en", "id", "tr"])
def test_languages_of_foreign_forms_name_every_number_and_no_two_alike(language):
    assert set(said(language).values()) == set(range(HIGHEST + 1))


@pytest.mark.parametrize(
    ("text", "language", "number"),
    [
        ("one hundred and thirty four", "en", 134),
        ("two hundred ninety", "en", 290),
        ("ninty four only", "en", 94),
        ("nil", "en", 0),
        ("seratus tujuh puluh dua", "id", 172),
        ("seribu sebelas ditulis dengan huruf", "id", 1011),
        ("dua belas", "id", 12),
        ("yüz yetmiş üç", "tr", 173),
        ("kırk", "tr", 40),
    ],
)
def test_foreign_numbers_as_they_are_written_on_sheets(text, language, number):
    assert said(language)[unaccented(text)] == number


def test_no_wording_means_one_number_in_russian_and_another_in_kazakh():
    russian, kazakh = said("ru"), said("kk")
    assert all(russian[text] == kazakh[text] for text in russian.keys() & kazakh.keys())


@pytest.mark.parametrize(
    ("text", "language", "number"),
    [
        ("тысяча", "ru", 1000),
        ("одна тысяча одна", "ru", 1001),
        ("жүз", "kk", 100),
        ("бір мың бір жүз", "kk", 1100),
    ],
)
def test_usual_variants_are_known(text, language, number):
    assert said(language)[folded(text)] == number


def test_other_languages_have_none():
    with pytest.raises(ValueError, match="'fi'"):
        wordings("fi")
