"""How one sheet is laid out: drawn anew for every seed, so that a reader cannot rely on a layout."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from samples.faces import PRINT

LAYOUTS = ("table", "boxes", "words", "lines")
WIDTH, HEIGHT = 1323, 1871
"""A4 at 160 dpi."""


@dataclass(frozen=True, slots=True)
class Style:
    """Geometry in pixels of the sheet."""

    layout: str
    """``table`` bordered cells, ``boxes`` one box per digit, ``words`` cells with digits and words,
    ``lines`` underscore blanks after the label."""
    languages: tuple[str, ...]
    """Languages of the labels in printed order."""
    words_language: str
    family: str
    size: int
    """Size of the labels' font."""
    margin: int
    number_width: int
    words_width: int
    row: int
    """Smallest height of a row."""
    rule: int
    """Thickness of lines; 0 only for ``lines``."""
    numbered: bool
    """True if rows carry a number in a column of their own."""
    align: str
    """Where the writer puts the number: ``left``, ``centre`` or ``right``."""
    joined: bool
    """True if both languages share a paragraph, divided by a slash."""
    leading_zeros: bool
    bold_rows: bool
    """True if the names of candidates are bold."""
    variant: int
    """Which printed variant of the labels, modulo how many there are."""

    @property
    def text_width(self) -> int:
        """Width between the margins."""
        return WIDTH - 2 * self.margin

    @property
    def number_left(self) -> int:
        """Left edge of the column of numbers."""
        return WIDTH - self.margin - self.words_width - self.number_width


def some_style(rng: np.random.Generator, layout: str | None = None) -> Style:
    """A style of the given seed; ``layout`` is one of :data:`LAYOUTS` or drawn."""
    kind = layout or str(rng.choice(LAYOUTS, p=[0.4, 0.15, 0.25, 0.2]))
    both = (("kk", "ru"), ("ru", "kk"), ("ru",), ("kk",))
    languages = both[int(rng.choice(4, p=[0.6, 0.18, 0.14, 0.08]))]
    return Style(
        layout=kind,
        languages=languages,
        words_language=str(rng.choice(languages)),
        family=str(rng.choice(PRINT)),
        size=int(rng.integers(20, 25)) - (2 if kind == "words" else 0),
        margin=int(rng.integers(62, 112)),
        number_width=int(rng.integers(166, 250)) if kind != "boxes" else 4 * int(rng.integers(46, 56)),
        words_width=int(rng.integers(330, 410)) if kind == "words" else 0,
        row=int(rng.integers(56, 80)),
        rule=int(rng.integers(1, 4)),
        numbered=bool(rng.random() < 0.75),
        align=str(rng.choice(["left", "centre", "right"], p=[0.25, 0.6, 0.15])),
        joined=bool(rng.random() < 0.3),
        leading_zeros=bool(rng.random() < 0.25),
        bold_rows=bool(rng.random() < 0.4),
        variant=int(rng.integers(0, 12)),
    )
