"""The error rates that the report states: written from the result of ``accuracy`` and never by hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parents[1] / "tally" / "data" / "measured.toml"


def write_measured(result: Mapping[str, Any], target: Path = TARGET) -> None:
    """Write ``tally/data/measured.toml`` from a kept ``generated`` result (with its conditions)."""
    target.write_text(measured_text(result), encoding="utf-8", newline="\n")


def measured_text(result: Mapping[str, Any]) -> str:
    """The file that goes with a ``generated`` result."""
    score = result["all"]
    return f"""\
# Error rates that the report states. Written by `python -m benchmarks accuracy` from its result; do not edit.
# One person, two people and the whole process have not been measured: the report says so.
source = "benchmarks/results/generated.json"
date = "{result["date"]}"
reader = "digits {result["versions"]["digits"]}"

[accepted]
wrong = {score["accepted_wrong"]}
of = {score["accepted"]}

[settled]
wrong = {score["cells_settled_wrong"]}
of = {score["cells_settled"]}
"""
