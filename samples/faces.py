"""Fonts that are committed beside this file: print with all Kazakh letters, and handwriting."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

FONTS = Path(__file__).parent / "fonts"

PRINT = ("print-1", "print-2", "print-3")
"""Families of printed text; each has a ``-bold`` face."""

HANDS = ("hand-1", "hand-2", "hand-3", "hand-4", "hand-5", "hand-6", "hand-7", "hand-8", "hand-9")
"""Handwriting with digits that a person reads without doubt. Held out from the recogniser's training."""

WORD_HANDS = ("hand-1", "script-1")
"""Handwriting with every Kazakh letter."""

RUSSIAN_HANDS = ("hand-2", "hand-3")
"""Handwriting with Russian letters only."""


@lru_cache(maxsize=256)
def face(name: str, size: int) -> ImageFont.FreeTypeFont:
    """The committed font ``name`` at ``size`` pixels."""
    return ImageFont.truetype(str(FONTS / f"{name}.ttf"), size, layout_engine=ImageFont.Layout.BASIC)


def printed(family: str, size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    """A face for printed text."""
    return face(f"{family}-bold" if bold else family, size)


def wrap(text: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """``text`` in lines of at most ``width`` pixels, broken at spaces."""
    lines: list[str] = []
    gap, used = font.getlength(" "), 0.0
    for word in text.split():
        need = font.getlength(word)
        if lines and used + gap + need <= width:
            lines[-1] += f" {word}"
            used += gap + need
        else:
            lines.append(word)
            used = need
    return lines
