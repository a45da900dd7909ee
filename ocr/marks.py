"""What a sheet bears beside its numbers: seal, signatures, time of signing, corrections.

Everything here is seen, never judged: what follows from a missing seal is for a person. Where it cannot be told
(the foot is not in the picture, an arc that may be a seal, a stroke that may belong to the line above) it is ``None``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import cv2
import numpy as np

from ocr import crops
from ocr.anchor import Match
from ocr.boxes import Box
from ocr.clock import halves_of
from ocr.readings import read_cells
from ocr.seals import Seal
from ocr.segments import Pixels
from ocr.sheet import Sheet
from ocr.signatures import SigningPlace, find_signing_place
from tally.acceptance import SECOND_THOUGHT
from tally.form import Field
from tally.model import Mark, Quad, Reading

SURE_TIME = 0.98
"""Confidence that both halves of a time must have, and no reader another number in mind: nothing else would expose a
misreading, and a wrong time would accuse. History: 0.95 until 2026-11-29, when 23:39 was read as 23:59 at 0.96 (one of
56 times told on 120 generated sheets, seeds from 825000)."""
_HOUR = Field("hour", {}, 2, 23, kind="number")
_MINUTE = Field("minute", {}, 2, 59, kind="number")


def find_marks(
    photo: Pixels,
    sheet: Sheet,
    blanks: Sequence[Box],
    match: Match,
    fields: Mapping[str, Reading],
    seal: Seal,
) -> dict[str, Any]:
    """The object ``marks`` of a page, ready for JSON; its keys are listed in ``docs/commands.md``.

    Args:
        photo: (H, W, 3) uint8 BGR, the original.
        blanks: lines to write on, in sheet pixels.
        match: which row is which.
        fields: what was read in the cells.
        seal: from :func:`ocr.seals.find_seal`.
    """
    bottom = max((anchor.row.number.y1 for anchor in match.fields.values()), default=0)
    place = SigningPlace()
    if match.form.languages and match.fields and not match.crowded:
        place = find_signing_place(sheet.grey, blanks, bottom, match.form)
    size = (photo.shape[1], photo.shape[0])
    marks = _seal(seal, sheet, size, foot_seen=bool(place.lines))
    marks |= _signatures(place, sheet, size)
    marks |= _time(photo, sheet, place.time)
    return marks | {"corrections": _corrections(fields, marks["seal_detail"])}


def _seal(seal: Seal, sheet: Sheet, size: tuple[int, int], *, foot_seen: bool) -> dict[str, Any]:
    """A seal that was not found is missing only if the place where it belongs is in the picture."""
    present = seal.present if seal.present or foot_seen else None
    out: dict[str, Any] = {
        "seal": present,
        "seal_confidence": seal.confidence if present is not None else 0.0,
    }
    if seal.circle is None or seal.present is False:
        return out | {"seal_detail": None}
    x, y, r = (round(value) for value in seal.circle)
    quad = crops.quad_of(sheet, Box(y - r, x - r, y + r, x + r), size)
    detail = {"quad_px": _points(quad), "colour": seal.colour, "confidence": seal.confidence}
    return out | {"seal_detail": detail}


def _signatures(place: SigningPlace, sheet: Sheet, size: tuple[int, int]) -> dict[str, Any]:
    lines = place.lines
    known = place.whole and all(line.signed is not None for line in lines)
    detail = [
        {
            "quad_px": _points(crops.quad_of(sheet, line.room, size)),
            "signed": line.signed,
            "cover": round(line.cover, 3),
        }
        for line in lines
    ]
    return {
        "signatures": sum(bool(line.signed) for line in lines) if known else None,
        "signature_lines": len(lines) if place.whole else None,
        "signature_detail": detail,
    }


def _time(photo: Pixels, sheet: Sheet, blank: Box | None) -> dict[str, Any]:
    """Hour and minute of the blank's two halves; a colon or a word is printed between them."""
    if blank is None:
        return {"time": None, "time_confidence": 0.0, "time_detail": None}
    size = (photo.shape[1], photo.shape[0])
    pictures = [crops.cut(photo, crops.quad_of(sheet, half, size)) for half in halves_of(sheet.grey, blank)]
    hour, minute = read_cells(pictures, [_HOUR, _MINUTE])
    sure = min(hour.confidence, minute.confidence)
    text = None
    if hour.value is not None and minute.value is not None and hour.value < 24 and minute.value < 60:
        text = f"{hour.value:02d}:{minute.value:02d}"
    detail = {
        "quad_px": _points(crops.quad_of(sheet, blank, size)),
        "text": [hour.text, minute.text],
        "confidence": round(sure, 4),
    }
    # Minutes are written with two digits; one digit is half of a blank that was cut in the wrong place.
    whole = len(minute.text) == 2 and len(hour.text) in (1, 2)
    agreed = all(half.agreed and half.second < SECOND_THOUGHT for half in (hour, minute))
    told = text is not None and whole and sure >= SURE_TIME and agreed
    return {
        "time": text if told else None,
        "time_confidence": round(sure, 4) if told else 0.0,
        "time_detail": detail,
    }


def _corrections(fields: Mapping[str, Reading], seal: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Cells in which something was struck out; under a seal a stroke may be the seal's own, so none is told there."""
    under = np.array(seal["quad_px"] if seal else [], dtype=np.float32).reshape(-1, 1, 2)

    def clear(quad: Quad) -> bool:
        middle = np.mean(quad, axis=0)
        return not len(under) or cv2.pointPolygonTest(under, (float(middle[0]), float(middle[1])), True) < -20

    return [
        {"field": code, "quad_px": _points(cell.quad_px), "confidence": round(cell.confidence, 4)}
        for code, cell in fields.items()
        if (cell.mark is Mark.STRUCK or (cell.mark is Mark.READ and "~" in cell.text))
        and cell.quad_px is not None
        and clear(cell.quad_px)
    ]


def _points(quad: Any) -> list[list[int]]:
    return [[int(x), int(y)] for x, y in quad]


__all__ = ["find_marks"]
