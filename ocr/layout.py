"""Where everything is on a page: the right way up, its rules, its rows, and which form they belong to.

A page is looked at as it lies. Only where that fits no form are its other ways up weighed against one another, by how
well a few lines can be read, and the likeliest one is looked at in full.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from ocr.anchor import Anchor, Match, expanded, with_rows
from ocr.bands import find_bands
from ocr.boxes import Box
from ocr.contrast import clear_print
from ocr.identify import LOST, Print, look_again, read_print, titled
from ocr.labelrows import holds_print, labelled_fields, rows_by_labels
from ocr.legible import legibility
from ocr.paper import rules_on_paper
from ocr.photo import Photo
from ocr.quality import SOFT, Quality, measure
from ocr.rows import find_rows, worth_a_label
from ocr.rowtypes import Row
from ocr.rules import Rules, find_rules
from ocr.sheet import Sheet, straighten
from ocr.words import read_words
from tally.form import Form

MISSING = 0.15
"""Share of a form's required rows without a place from which on the words of the whole page are read."""
ALIKE = 0.05
"""Ways up that can be read this nearly as well as the best one are looked at too. Of 31 pages, samples and real ones,
the right way up led the next by 0.04 to 0.21 on 26; on the others both were within 0.03, or it led by 0.1 the other
way, rightly: those lay upside down."""

FEWEST = 3
"""Labels that were read on a page which is worth a second look although it is blurred."""
GRAIN = 0.5
"""Where less than this share of the cells lies on the paper, the rest is grain of the wood or joints of tiles, and rows
were sought there. A sheet of underscores has hardly a cell, a seal's or a digit's; the wood beside it can have 40."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything is on one straightened page."""

    sheet: Sheet
    rows: tuple[Row, ...]
    match: Match
    quality: Quality
    blanks: tuple[Box, ...] = ()
    """Lines to write on outside of tables; those to sign on are among them."""
    cells: tuple[Box, ...] = ()
    legible: bool = True
    """False where the print reader saw texture, not print."""


Look = tuple[Layout, Print]
"""A page one way up: where everything is, and the print that was read there."""


def find_layout(photo: Photo, forms: Sequence[Form]) -> Layout:
    """Straighten the page the right way up and tie its rows to the best fitting form."""
    sheet = straighten(photo.pixels)
    if forms[0].layout.kind == "column":
        return _column_layout(sheet, photo, forms[0])
    tried = [_first_look(sheet, photo, forms)]
    if tried[0][0].match.score < LOST:
        tried = _other_ways_up(tried[0], photo, forms)
    best: Layout | None = None
    for layout, seen in tried[:2]:
        match = layout.match if _is_hopeless(layout) else look_again(seen, forms, layout.match)
        second = replace(layout, match=match)
        if best is None or second.match.score > best.match.score:
            best = second
        if best.match.score >= LOST:
            break
    assert best is not None
    return best


def _other_ways_up(first: Look, photo: Photo, forms: Sequence[Form]) -> list[Look]:
    """Looks at a page that fits no form as it lies, the best first; only ways up that are legible are looked at."""
    grey = first[0].sheet.grey
    # The first sheet turned by the same angles: good enough to tell which of them is worth straightening.
    legible = [legibility(np.ascontiguousarray(np.rot90(grey, -turn))) for turn in range(4)]
    order = sorted(range(4), key=lambda turn: -legible[turn])
    tried: list[Look] = []
    for turn in (turn for turn in order if legible[turn] >= legible[order[0]] - ALIKE):
        tried.append(first if turn == 0 else _first_look(_turned(first[0].sheet, photo, turn), photo, forms))
        if tried[-1][0].match.score >= LOST:
            break
    tried.sort(key=lambda look: look[0].match.score, reverse=True)
    return tried


def _turned(sheet: Sheet, photo: Photo, quarters: int) -> Sheet:
    """The sheet turned clockwise."""
    if quarters % 2:
        sheet = straighten(photo.pixels, 1)  # lines that run across need another levelling
    return sheet.upside_down() if quarters >= 2 else sheet


def _is_hopeless(layout: Layout) -> bool:
    """True for a blurred page with hardly a label: it gets the advice to take it again, not a second of work more.

    Of 130 pages, generated and real, two were so (2026-11-28), and Tesseract found no further label on them.
    """
    anchors = (*layout.match.header.values(), *layout.match.fields.values())
    return layout.quality.sharpness < SOFT and sum(anchor.anchored for anchor in anchors) < FEWEST


def complete(layout: Layout) -> Layout:
    """Look for rows that are still missing by the words of the whole page, if there are enough of them."""
    form = layout.match.form
    named = labelled_fields([f for f in expanded(form) if f.required])
    missing = {code: texts for code, texts in named.items() if code not in layout.match.fields}
    if (
        not layout.legible
        or _is_hopeless(layout)
        or not named
        or form.layout.anchor == "order"
        or len(missing) < max(2, MISSING * len(named))
    ):
        return layout
    grey = layout.sheet.grey
    words = read_words(clear_print(grey))
    cyrillic = any(code in ("rus", "kaz") for code in form.languages)
    # All wordings compete for the print, also those of rows that are known already.
    found = rows_by_labels(named, words, layout.cells, grey, cyrillic)
    kept = {c: a for c, a in layout.match.fields.items() if not holds_print(a.row.number, words)}
    return replace(layout, match=with_rows(replace(layout.match, fields=kept), found))


def _first_look(sheet: Sheet, photo: Photo, forms: Sequence[Form]) -> Look:
    """A look at a page as it lies; where it fits no form and most cells lie beside the paper, a look without those."""
    rules = find_rules(sheet.grey)
    look = _look(sheet, photo, forms, rules)
    if look[0].match.score < LOST:
        grey = np.asarray(cv2.cvtColor(photo.pixels, cv2.COLOR_BGR2GRAY), np.uint8)
        bare = rules_on_paper(rules, grey, sheet.to_photo)
        if len(bare.cells) < GRAIN * len(rules.cells):
            return max(_look(sheet, photo, forms, bare), look, key=lambda one: one[0].match.score)
    return look


def _look(sheet: Sheet, photo: Photo, forms: Sequence[Form], rules: Rules) -> Look:
    rows = worth_a_label(find_rows(rules.cells, rules.blanks, sheet.grey))
    seen, match = titled(sheet.grey, read_print(sheet.grey, rows), forms)
    quality = measure(sheet.grey, photo.pixels)
    found = Layout(sheet, tuple(rows), match, quality, rules.blanks, rules.cells, seen.legible)
    return found, seen


def _column_layout(sheet: Sheet, photo: Photo, form: Form) -> Layout:
    """Rows by order alone: never anchored, so never accepted without a person."""
    rows = find_bands(sheet.grey)
    codes = form.codes_for(0)
    fields = {code: Anchor(row, "", 0.0, False) for code, row in zip(codes, rows, strict=False)}
    match = Match(form, {}, fields, min(1.0, len(rows) / max(1, len(codes))))
    return Layout(sheet, tuple(rows), match, measure(sheet.grey, photo.pixels))


__all__ = ["Layout", "complete", "find_layout"]
