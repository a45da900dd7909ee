"""How a photo came to us, and what that rests on: facts about the file, and claims about its way.

A class is a grade for a court to weigh, no proof: metadata can be written by anybody. Facts are yes or no; places,
times and serial numbers of devices stay in the original and are written down nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

CLASSES: Final = ("original", "document", "recompressed", "unknown")
"""Best first. ``original``: handed in directly, with the data of a camera; ``document``: sent as a file or by mail, its
bytes unchanged on the way; ``recompressed``: as messengers make photos smaller; ``unknown``: screenshot or no sign."""

_MESSENGER_PHOTO: Final = re.compile(
    r"IMG-\d{8}-WA\d+|\d{5,}-PHOTO-\d{4}-\d\d-\d\d|^PHOTO-\d{4}-\d\d-\d\d|^WhatsApp Image \d{4}|^photo_\d+(?:_|@)?\d*",
    re.IGNORECASE,
)
_SCREENSHOT: Final = re.compile(
    r"screen\s?-?_?shot|снимок[ _]экрана|скриншот|экран(?:ның)?[ _]суреті", re.IGNORECASE
)
_MESSENGER_SIDES: Final = frozenset({1280, 1600, 2048, 2560})
"""Long sides, in pixels, to which WhatsApp and Telegram scale photos."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What can be seen in a file without reading the sheet on it."""

    format: str = ""
    """``JPEG``, ``MPO``, ``PNG``, ``WEBP``, ``TIFF``, ``BMP``, ``HEIF`` or ``PDF``; empty if it cannot be decoded."""
    width: int = 0
    height: int = 0
    """Pixels of the first page after EXIF orientation."""
    pages: int = 0
    camera: bool = False
    """The metadata name a camera."""
    taken: bool = False
    """The metadata hold a time of exposure."""
    place: bool = False
    """The metadata hold a place; the original tells where somebody stood."""
    phash: str = ""
    """Perceptual hash of the first page, 64 hex digits; empty for pages with hardly any contrast."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """A class and its reasons."""

    kind: str
    """One of :data:`CLASSES`."""
    facts: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Stable keys ``class`` and ``facts``."""
        return {"class": self.kind, "facts": list(self.facts)}


def provenance(
    seen: Seen, name: str, channel: str = "", how: str = "", *, forwarded: bool = False
) -> Provenance:
    """Grade one file as it was handed in once.

    ``name``: its own name, without that of an archive. ``channel``: ``whatsapp``, ``telegram``, ``mail`` or
    empty (handed in directly). ``how``: ``photo`` or ``file`` where the export says so.
    """
    messenger_name = bool(_MESSENGER_PHOTO.search(name))
    screenshot = bool(_SCREENSHOT.search(name))
    as_photo = how == "photo" or (how != "file" and channel in ("", "whatsapp") and messenger_name)
    facts = {
        f"channel_{channel}": bool(channel),
        "sent_as_photo": how == "photo",
        "sent_as_file": how == "file",
        "forwarded": forwarded,
        "camera_data": seen.camera,
        "time_of_exposure": seen.taken,
        "holds_a_place": seen.place,
        "no_camera_data": bool(seen.format) and not seen.camera and seen.format != "PDF",
        "messenger_name": messenger_name,
        "messenger_size": max(seen.width, seen.height) in _MESSENGER_SIDES,
        "screenshot_name": screenshot,
        f"format_{seen.format.lower()}": bool(seen.format),
    }
    kind = _kind(seen, channel, as_photo=as_photo, screenshot=screenshot)
    return Provenance(kind, tuple(fact for fact, holds in facts.items() if holds))


def _kind(seen: Seen, channel: str, *, as_photo: bool, screenshot: bool) -> str:
    if screenshot or not seen.format:
        return "unknown"
    if seen.camera and seen.taken:
        return "document" if channel else "original"
    if as_photo:
        return "recompressed"
    return "document" if channel else "unknown"


def best(classes: Iterable[str]) -> str:
    """The best class under which the same bytes were ever handed in."""
    known = [CLASSES.index(one) for one in classes if one in CLASSES]
    return CLASSES[min(known)] if known else "unknown"
