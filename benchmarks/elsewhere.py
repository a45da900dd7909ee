"""Make a small case for comparing bundles of two machines: python -m benchmarks.elsewhere CASE.

The same sheet as every kind of picture that people hand in, because each kind has a decoder of its own that could
round otherwise on another kind of processor: JPEG of several kinds, PNG, WebP, HEIC, a scan in a PDF, a photo that
its header turns. Copy the case (its ledger holds the time of its making), then on each machine:

    hattama bundle CASE BUNDLE && (cd BUNDLE && find . -type f -exec sha256sum {} + | sort -k 2)
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import pillow_heif
from PIL import Image

from benchmarks.bundle import NAMES, SAMPLES, faultless
from tally.case import Case, create_case

TURNED = 6
"""EXIF: the photo is to be turned clockwise by a quarter."""
KINDS: dict[str, dict[str, Any]] = {
    "fine.jpg": {"format": "JPEG", "quality": 92, "subsampling": 0},
    "sent.jpg": {"format": "JPEG", "quality": 75, "subsampling": 2, "progressive": True},
    "half.jpg": {"format": "JPEG", "quality": 80, "subsampling": 1},
    "grey.png": {"format": "PNG", "mode": "L"},
    "colour.png": {"format": "PNG"},
    "sent.webp": {"format": "WEBP", "quality": 80},
    "phone.heic": {"format": "HEIF", "quality": 80},
    "scan.pdf": {"format": "PDF", "resolution": 200},
    "turned.jpg": {"format": "JPEG", "quality": 85, "turned": True},
}
"""Name of the file -> how it is written."""


def case_of_kinds(folder: Path) -> Case:
    """A case of district 27 with one protocol of each kind, read without fault."""
    pillow_heif.register_heif_opener()
    case = create_case(folder, "kz-2023-majilis", [27], actor="user:benchmark")
    for number, (name, how) in enumerate(KINDS.items(), 1):
        sample = NAMES[number % len(NAMES)]
        stored = case.add_bytes(_written(sample, dict(how)), name)
        page = faultless(sample, stored.sha256, precinct=number)
        case.record_pages(stored.sha256, [page], "truth")
    return case


def _written(sample: str, how: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    with Image.open(SAMPLES / sample) as photo:
        picture = photo.convert(how.pop("mode", "RGB"))
    if how.pop("turned", False):
        how["exif"] = Image.Exif()
        how["exif"][0x0112] = TURNED
        picture = picture.transpose(Image.Transpose.ROTATE_90)
    picture.save(out, **how)
    return out.getvalue()


if __name__ == "__main__":
    case_of_kinds(Path(sys.argv[1]))
