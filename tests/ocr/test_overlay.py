from __future__ import annotations

import dataclasses

import cv2
import numpy as np
import pytest

from ocr import overlay
from ocr.overlay import AMBER, GREEN, LONG_SIDE, RED, draw
from ocr.photo import Photo
from tally.model import CheckResult, Mark, Outcome, PageReading, Reading, Span, Status

QUAD = ((100, 100), (220, 100), (220, 140), (100, 140))


def page(cell: Reading | None = None, **changes: object) -> PageReading:
    empty = PageReading("IMG.jpg", 1, "ab" * 32, "kz-2023-majilis-smd", 0.9, Status.REVIEW)
    fields = {"ballots_found": cell} if cell else {}
    return dataclasses.replace(empty, fields=fields, **changes)


def drawn(reading: PageReading, shape: tuple[int, int] = (400, 600)) -> np.ndarray:
    png = draw(np.full((*shape, 3), 128, np.uint8), reading)
    picture = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return picture


def has_outline(picture: np.ndarray, colour: tuple[int, int, int]) -> bool:
    """True if the left half, below the banner, holds the colour."""
    below = picture[60:, :300].astype(int)
    return bool((np.abs(below - colour).max(axis=2) < 12).sum() > 50)


@pytest.mark.parametrize(
    ("cell", "colour"),
    [
        (Reading(Mark.READ, 5, confidence=0.999, anchored=True, agreed=True, quad_px=QUAD), GREEN),
        (Reading(Mark.READ, 5, confidence=0.5, anchored=True, agreed=True, quad_px=QUAD), AMBER),
        (Reading(Mark.READ, 5, confidence=0.999, anchored=False, agreed=True, quad_px=QUAD), RED),
        (Reading(Mark.DASH, confidence=0.999, anchored=True, agreed=True, quad_px=QUAD), GREEN),
        (Reading(Mark.BLANK, confidence=0.2, anchored=True, quad_px=QUAD), AMBER),
        (Reading(Mark.ILLEGIBLE, confidence=0.999, anchored=True, quad_px=QUAD), RED),
        (Reading(Mark.CROPPED, anchored=True, quad_px=QUAD), RED),
        (Reading(Mark.STRUCK, confidence=0.9, anchored=True, quad_px=QUAD), RED),
    ],
)
def test_the_colour_says_whether_a_person_has_to_look(cell, colour):
    picture = drawn(page(cell))
    assert has_outline(picture, colour)
    assert not any(has_outline(picture, other) for other in {GREEN, AMBER, RED} - {colour})


def test_ink_inside_a_cell_stays_visible():
    cell = Reading(Mark.READ, 5, confidence=0.999, anchored=True, agreed=True, quad_px=QUAD)
    picture = drawn(page(cell))
    banner = picture.shape[0] - 400
    inside = picture[banner + 106 : banner + 134, 106:214]
    assert (inside == 128).all()


@pytest.mark.parametrize("status", list(Status))
def test_every_status_is_drawn_even_without_cells(status):
    assert drawn(page(status=status, form=None)).size > 0


def test_many_reasons_do_not_push_the_photo_off():
    broken = CheckResult("K2", Outcome.BROKEN, left=Span(1, 1), right=Span(2, 9), says="жарамды = барлығы")
    reading = page(reasons=tuple(f"reason {i}: " + "words " * 60 for i in range(50)), checks=(broken,))
    picture = drawn(reading, (3000, 2000))
    assert max(picture.shape) <= LONG_SIDE + 40
    assert picture.shape[0] > 1000


@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (900, 1), (5000, 300), (300, 5000)])
def test_any_size_can_be_drawn(shape):
    picture = drawn(page(Reading(Mark.READ, 1, quad_px=((0, 0),) * 4)), shape)
    assert max(picture.shape[:2]) <= LONG_SIDE + 80


def test_a_sideways_sheet_is_turned_upright():
    # The text runs downwards: the upper edge of the cell goes from top to bottom.
    sideways = ((300, 50), (300, 170), (260, 170), (260, 50))
    cell = Reading(Mark.READ, 5, confidence=0.9, anchored=True, quad_px=sideways)
    picture = drawn(page(cell), (400, 900))
    assert picture.shape[0] > picture.shape[1]


def test_photos_are_taken_as_well_as_pixels_and_nothing_is_changed():
    pixels = np.full((60, 50, 3), 200, np.uint8)
    photo = Photo("x.png", "cd" * 32, 1, pixels)
    cell = Reading(Mark.READ, 5, confidence=0.9, anchored=True, quad_px=((5, 5), (20, 5), (20, 15), (5, 15)))
    assert draw(photo, page(cell)) == draw(pixels, page(cell))
    assert (pixels == 200).all()


def test_a_form_of_the_users_own_is_drawn_too():
    cell = Reading(Mark.READ, 5, confidence=0.95, anchored=True, quad_px=QUAD)
    assert has_outline(drawn(page(cell, form="my-own-form")), AMBER)  # the stricter threshold


@pytest.mark.parametrize("length", range(1, 40))
def test_a_text_too_wide_for_its_column_is_shortened_and_never_hangs(length):
    picture = np.full((40, 400, 3), 255, np.uint8)
    overlay._write(picture, "W" * length, (10, 30), (0, 0, 0), 60)
    assert (picture[:, 130:] == 255).all()


def test_a_number_told_by_words_is_marked_as_such():
    cell = Reading(Mark.READ, 12, confidence=0.5, anchored=True, quad_px=QUAD, reader="digits 1")
    told = dataclasses.replace(cell, reader="words sha256:ab")
    assert not np.array_equal(drawn(page(cell)), drawn(page(told)))
