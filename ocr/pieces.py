"""Connected pieces of a mask that is mostly empty: rules on a page of millions of pixels.

OpenCV visits every pixel of the page, paper included. Here only the runs of pixels that are set, from left to right,
are looked at: a rule is one or a few of them.
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
    """The pieces of one mask, counted from 0, from top to bottom by their first pixel."""

    mask: Pixels
    """(H, W): 0 or 255."""
    starts: Ints
    """(N,) flat places at which the runs of set pixels begin, ascending."""
    lengths: Ints
    """(N,) pixels of each run."""
    owners: Ints
    """(N,) the piece of each run."""
    count: int

    def boxes(self) -> tuple[Ints, Ints, Ints, Ints]:
        """Left, top, width and height of every piece in pixels, (count,) each."""
        rows, columns = np.divmod(self.starts, self.mask.shape[1])
        left, top = (np.full(self.count, max(self.mask.shape), np.intp) for _ in range(2))
        right, bottom = (np.zeros(self.count, np.intp) for _ in range(2))
        np.minimum.at(left, self.owners, columns)
        np.maximum.at(right, self.owners, columns + self.lengths)
        np.minimum.at(top, self.owners, rows)
        np.maximum.at(bottom, self.owners, rows + 1)
        return left, top, right - left, bottom - top

    def share_in(self, mask: Pixels) -> NDArray[np.float64]:
        """(count,) share of each piece's pixels that are set in another mask of the same size, 0 or 255."""
        starts, lengths = runs_of(np.asarray(cv2.subtract(self.mask, mask), np.uint8))
        around = self.owners[np.searchsorted(self.starts, starts, side="right") - 1]
        missing = np.bincount(around, lengths, self.count)
        whole = np.bincount(self.owners, self.lengths, self.count)
        return np.asarray(1.0 - missing / np.maximum(whole, 1))

    def only(self, keep: Bools) -> Pixels:
        """(H, W) uint8: 255 where the pieces to keep are."""
        out = self.mask.copy()
        out.ravel()[self._places(~keep[self.owners])] = 0
        return out

    def labels(self) -> NDArray[np.int32]:
        """(H, W): 0 where nothing is, else the number of the piece plus 1."""
        out = np.zeros(self.mask.shape, np.int32)
        everywhere = np.ones(len(self.owners), np.bool_)
        out.ravel()[self._places(everywhere)] = np.repeat(self.owners + 1, self.lengths)
        return out

    def _places(self, wanted: Bools) -> Ints:
        """Flat places of the pixels of some runs."""
        starts, lengths = self.starts[wanted], self.lengths[wanted]
        before = np.cumsum(lengths) - lengths
        return np.asarray(np.repeat(starts - before, lengths) + np.arange(lengths.sum()), np.intp)


def pieces_of(mask: Pixels) -> Pieces:
    """The pieces of a mask, (H, W) uint8, 0 or 255; pixels that touch at a corner belong together."""
    mask = np.ascontiguousarray(mask)
    starts, lengths = runs_of(mask)
    owners = _owners(*_touching(starts, lengths, mask.shape[1]), len(starts))
    return Pieces(mask, starts, lengths, owners, int(owners.max(initial=-1)) + 1)


def runs_of(mask: Pixels) -> tuple[Ints, Ints]:
    """Flat places at which runs of set pixels begin, ascending, and their lengths; none goes on in the next row."""
    height, width = mask.shape
    flat = np.zeros(height * (width + 1) + 1, np.uint8)  # a column of paper ends the runs of every row
    flat[1:].reshape(height, width + 1)[:, :-1] = mask
    edges = places_in(np.asarray(flat[1:] ^ flat[:-1], np.uint8))
    starts = edges[::2]
    return starts - starts // (width + 1), edges[1::2] - starts


def _touching(starts: Ints, lengths: Ints, width: int) -> tuple[Ints, Ints]:
    """Pairs of runs that touch: the upper and the lower one of each, (M,) each."""
    first = starts + starts // width  # with a column of paper between two rows
    stop = first + lengths
    low = np.searchsorted(stop, first + width + 1)
    counts = np.maximum(np.searchsorted(first, stop + width + 1, side="right") - low, 0)
    upper = np.repeat(np.arange(len(starts)), counts)
    lower = np.arange(counts.sum()) + np.repeat(low - (np.cumsum(counts) - counts), counts)
    return upper, lower


def _owners(upper: Ints, lower: Ints, count: int) -> Ints:
    """The piece of each of ``count`` runs: roots are hung below the first root they touch until no two touch."""
    root = np.arange(count)
    while True:
        one, other = root[upper], root[lower]
        apart = one != other
        if not apart.any():
            return np.asarray(np.unique(root, return_inverse=True)[1], np.intp)
        one, other, upper, lower = (ends[apart] for ends in (one, other, upper, lower))
        np.minimum.at(root, np.maximum(one, other), np.minimum(one, other))
        while ((above := root[root]) != root).any():
            root = above


def places_in(mask: Pixels) -> Ints:
    """Flat places of the pixels that are set, ascending; where few are, eight are passed over at a time."""
    flat = np.ravel(mask)
    whole = len(flat) // 8 * 8
    eights = np.flatnonzero(flat[:whole].view(np.uint64) != 0)
    places = np.flatnonzero(flat[:whole].reshape(-1, 8)[eights] != 0)
    return np.concatenate([eights[places // 8] * 8 + places % 8, np.flatnonzero(flat[whole:]) + whole])
