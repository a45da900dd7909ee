"""A picture seen through a homography, at the size that is asked for."""

from __future__ import annotations

import cv2
import numpy as np

from ocr.segments import Floats, Pixels

COARSE = 1.5
"""Pixels of the picture per pixel of a reduced view from which on the picture is halved first: a view takes four
pixels of the picture for each of its own, and thin lines would fall between them."""
_HALVED = np.array([[0.5, 0, -0.25], [0, 0.5, -0.25], [0, 0, 1]])


def project(homography: Floats, points: Floats) -> Floats:
    """Map (N, 2) points."""
    mapped = np.c_[points, np.ones(len(points))] @ homography.T
    return np.asarray(mapped[:, :2] / mapped[:, 2:3])


def seen(picture: Pixels, to_view: Floats, size: tuple[int, int]) -> Pixels:
    """The view, white beyond the picture.

    Args:
        picture: (H, W) or (H, W, 3) uint8.
        to_view: (3, 3) homography: picture pixels -> view pixels.
        size: width and height of the view.
    """
    view = cv2.warpPerspective(
        picture,
        to_view,
        size,
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(255, 255, 255),
    )
    return np.asarray(view, dtype=np.uint8)


def seen_small(picture: Pixels, to_view: Floats, size: tuple[int, int]) -> Pixels:
    """As :func:`seen`, for views that are much smaller than the picture."""
    step = _pixels_a_pixel(to_view, size)
    while step >= COARSE and min(picture.shape[:2]) >= 4:
        height, width = picture.shape[0] // 2, picture.shape[1] // 2
        even = picture[: 2 * height, : 2 * width]  # halving by whole pixels takes a fifth of the time
        picture = np.asarray(cv2.resize(even, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
        to_view, step = to_view @ np.linalg.inv(_HALVED), step / 2
    return seen(picture, to_view, size)


def _pixels_a_pixel(to_view: Floats, size: tuple[int, int]) -> float:
    """How many pixels of the picture lie side by side in the pixel in the middle of the view."""
    middle = np.array([[size[0] / 2, size[1] / 2, 1], [size[0] / 2 + 1, size[1] / 2, 1], [0, 1, 0]])
    middle[2] += middle[0]
    mapped = middle @ np.linalg.inv(to_view).T
    here, right, below = mapped[:, :2] / mapped[:, 2:]
    return float(np.sqrt(abs(np.linalg.det(np.stack([right - here, below - here])))))
