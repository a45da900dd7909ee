"""Forms with figures and words: what the words beside the figures say for them, or against them.

The words are a witness (docs/adr/0022-numbers-in-words.md). They confirm a number that was read in the figures, or put
it in doubt; they never give a value where the figures gave none, and never outvote the figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ocr import crops
from ocr.inwords import InWords, WordReader, read_in_words
from ocr.readings import DOUBTED, CellReading
from ocr.rowtypes import Row
from ocr.segments import Pixels
from ocr.sheet import Sheet
from tally.acceptance import WORDS_CONFIRM, words_differ
from tally.form import Field, Form
from tally.model import Mark, Quad

OF_PRINT = {"rus": "ru", "kaz": "kk"}
"""Tesseract's names of the languages that are printed on forms, and those of the reader of words."""
MOST = 0.98
"""What agreement may add is weighed as if the words were no surer than this: their confidence was fitted on drawn
hands, and no real hand has been measured."""


@dataclass(frozen=True, slots=True)
class Spelled:
    """The words of one row that say a number."""

    said: InWords
    quad: Quad
    """Corners of their place in the photo."""

    def to_dict(self) -> dict[str, Any]:
        """As it stands in ``marks.words`` of a page, see ``docs/commands.md``."""
        return {
            "value": self.said.value,
            "confidence": round(self.said.confidence, 4),
            "language": self.said.language,
            "quad_px": [list(point) for point in self.quad],
        }


def read_spelled(
    photo: Pixels, sheet: Sheet, rows: Sequence[Row], asked: Sequence[Field], form: Form
) -> dict[int, Spelled]:
    """What the words beside the figures say, by index of the row; rows whose words are left open are not in it.

    Args:
        photo: (H, W, 3) uint8 BGR, the original.
        rows: the rows of the page; ``asked`` are their fields.
        form: nothing is read unless it wants words and is printed in a language whose words are known.

    Raises:
        MissingComponent: the weights of the reader of words are missing.
    """
    languages = [OF_PRINT[name] for name in form.languages if name in OF_PRINT]
    if not form.layout.words or not languages:
        return {}
    size = (photo.shape[1], photo.shape[0])
    quads = {
        at: crops.quad_of(sheet, row.beside, size) for at, row in enumerate(rows) if row.beside is not None
    }
    pictures = [crops.cut(photo, quad) for quad in quads.values()]
    said = read_in_words(pictures, languages, [asked[at].ceiling for at in quads])
    return {
        at: Spelled(words, quad)
        for (at, quad), words in zip(quads.items(), said, strict=True)
        if words.value is not None
    }


def weigh_words(cell: CellReading, said: InWords) -> CellReading:
    """The figures as they stand beside the words: confirmed, in doubt, or as before.

    Two sets of signs name one of three thousand numbers alike by chance hardly ever, so agreement is worth the odds of
    both, also where something seen at the figures' own place speaks against them: the words stand in another. Words
    that say another number leave the figures' number in place, for a person, with theirs beside it.
    """
    if said.value is None:
        return cell
    if words_differ(cell.mark, cell.value, said.value, said.confidence):
        return _contradicted(cell, said.value)
    agree = cell.mark is Mark.READ and cell.value == said.value
    if not agree or said.confidence < WORDS_CONFIRM:
        return cell
    return replace(cell, confidence=max(cell.confidence, _together(cell.confidence, said)), agreed=True)


def words_reader() -> str:
    """The network that read the words, as it is named in a page's ``reader``."""
    return f"words sha256:{WordReader.load().sha256[:12]}"


def _contradicted(cell: CellReading, value: int) -> CellReading:
    others = [(number, chance) for number, chance in cell.alternatives if number != value]
    rivals = tuple(dict.fromkeys((*cell.rivals, value)))
    return replace(cell.doubted(), alternatives=((value, DOUBTED), *others[:2]), rivals=rivals)


def _together(figures: float, said: InWords) -> float:
    """Probability of the number that both say, were their mistakes independent; at most 0.9999."""
    words = min(said.confidence, MOST)
    right, wrong = figures * words, (1 - figures) * (1 - words)
    return min(right / (right + wrong), 0.9999)
