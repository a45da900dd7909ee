"""Connected pieces of a mask that is mostly empty: rules on a page of millions of pixels.

OpenCV's statistics visit every pixel of the page, paper included, and take four times as long as finding the pieces.
Here only the pixels that are set are looked at.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.segments import Pixels

Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces of one mask, counted from 0."""

    labels: NDArray[np.int32]
    """(H, W): 0 where nothing is, else the number of the piece plus 1."""
    places: Ints
    """(N,) flat places of all pixels that are set, ascending."""
    owners: Ints
    """(N,) the piece of each."""
    count: int

    def boxes(self) -> tuple[Ints, Ints, Ints, Ints]:
        """Left, top, width and height of every piece in pixels, (count,) each."""
        rows, columns = np.divmod(self.places, self.labels.shape[1])
        left, top = (np.full(self.count, max(self.labels.shape), np.intp) for _ in range(2))
        right, bottom = (np.zeros(self.count, np.intp) for _ in range(2))
        np.minimum.at(left, self.owners, columns)
        np.maximum.at(right, self.owners, columns)
        np.minimum.at(top, self.owners, rows)
        np.maximum.at(bottom, self.owners, rows)
        return left, top, right - left + 1, bottom - top + 1

    def share_in(self, mask: Pixels) -> NDArray[np.float64]:
        """(count,) share of each piece's pixels that are set in another mask of the same size."""
        inside = self.owners[mask.ravel()[self.places] > 0]
        whole = np.bincount(self.owners, minlength=self.count)
        return np.bincount(inside, minlength=self.count) / np.maximum(whole, 1)

    def only(self, keep: Bools) -> Pixels:
        """(H, W) uint8: 255 where the pieces to keep are."""
        out = np.zeros(self.labels.shape, np.uint8)
        out.ravel()[self.places[keep[self.owners]]] = 255
        return out


def pieces_of(mask: Pixels) -> Pieces:
    """The pieces of a mask, (H, W) uint8; pixels that touch at a corner belong together."""
    count, found = cv2.connectedComponents(mask, connectivity=8)
    labels = np.asarray(found, np.int32)
    places = np.flatnonzero(mask != 0)
    return Pieces(labels, places, labels.ravel()[places].astype(np.intp) - 1, count - 1)
