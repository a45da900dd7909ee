"""Connected pieces of a mask that is mostly empty: rules on a page of millions of pixels.

OpenCV's statistics visit every pixel of the page, paper included, and take four times as long as finding the pieces.
Here only the runs of pixels that are set, from left to right, are looked at.
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

    mask: Pixels
    """(H, W): 0 or 255."""
    labels: NDArray[np.int32]
    """(H, W): 0 where nothing is, else the number of the piece plus 1."""
    starts: Ints
    """(N,) flat places at which the runs of set pixels begin, ascending."""
    lengths: Ints
    """(N,) pixels of each run."""
    owners: Ints
    """(N,) the piece of each run."""
    count: int

    def boxes(self) -> tuple[Ints, Ints, Ints, Ints]:
        """Left, top, width and height of every piece in pixels, (count,) each."""
        rows, columns = np.divmod(self.starts, self.labels.shape[1])
        left, top = (np.full(self.count, max(self.labels.shape), np.intp) for _ in range(2))
        right, bottom = (np.zeros(self.count, np.intp) for _ in range(2))
        np.minimum.at(left, self.owners, columns)
        np.maximum.at(right, self.owners, columns + self.lengths)
        np.minimum.at(top, self.owners, rows)
        np.maximum.at(bottom, self.owners, rows + 1)
        return left, top, right - left, bottom - top

    def share_in(self, mask: Pixels) -> NDArray[np.float64]:
        """(count,) share of each piece's pixels that are set in another mask of the same size, 0 or 255."""
        outside = self.labels.ravel()[places_in(np.asarray(cv2.subtract(self.mask, mask), np.uint8))] - 1
        missing = np.bincount(outside, minlength=self.count)
        whole = np.bincount(self.owners, self.lengths, self.count)
        return np.asarray(1.0 - missing / np.maximum(whole, 1))

    def only(self, keep: Bools) -> Pixels:
        """(H, W) uint8: 255 where the pieces to keep are."""
        out = self.mask.copy()
        gone = ~keep[self.owners]
        starts, lengths = self.starts[gone], self.lengths[gone]
        before = np.cumsum(lengths) - lengths
        out.ravel()[np.repeat(starts - before, lengths) + np.arange(lengths.sum())] = 0
        return out


def pieces_of(mask: Pixels) -> Pieces:
    """The pieces of a mask, (H, W) uint8, 0 or 255; pixels that touch at a corner belong together."""
    mask = np.ascontiguousarray(mask)
    height, width = mask.shape
    beside = np.zeros((height, width + 1), np.uint8)  # a column of paper ends the runs of every row
    beside[:, :-1] = mask
    flat = beside.ravel()
    edges = places_in(np.concatenate((flat[:1], flat[1:] ^ flat[:-1])))
    starts = edges[::2] - edges[::2] // (width + 1)
    count, found = cv2.connectedComponents(mask, connectivity=8)
    labels = np.asarray(found, np.int32)
    owners = labels.ravel()[starts].astype(np.intp) - 1
    return Pieces(mask, labels, starts, edges[1::2] - edges[::2], owners, count - 1)


def places_in(mask: Pixels) -> Ints:
    """Flat places of the pixels that are set, ascending; where few are, eight are passed over at a time."""
    flat = np.ravel(mask)
    whole = len(flat) // 8 * 8
    eights = np.flatnonzero(flat[:whole].view(np.uint64) != 0)
    which, at = np.nonzero(flat[:whole].reshape(-1, 8)[eights] != 0)
    return np.concatenate([eights[which] * 8 + at, np.flatnonzero(flat[whole:]) + whole])
