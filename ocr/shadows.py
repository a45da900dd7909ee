"""The shadows that ink throws on the left edge of a picture: where lines of text lie, and how they lean."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.segments import Pixels


class Shadows:
    """The shadows of one picture in different directions.

    Sums along the rows up to every column are taken once. A sheared row is a few stretches of rows beside it, so that
    a shadow is a few hundred differences of these sums, and no picture is sheared.
    """

    def __init__(self, ink: Pixels) -> None:
        """``ink`` is (H, W) uint8, 0 where none is."""
        self._height, self._width = ink.shape
        self._sums = np.ascontiguousarray(np.diff(cv2.integral(cv2.transpose(ink)), axis=1))

    def along(self, slope: float) -> NDArray[np.float64]:
        """(H,) sum of every row once the ink is sheared level that falls by ``slope`` pixels per pixel to the right.

        The middle column stays where it is; what is sheared out of the picture is lost.
        """
        lower = np.rint(slope * (np.arange(self._width) - self._width / 2)).astype(np.int32)
        starts = np.flatnonzero(np.diff(lower, prepend=lower[:1] - 1))
        ends = np.append(starts[1:], self._width)
        shadow = np.zeros(self._height, np.int32)
        for down, stretch in zip(lower[starts].tolist(), self._sums[ends] - self._sums[starts], strict=True):
            if abs(down) >= self._height:
                continue
            if down >= 0:
                shadow[: self._height - down] += stretch[down:]
            else:
                shadow[-down:] += stretch[:down]
        return shadow.astype(np.float64)
