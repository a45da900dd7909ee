"""Error rates with 95 % bounds: those of the benchmark that ships with the program, and those of the case itself."""

from __future__ import annotations

import tomllib
from fractions import Fraction
from importlib.resources import files
from typing import Any

from tally import texts
from tally.bundle.contents import Contents
from tally.catalogue import messages
from tally.review.settle import By, standing


def measured(found: Contents, language: str) -> list[list[str]]:
    """Rows of the table: what, wrong, of, exact 95 % bounds of the rate (Clopper-Pearson)."""
    known = _known()
    rows = []
    for key in ("accepted", "settled"):
        # The reader is named: a case may have been read by another one than that which was measured.
        name = f"{_word(f'm.{key}', language)}; {known['reader']}, {known['date']}"
        rows.append(_row(name, int(known[key]["wrong"]), int(known[key]["of"]), language))
    for key, (wrong, of) in in_case(found).items():
        if of:
            rows.append(_row(_word(f"m.case.{key}", language), wrong, of, language))
    none = _word("m.none", language)
    return rows + [[_word(f"m.{key}", language), none, "", ""] for key in ("person", "two", "whole")]


def source(found: Contents, language: str) -> list[str]:
    """Where the rates come from, and a warning if the case was read by another version of the reader."""
    known = _known()
    lines = [_word("m.source", language).format(source=known["source"])]
    readers = sorted({page.reader for page in found.state.pages() if page.reader})
    others = [reader for reader in readers if not f"{reader} ".startswith(f"{known['reader']} ")]
    if others:
        told = _word("m.other", language)
        lines.append(told.format(readers="; ".join(others), measured=known["reader"]))
    return lines


def in_case(found: Contents) -> dict[str, tuple[int, int]]:
    """Of the sheets that two people settled: (cells that differ, cells compared).

    ``program``: numbers that the program read, against what was settled by people who did not see them.
    ``entry``: cells of single entries against what was settled. ``pair``: cells in which two entries differ.
    """
    program, entry, pair = [0, 0], [0, 0], [0, 0]
    for place in found.state.review.answers:
        now = standing(found.state.review, place)
        if now.by not in (By.DOUBLE, By.ADJUDICATED) or now.content is None or now.content.aside:
            continue
        right = dict(now.content.fields)
        pages = {page.page: page.fields for page in found.state.pages_of(place[0])}
        read = {code: cell.value for code, cell in pages.get(place[1], {}).items() if cell.value is not None}
        _count(program, ((value, right[code]) for code, value in read.items() if code in right))
        typed = [dict(one.content.fields) for one in now.entries if not one.content.aside]
        for fields in typed:
            _count(entry, ((fields.get(code), value) for code, value in right.items()))
        if len(typed) == 2:
            _count(pair, ((typed[0].get(code), typed[1].get(code)) for code in right))
    return {name: (c[0], c[1]) for name, c in (("program", program), ("entry", entry), ("pair", pair))}


def _count(counts: list[int], pairs: Any) -> None:
    for one, other in pairs:
        counts[0] += one != other
        counts[1] += 1


def _row(name: str, wrong: int, of: int, language: str) -> list[str]:
    low, high = (texts.written(texts.Rounded(bound, 2), language) for bound in bounds(wrong, of))
    return [name, texts.written(wrong, language), texts.written(of, language), f"{low}–{high} %"]


def bounds(wrong: int, of: int) -> tuple[Fraction, Fraction]:
    """Two-sided exact 95 % bounds in percent; with no error the upper one is one-sided (rule of three)."""
    from scipy.special import betaincinv  # scipy.stats takes a second to import

    tail = 0.05 if wrong == 0 else 0.025
    low = 0.0 if wrong == 0 else float(betaincinv(wrong, of - wrong + 1, tail))
    high = 1.0 if wrong == of else float(betaincinv(wrong + 1, of - wrong, 1 - tail))
    return Fraction(round(low * 100, 6)), Fraction(round(high * 100, 6))


def _known() -> dict[str, Any]:
    return tomllib.loads((files("tally") / "data" / "measured.toml").read_text("utf-8"))


def _word(key: str, language: str) -> str:
    return messages()[f"report.{key}"][language]
