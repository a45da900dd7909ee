"""The reader's front door: a file in, one reading per page out.

Everything here works on bytes and plain data, so it can run in any worker process; nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import cv2

from ocr import crops
from ocr.memory import one_after_the_other
from ocr.names import CandidateNames
from ocr.photo import Photo, is_pdf, open_photos
from ocr.printed import PrintReader
from ocr.protocol import read_page
from ocr.readings import reader_name
from ocr.spelled import words_reader
from tally.election import Contest, Election, form_of
from tally.errors import UsageError
from tally.form import Form, load_form, shipped_forms
from tally.model import PageReading, Quad

PIPELINE_VERSION = "19"
"""Raised whenever the steps before the networks change what may be read; part of :func:`pipeline_id`."""

one_after_the_other()


def pipeline_id() -> str:
    """Names this pipeline and its weights; a case reads a photo again when it changes. Raises MissingComponent."""
    printed = f"print {PrintReader.load().sha256[:12]}"
    return f"{PIPELINE_VERSION}/{printed}/{words_reader()}/{reader_name()}"


def read_file(
    source: bytes | Path,
    name: str,
    form: str = "auto",
    *,
    election: Election | None = None,
    contests: Iterable[str] | None = None,
) -> list[PageReading]:
    """Read every page of a photo or PDF.

    Args:
        source: the bytes, or a path to them.
        name: the file name to report.
        form: a form id, a path to a form file, or ``auto``.
        election: gives the candidates' names (and, with ``auto``, the forms to choose from).
        contests: ids of the contests the photo may belong to; all of the election by default.

    Raises:
        PhotoError: the file cannot be decoded. FormError: unknown form. MissingComponent: no Tesseract or weights.
    """
    return list(read_pages(source, name, form, election=election, contests=contests))


def read_pages(
    source: bytes | Path,
    name: str,
    form: str = "auto",
    *,
    election: Election | None = None,
    contests: Iterable[str] | None = None,
) -> Iterator[PageReading]:
    """As :func:`read_file`, page by page."""
    data = source.read_bytes() if isinstance(source, Path) else source
    chosen = _contests(election, contests)
    forms = _forms(form, chosen)
    names = _names(chosen)
    for photo in open_photos(data, name):
        page = read_page(photo, forms, names)
        yield _typed(data, photo, page, forms) if is_pdf(data) else page


def _typed(data: bytes, photo: Photo, page: PageReading, forms: Iterable[Form]) -> PageReading:
    """A page of a PDF, with the values of its text layer where the drawn page says the same."""
    from ocr.textlayer import typed_words, with_text  # photos have no use for the PDF libraries

    form = next((form for form in forms if form.id == page.form), None)
    words = typed_words(data, photo.page) if form is not None else []
    return with_text(page, photo, words, form) if form is not None and words else page


def crop(data: bytes, page: int, quad: Quad, name: str = "photo") -> bytes:
    """PNG bytes of one cell of a page. Raises PhotoError, or UsageError if there is no such page."""
    for photo in open_photos(data, name):
        if photo.page == page:
            ok, png = cv2.imencode(".png", crops.cut(photo.pixels, quad))
            if ok:
                return png.tobytes()
    raise UsageError(f"there is no page {page} to cut from", file=name)


def _contests(election: Election | None, wanted: Iterable[str] | None) -> list[Contest]:
    if election is None:
        return []
    keep = set(wanted) if wanted is not None else None
    return [contest for contest in election.contests if keep is None or contest.id in keep]


def _forms(form: str, contests: list[Contest]) -> list[Form]:
    if form != "auto":
        return [load_form(form)]
    if contests:
        return [form_of(contest) for contest in {c.form: c for c in contests}.values()]
    return [each for each in shipped_forms() if each.layout.anchor == "label"]


def _names(contests: list[Contest]) -> CandidateNames | None:
    """Spellings by candidate id; names of several contests may only be mixed if they do not clash."""
    names: dict[str, list[str]] = {}
    for contest in contests:
        for candidate in contest.candidates:
            spellings = [spelling for group in candidate.names.values() for spelling in group]
            names.setdefault(candidate.id, []).extend(spellings)
    return names or None
