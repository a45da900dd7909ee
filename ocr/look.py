"""A first look at a file: can it be decoded, what do its metadata say, and which shot is it. No sheet is read here.

Imports no OpenCV and no networks, so that a worker that only looks starts quickly.
"""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image

from ocr.photo import Pixels, is_pdf, open_photos, open_picture
from tally.errors import PhotoError
from tally.provenance import Seen

_SIDE = 64
_KEPT = 16
_FLAT = 4.0
"""Standard deviation in grey levels below which a page has no shape to be recognised by."""


def look(data: bytes, name: str) -> Seen:
    """Decode the first page and read the metadata. Raises ``PhotoError`` if it cannot be decoded."""
    pages = open_photos(data, name)
    first = next(pages, None)
    if first is None:
        raise PhotoError("The file has no pages.", advice="Ask for it again.", file=name)
    height, width = first.pixels.shape[:2]
    if is_pdf(data):
        # Scans of one form are as alike as straightened sheets: no hash, see tally.resends.
        return Seen("PDF", width, height, _pdf_pages(data))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # broken metadata are a fact about the file, not news for a person
        picture = open_picture(data, name)
        camera, taken, place = _metadata(picture)
        frames = 1 if picture.format in ("MPO", "HEIF") else int(getattr(picture, "n_frames", 1))
        return Seen(
            picture.format or "", width, height, frames, camera, taken, place, perceptual_hash(first.pixels)
        )


def _pdf_pages(data: bytes) -> int:
    import pypdfium2 as pdfium

    with pdfium.PdfDocument(data) as document:
        return len(document)


def _metadata(picture: Image.Image) -> tuple[bool, bool, bool]:
    """Whether the metadata name a camera, a time of exposure and a place; the values are not kept."""
    try:
        exif = picture.getexif()
        inner = exif.get_ifd(ExifTags.IFD.Exif)
        place = bool(exif.get_ifd(ExifTags.IFD.GPSInfo))
    except Exception:  # noqa: BLE001 - Pillow raises whatever a broken directory leads to
        return False, False, False
    camera = bool(exif.get(ExifTags.Base.Make) or exif.get(ExifTags.Base.Model))
    taken = bool(inner.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTimeOriginal))
    return camera, taken, place


def perceptual_hash(pixels: Pixels) -> str:
    """256 bits as 64 hex digits: which of the lowest 16 x 16 frequencies of the page lie above their median.

    The usual "pHash" (Zauner 2010) with 16 x 16 instead of 8 x 8 terms. Empty for a page with hardly any contrast.
    """
    grey = Image.fromarray(pixels[:, :, ::-1]).convert("L").resize((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    values = np.asarray(grey, dtype=np.float64)
    if values.std() < _FLAT:
        return ""
    waves = _waves()
    terms = (waves @ values @ waves.T).ravel()
    bits = terms > np.median(terms[1:])  # the first term is the mean brightness
    return np.packbits(bits).tobytes().hex()


def _waves() -> NDArray[np.float64]:
    """The lowest rows of the cosine transform (DCT-II) of 64 values."""
    at = (2 * np.arange(_SIDE) + 1) * np.pi / (2 * _SIDE)
    waves: NDArray[np.float64] = np.cos(np.outer(np.arange(_KEPT), at))
    return waves
