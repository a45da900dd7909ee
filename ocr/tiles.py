"""Pictures of printed labels: what of a row's label area is print, evened and cut to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from ocr.boxes import Box
from ocr.lines import even
from ocr.quantiles import quantile
from ocr.rowtypes import Row
from ocr.segments import Pixels

SPECKLED = 0.35
"""A label area with more dark pixels than this is texture, not print (print covers 5-20 %)."""
STROKES = 0.02
"""Share of a label area that its darkest strokes cover at least."""
PRINT, BARE = 60, 238
"""Grey level of good print on paper of 255, and the level above which strokes are grain of the paper."""


@dataclass(frozen=True, slots=True)
class LabelText:
    """What is printed beside one place for a number."""

    text: str
    """Lines joined by spaces; empty if nothing was read."""
    confidence: float
    """Mean over what was read, 0..1, as its reader gives it."""


def cut_tiles(grey: Pixels, rows: Iterable[Row], *, faint: bool = False) -> dict[Box, Pixels]:
    """The print of every label area, once each: rows of one block may share theirs. Areas without print are left out.

    Args:
        grey: (H, W) uint8, the straightened sheet.
        rows: rows with their label areas.
        faint: the print is blurred, in shadow or grey: each area is stretched to the darkness of good print.
    """
    areas = dict.fromkeys(area for row in rows for area in row.labels)
    return {area: tile for area in areas if (tile := _tile(grey, area, faint)) is not None}


def joined(texts: Mapping[Box, LabelText], row: Row) -> LabelText:
    """The texts of a row's areas from left to right."""
    parts = [part for area in row.labels if (part := texts.get(area)) is not None and part.text]
    if not parts:
        return LabelText("", 0.0)
    return LabelText(
        " ".join(part.text for part in parts), sum(part.confidence for part in parts) / len(parts)
    )


def _tile(grey: Pixels, area: Box, faint: bool) -> Pixels | None:
    if area.width < 10 or area.height < 8:
        return None
    tile = even(grey[area.y0 : area.y1, area.x0 : area.x1])
    return _trim(_stretched(tile) if faint else tile)


def _stretched(tile: Pixels) -> Pixels:
    """The tile with its own darkest strokes as dark as good print; bare paper stays as it is."""
    darkest = quantile(tile, STROKES)
    if darkest > BARE or darkest <= PRINT:
        return tile
    gain = (255 - PRINT) / (255 - darkest)
    return np.asarray(255 - np.minimum((255 - tile) * np.float32(gain), 255), dtype=np.uint8)


def _trim(tile: Pixels) -> Pixels | None:
    """Cut the white paper around the print; ``None`` if there is no print."""
    dark = tile < 150
    columns, lines = np.flatnonzero(dark.sum(axis=0) > 0), np.flatnonzero(dark.sum(axis=1) > 1)
    if len(columns) < 12 or len(lines) < 6 or float(dark.mean()) > SPECKLED:
        return None
    y0, y1 = max(0, lines[0] - 4), lines[-1] + 5
    x0, x1 = max(0, columns[0] - 4), columns[-1] + 5
    return np.ascontiguousarray(tile[y0:y1, x0:x1])
