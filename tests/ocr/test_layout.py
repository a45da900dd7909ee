"""The way up of a page, and how much work a page may cost that is none of ours."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr import layout
from ocr.layout import complete, find_layout
from ocr.legible import legibility
from ocr.photo import open_photos
from ocr.sheet import straighten
from tally.form import load_form
from tests.ocr.committed import BLURRED, FORM, TABLE, WORDS, photo_bytes

# TABLE lies upside down, WORDS does not.
UP = {TABLE: 2, WORDS: 0}


@pytest.fixture
def ruled(monkeypatch):
    """How often rules were sought, and how often the words of the whole page were read."""
    calls = {"rules": 0, "pages": 0, "labels": 0}
    find = layout.find_rules

    def rules(grey):
        calls["rules"] += 1
        return find(grey)

    def words(*_):
        calls["pages"] += 1
        return []

    monkeypatch.setattr(layout, "find_rules", rules)
    monkeypatch.setattr(layout, "read_words", words)

    def labels(seen, forms, match):
        calls["labels"] += 1
        return match

    monkeypatch.setattr(layout, "look_again", labels)
    return calls


@pytest.mark.parametrize("name", UP)
def test_print_is_easier_to_read_some_other_way_up(name):
    (photo,) = open_photos(photo_bytes(name), name)
    grey = straighten(photo.pixels).grey
    turned = [legibility(np.ascontiguousarray(np.rot90(grey, -turn))) for turn in range(4)]
    assert max(range(4), key=turned.__getitem__) == UP[name]


def test_a_picture_without_print_seems_legible():
    assert legibility(np.full((1800, 1200), 230, np.uint8)) == 0
    assert legibility(np.full((20, 20), 230, np.uint8)) == 0


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_turned_page_is_ruled_and_read_every_way_up(ruled, turns):
    (photo,) = open_photos(photo_bytes(WORDS, turns), WORDS)
    found = find_layout(photo, [load_form(FORM)])
    assert found.match.score == 1.0
    assert ruled["rules"] <= 2


def test_seconds_are_spent_on_a_page_that_must_be_taken_again(ruled):
    (photo,) = open_photos(photo_bytes(BLURRED), BLURRED)
    found = complete(find_layout(photo, [load_form(FORM)]))
    assert sum(anchor.anchored for anchor in found.match.fields.values()) <= 2
    assert ruled["pages"] == ruled["labels"] == 0
    assert ruled["rules"] <= 2


def test_a_page_of_another_kind_of_print_is_looked_at_in_all_directions(ruled):
    page = np.full((1700, 1200, 3), 240, np.uint8)
    for line in range(40):
        at = (90, 120 + 38 * line)
        cv2.putText(page, "a letter to the editor about the weather", at, 2, 1.1, (40, 40, 40), 2)
    ok, png = cv2.imencode(".png", page)
    assert ok
    (photo,) = open_photos(png.tobytes(), "letter.png")
    assert find_layout(photo, [load_form(FORM)]).match.score < layout.LOST
    assert ruled["rules"] <= 2
