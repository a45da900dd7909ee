"""Pictures of the confidence measurement, made from its result file and from nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

BANDS = {"all": "all photos", "easy": "good photos", "usual": "usual photos", "hard": "hard photos"}
GREY, BLUE = "#8a8a8a", "#1f5fa8"


def draw(result: Mapping[str, Any], folder: Path) -> list[Path]:
    """Write ``reliability.svg`` and ``abstention.svg``; returns their paths. Same result, same bytes."""
    import matplotlib as mpl

    mpl.use("svg")
    import matplotlib.pyplot as plt

    with mpl.rc_context({"svg.hashsalt": "hattama", "font.size": 9, "axes.spines.top": False}):
        paths = [folder / "reliability.svg", folder / "abstention.svg"]
        for path, paint in zip(paths, (_reliability, _abstention), strict=True):
            figure, axes = plt.subplots(figsize=(6, 4.2))
            paint(axes, result)
            figure.tight_layout()
            figure.savefig(path, metadata={"Date": None, "Creator": None})
            plt.close(figure)
    return paths


def _reliability(axes: Any, result: Mapping[str, Any]) -> None:
    """Promised against kept, both as log-scaled error, because the end near certainty is what counts."""
    bins = [b for b in result["reliability"] if b["cells"] >= 10]
    promised = [max(1 - b["promised"], 1e-4) for b in bins]
    kept = [max(1 - b["kept"], 1e-4) for b in bins]
    axes.plot([1e-4, 1], [1e-4, 1], color=GREY, linewidth=1, linestyle="--", label="as promised")
    axes.plot(promised, kept, "o", color=BLUE, label="measured (at the edge: none wrong)")
    for x, y, found in zip(promised, kept, bins, strict=True):
        axes.vlines(x, y, max(found["wrong_upper_95"], y), color=BLUE, linewidth=1)
        axes.annotate(f"n = {found['cells']}", (x, y), textcoords="offset points", xytext=(6, -9), fontsize=7)
    axes.set(xscale="log", yscale="log", xlabel="promised error (1 - confidence)", ylabel="error found")
    axes.set_title(
        f"Confidence of {result['cells']} cells on {result['sheets']} generated sheets", fontsize=10
    )
    axes.legend(loc="upper left", frameon=False, fontsize=8)


def _abstention(axes: Any, result: Mapping[str, Any]) -> None:
    """Accepted share against the 95 % bound of wrong sheets among the accepted, by quality of the photo."""
    for band, points in result["curve"].items():
        shown = [p for p in points if p["accepted"]]
        line = axes.plot(
            [100 * p["share"] for p in shown],
            [100 * p["wrong_upper_95"] for p in shown],
            label=BANDS.get(band, band),
            linewidth=2 if band == "all" else 1,
        )[0]
        for p in shown:
            if p["shift"] == 0:
                axes.plot(100 * p["share"], 100 * p["wrong_upper_95"], "o", color=line.get_color())
    axes.set(
        xlabel="sheets accepted without a person, %",
        ylabel="wrong among them, upper 95 % bound, %",
        xlim=(0, 100),
        yscale="log",
    )
    axes.set_title("Stricter and laxer thresholds; dots: as shipped", fontsize=10)
    axes.legend(frameon=False, fontsize=8)
