"""Turnout against share, a circle for every precinct: for tables that are published by precinct."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cli.lang import Lang
from cli.pictures.canvas import DARK, MIDDLE, Picture, thousands_axis
from cli.pictures.words import say

FEWEST = 10
"""Precincts below which a cloud of points says nothing."""
_MANY = 3_000


@dataclass(frozen=True, slots=True)
class Precinct:
    """One precinct with votes of one candidate."""

    voters: int
    cast: int
    """Ballots cast: the base of turnout."""
    valid: int
    """The base of the share."""
    votes: int


def turnout_share(precincts: Sequence[Precinct], name: str, place: str, lang: Lang) -> Picture | None:
    """Circles with their histograms in steps of 1 %; ``None`` with fewer than :data:`FEWEST` precincts."""
    shown = [p for p in precincts if p.voters > 0 and p.valid > 0 and p.cast <= p.voters]
    if len(shown) < FEWEST:
        return None
    title = f"{say('scatter', lang)}: {place}"
    return Picture(title, 6.4, 6.4, lambda figure: _paint(figure, shown, name, title, lang))


def _paint(figure: Any, shown: Sequence[Precinct], name: str, title: str, lang: Lang) -> None:
    layout = figure.subplot_mosaic(
        [["top", "."], ["main", "side"]], width_ratios=[5, 1], height_ratios=[1, 5], empty_sentinel="."
    )
    main, top, side = layout["main"], layout["top"], layout["side"]
    turnout = [100 * p.cast / p.voters for p in shown]
    share = [100 * p.votes / p.valid for p in shown]
    many = len(shown) > _MANY
    largest = max(p.voters for p in shown)
    sizes = [(6 if many else 90) * p.voters / largest for p in shown]
    main.scatter(
        turnout,
        share,
        s=sizes,
        facecolors=DARK if many else "none",
        edgecolors="none" if many else DARK,
        linewidths=0.5,
        alpha=0.35 if many else 0.7,
        rasterized=many,
    )
    main.set_xlim(0, 100)
    main.set_ylim(0, 100)
    main.grid(color="#e6e6e6", linewidth=0.6)
    main.set_axisbelow(True)
    main.set_xlabel(say("turnout", lang) + "\n" + say("circle", lang))
    main.set_ylabel(textwrap.fill(say("share", lang, a=name), 60))
    edges = [e - 0.5 for e in range(102)]
    top.hist(turnout, bins=edges, color=MIDDLE, edgecolor=DARK, linewidth=0.2)
    side.hist(share, bins=edges, color=MIDDLE, edgecolor=DARK, linewidth=0.2, orientation="horizontal")
    top.set_xlim(0, 100)
    side.set_ylim(0, 100)
    top.tick_params(labelbottom=False)
    side.tick_params(labelleft=False)
    top.set_ylabel(say("precincts", lang), fontsize=8)
    for axis in (top.yaxis, side.xaxis):
        thousands_axis(axis, lang)
        axis.set_major_locator(_two_ticks())
    top.set_title(textwrap.fill(title, 74))


def _two_ticks() -> Any:
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(integer=True, nbins=2)
