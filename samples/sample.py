"""One sample: a plan becomes a photo and the truth about it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from samples.hand import Writer, some_writer
from samples.photo import Shot, corners_of, photograph
from samples.plan import Names, SheetPlan
from samples.sheet import NOTICE, FootPlan, Sheet, draw_sheet
from samples.style import Style, some_style

HEADER = ("precinct", "district")


@dataclass(frozen=True, slots=True)
class Sample:
    """A JPEG and what is written on the sheet that it shows."""

    jpeg: bytes
    truth: dict[str, Any]
    """JSON: ``form fields marks consistent`` as for the real sheets, ``header`` (precinct, district, region),
    ``cells`` (per code ``value mark quad_px label``), ``candidates``, ``layout``, ``languages``, ``writer``,
    ``planted``, ``seal``, ``seal_quad_px``, ``seal_over``, ``signatures``, ``signature_lines``, ``time``,
    ``severity``, ``turn``, ``size`` and ``synthetic``."""


def render(
    plan: SheetPlan,
    seed: int,
    *,
    layout: str | None = None,
    severity: float = 1.0,
    turn: int = 0,
    foot: FootPlan | None = None,
) -> Sample:
    """The photo of ``plan``. Same arguments, same truth; and same bytes with the same library versions.

    ``layout`` is one of :data:`samples.style.LAYOUTS`; ``severity`` runs from 0 to 3; ``turn`` is the number
    of counterclockwise quarter turns of the photo. If ``foot`` is given, all of the foot is in the picture.
    """
    rng = np.random.default_rng([seed, 1])
    writer, style = some_writer(rng), some_style(rng, layout)
    sheet = draw_sheet(plan, style, writer, seed, foot)
    shown = [*sheet.cells.values(), sheet.notice]
    if foot is not None:
        edge = (style.margin, sheet.foot.bottom - 1, style.margin + 600, sheet.foot.bottom)
        shown += [edge] if sheet.foot.seal is None else [edge, sheet.foot.seal]
    must_show = corners_of(shown)
    shot = photograph(sheet.picture, must_show, np.random.default_rng([seed, 2]), severity, turn)
    return Sample(shot.jpeg, _truth(plan, sheet, shot) | _how(style, writer, severity, turn))


def _truth(plan: SheetPlan, sheet: Sheet, shot: Shot) -> dict[str, Any]:
    """What the paper says and where."""
    values = {"precinct": plan.precinct, "district": plan.district, **plan.values}
    cells = {
        code: {
            "value": None if code in plan.marks else values[code],
            "mark": plan.marks.get(code, "read"),
            "quad_px": [list(point) for point in shot.quad(box)],
            "label": sheet.labels.get(code, ""),
        }
        for code, box in sheet.cells.items()
    }
    return {
        "form": plan.form,
        "header": {code: values[code] for code in HEADER} | {"region": _both(plan.region)},
        "fields": {code: cell["value"] for code, cell in cells.items() if code not in HEADER},
        "marks": dict(plan.marks),
        "consistent": plan.planted is None,
        "candidates": [_both(name) for name in plan.candidates],
        "cells": cells,
        "planted": asdict(plan.planted) if plan.planted else None,
        "seal": sheet.foot.seal is not None,
        "seal_quad_px": [list(p) for p in shot.quad(sheet.foot.seal)] if sheet.foot.seal else None,
        "seal_over": list(sheet.foot.seal_over),
        "signatures": sheet.foot.signatures,
        "signature_lines": sheet.foot.lines,
        "time": sheet.foot.time,
        "size": [shot.width, shot.height],
        "synthetic": NOTICE,
    }


def _how(style: Style, writer: Writer, severity: float, turn: int) -> dict[str, Any]:
    """How the sheet was made, for measuring by kind of sheet."""
    return {
        "layout": style.layout,
        "languages": list(style.languages),
        "writer": {"font": writer.font, "ink": writer.ink},
        "severity": severity,
        "turn": turn,
    }


def _both(names: Names) -> dict[str, str]:
    return {"kk": names.kk, "ru": names.ru}
