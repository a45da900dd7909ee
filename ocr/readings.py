"""From transcripts of ink to readings: which mark, which value, how sure. No sums, no judgement."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from ocr.digits import DigitReader, Transcript
from ocr.pooling import combine, in_doubt
from ocr.prepared import Grey, prepare
from ocr.segments import Pixels
from tally.form import Field
from tally.model import Mark

_NUMBER = re.compile(r"^[-x]*(\d+)[-x]*$")
_CORRECTED = re.compile(r"^[-x]*~+[-x]*(\d+)[-x]*$")
LONE_DIGIT = 0.8
"""Confidence from which on one digit behind ink is a number by itself and not the end of one."""
DOUBTED = 0.5
"""Confidence at most of a number for which not all that was seen speaks: it stood behind one struck out, beside its
place, or showed in one of two pictures of the cell only. Below every threshold, so a person looks at it."""


@dataclass(frozen=True, slots=True)
class CellReading:
    """What the readers together saw in one cell."""

    mark: Mark
    value: int | None
    confidence: float
    alternatives: tuple[tuple[int, float], ...]
    agreed: bool
    text: str
    rivals: tuple[int, ...] = ()
    """Values that one of the readers read by itself, other than ``value``."""
    second: float = 0.0
    """Probability (0..1) that a reader by itself gives to another number; of three that read the same, two."""
    by_words: bool = False
    """True if ``value`` is what stands in words, because the figures did not tell surely."""

    def doubted(self) -> CellReading:
        """The same, never to count by itself."""
        return replace(self, confidence=min(self.confidence, DOUBTED), agreed=False)


@lru_cache(maxsize=1)
def readers() -> tuple[DigitReader, DigitReader, DigitReader]:
    """The large, the small and the third network, loaded once per process. Raises MissingComponent."""
    return DigitReader.load_large(), DigitReader.load_small(), DigitReader.load_third()


def reader_name() -> str:
    """Version and weights of the readers, as it stands in every reading."""
    loaded = readers()
    return f"digits {loaded[0].version} sha256:{'+'.join(one.sha256[:12] for one in loaded)}"


def read_cells(crops: Sequence[Pixels], fields: Sequence[Field]) -> list[CellReading]:
    """Read crops, each for the field it belongs to; same order.

    Args:
        crops: (H, W, 3) uint8 BGR pictures of number cells.
        fields: the field of each crop; only its number of digits is used.
    """
    return read_prepared([prepare(crop) for crop in crops], fields)


def read_prepared(prepared: Sequence[Grey], fields: Sequence[Field]) -> list[CellReading]:
    """As :func:`read_cells`, of crops that went through :func:`ocr.prepared.prepare`."""
    seen = witnesses(prepared)
    out = []
    for reads, field in zip(seen, fields, strict=True):
        cell = interpret(combine(*reads), tuple(one.text for one in reads), field)
        out.append(replace(cell, second=_second(reads, cell.value, field)))
    return out


def _second(reads: Sequence[Transcript], value: int | None, field: Field) -> float:
    """The most that a reader by itself gives to a number other than ``value``; of three that read it, what two give."""
    chances = sorted(
        max(
            (
                chance
                for text, chance in ((one.text, one.confidence), *one.alternatives)
                if (number := classify(text, field.digits)[1]) is not None and number != value
            ),
            default=0.0,
        )
        for one in reads
    )
    told = [classify(one.text, field.digits)[1] for one in reads]
    return chances[-2] if len(reads) == 3 and told.count(value) == 3 else chances[-1]


def witnesses(prepared: Sequence[Grey]) -> list[tuple[Transcript, ...]]:
    """What every reader that was asked read in each cell: large and small, and the third where these are in doubt."""
    large, small, third = readers()
    seen: list[tuple[Transcript, ...]] = list(
        zip(large.read_prepared(prepared), small.read_prepared(prepared), strict=True)
    )
    asked = [at for at, (one, two) in enumerate(seen) if in_doubt(one, two, combine(one, two))]
    for at, more in zip(asked, third.read_prepared([prepared[at] for at in asked]), strict=True):
        seen[at] = (*seen[at], more)
    return seen


def interpret(seen: Transcript, single: tuple[str, ...], field: Field) -> CellReading:
    """Turn a transcript (alphabet ``0-9``, ``-``, ``x``, ``~``) into a mark and, if it is one, a value.

    Fillers around a number (``-58-``) are not part of it; ink between its digits makes it illegible.

    Args:
        seen: what the readers together make of the cell.
        single: what each of those asked read by itself.
        field: what the form says of the cell.
    """
    corrected = _corrected(seen.text, field)
    if corrected is not None and (corrected > 9 or field.padded or seen.confidence >= LONE_DIGIT):
        return CellReading(Mark.READ, corrected, seen.confidence, (), False, seen.text).doubted()
    if field.padded and _is_too_long(seen.text, field):
        return _interpreted(_of_full_length(seen, field), single, field).doubted()
    return _interpreted(seen, single, field)


def _interpreted(seen: Transcript, single: tuple[str, ...], field: Field) -> CellReading:
    mark, value = classify(seen.text, field.digits)
    own = [classify(text, field.digits) for text in single]
    read = dict.fromkeys(number for _, number in own)
    rivals = tuple(number for number in read if number is not None and number != value)
    # Strings that mean the same number ("58", "-58-", "058") are one reading, not rivals.
    total = seen.confidence
    others: dict[int, float] = {}
    for text, probability in seen.alternatives:
        other_mark, other = classify(text, field.digits)
        if other_mark is mark and other == value:
            total += probability
        elif other is not None:
            others[other] = others.get(other, 0.0) + probability
    ranked = tuple(sorted(others.items(), key=lambda item: -item[1])[:3])
    agreed = own.count((mark, value)) > 1
    return CellReading(mark, value, min(total, 0.9999), ranked, agreed, seen.text, rivals)


def _corrected(text: str, field: Field) -> int | None:
    """The number behind what was struck out ("~142"): the one that its writer left standing."""
    number = _CORRECTED.match(text)
    if number is None or len(number[1].lstrip("0") or "0") > field.digits:
        return None
    return int(number[1]) if not field.padded or len(number[1]) == field.digits else None


def _is_too_long(text: str, field: Field) -> bool:
    number = _NUMBER.match(text)
    return number is not None and len(number[1]) > field.digits


def _of_full_length(seen: Transcript, field: Field) -> Transcript:
    """The likeliest other number with as many digits as the form's have, for one with a digit too many ("0001").

    A bar beside the number, against digits added later, or the table's own rule was taken for a one then.
    """
    for at, (text, probability) in enumerate(seen.alternatives):
        number = _NUMBER.match(text)
        if number is not None and len(number[1]) == field.digits:
            return Transcript(text, probability, (*seen.alternatives[:at], *seen.alternatives[at + 1 :]))
    return seen


def classify(text: str, digits: int) -> tuple[Mark, int | None]:
    """Mark and value of a transcript; more digits than the form has room for is illegible, never cut."""
    if not text:
        return Mark.BLANK, None
    number = _NUMBER.match(text)
    if number:
        fits = len(number[1].lstrip("0") or "0") <= digits
        return (Mark.READ, int(number[1])) if fits else (Mark.ILLEGIBLE, None)
    if set(text) == {"-"}:
        return Mark.DASH, None
    if set(text) == {"x"}:
        return Mark.CROSSED, None
    return (Mark.STRUCK, None) if "~" in text and any(c.isdigit() for c in text) else (Mark.ILLEGIBLE, None)
