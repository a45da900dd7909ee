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
        shared = min(self.y1, other.y1) - max(self.y0, other.y0)
        return max(0.0, shared / max(1, min(self.height, other.height)))

    def overlap_x(self, other: Box) -> float:
        """Shared width as a share of the narrower of the two boxes, 0..1."""
        shared = min(self.x1, other.x1) - max(self.x0, other.x0)
        return max(0.0, shared / max(1, min(self.width, other.width)))

    def hull(self, other: Box) -> Box:
        """The smallest box around both."""
        return Box(
            min(self.y0, other.y0), min(self.x0, other.x0), max(self.y1, other.y1), max(self.x1, other.x1)
        )

    def as_xyxy(self) -> tuple[float, float, float, float]:
        """(x0, y0, x1, y1)."""
        return (float(self.x0), float(self.y0), float(self.x1), float(self.y1))


def hull_of(boxes: Sequence[Box]) -> Box:
    """The smallest box around all of at least one."""
    hull = boxes[0]
    for box in boxes[1:]:
        hull = hull.hull(box)
    return hull
