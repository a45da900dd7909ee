"""Hands for words: open families with Cyrillic letters, upright, joined and italic, fetched with npm.

The families that the samples are written in (Caveat, Marck Script, Neucha, Bad Script) are not among them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fontTools.ttLib import TTFont

from ocr.train.printed.fonts import fetch_families

HANDS = (
    "amatic-sc balsamiq-sans comic-relief gabriela great-vibes hachi-maru-pop kiwi-maru kurale lobster pattaya "
    "playpen-sans yomogi zen-kurenaido philosopher"
).split()
"""Trained on as they are; those with an italic also in it."""
ITALICS = (
    "cormorant-infant eb-garamond lora alegreya playfair-display vollkorn literata spectral source-serif-4 "
    "balsamiq-sans philosopher alegreya-sans"
).split()
"""Their italics have the letters of Russian cursive: drawn with one pen they are a hand of its own."""
CALIBRATED = ("pangolin", "pacifico")
"""Only the confidence is fitted on them."""
MEASURED = ("comforter", "shantell-sans")
"""Only ever measured on."""
LATIN_CALIBRATED = (
    "homemade-apple", "zeyada", "la-belle-aurore", "dawning-of-a-new-day", "architects-daughter", "gloria-hallelujah",
    "just-another-hand", "playwrite-us-trad", "crafty-girls", "annie-use-your-telescope", "loved-by-the-king",
    "waiting-for-the-sunrise",
)  # fmt: skip
"""Latin letters: only the confidence is fitted on them."""
LATIN_MEASURED = (
    "reenie-beanie", "cedarville-cursive", "covered-by-your-grace", "coming-soon", "over-the-rainbow",
    "sue-ellen-francisco", "mr-dafoe", "kristi", "rouge-script", "give-you-glory",
)  # fmt: skip
"""Latin letters: only ever measured on."""
SUBSETS = ("latin", "cyrillic", "cyrillic-ext")


@dataclass(frozen=True)
class Hand:
    """One family in one style: files by alphabet, asked in order."""

    name: str
    files: tuple[tuple[frozenset[int], Path], ...]
    italic: bool

    def file_of(self, char: str) -> Path | None:
        """The file that has the character."""
        return next((path for codes, path in self.files if ord(char) in codes), None)


def fetch(cache: Path) -> None:
    """Fetch the families that ``cache`` lacks. Needs npm."""
    every = (*HANDS, *ITALICS, *CALIBRATED, *MEASURED, *LATIN_CALIBRATED, *LATIN_MEASURED)
    fetch_families(cache / "word-hands", tuple(dict.fromkeys(every)))


def hands(
    cache: Path,
    families: Sequence[str],
    styles: Sequence[str] = ("normal", "italic"),
    letter: str = "ж",
) -> list[Hand]:
    """Every style of the families that has a letter, of the Russian ones unless told otherwise."""
    root = cache / "word-hands/node_modules/@fontsource"
    found = []
    for family in families:
        for style in styles:
            names = [f"{family}-{subset}-400-{style}.woff" for subset in SUBSETS]
            paths = [root / family / "files" / name for name in names]
            files = tuple((_codes(path), path) for path in paths if path.exists())
            hand = Hand(f"{family} {style}", files, style == "italic")
            if hand.file_of(letter):
                found.append(hand)
    return found


def training_hands(cache: Path) -> list[Hand]:
    """All that are trained on."""
    return hands(cache, HANDS, ("normal",)) + hands(cache, ITALICS, ("italic",))


def _codes(path: Path) -> frozenset[int]:
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())
