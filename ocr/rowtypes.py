"""What a row is: a place for a number and where its label is printed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ocr.boxes import Box

NARROWER = 0.85
"""A number column is at most this wide, measured against the widest label column."""


class RowKind(StrEnum):
    """How the place for the number is printed."""

    CELL = "cell"
    BOXES = "boxes"
    BLANK = "blank"
    BAND = "band"  # no rules of its own: a line of writing in a cut-out number column


@dataclass(frozen=True, slots=True)
class Row:
    """One place for a number."""

    number: Box
    """Where the number is written; all digit boxes together."""
    labels: tuple[Box, ...]
    """Where its label may be printed, from left to right; may be empty."""
    kind: RowKind
    boxes: tuple[Box, ...] = ()
    """The single digit boxes, from left to right; empty unless ``kind`` is BOXES."""
    ruled: bool = False
    """True if its label stands in a closed cell of its own, parted from all other print."""
    adjoins: bool = False
    """True if nothing lies between the column of its number and a ruled column of labels, closed or not on its line."""
    cut_short: bool = False
    """True if a wall stands one box beyond its boxes: it may have more of them than were found."""
    beside: Box | None = None
    """The next place to the right in its table, where many forms want the number in words."""

    @property
    def bare(self) -> bool:
        """True if no rule parts its label from the print around it."""
        return bool(self.labels) and not self.ruled

    @property
    def is_wide(self) -> bool:
        """True if the number's cell is as wide as its label: the next block of the sheet rather than a column."""
        room = sum(area.width for area in self.labels)
        return self.kind is RowKind.CELL and self.number.width >= NARROWER * room

    @property
    def is_one_block(self) -> bool:
        """False where the label may belong to one block of the sheet and the number to the next."""
        return self.adjoins or not (self.bare and self.is_wide)
