"""The one shape that every kind of file is brought into: rows of texts, each with its place in the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MAX_ROWS = 200_000
"""More rows than any commission publishes in one table; a bomb has more."""


@dataclass(frozen=True, slots=True)
class Grid:
    """One table of a file."""

    name: str
    """Where it is: a sheet's name, ``page 3``, ``table 2``; empty in a text table."""
    rows: tuple[tuple[int, list[str]], ...]
    """(1-based line or row in the file, texts of the cells). A cell may hold several lines."""
    notes: tuple[str, ...] = ()
    """What a person should know of how it was read."""

    @property
    def filled(self) -> int:
        """Cells that hold a text."""
        return sum(bool(cell.strip()) for _, cells in self.rows for cell in cells)


def looks_like_number(text: str) -> bool:
    """True for texts made of digits and what stands between them (separators, %, /): not for a word."""
    return any(c.isdigit() for c in text) and not any(c.isalpha() for c in text)


def digits_in(texts: Sequence[str]) -> int:
    """How many digits the texts hold: what must be the same before and after a table was taken apart."""
    return sum(c.isdigit() for text in texts for c in text)
