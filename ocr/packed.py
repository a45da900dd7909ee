"""Black and white pictures with eight pixels to a byte: what takes runs of pixels together costs an eighth.

The eight pixels lie side by side, so that a picture is shifted up or down by whole rows of bytes. Its filters look up
and down only; for those from left to right, the picture is turned (``cv2.transpose``).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ocr.segments import Pixels


@dataclass(frozen=True, slots=True)
class Packed:
    """A black and white picture. Its filters give what OpenCV's do with a kernel one pixel wide."""

    _bytes: Pixels
    """(H, ceil(W / 8)): a pixel is a bit."""
    _width: int

    @classmethod
    def of(cls, mask: Pixels) -> Packed:
        """A mask, (H, W) uint8: a pixel is set where it is not 0."""
        return cls(np.packbits(mask, axis=1), mask.shape[1])

    def mask(self) -> Pixels:
        """(H, W) uint8, 0 or 255."""
        return np.negative(np.unpackbits(self._bytes, axis=1, count=self._width))

    def opened(self, height: int) -> Packed:
        """Only what is part of a run of so many pixels from top to bottom; beyond the edges all is taken for set."""
        return self._eroded(height)._dilated(height)

    def closed(self, height: int) -> Packed:
        """Gaps from top to bottom filled, up to those of ``height - 1`` pixels."""
        return self._dilated(height)._eroded(height)

    def _eroded(self, height: int) -> Packed:
        rows = _padded(self._bytes, height, 255)
        for step in _steps(height):
            rows = rows[:-step] & rows[step:]
        return Packed(rows, self._width)

    def _dilated(self, height: int) -> Packed:
        rows = _padded(self._bytes, height, 0)
        for step in _steps(height):
            rows = rows[:-step] | rows[step:]
        return Packed(rows, self._width)


def opened_along(mask: Pixels, width: int) -> Pixels:
    """(H, W) uint8, 0 or 255: only what is part of a run of so many pixels from left to right."""
    return turned(Packed.of(turned(mask)).opened(width).mask())


def turned(mask: Pixels) -> Pixels:
    """Rows for columns."""
    return np.asarray(cv2.transpose(mask), np.uint8)


def _padded(rows: Pixels, height: int, fill: int) -> Pixels:
    out = np.full((len(rows) + height - 1, rows.shape[1]), fill, np.uint8)
    out[height // 2 : height // 2 + len(rows)] = rows
    return out


def _steps(height: int) -> list[int]:
    """Shifts after which every row holds itself and the next ``height - 1`` ones: twice as many after each."""
    steps, held = [], 1
    while held < height:
        steps.append(min(held, height - held))
        held += steps[-1]
    return steps
