"""Fit the confidence of the larger network of words, and measure it, on the same cells as the small one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ocr.scripts import CURSIVE
from ocr.train.inwords import faces
from ocr.train.inwords.calibrate import figures, fit, held, write_settings
from ocr.train.inwords.lines48 import UNSEEN


def measured(cache: Path, count: int) -> dict[str, Any]:
    """Fit on the families kept for that, write the settings, and count on the others."""
    apart = held(faces.hands(cache, faces.CALIBRATED), 2 * count, 501, CURSIVE)
    settings = fit(apart)
    write_settings(settings, CURSIVE)
    by = {
        family: figures(held(faces.hands(cache, [family]), count, 502, CURSIVE), settings, CURSIVE)
        for family in (*faces.MEASURED, *UNSEEN)
    }
    own = figures(held(faces.training_hands(cache), count, 503, CURSIVE), settings, CURSIVE)
    return {"fitted_on": len(apart), "by_family": by, "trained_on": own}
