"""How alike a printed label and a known wording are, across Kazakh, Russian and Latin spellings.

Tesseract confuses look-alikes and people spell one name in four alphabets, so both sides are folded to
one plain alphabet before they are compared (rapidfuzz; Levenshtein similarity of the best matching part).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import fuzz

_FOLD = str.maketrans(
    {
        **dict(zip("әғқңөұүһіёйъьэ", "агкноууxиеи  е", strict=True)),
        "ь": "",
        "ъ": "",
        **dict(zip("aeopcyxkmhbti", "аеорсухкмнвти", strict=True)),
    }
)
_LATIN = str.maketrans({**dict(zip("çğıİöşüâîû", "cgiiosuaiu", strict=True))})
LONGER, SLACK = 4, 16
"""A label may be four times as long as its wording, and 16 letters more: short ones stand beside stray strokes."""
_NOT_WORD = re.compile(r"[^\w№#%]+|_+")


@lru_cache(maxsize=8192)
def fold(text: str, cyrillic: bool = True) -> str:
    """Lower case, look-alike letters joined, punctuation to single spaces."""
    lowered = text.lower().translate(_FOLD if cyrillic else _LATIN)
    return " ".join(_NOT_WORD.sub(" ", lowered).split())


def is_cyrillic(text: str) -> bool:
    """True if most letters are Cyrillic."""
    letters = [c for c in text.lower() if c.isalpha()]
    return sum("а" <= c <= "ӿ" for c in letters) * 2 > len(letters)


def similarity(label: str, variants: Iterable[str], cyrillic: bool) -> float:
    """How well the best of the known wordings stands in a printed label, 0..1.

    A wording must be found whole: a label that holds only part of it scores by the part.
    """
    seen = fold(label, cyrillic)
    if not seen:
        return 0.0
    return max((_contained(fold(variant, cyrillic), seen) for variant in variants), default=0.0)


def _contained(known: str, seen: str) -> float:
    if len(known) < 3:
        return 1.0 if known and known in seen.split() else 0.0
    if len(seen) < len(known):
        return fuzz.ratio(known, seen) / 100
    part = fuzz.partial_ratio(known, seen) / 100
    # Short wordings are found in almost anything by chance; they must cover more of the label.
    cover = min(1.0, len(known) / 14) + 0.3 * min(1.0, len(known) / len(seen))
    return part * min(1.0, 0.6 + 0.4 * min(1.0, cover))


def is_mostly(label: str, variants: Iterable[str], cyrillic: bool) -> bool:
    """True unless a label is far longer than every wording: print of other rows or columns got into it.

    Labels in two languages are twice as long as a wording, explanations in brackets lengthen them further.
    """
    longest = max((len(fold(variant, cyrillic)) for variant in variants), default=0)
    return len(fold(label, cyrillic)) <= LONGER * longest + SLACK
