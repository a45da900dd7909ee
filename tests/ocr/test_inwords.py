from __future__ import annotations

import numpy as np
import pytest

from ocr.inwords import InWords, read_in_words

PAPER = np.full((48, 300, 3), 235, np.uint8)


def test_without_places_nothing_is_read():
    assert read_in_words([], ["kk", "ru"], []) == []


def test_a_form_in_other_languages_has_no_words_to_read():
    assert read_in_words([PAPER], ["en", "tr"], [3000]) == [InWords(None, 0.0)]


def test_every_place_needs_its_ceiling():
    with pytest.raises(ValueError, match="1 pictures, 2 ceilings"):
        read_in_words([PAPER], ["ru"], [10, 20])
