"""The writing systems in which numbers in words are read: their letters, their languages, their networks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ocr.lexicon import Alphabet
from ocr.weights import sha256_of

_MODELS = Path(__file__).parent / "models"
_FILLERS = " -.,()/="
READER = "reader of words"
"""What each of the networks is, in messages."""


@dataclass(frozen=True, slots=True)
class Script:
    """One writing system."""

    name: str
    """Of the network's files."""
    letters: Alphabet
    """Letters are folded: what a hand hardly tells apart is one class."""
    languages: tuple[str, ...]
    """Whose wordings are known (:mod:`ocr.wordings`)."""
    height: int
    """Pixels of a line as the network takes it."""
    second: Script | None = None
    """A slower network that is asked where this one does not say what the figures say."""

    @property
    def weights(self) -> Path:
        """The network, an ONNX file: ``x`` (N, 1, height, W), ink 1 and paper 0, to ``logits`` (N, T, classes)."""
        return _MODELS / f"{self.name}.onnx"

    @property
    def sha256(self) -> str:
        """Of the network's file. Raises MissingComponent if it is missing."""
        return sha256_of(self.weights, READER)

    @property
    def settings(self) -> Path:
        """How its confidence is worked out."""
        return _MODELS / f"{self.name}.json"


_CYRILLIC = Alphabet("абвгдежзийклмнопрстуфхцчшщъыьэюяі0123456789 -.,()/=#", _FILLERS)
"""``#`` is a signature or a scribble."""
CURSIVE = Script("words-cursive", _CYRILLIC, ("ru", "kk"), 48)
CYRILLIC = Script("words", _CYRILLIC, CURSIVE.languages, 32, CURSIVE)
LATIN = Script(
    "words-latin",
    Alphabet("abcdefghijklmnopqrstuvwxyz&0123456789 -.,()/=:", _FILLERS + ":"),
    ("en", "id", "tr"),
    48,
)
SCRIPTS = (CYRILLIC, LATIN)
NETWORKS = (CYRILLIC, CURSIVE, LATIN)
