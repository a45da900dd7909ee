"""What stands in the place of the words: numbers as commissions write them, and what is no number."""

from __future__ import annotations

import numpy as np

from ocr.scripts import CYRILLIC, Script
from ocr.train.printed.text import Texts
from ocr.wordings import wordings

NO_NUMBER = (
    "нет", "жоқ", "прочерк", "сызықша", "не было", "отсутствует", "исправлено", "исправленному верить", "итого",
    "барлығы", "подпись", "қолы", "председатель", "төраға", "секретарь", "хатшы", "да", "иә", "верно", "дұрыс",
    "нет таких", "не имеется", "копия верна", "члены комиссии", "комиссия мүшелері",
)  # fmt: skip
LATIN_NO_NUMBER = (
    "cancelled", "void", "signed", "presiding officer", "agent", "absent", "not applicable", "n/a", "correction",
    "see above", "total", "saksi", "ketua", "tidak ada", "jumlah", "suara sah", "ditulis dengan huruf", "nama lengkap",
    "yok", "toplam", "imza", "oy", "sandik", "baskan",
)  # fmt: skip
AFTER = (
    " голосов",
    " дауыс",
    " человек",
    " адам",
    " бюллетеней",
    " бюллетень",
    ".",
    ",",
    " -",
    " --",
    " шт.",
)
LATIN_AFTER = (" only", " votes", " voters", " suara", " oy", ".", ",", " -", " --", " ==")
_KAZAKH_WORDS = {
    "уш": "үш", "торт": "төрт", "тогыз": "тоғыз", "кырык": "қырық", "токсан": "тоқсан", "жуз": "жүз", "мын": "мың",
    "нол": "нөл",
}  # fmt: skip


class WordTexts:
    """Draws what is written; the same random state gives the same text."""

    def __init__(self, script: Script = CYRILLIC, highest: int = 9999) -> None:
        self.script, self.highest, self.texts = script, highest, Texts()
        cyrillic = script is CYRILLIC
        words = self.texts.cyrillic if cyrillic else self.texts.latin
        self.letters = [word for word in words if word.isalpha() and len(word) > 2]
        self.follow = self.texts.follow if cyrillic else self.texts.follow_latin
        self.no_number: tuple[str, ...] = NO_NUMBER if cyrillic else LATIN_NO_NUMBER
        self.after: tuple[str, ...] = AFTER if cyrillic else LATIN_AFTER

    def number(self, rng: np.random.Generator) -> tuple[int, str, str]:
        """(value, language, text): small counts as often as large ones, any usual wording."""
        languages = self.script.languages
        language = languages[int(rng.random() * len(languages))]
        top = float(rng.choice([10, 100, 1000, 3100, self.highest], p=[0.1, 0.22, 0.36, 0.27, 0.05]))
        value = int(rng.integers(0, int(top) + 1))
        said = wordings(language)
        if value == 0:
            text = _pick(said.zeros, rng)
        else:
            head = _pick([text for n, text in said.heads if n == value // 100 * 100], rng)
            tail = _pick([text for n, text in said.tails if n == value % 100], rng)
            text = f"{head} {tail}".strip()
        if language == "kk":
            text = " ".join(_KAZAKH_WORDS.get(word, word) for word in text.split())
        return value, language, text

    def written(self, text: str, value: int, rng: np.random.Generator) -> str:
        """A number's words with what a hand adds or leaves out."""
        if rng.random() < 0.08:
            text = text.replace(" ", "", 1)
        if rng.random() < 0.05:
            text = text.replace(" ", "-", 1)
        chance = rng.random()
        if chance < 0.08:
            text += _pick(self.after, rng)
        elif chance < 0.12:
            text += f" ({value})"
        elif chance < 0.14:
            text = f"({text})"
        elif chance < 0.17:
            text = f"{_pick(['-', '--', '='], rng)} {text} {_pick(['-', '--', ''], rng)}".strip()
        elif chance < 0.18:
            text = f"{value} ({text})"
        return _cased(text, rng)

    def other(self, rng: np.random.Generator) -> str:
        """Words that are no number, and figures."""
        chance = rng.random()
        if chance < 0.3:
            text = _pick(self.no_number, rng)
        elif chance < 0.4:
            text = str(int(rng.integers(0, 10 ** int(rng.integers(1, 5)))))
        elif chance < 0.55:  # a number word with a strange end, or in strange company
            text = f"{self.number(rng)[2].split()[0]}{self._invented(rng)[-3:]} {_pick(self.letters, rng)}"
        elif chance < 0.8:
            text = " ".join(_pick(self.letters, rng) for _ in range(int(rng.integers(1, 4))))
        else:
            text = " ".join(self._invented(rng) for _ in range(int(rng.integers(1, 4))))
        return _cased(text[:44].strip(), rng)

    def _invented(self, rng: np.random.Generator) -> str:
        return self.texts._invented(self.follow, rng)


def _pick(options: list[str] | tuple[str, ...], rng: np.random.Generator) -> str:
    return options[int(rng.integers(len(options)))]


def _cased(text: str, rng: np.random.Generator) -> str:
    chance = rng.random()
    if chance < 0.35:
        return text[:1].upper() + text[1:]
    return text.upper() if chance < 0.39 else text
