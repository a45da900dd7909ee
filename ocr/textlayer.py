"""Typed protocols: numbers out of a PDF's text layer, believed only where the drawn page says the same.

A text layer can hold anything: what a scanner's software guessed, text in white, text beside the page, letters that
map to other characters than they show. What counts is what is drawn. So the page is drawn and read like a photo, the
text is placed on that drawing, and a value of the text is taken as exact only where both say the same in one place.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Any

import pdfplumber
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from ocr import crops
from ocr.anchor import Match, match_form
from ocr.boxes import Box
from ocr.photo import PDF_DPI, Photo
from ocr.readings import read_cells
from ocr.rowtypes import Row, RowKind
from ocr.tiles import LabelText
from tally.acceptance import decide
from tally.checks import run_checks, spans_of, suggest
from tally.form import Form
from tally.model import Mark, PageReading, Quad, Reading, Status

INVISIBLE = (3, 7)
"""Text render modes that paint nothing (ISO 32000-1, table 106): OCR software lays its guesses under a scan so."""
SCANNED = 0.5
"""A picture that covers this share of the page is a scan, whatever text lies over it."""
MIN_ROWS = 4
EXACT = 0.9999
"""Confidence of a value that text and drawing share."""
_NUMBER = re.compile(r"\d{1,7}")
_DASH = re.compile(r"[-–—]+")


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    box: Box
    """In pixels of the drawn page."""


def text_reader() -> str:
    """Name of this reader."""
    return f"text-layer pdfplumber {version('pdfplumber')}"


def typed_words(data: bytes, page: int) -> list[_Word]:
    """Words of a page's text layer that may be typed; empty for scans, with or without text under them.

    Args:
        data: the PDF.
        page: 1-based.
    """
    try:
        if not _is_typed(data, page - 1):
            return []
        with pdfplumber.open(io.BytesIO(data)) as document:
            seen = document.pages[page - 1]
            words = seen.extract_words(use_text_flow=False, keep_blank_chars=False)
            left, top = seen.bbox[0], seen.bbox[1]
    except Exception:  # noqa: BLE001 - pdfminer raises anything on damaged files; the drawing is read in any case
        return []
    scale = PDF_DPI / 72
    return [_Word(str(w["text"]), _box(w, left, top, scale)) for w in words]


def _box(word: Mapping[str, Any], left: float, top: float, scale: float) -> Box:
    return Box(
        round((word["top"] - top) * scale),
        round((word["x0"] - left) * scale),
        round((word["bottom"] - top) * scale),
        round((word["x1"] - left) * scale),
    )


def _is_typed(data: bytes, index: int) -> bool:
    """True if the page has text, all of it is painted, and no picture covers the page."""
    with pdfium.PdfDocument(data) as document:
        page = document[index]
        if page.get_rotation():
            return False  # drawn turned; placing the text there is not worth the risk
        area, texts = page.get_width() * page.get_height(), 0
        for thing in page.get_objects(max_depth=6):
            if thing.type == pdfium_c.FPDF_PAGEOBJ_TEXT:
                texts += 1
                if pdfium_c.FPDFTextObj_GetTextRenderMode(thing.raw) in INVISIBLE:
                    return False
            if thing.type == pdfium_c.FPDF_PAGEOBJ_IMAGE:
                left, bottom, right, top = thing.get_bounds()
                if (right - left) * (top - bottom) > SCANNED * area:
                    return False
    return texts > 0


def with_text(drawn: PageReading, photo: Photo, words: Sequence[_Word], form: Form) -> PageReading:
    """The reading of the drawn page, with the values of the text where both agree.

    Where they differ, what was read on the drawing stays, no longer sure, with the text's value as an alternative:
    a person has to look.
    """
    match = _match(words, form)
    if len(match.fields) < MIN_ROWS:
        return drawn
    texts = _numbers(words)
    again = _read_again({**drawn.header, **drawn.fields}, photo, match, texts, form)
    differ: list[str] = []
    fields = {c: _joined(c, again.get(c, r), match, texts, differ) for c, r in drawn.fields.items()}
    header = {c: _joined(c, again.get(c, r), match, texts, differ) for c, r in drawn.header.items()}
    n_votes = sum(c.startswith("votes.") and r.mark is not Mark.ABSENT for c, r in fields.items()) or None
    page = replace(
        drawn,
        header=header,
        fields=fields,
        checks=run_checks(form, spans_of(form, fields), n_votes),
        suggestions=suggest(form, fields, n_votes),
        reader=f"{text_reader()}, {drawn.reader}",
    )
    status, reasons = decide(form, page)
    if differ:
        told = f"the text of the PDF is not what is drawn on the page: {', '.join(differ)}"
        return replace(page, status=Status.REVIEW, reasons=(told, *reasons))
    return replace(page, status=status, reasons=reasons)


def _read_again(
    cells: Mapping[str, Reading], photo: Photo, match: Match, texts: Mapping[Box, str], form: Form
) -> dict[str, Reading]:
    """A second look at cells that were not read as the text says, cut close around the word: print is small."""
    places = {**match.header, **match.fields}
    wanted = {
        code: places[code].row.number
        for code, cell in cells.items()
        if code in places
        and cell.quad_px is not None
        and str(cell.value) != texts[places[code].row.number]
        and _inside(places[code].row.number, cell.quad_px)
    }
    if not wanted:
        return {}
    pictures = [crops.cut(photo.pixels, _around(box)) for box in wanted.values()]
    seen = read_cells(pictures, [form.field(code) for code in wanted])
    return {
        code: replace(cells[code], mark=cell.mark, value=cell.value, confidence=cell.confidence,
                      agreed=cell.agreed, text=cell.text, alternatives=cell.alternatives)
        for code, cell in zip(wanted, seen, strict=True) if cell.mark is Mark.READ and cell.agreed
    }  # fmt: skip


def _around(box: Box) -> Quad:
    pad = box.height // 3
    x0, y0, x1, y1 = max(0, box.x0 - 2 * pad), max(0, box.y0 - pad), box.x1 + 2 * pad, box.y1 + pad
    return ((x0, y0), (x1, y0), (x1, y1), (x0, y1))


def _joined(code: str, drawn: Reading, match: Match, texts: Mapping[Box, str], differ: list[str]) -> Reading:
    """One cell from both sources; the code goes on the list if they contradict one another."""
    anchor = match.fields.get(code) or match.header.get(code)
    if anchor is None or drawn.quad_px is None:
        return drawn
    text = texts[anchor.row.number]
    value = int(text) if text.isdecimal() else None
    here = _inside(anchor.row.number, drawn.quad_px)
    if here and value is not None and drawn.value == value:
        return replace(drawn, confidence=EXACT, agreed=True, reader=text_reader(), text=text, alternatives=())
    if here and value is None and drawn.mark is Mark.DASH:
        return replace(drawn, agreed=True)
    differ.append(code)
    other = ((value, 0.5),) if value is not None and value != drawn.value else ()
    return replace(drawn, confidence=min(drawn.confidence, 0.5), agreed=False, alternatives=other)


def _inside(box: Box, quad: Quad) -> bool:
    """True if the middle of a word lies in the cell that was read."""
    xs, ys = [x for x, _ in quad], [y for _, y in quad]
    return min(xs) <= (box.x0 + box.x1) / 2 <= max(xs) and min(ys) <= box.middle <= max(ys)


def _numbers(words: Sequence[_Word]) -> dict[Box, str]:
    """Numbers and dashes with their places; "1 023" and the digits of digit boxes on one line are one number."""
    out: dict[Box, str] = {}
    for word in sorted(words, key=lambda w: (round(w.box.middle / 6), w.box.x0)):
        if not (_NUMBER.fullmatch(word.text) or _DASH.fullmatch(word.text)):
            continue
        last = next(reversed(out), None)
        if last is not None and _continues(last, out[last], word):
            out[last.hull(word.box)] = out.pop(last) + word.text
        else:
            out[word.box] = word.text
    return out


def _continues(last: Box, text: str, word: _Word) -> bool:
    """True for a group of three digits behind a thin space."""
    gap = word.box.x0 - last.x1
    grouped = text.isdecimal() and len(text) <= 3 and len(word.text) == 3 and word.text.isdecimal()
    return grouped and last.overlap_y(word.box) > 0.8 and 0 <= gap <= 0.5 * last.height


def _match(words: Sequence[_Word], form: Form) -> Match:
    """Rows by the words around each number: to its left, nearer to it than to the numbers above and below."""
    numbers = _numbers(words)
    column = _column(list(numbers))
    others = [w for w in words if w.box not in numbers]
    rows = [Row(box, (), RowKind.CELL) for box in column]
    labels = [LabelText(_label(box, column, others), 1.0) for box in column]
    top = column[0].y0 if column else 0
    heads = [b for b in numbers if b.y1 < top and b not in column]
    head_labels = [LabelText(_line(box, others), 1.0) for box in heads]
    title = " ".join(w.text for w in others if w.box.y1 < top)
    rows = [Row(box, (), RowKind.BLANK) for box in heads] + rows
    return match_form(form, rows, [*head_labels, *labels], title)


def _column(boxes: Sequence[Box]) -> list[Box]:
    """The rightmost column of numbers that is nearly as long as the longest one."""
    groups = [[o for o in boxes if o.overlap_x(one) > 0.3 or _aligned(o, one)] for one in boxes]
    longest = max((len(group) for group in groups), default=0)
    long = [group for group in groups if len(group) >= 0.6 * longest]
    best = max(long, key=lambda group: sum(b.x1 for b in group) / len(group), default=[])
    return sorted(best)


def _aligned(one: Box, other: Box) -> bool:
    middles = abs(one.x0 + one.x1 - other.x0 - other.x1) / 2
    return min(abs(one.x1 - other.x1), abs(one.x0 - other.x0), middles) <= one.height


def _label(box: Box, column: Sequence[Box], words: Sequence[_Word]) -> str:
    def nearest(word: _Word) -> Box:
        return min(column, key=lambda other: abs(other.middle - word.box.middle))

    mine = [w for w in words if w.box.x1 <= box.x0 and nearest(w) == box]
    near = [w for w in mine if abs(w.box.middle - box.middle) <= 3 * box.height]
    return " ".join(w.text for w in sorted(near, key=lambda w: (round(w.box.middle / 6), w.box.x0)))


def _line(box: Box, words: Sequence[_Word]) -> str:
    same = [w for w in words if w.box.x1 <= box.x0 and w.box.overlap_y(box) > 0.5]
    return " ".join(w.text for w in sorted(same, key=lambda w: w.box.x0))


__all__ = ["text_reader", "typed_words", "with_text"]
