from __future__ import annotations

import io
from functools import lru_cache

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image

from ocr.pipeline import read_file
from ocr.textlayer import typed_words
from tally.model import PageReading, Status
from tests.ocr.committed import FORM, TABLE, photo_bytes
from tests.ocr.typed_pdf import VALUES, typed


@lru_cache(maxsize=4)
def read_typed(**changes: str) -> PageReading:
    (page,) = read_file(typed(**changes), "typed.pdf", FORM)
    return page


def test_a_typed_protocol_is_exact_and_says_who_read_it():
    page = read_typed()
    assert {code: cell.value for code, cell in page.fields.items()} == VALUES
    assert (page.header["precinct"].value, page.header["district"].value) == (379, 4)
    assert all(cell.reader.startswith("text-layer pdfplumber") for cell in page.fields.values())
    assert page.status is Status.ACCEPTED


def test_white_text_over_the_drawn_number_is_not_believed():
    # White digits over 512: the text layer holds both, the page shows what is left of one.
    data = typed({512: "#box[512#place(top + left, text(fill: white)[912])]"})
    (page,) = read_file(data, "white.pdf", FORM)
    assert page.status is not Status.ACCEPTED
    assert page.fields["votes.1"].value != 912


def test_a_number_that_only_the_text_knows_is_not_taken():
    (page,) = read_file(typed({512: "#text(fill: white)[512]"}), "hidden.pdf", FORM)
    assert page.fields["votes.1"].value is None
    assert page.status is not Status.ACCEPTED


def test_digits_drawn_otherwise_than_their_text_go_to_a_person():
    # A wrong ToUnicode map, seen from outside: the words say 512, the drawn page shows 572.
    shown = typed({512: "572"})
    words = typed_words(typed(), 1)
    from ocr.photo import open_photos
    from ocr.protocol import read_page
    from ocr.textlayer import with_text
    from tally.form import load_form

    form = load_form(FORM)
    (photo,) = open_photos(shown, "map.pdf")
    page = with_text(read_page(photo, [form]), photo, words, form)
    cell = page.fields["votes.1"]
    assert (cell.value, cell.agreed, cell.alternatives[0][0]) == (572, False, 512)
    assert page.status is Status.REVIEW
    assert "not what is drawn" in page.reasons[0]


def test_text_under_a_scan_is_no_typed_text():
    picture = io.BytesIO()
    Image.open(io.BytesIO(photo_bytes(TABLE))).convert("RGB").save(picture, "PDF")
    assert typed_words(picture.getvalue(), 1) == []


def test_invisible_text_is_no_typed_text():
    document = pdfium.PdfDocument(typed())
    page = document[0]
    first = next(thing for thing in page.get_objects() if thing.type == pdfium_c.FPDF_PAGEOBJ_TEXT)
    assert pdfium_c.FPDFTextObj_SetTextRenderMode(first.raw, 3)
    page.gen_content()
    out = io.BytesIO()
    document.save(out)
    assert typed_words(typed(), 1)
    assert typed_words(out.getvalue(), 1) == []


def test_text_outside_the_page_changes_nothing():
    outside = "#place(top + left, dx: -30cm, dy: 0cm)[Примеров Пример 999]"
    (page,) = read_file(typed(extra=outside), "outside.pdf", FORM)
    assert page.fields["votes.1"].value == 512


def test_bytes_that_are_no_pdf_have_no_words():
    assert typed_words(b"%PDF-1.7 broken", 1) == []
    assert typed_words(np.zeros(9, np.uint8).tobytes(), 1) == []
