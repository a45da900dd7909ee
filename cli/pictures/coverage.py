"""Which precincts have a protocol, by number: gaps in the set are seen at a glance."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cli.lang import Lang
from cli.pictures.canvas import DARK, LIGHT, MIDDLE, Picture, thousands_axis
from cli.pictures.words import say

STATES = ("confirmed", "accepted", "review", "missing")
_LOOKS: dict[str, dict[str, Any]] = {
    "confirmed": {"facecolor": DARK, "edgecolor": DARK},
    "accepted": {"facecolor": MIDDLE, "edgecolor": DARK},
    "review": {"facecolor": "white", "edgecolor": DARK, "hatch": "//////"},
    "missing": {"facecolor": "white", "edgecolor": LIGHT},
}
_PER_ROW = 50
_MOST_SQUARES = 2_000
_STEP = 100


@dataclass(frozen=True, slots=True)
class Square:
    """One precinct."""

    precinct: int
    state: str
    """One of :data:`STATES`."""


def coverage(squares: Sequence[Square], place: str, lang: Lang) -> Picture | None:
    """A square for every number from the lowest to the highest; beyond 2,000, columns per hundred numbers.

    A number without a sheet may also be one that no precinct has. ``None`` without squares.
    """
    if not squares:
        return None
    title = f"{say('coverage', lang)}: {place}"
    first = min(s.precinct for s in squares)
    last = max(s.precinct for s in squares)
    if last - first >= _MOST_SQUARES:
        return Picture(title, 7.2, 3.2, lambda figure: _columns(figure, squares, title, lang))
    start = first - (first % 10)
    rows = (last - start) // _PER_ROW + 1
    return Picture(
        title, 7.2, 1.3 + 0.15 * max(rows, 3), lambda f: _squares(f, squares, start, rows, title, lang)
    )


def _squares(figure: Any, squares: Sequence[Square], start: int, rows: int, title: str, lang: Lang) -> None:
    from matplotlib.patches import Patch, Rectangle

    axes = figure.subplots()
    states = {s.precinct: s.state for s in squares}
    first, last = min(states), max(states)
    for number in range(first, last + 1):
        row, column = divmod(number - start, _PER_ROW)
        look = _LOOKS[states.get(number, "missing")]
        axes.add_patch(Rectangle((column + 0.08, row + 0.08), 0.84, 0.84, linewidth=0.6, **look))
    axes.set_xlim(-0.2, _PER_ROW + 0.2)
    axes.set_ylim(rows + 0.2, -0.2)
    axes.set_aspect("equal")
    axes.set_yticks(
        [r + 0.5 for r in range(rows)], [str(start + r * _PER_ROW) for r in range(rows)], fontsize=7
    )
    axes.set_xticks(
        [c + 0.5 for c in range(0, _PER_ROW, 10)], [f"+{c}" for c in range(0, _PER_ROW, 10)], fontsize=7
    )
    axes.tick_params(length=0)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    axes.set_ylabel(say("precinct_number", lang), fontsize=8)
    axes.set_title(textwrap.fill(title, 82))
    counts = {state: sum(s.state == state for s in squares) for state in STATES}
    counts["missing"] += sum(number not in states for number in range(first, last + 1))
    handles = [
        Patch(label=f"{say(state, lang)} ({counts[state]})", linewidth=0.8, **_LOOKS[state] | _edge(state))
        for state in STATES
        if counts[state]
    ]
    figure.legend(handles=handles, loc="outside lower left", ncols=2, frameon=False, fontsize=8)


def _edge(state: str) -> dict[str, str]:
    return {"edgecolor": MIDDLE} if state == "missing" else {}


def _columns(figure: Any, squares: Sequence[Square], title: str, lang: Lang) -> None:
    axes = figure.subplots()
    lowest = min(s.precinct for s in squares) // _STEP * _STEP
    count = math.ceil((max(s.precinct for s in squares) + 1 - lowest) / _STEP)
    bottom = [0] * count
    places = [lowest + i * _STEP for i in range(count)]
    for state in STATES[:3]:
        heights = [0] * count
        for square in squares:
            if square.state == state:
                heights[(square.precinct - lowest) // _STEP] += 1
        if any(heights):
            axes.bar(
                places,
                heights,
                _STEP,
                bottom,
                align="edge",
                label=say(state, lang),
                linewidth=0,
                **_fill(state),
            )
            bottom = [a + b for a, b in zip(bottom, heights, strict=True)]
    axes.set_xlabel(say("precinct_number", lang))
    axes.set_ylabel(say("per_hundred", lang))
    thousands_axis(axes.xaxis, lang)
    thousands_axis(axes.yaxis, lang)
    axes.set_title(textwrap.fill(title, 82))
    figure.legend(loc="outside lower left", ncols=3, frameon=False, fontsize=8)


def _fill(state: str) -> dict[str, str]:
    return {"facecolor": {"confirmed": DARK, "accepted": MIDDLE}.get(state, LIGHT)}
