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
_LATIN = str.maketrans(
    {
        **dict(zip("çğıİöşüâîû", "cgiiosuaiu", strict=True)),
        # The print reader takes "APM" for "арм" where only the shapes tell: three letters have no context.
        **dict(zip("аеорсухкмнвті", "aeopcyxkmhbti", strict=True)),
    }
)
LONGER, SLACK = 4, 16
"""A label may be four times as long as its wording, and 16 letters more: short ones stand beside stray strokes."""
PRESENT = 0.55
"""Likeness from which on a field's own wording counts as being there."""
FOREIGN = 0.80
"""Likeness from which on another field's wording counts as being there as well."""
COVERED = 0.5
"""Share of such a wording that lies in one of the field's own: near twins share most of their words."""
STRAY, FOREIGN_SHARE = 14, 0.6
"""Foreign letters before or after a label on bare paper: ordinal numbers and specks, or this share of the label."""
LONG = 20
HEADING = 0.80
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


@lru_cache(maxsize=32768)
def _contained(known: str, seen: str) -> float:
    if len(known) < 3:
        return 1.0 if known and _stands_alone(known, seen) else 0.0
    if len(seen) < len(known):
        return fuzz.ratio(known, seen) / 100
    part = fuzz.partial_ratio(known, seen) / 100
    # Short wordings are found in almost anything by chance; they must cover more of the label.
    cover = min(1.0, len(known) / 14) + 0.3 * min(1.0, len(known) / len(seen))
    return part * min(1.0, 0.6 + 0.4 * min(1.0, cover))


def _stands_alone(known: str, seen: str) -> bool:
    """True if a label is this word of one or two letters and hardly anything else but an ordinal number.

    Single letters are found in any misread line.
    """
    words = [word for word in seen.split() if not word.isdigit()]
    return known in words and sum(map(len, words)) <= 2 * len(known)


def is_mostly(label: str, variants: Iterable[str], cyrillic: bool) -> bool:
    """True unless a label is far longer than every wording: print of other rows or columns got into it.

    Labels in two languages are twice as long as a wording, explanations in brackets lengthen them further.
    """
    longest = max((len(fold(variant, cyrillic)) for variant in variants), default=0)
    return len(fold(label, cyrillic)) <= LONGER * longest + SLACK


def speaks_for_one(
    label: str, own: Iterable[str], others: Iterable[Iterable[str]], cyrillic: bool, *, bare: bool
) -> bool:
    """True if a label holds its own wordings and no other field's beside them.

    A rule that was not found, or lines that lean, leave the words of two rows in one label: no likeness can tell then
    which of the two the number belongs to. A wording that is found inside one of the field's own does not count.

    Args:
        own: the wordings of the field that the row was given to.
        others: those of every other field.
        bare: the label stands on bare paper, where nothing parts it from its neighbours: then no long foreign text
            may stand before or after it either, be it anybody's.
    """
    seen = fold(label, cyrillic)
    mine = [span for variant in own if (span := _span(fold(variant, cyrillic), seen, PRESENT)) is not None]
    if not mine:
        return False
    for variants in others:
        for variant in variants:
            other = _span(fold(variant, cyrillic), seen, FOREIGN)
            if other is not None and not any(_shared(other, span) >= COVERED for span in mine):
                return False
    if not bare:
        return True
    first, last = min(start for start, _ in mine), max(end for _, end in mine)
    room = max(STRAY, FOREIGN_SHARE * (last - first))
    return len(seen[:first]) <= room and len(seen[last:]) <= room


def is_heading(label: str, wordings: Iterable[str], cyrillic: bool) -> bool:
    """True if a label is one of these wordings, long enough to be no single word, in one language or two."""
    seen = fold(label, cyrillic)
    long = [known for wording in wordings if len(known := fold(wording, cyrillic)) >= LONG]
    return any(_contained(known, seen) >= HEADING and len(seen) <= 2.5 * len(known) for known in long)


@lru_cache(maxsize=32768)
def _span(known: str, seen: str, least: float) -> tuple[int, int] | None:
    """Where a wording stands in a label, if it is this like it."""
    if len(known) < 3:
        place = re.search(rf"\b{re.escape(known)}\b", seen) if known else None
        return place.span() if place else None
    if len(seen) < len(known):
        return (0, len(seen)) if fuzz.ratio(known, seen) >= 100 * least else None
    if _contained(known, seen) < least:
        return None
    found = fuzz.partial_ratio_alignment(known, seen)
    return (found.dest_start, found.dest_end) if found else None


def _shared(inner: tuple[int, int], outer: tuple[int, int]) -> float:
    """Share of the first stretch that lies in the second."""
    return (min(inner[1], outer[1]) - max(inner[0], outer[0])) / max(1, inner[1] - inner[0])
