"""Counts against the multiples of a rounded percentage: counted numbers lie anywhere, multiplied ones on it."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from cli.lang import Lang
from cli.pictures.canvas import DARK, MIDDLE, Picture, decimals
from cli.pictures.words import say

_BINS = 21
"""Odd, so that one bin lies around the multiple itself."""
_FEWEST_STEP = 3
"""A step of fewer votes is hit by chance too often to mean anything (docs/rules.md)."""


@dataclass(frozen=True, slots=True)
class GridRow:
    """The counts of one region."""

    name: str
    base: int
    """What the percentage is of: valid votes."""
    counts: tuple[int, ...]
    """Votes of the categories that are tested: all but the largest."""


def grid_residuals(
    rows: Sequence[GridRow], place: str, lang: Lang, grid: Fraction = Fraction(1, 10_000)
) -> Picture | None:
    """A dot for every count: how far from the nearest multiple of ``grid`` × base, in steps of the grid.

    A filled dot is equal to the rounded multiple, to the vote. ``None`` without a testable count.
    """
    usable = [row for row in rows if grid * row.base >= _FEWEST_STEP]
    if not any(row.counts for row in usable):
        return None
    title = f"{say('grid', lang)}: {place}"
    return Picture(
        title, 7.2, 2.6 + 0.2 * len(usable), lambda figure: _paint(figure, usable, grid, title, lang)
    )


def offset(count: int, base: int, grid: Fraction) -> tuple[Fraction, bool]:
    """Distance to the nearest multiple in steps (−½ to ½), and whether the rounded multiple is the count."""
    step = grid * base
    k = (count / step + Fraction(1, 2)).__floor__()
    hit = any(count == (m * step + Fraction(1, 2)).__floor__() for m in (k - 1, k, k + 1))
    return count / step - k, hit


def _paint(figure: Any, rows: Sequence[GridRow], grid: Fraction, title: str, lang: Lang) -> None:
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=[max(len(rows), 4), 4])
    dots = [(i, *offset(count, row.base, grid)) for i, row in enumerate(rows) for count in row.counts]
    hits = [(float(x), i) for i, x, hit in dots if hit]
    others = [(float(x), i) for i, x, hit in dots if not hit]
    above.axvline(0, color=MIDDLE, linewidth=0.8)
    label = say("grid_hit", lang, n=len(hits), all=len(dots))
    for points, fill, text in ((others, "white", say("grid_other", lang)), (hits, DARK, label)):
        if points:
            xs, ys = zip(*points, strict=True)
            above.scatter(
                xs, ys, s=22, facecolors=fill, edgecolors=DARK, linewidths=0.7, label=text, zorder=3
            )
    above.set_yticks(range(len(rows)), [row.name for row in rows], fontsize=7.5)
    above.set_ylim(len(rows) - 0.4, -0.6)
    above.tick_params(axis="y", length=0)
    above.grid(axis="y", color="#eeeeee", linewidth=0.6)
    above.set_axisbelow(True)
    above.set_title(textwrap.fill(title, 82))
    edges = [-0.5 + i / _BINS for i in range(_BINS + 1)]
    below.hist([float(x) for _, x, _ in dots], bins=edges, color=MIDDLE, edgecolor=DARK, linewidth=0.4)
    expected = len(dots) / _BINS
    below.axhline(expected, color="black", linewidth=1, linestyle=(0, (4, 3)), label=say("grid_even", lang))
    below.set_ylabel(say("numbers", lang))
    below.set_xlim(-0.52, 0.52)
    percent = decimals(float(grid * 100), 2, lang)
    below.set_xlabel(textwrap.fill(say("grid_x", lang, q=f"{percent} %"), 90))
    ticks = [-0.5, -0.25, 0, 0.25, 0.5]
    below.set_xticks(ticks, [decimals(t, 2, lang) for t in ticks])
    figure.legend(loc="outside lower left", ncols=3, frameon=False, fontsize=8)
