"""What an observer should do better in the next photo: blur, darkness, glare, small picture."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ocr.quantiles import percentile
from ocr.segments import Pixels

SOFT = 0.38
"""Below this sharpness digits of 4-5 mm begin to run together. History: 2026-11-22, 106 generated photos: the worst
kind of blur measured 0.22 to 0.44 (five of seven below 0.38), all others 0.39 and more."""


@dataclass(frozen=True, slots=True)
class Quality:
    """Measures of one straightened sheet and advice in words."""

    sharpness: float
    """0 (no edges) .. 1 (crisp print): how steep the steepest edges are, against their contrast."""
    warnings: tuple[str, ...]

    def to_dict(self) -> dict[str, object]:
        """Keys of the contract."""
        return {"sharpness": round(self.sharpness, 2), "warnings": list(self.warnings)}


def measure(sheet: Pixels, photo: Pixels) -> Quality:
    """Judge a page.

    Args:
        sheet: (H, W) uint8, straightened grey sheet.
        photo: (H, W, 3) uint8 BGR, the whole photo.
    """
    sharpness = _sharpness(sheet)
    some = photo[:: 1 + photo.shape[0] // 800, :: 1 + photo.shape[1] // 800]  # light needs no detail
    tiny = np.asarray(
        cv2.cvtColor(cv2.resize(some, (200, 200), interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2GRAY)
    )
    warnings = []
    if max(photo.shape[:2]) < 900:
        warnings.append("small picture: send the original photo as a file, not a preview")
    if sharpness < SOFT:
        warnings.append("blurred: hold the phone still and tap on the numbers to focus")
    if percentile(tiny, 90) < 90:
        warnings.append("dark: switch on a light or go nearer to one")
    if float(np.median(tiny)) < 190 and float((tiny >= 252).mean()) > 0.02:
        warnings.append("glare: tilt the phone or turn off the flash")
    return Quality(sharpness, tuple(warnings))


def _sharpness(grey: Pixels) -> float:
    height, width = grey.shape
    grey = grey[height // 4 : 3 * height // 4, width // 6 : 5 * width // 6]
    smooth = cv2.GaussianBlur(grey, (3, 3), 0.8)
    across, down = (cv2.Sobel(smooth, cv2.CV_16S, *order)[::2, ::2] for order in ((1, 0), (0, 1)))
    steep = cv2.magnitude(across.astype(np.float32), down.astype(np.float32))
    contrast = percentile(grey[::4, ::4], 95) - percentile(grey[::4, ::4], 1)
    return float(min(1.0, percentile(steep, 98) / (3.2 * max(contrast, 20.0))))
