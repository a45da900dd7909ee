"""What stands in a cell and how it is to be transcribed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

# Kind of cell and its share of the training data.
KINDS: dict[str, float] = {
    "number": 0.528,
    "boxes": 0.15,
    "filled": 0.05,
    "dash": 0.04,
    "cross": 0.025,
    "blank": 0.05,
    "cut": 0.03,
    "struck": 0.04,
    "corrected": 0.02,
    "overwritten": 0.012,
    "scribble": 0.025,
    "word": 0.03,
}
WORDS = (
    "нет ноль один два три четыре пять шесть семь восемь девять десять двадцать тридцать сорок пятьдесят "
    "сто двести триста пятьсот тысяча семьсот прочерк подпись печать итого всего жок бир еки уш "
    "торт бес алты жети сегиз тогыз отыз кырык елу жуз мын Иванов Ахметов Омаров Серик Алия Асель "
    "председатель секретарь копия верна yes none zero four seven nine hundred Omarov Serik copy total"
).split()
LABELS = (
    "округі №", "учаскесі №", "округу №", "участка №", "№", "саны", "барлығы", "всего", "голосов", "бюллетеней",
    "дауыс", "сайлаушылар саны", "результатам", "за", "год", "Barlyǵy", "votes", "No", "Total",
)  # fmt: skip
OVERWRITTEN = "02345679"
"""Digits that are seen to be written over and do it to others: a 1 vanishes in most, and most vanish in an 8."""
_LENGTHS = [0.15, 0.23, 0.33, 0.22, 0.07]
COUNTED = 0.5
"""Share of numbers that are as counts are: spread over the orders of magnitude, so that three in ten begin with a 1.
The others have every digit equally often in every place."""


@dataclass(frozen=True)
class Content:
    """Kind of cell, the pieces to draw from left to right, and the transcript they make."""

    kind: str
    pieces: tuple[str, ...]
    text: str


def number(rng: np.random.Generator) -> str:
    """A number of 1 to 5 digits; now and then with zeros in front or with one digit repeated."""
    if rng.random() < COUNTED:
        return str(int(10 ** rng.uniform(0.0, 3.8)) - (1 if rng.random() < 0.05 else 0))
    length = 1 + int(rng.choice(5, p=_LENGTHS))
    digits = "".join(rng.choice(list("0123456789"), length))
    if length > 1 and digits[0] == "0" and rng.random() < 0.6:
        digits = str(rng.integers(1, 10)) + digits[1:]
    if length > 1 and rng.random() < 0.06:
        digits = digits[0] * 2 + digits[2:]
    return digits


def sample(rng: np.random.Generator) -> Content:
    """One cell's content; groups of fillers or crosses count as one character of the transcript."""
    kind = str(rng.choice(list(KINDS), p=np.array(list(KINDS.values())) / sum(KINDS.values())))
    if kind == "blank":
        return Content(kind, (), "")
    if kind == "dash":
        return Content(kind, ("-",), "-")
    if kind == "cross":
        return Content(kind, ("x",), "x")
    if kind in ("scribble", "word"):
        return Content(kind, (), "~")
    digits = number(rng)
    if kind == "cut" and len(digits) > 1:  # the crop's edge goes through the first or the last digit
        first = rng.random() < 0.6
        if digits[0 if first else -1] != "1":  # of which too little would be left to see
            return Content(kind, tuple(digits), "~" + digits[1:] if first else digits[:-1] + "~")
    if kind == "struck":
        return Content(kind, tuple(digits), "~")
    if kind == "corrected":
        return Content(kind, tuple(digits[:3]), "~")  # the layout adds the new number
    if kind == "overwritten":
        return overwritten(rng, digits)
    if kind == "filled":
        left, right = (("-", "-"), ("-", ""), ("", "-"))[int(rng.integers(3))]
        pieces = (*([left] if left else []), *digits, *([right] if right else []))
        return Content(kind, pieces, left + digits + right)
    if kind == "boxes":
        return boxes(rng, digits)
    return Content("number", tuple(digits), digits)


def overwritten(rng: np.random.Generator, digits: str) -> Content:
    """One digit written over another: nobody can say from the cell which one holds."""
    told = [at for at, digit in enumerate(digits) if digit in OVERWRITTEN]
    if not told:
        return Content("number", tuple(digits), digits)
    at = told[int(rng.integers(len(told)))]
    return Content("overwritten", tuple(digits), digits[:at] + "~" + digits[at + 1 :])


def boxes(rng: np.random.Generator, digits: str) -> Content:
    """One digit a box, right-aligned; unused leading boxes are empty, zero, crossed or dashed."""
    count = max(len(digits), int(rng.integers(3, 6)))
    if rng.random() < 0.05:  # nothing was written in this row but fillers
        mark = str(rng.choice([" ", "x", "-"]))
        return Content("boxes", (mark,) * count, mark.strip())
    spare = count - len(digits)
    filler = str(rng.choice([" ", "0", "x", "-"], p=[0.35, 0.35, 0.15, 0.15]))
    mark = "" if spare == 0 or filler == " " else filler * spare if filler == "0" else filler
    return Content("boxes", (*(filler * spare), *digits), mark + digits)
