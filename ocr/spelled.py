"""Forms with figures and words: what the words beside the figures say for them, or against them.

The words are a witness (docs/adr/0022-numbers-in-words.md). They confirm a number that was read in the figures, or put
it in doubt. Where the figures do not tell surely, the words' number is proposed to a person; it never counts by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from ocr import crops
from ocr.boxes import Box
from ocr.inwords import InWords, read_in_words
from ocr.readings import DOUBTED, CellReading
from ocr.rowtypes import Row
from ocr.scripts import NETWORKS
from ocr.segments import Pixels
from ocr.sheet import Sheet
from ocr.wordplace import Place, place_below, place_beside, share_written
from tally.acceptance import CELL_THRESHOLD, UNREAD_INK, WORDS_CONFIRM, WORDS_TELL, words_differ
from tally.form import Field, Form
from tally.model import Mark, Quad

OF_PRINT = {"rus": "ru", "kaz": "kk", "eng": "en"}
"""Tesseract's names of the languages that are printed on forms, and those of the readers of words."""
WIDE = 20
"""Heights: a place for words is shown up to so wide without being squeezed."""
USUAL = 0.5
"""Share of the counts that have a cell for words below them on forms that have such cells at all."""
MOST = 0.98
"""What agreement may add is weighed as if the words were no surer than this: their confidence was fitted on drawn
hands, and of real ones only Latin letters have been measured, on few sheets."""


@dataclass(frozen=True, slots=True)
class Spelled:
    """The words of one row that say a number."""

    said: InWords
    quad: Quad
    """Corners of their place in the photo."""
    together: Quad
    """Corners of what holds the figures and the words."""

    def to_dict(self) -> dict[str, Any]:
        """As it stands in ``marks.words`` of a page, see ``docs/commands.md``."""
        return {
            "value": self.said.value,
            "confidence": round(self.said.confidence, 4),
            "language": self.said.language,
            "quad_px": [list(point) for point in self.quad],
        }


def read_spelled(
    photo: Pixels,
    sheet: Sheet,
    rows: Sequence[Row],
    cells: Sequence[Box],
    asked: Sequence[Field],
    seen: Sequence[CellReading],
    form: Form,
) -> dict[int, Spelled]:
    """What the words beside or below the figures say, by index of the row; without rows whose words are left open.

    Args:
        photo: (H, W, 3) uint8 BGR, the original.
        rows: the rows of the page; ``asked`` are their fields, ``seen`` is what was read in their figures.
        cells: all closed cells of the sheet.
        form: nothing is read unless it wants words in a language whose words are known.

    Raises:
        MissingComponent: the weights of the reader of words are missing.
    """
    if not languages_of(form):
        return {}
    counts = [at for at, field in enumerate(asked) if field.kind == "count"]
    below = {at: place for at in counts if (place := place_below(rows[at], cells)) is not None}
    if len(below) < USUAL * len(counts):  # a wide cell below one row or two is something else
        below = {}
    width = sheet.grey.shape[1]
    beside = {at: place for at, row in enumerate(rows) if (place := place_beside(row, width)) is not None}
    places = {**below, **beside}
    shown = {
        at: found
        for at, place in places.items()
        if (found := _shown(photo, sheet, place, rows[at].number)) is not None
    }
    return _said(shown, asked, seen, form)


def read_in_figures_place(
    pictures: Sequence[Pixels],
    quads: Sequence[Quad],
    asked: Sequence[Field],
    seen: Sequence[CellReading],
    form: Form,
) -> dict[int, Spelled]:
    """Words that stand where the figures should, "NIL" or "zero" above all, by index of the row.

    Only places whose figures are not sure are looked at.

    Args:
        pictures: of the figures' places, (H, W, 3) uint8 BGR; ``quads`` are their corners in the photo.
        asked: the fields; ``seen`` is what was read in the places as figures.
        form: as in :func:`read_spelled`.
    """
    if not languages_of(form):
        return {}
    shown = {
        at: _Shown(pictures[at], quads[at], quads[at]) for at, cell in enumerate(seen) if _is_unsure(cell)
    }
    return _said(shown, asked, seen, form)


class _Shown(NamedTuple):
    """A place as the reader of words sees it."""

    picture: Pixels
    quad: Quad
    together: Quad


def _said(
    shown: Mapping[int, _Shown], asked: Sequence[Field], seen: Sequence[CellReading], form: Form
) -> dict[int, Spelled]:
    pictures, ceilings = [place.picture for place in shown.values()], [asked[at].ceiling for at in shown]
    said = read_in_words(pictures, languages_of(form), ceilings, [seen[at].value for at in shown])
    return {
        at: Spelled(words, place.quad, place.together)
        for (at, place), words in zip(shown.items(), said, strict=True)
        if words.value is not None
    }


def languages_of(form: Form) -> list[str]:
    """The languages in which a form has numbers in words; none unless it wants them."""
    printed = [OF_PRINT[name] for name in form.languages if name in OF_PRINT]
    return list(form.layout.words_in or printed) if form.layout.words else []


def _shown(photo: Pixels, sheet: Sheet, place: Place, number: Box) -> _Shown | None:
    """The place of the words, as far as they go; None if they go on beyond the room."""
    size = (photo.shape[1], photo.shape[0])
    room = crops.cut(photo, crops.quad_of(sheet, place.room, size), 2 * WIDE)
    share = share_written(room, place.box.width / place.room.width)
    if share is None:
        return None
    words = place.until(share)
    quad = crops.quad_of(sheet, words, size)
    return _Shown(crops.cut(photo, quad, WIDE), quad, crops.quad_of(sheet, words.hull(number), size))


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
    sure = max(cell.confidence, _together(cell.confidence, said))
    return replace(cell, confidence=sure, agreed=True, alternatives=_within(cell.alternatives, 1 - sure))


def told_by_words(cell: CellReading, said: Sequence[InWords]) -> CellReading:
    """The number that stands in words where the figures do not tell surely which it is; else the cell as it was.

    It is a proposal for a person, or for the sums to choose between, and never counts by itself.

    Args:
        cell: what the figures are.
        said: what the words say that stand beside them, and in their place; those that say no number are left out.
    """
    if not said or not _is_unsure(cell) or any(one.value != said[0].value for one in said):
        return cell
    value, sure = said[0].value, said[0].confidence
    for other in said[1:]:
        sure = _together(sure, other)
    if value is None or value == cell.value or sure < WORDS_TELL:
        return cell
    others = [] if cell.value is None else [(cell.value, cell.confidence)]
    others += [(number, chance) for number, chance in cell.alternatives if number not in (value, cell.value)]
    rivals = tuple(
        number for number in dict.fromkeys((cell.value, *cell.rivals)) if number not in (None, value)
    )
    told = replace(cell, mark=Mark.READ, value=value, confidence=sure, by_words=True)
    return replace(told.doubted(), alternatives=_within(others, 1 - DOUBTED), rivals=rivals)


def _within(others: Sequence[tuple[int, float]], room: float) -> tuple[tuple[int, float], ...]:
    """At most three other numbers and their probabilities, the first at the cost of the rest: together ``room``."""
    out, left = [], room
    for number, chance in others[:3]:
        out.append((number, min(chance, left)))
        left -= out[-1][1]
    return tuple((number, chance) for number, chance in out if chance > 0)


def _is_unsure(cell: CellReading) -> bool:
    """True if the figures leave open which number they are; an empty place leaves nothing open if it surely is one."""
    return cell.mark in UNREAD_INK or cell.confidence < CELL_THRESHOLD


def words_reader(languages: Sequence[str] = ()) -> str:
    """The networks that read words in some languages, or all of them, as they are named in a page's ``reader``."""
    used = [one for one in NETWORKS if not languages or set(one.languages) & set(languages)]
    return f"words sha256:{'+'.join(one.sha256[:12] for one in used)}"


def _contradicted(cell: CellReading, value: int) -> CellReading:
    """In doubt, with the words' number beside it; the sums may choose it only where the figures are not sure."""
    others = [
        (value, DOUBTED),
        *((number, chance) for number, chance in cell.alternatives if number != value),
    ]
    rivals = cell.rivals if cell.confidence >= CELL_THRESHOLD else (*cell.rivals, value)
    return replace(
        cell.doubted(), alternatives=_within(others, 1 - DOUBTED), rivals=tuple(dict.fromkeys(rivals))
    )


def _together(figures: float, said: InWords) -> float:
    """Probability of the number that both say, were their mistakes independent; at most 0.9999."""
    words = min(said.confidence, MOST)
    right, wrong = figures * words, (1 - figures) * (1 - words)
    return min(right / (right + wrong), 0.9999)
