"""What a row is: a place for a number and where its label is printed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ocr.boxes import Box


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

    @property
    def bare(self) -> bool:
        """True if its label stands on paper, with no rules to part it from the labels above and below."""
        return self.kind is RowKind.BLANK
