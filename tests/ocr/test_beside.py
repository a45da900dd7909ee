from __future__ import annotations

import numpy as np
import pytest

from ocr import beside
from ocr.beside import look_beside
from ocr.boxes import Box
from ocr.readings import DOUBTED, CellReading
from ocr.rowtypes import Row, RowKind
from ocr.sheet import Sheet
from tally.form import load_form
from tally.model import Mark

FORM = load_form("ng-2023-ec8a")
PHOTO = np.full((300, 600, 3), 230, np.uint8)
SHEET = Sheet(PHOTO[..., 0], PHOTO, np.eye(3))
WORDS = CellReading(Mark.ILLEGIBLE, None, 0.98, (), True, "~")
NUMBER = CellReading(Mark.READ, 103, 0.99, (), True, "103")


def row(y: int, *, ruled_on: bool = True) -> Row:
    place = Box(y, 400, y + 40, 560) if ruled_on else None
    return Row(Box(y, 200, y + 40, 400), (Box(y, 20, y + 40, 200),), RowKind.CELL, beside=place)


@pytest.fixture
def reads(monkeypatch):
    """What the networks see in every place that they are shown."""
    shown: list[int] = []

    def use(answer: CellReading) -> list[int]:
        def read(pictures, fields):
            shown.append(len(pictures))
            return [answer] * len(pictures)

        monkeypatch.setattr(beside, "read_cells", read)
        return shown

    return use


def test_figures_and_words_that_changed_places_are_proposed_and_never_count(reads):
    reads(NUMBER)
    field = FORM.field("votes.LP")
    found = look_beside(PHOTO, SHEET, [row(40), row(90)], [field, field], [NUMBER, WORDS])
    assert set(found) == {1}
    cell, quad = found[1]
    assert cell.value == 103
    assert cell.confidence <= DOUBTED
    assert not cell.agreed
    assert min(x for x, _ in quad) >= 390  # its crop is the place where it was read


def test_words_read_as_a_weak_number_are_not_one(reads):
    reads(CellReading(Mark.READ, 51, 0.5, (), False, "51"))
    assert not look_beside(PHOTO, SHEET, [row(40)], [FORM.field("votes.LP")], [WORDS])


def test_a_number_of_which_one_digit_is_unclear_is_proposed(reads):
    reads(CellReading(Mark.READ, 32, 0.66, ((31, 0.32), (37, 0.01)), False, "32"))
    assert look_beside(PHOTO, SHEET, [row(40)], [FORM.field("votes.LP")], [WORDS])[0][0].value == 32


def test_a_row_without_a_place_for_words_is_left_alone(reads):
    shown = reads(NUMBER)
    assert not look_beside(PHOTO, SHEET, [row(40, ruled_on=False)], [FORM.field("votes.LP")], [WORDS])
    assert not shown
