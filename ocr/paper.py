"""Where the paper lies in a picture: grain of wood and joints of tiles beside it are no lines of a form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.boxes import Box
from ocr.rules import Rules
from ocr.segments import Floats, Pixels, Segments
from ocr.view import project

SIDE = 320
"""Long side in pixels of the reduced picture in which the paper is sought."""
LEAST = 0.2
"""Share of the picture that the largest bright area must cover to be the sheet."""

FEW = 0.2
"""Share of the lines' length on the paper from which on it is the sheet."""


@dataclass(frozen=True, slots=True)
class Paper:
    """The bright sheet of one picture."""

    area: Pixels
    """(H, W) uint8, 1 on paper and not at its edge."""
    zoom: float
    """Pixels of ``area`` per pixel of the picture."""

    def holds(self, points: Floats) -> NDArray[np.bool_]:
        """Which of (N, 2) points of the picture, in pixels, lie on the paper."""
        height, width = self.area.shape
        x = np.clip((points[:, 0] * self.zoom).astype(int), 0, width - 1)
        y = np.clip((points[:, 1] * self.zoom).astype(int), 0, height - 1)
        return np.asarray(self.area[y, x] > 0)


def find_paper(grey: Pixels) -> Paper | None:
    """The sheet in a picture, (H, W) uint8; ``None`` if nothing stands out against what it lies on."""
    zoom = SIDE / max(grey.shape)
    tiny = cv2.resize(grey, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_AREA)
    _, bright = cv2.threshold(cv2.medianBlur(tiny, 5), 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    bright = cv2.morphologyEx(bright, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(bright, connectivity=4)
    if count < 2:
        return None
    largest = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    if stats[largest, cv2.CC_STAT_AREA] < LEAST * tiny.size:
        return None
    area = cv2.erode((labels == largest).astype(np.uint8), np.ones((5, 5), np.uint8))
    return Paper(np.asarray(area, np.uint8), zoom)


def segments_on_paper(found: Segments, grey: Pixels) -> Segments:
    """Leave out lines beside the sheet (boards of a table, tiles), unless they are nearly all there is."""
    paper = find_paper(grey)
    if paper is None or not len(found.ends):
        return found
    ends = found.ends[paper.holds(found.ends[:, :2]) & paper.holds(found.ends[:, 2:])]
    cells = found.cells[paper.holds(found.cells.mean(axis=1))] if len(found.cells) else found.cells
    kept = Segments(ends, cells)
    return kept if kept.lengths.sum() > FEW * found.lengths.sum() else found


def rules_on_paper(found: Rules, grey: Pixels, to_photo: Floats) -> Rules:
    """Leave out cells and blanks beside the sheet; the same rules if there are none.

    Args:
        found: rules of the straightened sheet.
        grey: (H, W) uint8, the photo.
        to_photo: (3, 3) homography: sheet pixels -> photo pixels.
    """
    paper = find_paper(grey)
    if paper is None:
        return found

    def kept(boxes: Sequence[Box]) -> tuple[Box, ...]:
        middles = np.array([[(box.x0 + box.x1) / 2, box.middle] for box in boxes]).reshape(-1, 2)
        on = paper.holds(project(to_photo, middles))
        return tuple(box for box, is_on in zip(boxes, on, strict=True) if is_on)

    return Rules(kept(found.cells), kept(found.blanks))
