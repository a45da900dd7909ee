"""One key for the spellings of one name: Kazakh Cyrillic, Russian and the Latin alphabets in use.

Қостанай, Костанай, Qostanai, Kostanay and Qostanaı all give ``kostanai``. Letters that the alphabets render
differently fall together (ә а, ғ г, қ к q, ң н, ө о, ұ ү у, һ х, і ы и й y); signs that carry no sound are
dropped. The key is for comparing only: it is never shown.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_CYRILLIC = {
    **dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", (
        "a", "b", "v", "g", "d", "e", "e", "j", "z", "i", "i", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u",
        "f", "h", "ts", "ch", "sh", "sh", "", "i", "", "e", "iu", "ia",
    ), strict=True)),
    **dict(zip("әғқңөұүһі", ("a", "g", "k", "n", "o", "u", "u", "h", "i"), strict=True)),
}  # fmt: skip
_LATIN = {"y": "i", "q": "k", "w": "u", "x": "ks", "ı": "i"}
_PAIRS = (("dzh", "j"), ("zh", "j"), ("kh", "h"), ("gh", "g"), ("ğ", "g"))
_LETTERS = str.maketrans({**_CYRILLIC, **_LATIN})

KINDS = {
    "obl": "region",
    "oblast": "region",
    "oblasti": "region",
    "oblisi": "region",
    "region": "region",
    "g": "city",
    "gorod": "city",
    "kalasi": "city",
    "kala": "city",
    "city": "city",
    "siti": "city",
}
"""Words (as keys) that say what kind of place it is: Алматы is two places."""


@lru_cache(maxsize=8192)
def key(text: str) -> str:
    """Lower-case ASCII words and digits, single spaces; empty if the text has no letter or digit."""
    plain = unicodedata.normalize("NFC", text).casefold()
    for pair, letter in _PAIRS:
        plain = plain.replace(pair, letter)
    plain = plain.replace("дж", "ж").translate(_LETTERS)
    plain = unicodedata.normalize("NFKD", plain)
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = re.findall(r"[a-z]+|[0-9]+", plain)
    return " ".join(_sound(word) for word in words)


def _sound(word: str) -> str:
    """Doubled letters and the glide before e (yev, ev) fall together."""
    return re.sub(r"(.)\1+", r"\1", word).replace("ie", "e") if word.isalpha() else word


def split_kind(plain: str) -> tuple[str, str]:
    """A key without the word for its kind, and the kind (``region``, ``city`` or empty)."""
    words = plain.split()
    kinds = {KINDS[word] for word in words if word in KINDS}
    rest = " ".join(word for word in words if word not in KINDS)
    # Russian adjectives: Костанайская область is Костанай.
    rest = re.sub(r"(?<=[a-z]{4})(?:in|n|i)?skaia\b", "", rest)
    return rest, kinds.pop() if len(kinds) == 1 else ""
