"""Tesseract as a program: its languages, its word table, and what to say where it is missing.

``pytesseract`` is imported only when a page needs it: it loads pandas, a third of a second of CPU, and most pages are
read without it.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from ocr.segments import Pixels
from tally.errors import MissingComponent

# One Tesseract is one worker: its own threads would only compete with the other workers.
os.environ.setdefault("OMP_THREAD_LIMIT", "1")

INSTALL = "Install it: apt-get install tesseract-ocr tesseract-ocr-rus tesseract-ocr-kaz"


@lru_cache(maxsize=1)
def installed_languages() -> frozenset[str]:
    """Language data that Tesseract finds. Raises MissingComponent if Tesseract itself is missing."""
    import pytesseract

    try:
        return frozenset(pytesseract.get_languages(config=""))
    except (pytesseract.TesseractNotFoundError, OSError) as error:
        raise MissingComponent("The program tesseract was not found.", advice=INSTALL) from error


def usable_languages(wanted: Sequence[str]) -> str:
    """Tesseract's language argument. Raises MissingComponent if one of the wanted ones is not installed."""
    missing = [code for code in wanted if code not in installed_languages()]
    if missing:
        packages = " ".join(f"tesseract-ocr-{code}" for code in missing)
        raise MissingComponent(
            f"Tesseract has no data for {', '.join(missing)}.",
            advice=f"Install it: apt-get install {packages}",
        )
    return "+".join(wanted)


def word_table(picture: Pixels, languages: Sequence[str], config: str, seconds: int) -> dict[str, list[Any]]:
    """Tesseract's table of words of a picture, (H, W) uint8 grey: text, conf, left, top, width, height and more.

    Raises:
        MissingComponent: no Tesseract, or no data for one of the languages.
        RuntimeError: it crashed, or took longer than ``seconds``.
    """
    import pytesseract

    spoken = usable_languages(languages)
    with tempfile.TemporaryDirectory(prefix="hattama-") as folder:
        # Handed over uncompressed: packing a PNG would cost 40 ms a sheet.
        path = Path(folder) / "print.pgm"
        path.write_bytes(b"P5 %d %d 255\n" % (picture.shape[1], picture.shape[0]) + picture.tobytes())
        try:
            table: dict[str, list[Any]] = pytesseract.image_to_data(
                str(path),
                lang=spoken,
                config=config,
                output_type=pytesseract.Output.DICT,
                timeout=seconds,
            )
        except pytesseract.TesseractNotFoundError as error:
            raise MissingComponent("The program tesseract was not found.", advice=INSTALL) from error
    return table
