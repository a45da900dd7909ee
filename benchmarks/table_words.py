"""The README's tables of numbers in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tally.acceptance import WORDS_TELL


def in_words(result: Mapping[str, Any]) -> str:
    """Of generated sheets, by language."""
    cost = f"{result['sheets']} generated sheets, {result['cpu_ms_per_cell']} ms a place"
    lines = [
        f"| numbers in words, {cost} | places | right | wrong | left open | from 0.95: right | from 0.95: wrong |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for name, counted in result["by"].items():
        cells = [counted[key] for key in ("cells", "right", "wrong", "open")]
        sure = counted["from_0.95"]
        bound = "" if sure["wrong_upper_95"] is None else f" (<= {100 * sure['wrong_upper_95']:.1f} %)"
        lines.append(f"| {name} | {' | '.join(map(str, cells))} | {sure['right']} | {sure['wrong']}{bound} |")
    if other := result.get("other_words"):
        told = "; ".join(f"{name}: {count}" for name, count in other.items())
        lines += ["", f"The same sheets with another number in the words of one row. {told}."]
    return "\n".join(lines)


def in_real_hands(scores: Mapping[str, Mapping[str, Any]]) -> str:
    """Of real sheets whose numbers are known, by their set."""
    lines = [
        f"| numbers in words beside known figures | read | of them wrong | from {WORDS_TELL} | of them wrong |",
        "|---|---:|---:|---:|---:|",
    ]
    for name, score in sorted(scores.items()):
        counts = [score[key] for key in ("words", "words_wrong", "words_sure", "words_sure_wrong")]
        lines.append(f"| {name} | {' | '.join(map(str, counts))} |")
    return "\n".join(lines)
