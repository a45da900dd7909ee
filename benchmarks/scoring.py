"""Readings against what the paper says, counted cell by cell and sheet by sheet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from benchmarks.bounds import upper_bound
from tally.acceptance import WORDS_TELL, in_words, is_settled
from tally.checks import covered_fields
from tally.form import load_form
from tally.model import Mark, PageReading, Reading, Status

ZERO_ON_PAPER = ("crossed", "dash")
"""Marks of the truth that stand for 0 where the truth gives 0."""


@dataclass(slots=True)
class Score:
    """Counts over some sheets. A number on the paper is read exactly, wrongly, or left open."""

    sheets: int = 0
    sheets_exact: int = 0
    accepted: int = 0
    accepted_wrong: int = 0
    cells: int = 0
    exact: int = 0
    wrong: int = 0
    marks: int = 0
    """Cells that hold no number: dashes, crosses, empty ones."""
    marks_exact: int = 0
    marks_as_number: int = 0
    """Of these, cells in which a number was read all the same."""
    settled: int = 0
    """Cells that would count in a sum without a person."""
    settled_wrong: int = 0
    words: int = 0
    """Numbers on the paper that were read in words as well."""
    words_wrong: int = 0
    words_sure: int = 0
    """Of these, the ones sure enough to tell a number that the figures do not (``WORDS_TELL``)."""
    words_sure_wrong: int = 0
    cpu_s: float = 0.0
    """CPU seconds of reading, child processes included."""
    misread: list[str] = field(default_factory=list)
    """One line per wrong cell, for the terminal; never written to a file."""

    @property
    def left_open(self) -> int:
        """Numbers on the paper for which none was given."""
        return self.cells - self.exact - self.wrong

    def add(self, other: Score) -> None:
        """Count another score in."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def to_dict(self) -> dict[str, Any]:
        """Stable keys of the result files."""
        return {
            "sheets": self.sheets,
            "sheets_exact": self.sheets_exact,
            "accepted": self.accepted,
            "accepted_wrong": self.accepted_wrong,
            "accepted_wrong_upper_95": round(upper_bound(self.accepted_wrong, self.accepted), 4),
            "cells": self.cells,
            "cells_exact": self.exact,
            "cells_wrong": self.wrong,
            "cells_abstained": self.left_open,
            "marks": self.marks,
            "marks_exact": self.marks_exact,
            "marks_as_number": self.marks_as_number,
            "cells_settled": self.settled,
            "cells_settled_wrong": self.settled_wrong,
            "words": self.words,
            "words_wrong": self.words_wrong,
            "words_sure": self.words_sure,
            "words_sure_wrong": self.words_sure_wrong,
            "cpu_ms_per_sheet": round(1000 * self.cpu_s / max(1, self.sheets)),
        }


def total(scores: Iterable[Score]) -> Score:
    """The sum of scores."""
    out = Score()
    for score in scores:
        out.add(score)
    return out


def score_page(name: str, page: PageReading | None, truth: Mapping[str, Any]) -> Score:
    """One sheet, whose reading may be missing.

    ``truth`` has ``fields`` (code -> votes or ``None``), ``marks`` and perhaps ``header``, as beside the
    samples and the real sheets. A field with neither number nor mark is not known and does not count. The
    numbers of the header are no cells, but a sheet accepted with a wrong one is accepted wrongly.
    """
    marks = truth.get("marks", {})
    score = Score(sheets=1)
    covered = _covered(page)
    said = in_words(page.marks) if page is not None else {}
    for code, value in truth["fields"].items():
        reading = page.fields.get(code) if page is not None else None
        settled = reading is not None and is_settled(reading, covered=code in covered)
        if value is not None:
            _count_number(score, f"{name} {code}", reading, value, marks.get(code), settled)
            if code in said:
                _count_words(score, said[code], value)
        elif code in marks:
            _count_mark(score, f"{name} {code}", reading, marks[code], settled)
    score.sheets_exact += score.exact == score.cells and score.marks_exact == score.marks
    if page is not None and page.status is Status.ACCEPTED:
        score.accepted += 1
        score.accepted_wrong += score.wrong + score.marks_as_number > 0 or _header_wrong(page, truth)
    return score


def _count_number(
    score: Score, where: str, reading: Reading | None, value: int, mark: str | None, settled: bool
) -> None:
    said = reading.value if reading is not None else None
    if reading is not None and mark in ZERO_ON_PAPER and value == 0 and reading.mark.value in ZERO_ON_PAPER:
        said = 0
    score.cells += 1
    score.exact += said == value
    score.settled += settled
    if said is not None and said != value:
        score.wrong += 1
        score.settled_wrong += settled
        score.misread.append(f"{where}: paper {value}, read {said}{', settled' * settled}")


def _count_words(score: Score, said: tuple[int, float], value: int) -> None:
    number, confidence = said
    sure = confidence >= WORDS_TELL
    score.words += 1
    score.words_sure += sure
    score.words_wrong += number != value
    score.words_sure_wrong += sure and number != value


def _count_mark(score: Score, where: str, reading: Reading | None, mark: str, settled: bool) -> None:
    score.marks += 1
    score.settled += settled
    score.marks_exact += reading is not None and reading.mark.value == mark
    if reading is not None and reading.value is not None:
        score.marks_as_number += 1
        score.settled_wrong += settled
        score.misread.append(f"{where}: paper {mark}, read {reading.value}{', settled' * settled}")


def _covered(page: PageReading | None) -> frozenset[str]:
    if page is None or page.form is None:
        return frozenset()
    return covered_fields(
        load_form(page.form), [code for code, r in page.fields.items() if r.mark is not Mark.ABSENT]
    )


def _header_wrong(page: PageReading, truth: Mapping[str, Any]) -> bool:
    known = truth.get("header", {})
    return any(
        reading.value is not None and isinstance(known.get(code), int) and reading.value != known[code]
        for code, reading in page.header.items()
    )
