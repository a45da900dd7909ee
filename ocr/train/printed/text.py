"""What stands in the training lines: words of our forms in any order, invented words, numbers.

A reader that had only ever seen the labels themselves would read them where they do not stand. So most lines
are words out of order or words that do not exist, made letter by letter from how letters follow each other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache

import numpy as np

from ocr.printed import ALPHABET
from tally.election import shipped_elections
from tally.form import shipped_forms

KAZAKH = "әғқңөұүһі"
CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюяё" + KAZAKH


def clean(text: str) -> str:
    """What a line says in the reader's alphabet: lower case, single spaces."""
    lowered = text.lower().replace("–", "-").replace("—", "-").replace("“", '"').replace("”", '"')
    kept = "".join(char if char in ALPHABET else " " if char.isspace() else "" for char in lowered)
    return " ".join(kept.split())


@lru_cache(maxsize=1)
def labels() -> tuple[str, ...]:
    """Every wording of every shipped form, and every name of every shipped election."""
    texts: list[str] = []
    for form in shipped_forms():
        for field in (*form.header, *form.fields):
            wordings = [field.labels, *(row.labels for row in field.rows)]
            texts += [
                text for by_language in wordings for variants in by_language.values() for text in variants
            ]
        texts += [*form.title.values(), *form.keywords]
    for election in shipped_elections():
        named = [region.names for region in election.regions]
        named += [person.names for contest in election.contests for person in contest.candidates]
        texts += [text for names in named for variants in names.values() for text in variants]
    return tuple(dict.fromkeys(text for text in texts if clean(text)))


class Texts:
    """Draws the text of a line; the same random state gives the same text."""

    def __init__(self) -> None:
        words = [word for label in labels() for word in label.split()]
        self.words = sorted({word for word in words if clean(word)})
        self.cyrillic = [word for word in self.words if any(c in CYRILLIC for c in word.lower())]
        self.follow = _chain(self.cyrillic)
        self.latin = [word for word in self.words if word.isascii() and word.isalpha()]
        self.follow_latin = _chain(self.latin)

    def draw(self, rng: np.random.Generator) -> str:
        """One line as it is printed, in mixed case."""
        kind = rng.random()
        if kind < 0.22:
            text = self._part_of_label(rng)
        elif kind < 0.55:
            text = " ".join(self._pick(self.cyrillic, rng) for _ in range(int(rng.integers(1, 8))))
        elif kind < 0.82:
            text = " ".join(self._invented(self.follow, rng) for _ in range(int(rng.integers(1, 7))))
        elif kind < 0.93:
            text = " ".join(self._latin(rng) for _ in range(int(rng.integers(1, 7))))
        else:
            text = self._header(rng)
        return self._cased(self._punctuated(text, rng), rng)

    def _pick(self, words: list[str], rng: np.random.Generator) -> str:
        return words[int(rng.integers(len(words)))]

    def _part_of_label(self, rng: np.random.Generator) -> str:
        words = self._pick(list(labels()), rng).split()
        start = int(rng.integers(len(words))) if rng.random() < 0.5 else 0
        return " ".join(words[start : start + int(rng.integers(1, 10))])

    def _latin(self, rng: np.random.Generator) -> str:
        if rng.random() < 0.5:
            return self._invented(self.follow_latin, rng)
        return self._pick([w for w in self.words if not any(c in CYRILLIC for c in w.lower())], rng)

    def _invented(self, follow: dict[str, tuple[list[str], np.ndarray]], rng: np.random.Generator) -> str:
        out, last = "", "^"
        while len(out) < 16:
            letters, odds = follow[last]
            last = letters[int(rng.choice(len(letters), p=odds))]
            if last == "$":
                break
            if follow is self.follow and rng.random() < 0.06:
                last = CYRILLIC[int(rng.integers(len(CYRILLIC)))]
                last = last if last in follow else "а"
            out += last
        return out or "сан"

    def _header(self, rng: np.random.Generator) -> str:
        number = str(int(rng.integers(1, 10000)))
        frame = self._pick(
            [
                "№ {}",
                "участок № {}",
                "{}. {}",
                "{}) {}",
                "{} / {}",
                "№{} {}",
                "{}.{}.2023",
                "{}%",
                "{} {}",
                "{}: {}",
            ],
            rng,
        )
        return frame.format(*(self._pick([number, self._pick(self.cyrillic, rng)], rng) for _ in range(2)))

    def _punctuated(self, text: str, rng: np.random.Generator) -> str:
        words = text.split()
        for at in range(len(words)):
            chance = rng.random()
            if chance < 0.05:
                words[at] += ","
            elif chance < 0.08:
                words[at] = f"({words[at]})"
            elif chance < 0.10:
                words[at] = f"«{words[at]}»"
            elif chance < 0.12:
                words[at] += " /"
            elif chance < 0.13:
                words[at] += " -"
        text = " ".join(words)
        chance = rng.random()
        if chance < 0.15:
            text = f"{rng.integers(1, 25)}{self._pick(['.', ')', ''], rng)} {text}"
        if chance > 0.93:
            text += self._pick([":", ".", ";", " №", " ___"], rng)
        return text

    def _cased(self, text: str, rng: np.random.Generator) -> str:
        kind = rng.random()
        if kind < 0.16:
            return text.upper()
        if kind < 0.22:
            return text.title()
        if kind < 0.35:
            return text.lower()
        return text[:1].upper() + text[1:]


def _chain(words: Iterable[str]) -> dict[str, tuple[list[str], np.ndarray]]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for word in words:
        letters = "".join(c for c in word.lower() if c.isalpha())
        for a, b in zip("^" + letters, letters + "$", strict=True):
            counts[a][b] += 1
    out = {}
    for letter, following in counts.items():
        odds = np.array(list(following.values()), float)
        out[letter] = (list(following), odds / odds.sum())
    for letter in CYRILLIC:
        out.setdefault(letter, (["$"], np.array([1.0])))
    return out
