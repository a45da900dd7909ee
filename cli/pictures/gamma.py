"""The sensitivity curve: the result as a whole, for every difference between precincts seen and unseen."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Any

from cli.lang import Lang
from cli.pictures.canvas import DARK, MIDDLE, Picture, decimals
from cli.pictures.words import say


@dataclass(frozen=True, slots=True)
class GammaCurve:
    """Two candidates: their votes in the protocols in hand and what is left for the other precincts."""

    a: str
    b: str
    seen_a: int
    seen_b: int
    unseen_a: int
    unseen_b: int

    @property
    def gamma(self) -> float | None:
        """The Γ that both documents together demand (docs/rules.md, R1); ``None`` if a part is empty."""
        if min(self.seen_b, self.unseen_a) <= 0 or min(self.seen_a, self.unseen_b) <= 0:
            return None
        return (self.seen_a * self.unseen_b) / (self.seen_b * self.unseen_a)

    def share(self, gamma: float) -> float:
        """A's share of the votes for the two, in all precincts, if the odds elsewhere are ``gamma`` lower."""
        unseen = self.unseen_a + self.unseen_b
        elsewhere = self.seen_a / (self.seen_a + gamma * self.seen_b)
        return (self.seen_a + unseen * elsewhere) / (self.seen_a + self.seen_b + unseen)

    def tie(self) -> float | None:
        """The Γ at which both would have the same number of votes, if some Γ does that."""
        unseen = self.unseen_a + self.unseen_b
        needed = (self.seen_a + self.seen_b + unseen) / 2 - self.seen_a
        if not 0 < needed < unseen or not self.seen_b:
            return None
        return self.seen_a * (unseen - needed) / (needed * self.seen_b)


def gamma_curve(curve: GammaCurve, place: str, lang: Lang) -> Picture | None:
    """The curve with three points on it: no difference, level, and the official figures.

    ``None`` where no Γ is defined: a candidate without votes in hand or elsewhere.
    """
    if curve.gamma is None:
        return None
    title = f"{say('gamma', lang)}: {place}"
    return Picture(title, 7.2, 4.2, lambda figure: _paint(figure, curve, curve.gamma or 1.0, title, lang))


def _paint(figure: Any, curve: GammaCurve, gamma: float, title: str, lang: Lang) -> None:
    from matplotlib.ticker import FuncFormatter, NullLocator

    axes = figure.subplots()
    tie = curve.tie()
    low, high = min(1.0, gamma, tie or 1.0) / 1.5, max(1.0, gamma, tie or 1.0) * 1.6
    points = [low * (high / low) ** (i / 200) for i in range(201)]
    axes.plot(points, [100 * curve.share(g) for g in points], color=DARK, linewidth=1.8)
    axes.axhline(50, color=MIDDLE, linewidth=0.8, linestyle=(0, (4, 3)))
    marks = [(1.0, "same", "o", "white")]
    marks += [(tie, "tie", "D", MIDDLE)] if tie is not None else []
    marks += [(gamma, "official", "s", DARK)]
    for g, what, marker, fill in marks:
        share = 100 * curve.share(g)
        axes.plot([g, g], [0, share], color=MIDDLE, linewidth=0.8, linestyle=":")
        label = f"{say(what, lang)}: Γ = {decimals(g, 2, lang)}, {decimals(share, 1, lang)} %"
        axes.plot(
            [g],
            [share],
            marker=marker,
            color=DARK,
            markerfacecolor=fill,
            markersize=8,
            label=label,
            linestyle="",
        )
    axes.set_xscale("log")
    axes.set_xlim(low, high)
    shares = [100 * curve.share(g) for g in (low, high)]
    axes.set_ylim(max(0, min(shares) - 6), min(100, max(shares) + 6))
    ticks = [
        t
        for t in (0.1, 0.2, 0.5, 1, 1.5, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50, 100, 200, 500)
        if low <= t <= high
    ]
    axes.set_xticks(ticks)
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: decimals(v, 0 if v == int(v) else 1, lang)))
    axes.set_xlabel(textwrap.fill(say("gamma_x", lang, a=curve.a, b=curve.b), 90))
    axes.set_ylabel(textwrap.fill(say("gamma_y", lang, a=curve.a), 36))
    axes.set_title(textwrap.fill(title, 82))
    axes.legend(loc="upper right", frameon=False, fontsize=8.5)
