"""A copy of a case that may be shown to everybody: pictures without metadata, numbers without people.

The pictures are drawn anew from their pixels, so nothing but pixels can be in them. File names, senders, times,
captions and the names of reviewers are left out. The sha256 of the original stays: every number leads back to a photo.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.health import version_of_hattama
from cli.pool import run_all
from tally.case import Case
from tally.errors import UsageError
from tally.state import state
from tally.totals import totals
from tally.versions import Sheet

_QUALITY = 90
_COLUMNS = (
    "photo", "sha256", "page", "contest", "region", "precinct", "field", "low", "high", "value", "confirmed"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Redraw:
    """One original whose pages are to be drawn anew."""

    path: Path
    sha256: str
    folder: Path
    pages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written."""

    folder: Path
    photos: int
    protocols: int
    failed: tuple[str, ...]
    """sha256 of originals that could not be drawn; their numbers are in the tables all the same."""

    def to_dict(self) -> dict[str, Any]:
        """Stable keys of ``export --json``."""
        return {
            "out": str(self.folder),
            "photos": self.photos,
            "protocols": self.protocols,
            "failed": list(self.failed),
        }


def export_public(case: Case, folder: Path, jobs: int) -> Exported:
    """Write ``photos/``, ``readings.json`` and ``readings.csv``, and say so in the ledger.

    Raises ``UsageError`` if ``folder`` holds anything or cannot be written.
    """
    sheets = list(_sheets(case))
    wanted: dict[str, set[int]] = {}
    for one in sheets:
        if one["sha256"]:
            wanted.setdefault(one["sha256"], set()).add(one["page"])
    try:
        if folder.exists() and any(folder.iterdir()):
            raise UsageError("this folder is not empty.", advice="Choose a new one.", file=str(folder))
        (folder / "photos").mkdir(parents=True, exist_ok=True)
        tasks = [
            Redraw(case.originals.path_of(sha256), sha256, folder / "photos", tuple(sorted(pages)))
            for sha256, pages in wanted.items()
        ]
        results = [(task, result) for task, result in run_all(redraw, tasks, jobs)]
        drawn = {name for _, result in results if not isinstance(result, Exception) for name in result}
        for one in sheets:
            name = _name(one["sha256"] or "", one["page"] or 0)
            one["photo"] = f"photos/{name}" if name in drawn else None
        digest = _write(folder, case, sheets)
    except OSError as error:
        raise UsageError(f"cannot be written: {error.strerror or error}.", file=str(folder)) from error
    failed = tuple(task.sha256 for task, result in results if isinstance(result, Exception))
    case.record(
        "exported", {"what": "public", "photos": len(drawn), "protocols": len(sheets), "sha256": digest}
    )
    return Exported(folder, len(drawn), len(sheets), failed)


def redraw(task: Redraw) -> list[str]:
    """Decode pages and save their pixels as new JPEGs; returns the names. Raises ``PhotoError``."""
    from PIL import Image

    from ocr.photo import open_photos

    names = []
    for photo in open_photos(task.path.read_bytes(), task.sha256[:12]):
        if photo.page in task.pages:
            name = _name(task.sha256, photo.page)
            picture = Image.fromarray(photo.pixels[:, :, ::-1])
            picture.save(task.folder / name, "JPEG", quality=_QUALITY, exif=b"")
            names.append(name)
    return names


def _name(sha256: str, page: int) -> str:
    return f"{sha256[:16]}-{page}.jpg"


def _sheets(case: Case) -> Iterator[dict[str, Any]]:
    """Every sheet that belongs to a contest, as it counts in the sums. Other photos may show anything."""
    known = state(case)
    for contest in totals(known, case.election()).contests:
        for protocol in contest.protocols:
            for version in protocol.versions:
                for sheet in version.sheets:
                    yield {"photo": None} | _plain(sheet, is_photo=sheet.source in known.photos)


def _plain(sheet: Sheet, *, is_photo: bool) -> dict[str, Any]:
    return {
        "sha256": sheet.source if is_photo else None,
        "page": (sheet.page.page if sheet.page else 1) if is_photo else None,
        "contest": sheet.key.contest,
        "region": sheet.key.region or None,
        "precinct": sheet.key.precinct,
        "form": sheet.form.id,
        "counts": sheet.countable,
        "accepted": sheet.accepted,
        "fields": {
            code: {**cell.span.to_dict(), "value": cell.value, "confirmed": cell.confirmed}
            for code, cell in sheet.cells.items()
        },
    }


def _write(folder: Path, case: Case, sheets: list[dict[str, Any]]) -> str:
    """Write both tables; returns the sha256 of ``readings.json``."""
    data = {
        "election": case.election().id,
        "districts": list(case.districts),
        "program": f"hattama {version_of_hattama()}",
        "protocols": sheets,
    }
    text = (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
    (folder / "readings.json").write_bytes(text)
    out = io.StringIO(newline="")
    table = csv.DictWriter(out, _COLUMNS, extrasaction="ignore", lineterminator="\n")
    table.writeheader()
    for sheet in sheets:
        for code, cell in sheet["fields"].items():
            table.writerow({**sheet, **cell, "field": code, "confirmed": int(cell["confirmed"])})
    (folder / "readings.csv").write_text(out.getvalue(), encoding="utf-8", newline="")
    return hashlib.sha256(text).hexdigest()
