"""Bytes from anywhere -> upright pixels, under limits, or a clear refusal.

The format is decided by the content, never by the name. Nothing here writes: originals stay as received.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps

from tally.errors import PhotoError

if TYPE_CHECKING:
    import pypdfium2 as pdfium

Pixels = NDArray[np.uint8]

MAX_BYTES = 64 * 2**20
"""Largest file that is opened. A 48 Mpx phone JPEG has about 25 MB."""
MAX_PIXELS = 64_000_000
"""Largest picture that is decoded: 64 Mpx are 192 MB as BGR; a 900 Mpx bomb is refused by its header alone."""
MAX_PAGES = 60
"""A protocol has one or two sheets; a longer PDF is a book or an attack, and is asked to be split."""
PDF_DPI = 200
"""Resolution at which PDF pages are drawn: A4 gives 1654 x 2339 px, digits about 50 px high."""


# A list of what is allowed is the best defence: most holes of image libraries were in formats that no phone writes.
# MPO (two pictures in one JPEG, as Samsung writes them) is opened by the JPEG plug-in itself.
_FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP")
# Formats whose further pictures are previews, depth maps or the other eye, and not further pages.
_ONE_PICTURE = frozenset({"MPO", "HEIF"})


@dataclass(frozen=True, slots=True)
class Photo:
    """One upright picture of one page."""

    name: str
    """File name as given, without folder."""
    sha256: str
    """Hash of the whole original file."""
    page: int
    """1-based; always 1 for pictures."""
    pixels: Pixels
    """(H, W, 3) uint8 BGR, after EXIF orientation."""


def open_photos(data: bytes, name: str) -> Iterator[Photo]:
    """Yield the pages of a photo, a multi-page TIFF or a PDF, one decoded at a time.

    Raises:
        PhotoError: empty, too large, not a picture, truncated, too many pages, or encrypted.
    """
    check_bytes(data, name)
    sha256 = hashlib.sha256(data).hexdigest()
    pages = _pdf_pages(data, name) if is_pdf(data) else _picture_pages(data, name)
    for number, pixels in enumerate(pages, start=1):
        yield Photo(Path(name).name, sha256, number, pixels)


def is_pdf(data: bytes) -> bool:
    """True if the bytes begin like a PDF (the marker may stand within the first kilobyte)."""
    return b"%PDF-" in data[:1024]


def check_bytes(data: bytes, name: str) -> None:
    """Refuse what cannot be a photo before any decoder sees it. Raises PhotoError."""
    if not data:
        raise PhotoError("The file is empty (0 bytes).", advice="Ask the sender to send it again.", file=name)
    if len(data) > MAX_BYTES:
        raise PhotoError(
            f"The file has {len(data) / 2**20:.0f} MB; the limit is {MAX_BYTES // 2**20} MB.",
            advice="Send the photo itself, not a video or an archive.",
            file=name,
        )


def open_picture(data: bytes, name: str) -> Image.Image:
    """The picture with its header read and its pixels not yet decoded. Raises PhotoError."""
    try:
        if data[4:8] == b"ftyp":  # the box that HEIF begins with
            _know_heif()
            return Image.open(io.BytesIO(data), formats=("HEIF",))
        return Image.open(io.BytesIO(data), formats=_FORMATS)
    except Image.DecompressionBombError as bomb:
        raise _too_many_pixels(name) from bomb
    except Exception as error:
        raise PhotoError(
            f"This is not a picture or PDF that can be read ({_kind(data)}).",
            advice="Send a JPEG, PNG, WEBP, TIFF, HEIC or PDF.",
            file=name,
        ) from error


@lru_cache(maxsize=1)
def _know_heif() -> None:
    """Teach Pillow the format of newer phones; only when one comes, because the library takes a while to load."""
    import pillow_heif

    pillow_heif.register_heif_opener(thumbnails=False)  # limits of libheif stay in force


def _picture_pages(data: bytes, name: str) -> Iterator[Pixels]:
    with warnings.catch_warnings():
        # Pillow only warns about bombs up to twice its limit; our own limit below is the one that counts.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        picture = open_picture(data, name)
        frames = 1 if picture.format in _ONE_PICTURE else getattr(picture, "n_frames", 1)
        _check_pages(frames, name)
        for index in range(frames):
            yield _decode(picture, index, name)


def _decode(picture: Image.Image, index: int, name: str) -> Pixels:
    try:
        if index:
            picture.seek(index)
        if picture.width * picture.height > MAX_PIXELS:
            raise _too_many_pixels(name, picture.size)
        rgb = _flatten(_upright(picture))
        rgb.load()
        pixels = cv2.cvtColor(np.asarray(rgb), cv2.COLOR_RGB2BGR)
    except PhotoError:
        raise
    except Exception as error:  # Pillow's decoders raise OSError, SyntaxError, struct.error, ValueError ...
        raise PhotoError(
            "The picture is damaged or cut off, it cannot be decoded.",
            advice="Ask for the file again, as a document rather than as a photo.",
            file=name,
        ) from error
    return np.asarray(pixels, np.uint8)


def _upright(picture: Image.Image) -> Image.Image:
    """As the phone was held; a picture that was not turned is not copied."""
    if picture.getexif().get(ExifTags.Base.Orientation, 1) == 1:
        return picture
    return ImageOps.exif_transpose(picture)


def _flatten(picture: Image.Image) -> Image.Image:
    """Transparent areas become white paper, not black."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        white = Image.new("RGBA", picture.size, "white")
        return Image.alpha_composite(white, picture.convert("RGBA")).convert("RGB")
    if picture.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(picture) >> 8).astype(np.uint8)).convert("RGB")
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def _pdf_pages(data: bytes, name: str) -> Iterator[Pixels]:
    import pypdfium2 as pdfium  # here and below: photos have no use for it

    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise PhotoError(
            "The PDF is damaged or locked with a password.",
            advice="Send it unlocked, or photograph the sheet.",
            file=name,
        ) from error
    with document:
        _check_pages(len(document), name)
        for index in range(len(document)):
            yield _draw(document, index, name)


def _draw(document: pdfium.PdfDocument, index: int, name: str) -> Pixels:
    import pypdfium2 as pdfium

    try:
        page = document[index]
        scale = PDF_DPI / 72
        width, height = page.get_size()
        if width * height * scale * scale > MAX_PIXELS:
            raise _too_many_pixels(name, (int(width * scale), int(height * scale)))
        drawn = page.render(scale=scale, rev_byteorder=False, may_draw_forms=True).to_numpy()
    except pdfium.PdfiumError as error:
        raise PhotoError(
            f"Page {index + 1} of the PDF is damaged.", advice="Ask for the file again.", file=name
        ) from error
    return np.ascontiguousarray(drawn[:, :, :3], dtype=np.uint8)


def _check_pages(count: int, name: str) -> None:
    if count > MAX_PAGES:
        raise PhotoError(
            f"The file has {count} pages; the limit is {MAX_PAGES}.",
            advice="Split it into files of one protocol each.",
            file=name,
        )


def _too_many_pixels(name: str, size: tuple[int, int] | None = None) -> PhotoError:
    shown = f"{size[0]} x {size[1]} pixels" if size else "far more pixels than a photo has"
    return PhotoError(
        f"The picture claims {shown}; the limit is {MAX_PIXELS // 10**6} million.",
        advice="It was not decoded. Send the photo as the phone took it.",
        file=name,
    )


def _kind(data: bytes) -> str:
    head = data[:512]
    if head.startswith(b"PK"):
        return "it looks like a zip archive or an office file"
    if b"\x00" not in head and sum(byte < 9 for byte in head) == 0:
        return "it looks like text"
    return "unknown format"
