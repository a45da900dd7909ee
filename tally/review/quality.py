"""How well reviewers type, measured on sheets whose answer is known: gold questions and settled sheets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tally.review.answers import Answer, Content, Place, Reviewed
from tally.review.settle import By, standing


@dataclass(slots=True)
class Record:
    """One reviewer's work."""

    reader: str
    entries: int = 0
    """Sheets typed, those that do not count included."""
    decisions: int = 0
    cells: int = 0
    """Cells of this person that could be compared with a settled or known answer."""
    cells_wrong: int = 0
    gold: int = 0
    """Gold questions answered."""
    gold_wrong: int = 0
    """Gold questions in which some cell or the header was wrong."""
    seconds: float = 0.0
    """Time on the sheets that were timed."""
    timed: int = 0
    invalid: str = ""
    """Why the work does not count; empty if it does."""

    def to_dict(self) -> dict[str, Any]:
        """Stable keys."""
        return {
            "reader": self.reader,
            "entries": self.entries,
            "decisions": self.decisions,
            "cells": self.cells,
            "cells_wrong": self.cells_wrong,
            "gold": self.gold,
            "gold_wrong": self.gold_wrong,
            "seconds_per_sheet": round(self.seconds / self.timed, 1) if self.timed else None,
            "invalid": self.invalid,
        }


def records(known: Reviewed) -> dict[str, Record]:
    """By person, in the order of their first answers.

    Nobody is measured against himself: cells are compared only where a third person decided between two
    entries, and where the answer was known before the entry was made (gold).
    """
    out: dict[str, Record] = {}
    for place, answers in known.answers.items():
        truth, after = _truth(known, place)
        for answer in answers:
            mine = out.setdefault(answer.person, Record(answer.reader))
            mine.invalid = known.invalid.get(answer.person, "")
            if answer.decides:
                mine.decisions += 1
                continue
            mine.entries += 1
            _time(known, answer, mine)
            gold = place in known.gold and answer.seq > known.gold[place][0]
            if truth is not None and (gold or answer.seq < after):
                _compare(answer.content, truth, mine, gold)
    return out


def _truth(known: Reviewed, place: Place) -> tuple[Content | None, int]:
    """The known answer of a sheet, and the event before which entries are measured against it."""
    if place in known.gold:
        return known.gold[place][1], 0
    now = standing(known, place)
    if now.by is By.ADJUDICATED and now.decision is not None:
        return now.content, now.decision.seq
    return None, 0


def _compare(mine: Content, truth: Content, record: Record, gold: bool) -> None:
    typed, right = dict(mine.fields), dict(truth.fields)
    codes = typed.keys() | right.keys()
    wrong = sum(typed.get(code) != right.get(code) for code in codes) + (mine.header != truth.header)
    record.cells += len(codes) + 1
    record.cells_wrong += wrong
    if gold:
        record.gold += 1
        record.gold_wrong += wrong > 0


def _time(known: Reviewed, answer: Answer, record: Record) -> None:
    lease = known.leases.get(answer.lease)
    if lease is None:
        return
    spent = (datetime.fromisoformat(answer.time_utc) - lease.begun).total_seconds()
    record.seconds += max(0.0, spent)
    record.timed += 1
