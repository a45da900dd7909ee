"""One look for all pictures, and bytes that depend on nothing but the data."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cli.lang import Lang

FONT = "DejaVu Sans"
"""Comes with matplotlib and holds every letter of Kazakh, Russian and English."""
DARK, MIDDLE, LIGHT = "#222222", "#8c8c8c", "#d9d9d9"
_STYLE: dict[Any, Any] = {
    "font.family": FONT,
    "font.size": 9,
    "axes.titlesize": 10.5,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#444444",
    "hatch.linewidth": 0.6,
    "svg.fonttype": "path",  # letters as outlines: they look the same on a computer without the font
    "svg.hashsalt": "hattama",
    "path.simplify": False,
}
_PNG_DPI = 200


@dataclass(frozen=True)
class Picture:
    """A picture, painted when its bytes are asked for; nothing in it depends on the clock or the machine."""

    title: str
    """What it shows, in the language of its labels; also the text for people who cannot see it."""
    width: float
    """Inches."""
    height: float
    paint: Callable[[Any], None]
    """Draws on an empty matplotlib ``Figure``."""

    @cached_property
    def svg(self) -> bytes:
        """For web pages and print; letters are outlines."""
        from matplotlib.backends.backend_svg import FigureCanvasSVG

        return self._saved("svg", FigureCanvasSVG, {"Title": self.title, "Date": None, "Creator": "hattama"})

    @cached_property
    def png(self) -> bytes:
        """200 dots per inch."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        return self._saved("png", FigureCanvasAgg, {"Title": self.title, "Software": "hattama"})

    def _saved(self, kind: str, canvas: Callable[[Any], Any], about: dict[str, Any]) -> bytes:
        import matplotlib as mpl
        from matplotlib.figure import Figure

        with mpl.rc_context(_STYLE):
            figure = Figure(figsize=(self.width, self.height), layout="constrained")
            canvas(figure)
            self.paint(figure)
            out = io.BytesIO()
            figure.savefig(out, format=kind, dpi=_PNG_DPI, metadata=about)
        return out.getvalue()


def number(value: int, lang: Lang) -> str:
    """A count as texts write it: 35,178 in English, 35 178 otherwise."""
    from tally.texts import written

    return written(value, lang.value)


def decimals(value: float, places: int, lang: Lang) -> str:
    """A decimal with the sign of the language between whole and part."""
    text = f"{value:.{places}f}".replace("-", "−")
    return text if lang is Lang.EN else text.replace(".", ",")


def thousands_axis(axis: Any, lang: Lang) -> None:
    """Whole numbers along an axis, written as the language does."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    axis.set_major_formatter(FuncFormatter(lambda value, _: number(round(value), lang)))
