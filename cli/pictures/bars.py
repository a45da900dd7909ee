"""Per candidate: what the protocols in hand hold, what is left for the others, and what was published."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cli.lang import Lang
from cli.pictures.canvas import DARK, LIGHT, Picture, number, thousands_axis
from cli.pictures.words import say


@dataclass(frozen=True, slots=True)
class Bar:
    """One candidate (or count) in votes."""

    name: str
    low: int
    """Fewest votes that the protocols in hand allow."""
    high: int
    """Most votes, if cells are not read."""
    official: int | None
    """``None`` if nothing was published."""


def bars(rows: Sequence[Bar], place: str, lang: Lang) -> Picture:
    """Two bars per row: protocols in hand with what is left for the others, and the official figure below.

    Where the protocols hold more than was published the excess is written out beside the bar.
    """
    title = f"{say('bars', lang)}: {place}"
    return Picture(
        title, 7.2, 1.5 + 0.62 * max(len(rows), 1), lambda figure: _paint(figure, rows, title, lang)
    )


def _paint(figure: Any, rows: Sequence[Bar], title: str, lang: Lang) -> None:
    axes = figure.subplots()
    longest = max([max(row.high, row.official or 0) for row in rows], default=1) or 1
    for index, row in enumerate(rows):
        _row(axes, index, row, longest, lang)
    axes.set_yticks(range(len(rows)), [textwrap.fill(row.name, 24) for row in rows])
    axes.set_ylim(len(rows) - 0.45, -0.55)
    axes.set_xlim(0, longest * 1.34)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel(say("votes", lang))
    thousands_axis(axes.xaxis, lang)
    axes.set_title(textwrap.fill(title, 82))
    _legend(figure, rows, lang)


def _row(axes: Any, index: int, row: Bar, longest: int, lang: Lang) -> None:
    above, below, thick = index - 0.18, index + 0.18, 0.32
    axes.barh(above, row.low, thick, color=DARK, edgecolor=DARK, linewidth=0.8)
    if row.high > row.low:
        axes.barh(
            above,
            row.high - row.low,
            thick,
            left=row.low,
            color=LIGHT,
            edgecolor=DARK,
            hatch="....",
            linewidth=0.8,
        )
    text, end = number(row.low, lang), row.high
    if row.high > row.low:
        text = f"{text}–{number(row.high, lang)}"
    if row.official is not None:
        axes.barh(below, row.official, thick, color="white", edgecolor=DARK, linewidth=1)
        axes.text(row.official + longest * 0.008, below, number(row.official, lang), va="center", fontsize=8)
        rest = row.official - row.high
        if rest > 0:
            axes.barh(
                above, rest, thick, left=row.high, color="white", edgecolor=DARK, hatch="////", linewidth=0.8
            )
            text, end = f"{text} + {number(rest, lang)}", row.official
        elif row.low > row.official:
            text = f"{text}: {say('more_than', lang, n=number(row.low - row.official, lang))}"
    inside = end > 0.6 * longest and len(text) > 24
    axes.text(
        end - longest * 0.008 if inside else end + longest * 0.008,
        above,
        text,
        va="center",
        ha="right" if inside else "left",
        fontsize=8,
        color="white" if inside and end == row.low else "black",
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8} if inside and end != row.low else None,
    )


def _legend(figure: Any, rows: Sequence[Bar], lang: Lang) -> None:
    from matplotlib.patches import Patch

    parts = [Patch(facecolor=DARK, edgecolor=DARK, label=say("in_hand", lang))]
    if any(row.high > row.low for row in rows):
        parts.append(Patch(facecolor=LIGHT, edgecolor=DARK, hatch="....", label=say("open", lang)))
    if any(row.official is not None and row.official > row.high for row in rows):
        parts.append(Patch(facecolor="white", edgecolor=DARK, hatch="////", label=say("elsewhere", lang)))
    if any(row.official is not None for row in rows):
        parts.append(Patch(facecolor="white", edgecolor=DARK, label=say("official", lang)))
    figure.legend(handles=parts, loc="outside lower left", ncols=2, frameon=False, fontsize=8)
