"""Building blocks for the wordings of numbers: a wording is a head (thousands and hundreds) followed by a tail."""

from __future__ import annotations

from dataclasses import dataclass

Options = list[list[str]]
"""Wordings of 0, 1, 2, ...; what is not said has the empty one."""
Part = tuple[tuple[int, str], ...]
"""``(number, wording)``; numbers with several wordings come several times."""


@dataclass(frozen=True, slots=True)
class Wordings:
    """Of one language."""

    heads: Part
    """Thousands and hundreds, as multiples of 100; 0 has the empty wording."""
    tails: Part
    """1 to 99; 0 has the empty wording."""
    zeros: tuple[str, ...]
    joints: Part = ()
    """Heads that say that more follows ("one hundred and"): without a tail they are no number."""


def options(words: str) -> Options:
    """Numbers are parted by ``|``, the wordings of one by spaces."""
    return [part.split() or [""] for part in words.split("|")]


def counted(ones: Options, unit: str, one: tuple[str, ...]) -> Options:
    """How many of a unit: 0 is not said, 1 is said as ``one``, the rest with the wordings of ``ones``."""
    return [[""], list(one), *([f"{word} {unit}" for word in words] for words in ones[2:])]


def joined(high: Options, low: Options, unit: int) -> Part:
    """Every wording of ``unit`` times a place in ``high``, then one of a tenth of it times a place in ``low``."""
    return tuple(
        (unit * h + unit // 10 * n, f"{first} {second}")
        for h, firsts in enumerate(high)
        for n, seconds in enumerate(low)
        for first in firsts
        for second in seconds
    )
