"""Upright rectangles on a straightened sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Box:
    """Upright rectangle in sheet pixels; ``x0 < x1``, ``y0 < y1``."""

    y0: int
    x0: int
    y1: int
    x1: int

    @property
    def width(self) -> int:
        """Pixels."""
        return self.x1 - self.x0

    @property
    def height(self) -> int:
        """Pixels."""
        return self.y1 - self.y0

    @property
    def middle(self) -> float:
        """Vertical middle in pixels."""
        return (self.y0 + self.y1) / 2

    def overlap_y(self, other: Box) -> float:
        """Shared height as a share of the lower of the two boxes, 0..1."""
        return _overlap(self.y0, self.y1, other.y0, other.y1)

    def overlap_x(self, other: Box) -> float:
        """Shared width as a share of the narrower of the two boxes, 0..1."""
        return _overlap(self.x0, self.x1, other.x0, other.x1)

    def hull(self, other: Box) -> Box:
        """The smallest box around both."""
        return Box(
            min(self.y0, other.y0), min(self.x0, other.x0), max(self.y1, other.y1), max(self.x1, other.x1)
        )

    def as_xyxy(self) -> tuple[float, float, float, float]:
        """(x0, y0, x1, y1)."""
        return (float(self.x0), float(self.y0), float(self.x1), float(self.y1))


def _overlap(a0: int, a1: int, b0: int, b1: int) -> float:
    """Shared length as a share of the shorter stretch; spelled out, because a page asks tens of thousands of times."""
    shared = (a1 if a1 < b1 else b1) - (a0 if a0 > b0 else b0)  # noqa: FURB136 - calls cost more
    if shared <= 0:
        return 0.0
    first, second = a1 - a0, b1 - b0
    return shared / max(1, first if first < second else second)  # noqa: FURB136


def hull_of(boxes: Sequence[Box]) -> Box:
    """The smallest box around all of at least one."""
    return Box(
        min(box.y0 for box in boxes),
        min(box.x0 for box in boxes),
        max(box.y1 for box in boxes),
        max(box.x1 for box in boxes),
    )
