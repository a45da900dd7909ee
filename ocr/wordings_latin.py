"""English, Indonesian and Turkish numbers in words: the languages of forms that were photographed elsewhere.

Usual mistakes of spelling are wordings too, and so is what is often written or printed behind the number. Accents are
left out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping

from ocr.numerals import Options, Part, Wordings, counted, joined, options

_EN_ONES = "|one|two|three|four|five|six|seven|eight eigth|nine"
_EN_TEENS = (
    "ten|eleven|twelve twelf|thirteen|fourteen forteen|fifteen|sixteen|seventeen|eighteen|nineteen ninteen"
)
_EN_TENS = "||twenty|thirty|forty fourty|fifty|sixty|seventy|eighty eigthy|ninety ninty"
_ID_ONES = "|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan"
_TR_ONES = "|bir|iki|üç|dört|beş|altı|yedi|sekiz|dokuz"
_TR_TENS = "|on|yirmi|otuz|kırk|elli|altmış|yetmiş|seksen|doksan"
_HINT = "ditulis dengan huruf"
"""Printed at the end of the place for the words on Indonesian forms: to be written in letters."""


def unaccented(text: str) -> str:
    """Latin in lower case, without accents, single spaces."""
    plain = unicodedata.normalize("NFD", text.lower().replace("ı", "i"))
    return " ".join("".join(char for char in plain if not unicodedata.combining(char)).split())


def _english() -> Wordings:
    ones, tens = options(_EN_ONES), options(_EN_TENS)
    thousands, hundreds = (
        counted(ones, unit, (f"one {unit}", f"a {unit}", unit)) for unit in ("thousand", "hundred")
    )
    heads = joined(thousands, hundreds, 1000)
    tails = tuple(pair for pair in joined(tens, ones, 10) if not 10 <= pair[0] < 20)
    teens = tuple((10 + n, text) for n, texts in enumerate(options(_EN_TEENS)) for text in texts)
    joints = tuple((n, f"{text} {joint}") for n, text in heads if n for joint in ("and", "&"))
    zeros = tuple((0, text) for text in ("zero", "nil", "nill", "none"))
    return Wordings(
        _behind(heads, "only", "votes"),
        _behind((*tails, *teens), "only", "votes"),
        tuple(text for _, text in _behind(zeros, "only", "votes")),
        joints,
    )


def _indonesian() -> Wordings:
    ones = options(_ID_ONES)
    thousands, hundreds, tens = (
        counted(ones, unit, (f"se{unit}", f"satu {unit}")) for unit in ("ribu", "ratus", "puluh")
    )
    tails = tuple(pair for pair in joined(tens, ones, 10) if not 10 < pair[0] < 20)
    zeros = ("nol", "nihil", "kosong")
    return Wordings(
        _behind(joined(thousands, hundreds, 1000), _HINT),
        _behind((*tails, *_teens(ones)), _HINT),
        (*zeros, *(f"{text} {_HINT}" for text in zeros)),
    )


def _turkish() -> Wordings:
    ones = options(_TR_ONES)
    thousands, hundreds = (counted(ones, unit, (unit,)) for unit in ("bin", "yüz"))
    return Wordings(joined(thousands, hundreds, 1000), joined(options(_TR_TENS), ones, 10), ("sıfır",))


def _teens(ones: Options) -> Part:
    above = tuple((10 + n, f"{text} belas") for n, texts in enumerate(ones) if n > 1 for text in texts)
    return ((11, "sebelas"), *above)


def _behind(part: Part, *words: str) -> Part:
    """The same, and with one of some words behind every wording."""
    return (*part, *((n, f"{text} {word}") for n, text in part if text.strip() for word in words))


LATIN: Mapping[str, Callable[[], Wordings]] = {"en": _english, "id": _indonesian, "tr": _turkish}
"""Language -> its wordings, not folded yet."""
