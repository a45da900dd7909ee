"""What people write under a photo: precinct and district as a hint for a person, never as the truth."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from typing import Final

LONGEST = 500
"""Characters of a caption that are kept; a caption with a precinct has some twenty."""

_LABELS: Final = {
    "precinct": "участок|участка|участке|участку|уч|уик|учаске|учаскесі|учаскеде|учаскелік сайлау комиссиясы|"
    "уск|ұск|uchastok|uchaske|precinct|polling station|ps",
    "district": "округ|округа|округе|округі|okrug|district",
}
_LABEL: Final = re.compile(
    r"(?<!\w)(?:" + "|".join(f"(?P<{kind}>{words})" for kind, words in _LABELS.items()) + r")(?![^\W\d_])"
)
# A number with a dash, slash, dot or colon and another number is a range, a date or a time: not a precinct.
_NUMBER: Final = re.compile(r"(?<!\d)(?<!\d[-–/.:])\d{1,5}(?!\w|/|[-–.:]\d)")
_BETWEEN: Final = re.compile(r"[\s.,:№#–—-]*(?:(?:номер|нөмірі|нөмір|номері|no|n)\b[\s.:№#-]*)?")
_ENDING: Final = re.compile(r"(?:\s*[-–]?\s*(?:й|ый|го|ші|шы|інші|ыншы))?[\s№]*")
_PHONE: Final = re.compile(r"(?<!\d)(?:\+\d{1,3}|[78])(?:[\s()\-–.]{0,3}\d){9,11}(?!\d)")
_ADDRESS: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<!\w)[@\u2068]\S+")


@dataclass(frozen=True, slots=True)
class Hint:
    """What a caption says. ``None`` where it says nothing, or more than one thing."""

    precinct: int | None = None
    district: int | None = None

    def to_dict(self) -> dict[str, int]:
        """Only what is known."""
        pairs = (("precinct", self.precinct), ("district", self.district))
        return {key: value for key, value in pairs if value is not None}


def hint_of(caption: str) -> Hint:
    """Precinct and district that a caption names, before or after the word, in Russian, Kazakh or English.

    Every word must have a number of its own right beside it, in exactly one way; otherwise the hint is empty.
    """
    text = _PHONE.sub(" ", caption[: 4 * LONGEST].lower().replace("\u00a0", " "))
    labels = [(m.lastgroup or "", m.start(), m.end()) for m in _LABEL.finditer(text)]
    numbers = [(int(m.group()), m.start(), m.end()) for m in _NUMBER.finditer(text)]
    beside = [[i for i, number in enumerate(numbers) if _adjacent(text, label, number)] for label in labels]
    ways = [way for way in product(*beside) if len(set(way)) == len(way)] if len(labels) <= 4 else []
    if not labels or len(ways) != 1:
        return Hint()
    said: dict[str, set[int]] = {"precinct": set(), "district": set()}
    for (kind, _, _), index in zip(labels, ways[0], strict=True):
        said[kind].add(numbers[index][0])
    if len(said["precinct"]) > 1 or len(said["district"]) > 1:
        return Hint()
    return Hint(*(next(iter(said[kind]), None) for kind in ("precinct", "district")))


def _adjacent(text: str, label: tuple[str, int, int], number: tuple[int, int, int]) -> bool:
    _, begin, end = label
    _, first, last = number
    if first >= end:
        return _BETWEEN.fullmatch(text[end:first]) is not None
    return _ENDING.fullmatch(text[last:begin]) is not None


def without_contacts(text: str, names: Iterable[str] = ()) -> str:
    """The caption without phone numbers, addresses, mentions and the given names, cut to :data:`LONGEST`."""
    text = text[: 4 * LONGEST]
    for name in sorted(names, key=len, reverse=True):
        if len(name) >= 3:
            text = re.sub(re.escape(name), "[…]", text, flags=re.IGNORECASE)
    return _PHONE.sub("[…]", _ADDRESS.sub("[…]", text))[:LONGEST]
