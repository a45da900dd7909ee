from __future__ import annotations

import re

import numpy as np
import pytest

from ocr.boxes import Box
from ocr.lines import even, split_lines
from ocr.matching import similarity
from ocr.printed import ALPHABET, PrintReader, read_printed
from tally.errors import MissingComponent
from tests.ocr.printing import tile

LABELS = [
    "Число бюллетеней, признанных недействительными",
    "Сайлаушылар тізіміне енгізілген сайлаушылардың саны",
    "в том числе по открепительным удостоверениям",
    "Барлығына қарсы",
    "Kullanılan toplam oy pusulası sayısı",
]


def said(*lines: str, family: str = "print-1", size: int = 20) -> str:
    box = Box(0, 0, 10, 10)
    found = read_printed({box: even(tile(*lines, family=family, size=size))})
    return found[box].text if box in found else ""


@pytest.mark.parametrize("family", ["print-1", "print-2", "print-3"])
@pytest.mark.parametrize("label", LABELS)
def test_a_clean_label_is_read_well_enough_to_be_told(label, family):
    cyrillic = bool(re.search("[а-я]", label.lower()))
    assert similarity(said(label, family=family), [label], cyrillic) >= 0.85


def test_a_label_that_was_never_printed_is_not_read():
    """It transcribes: half a label stays half a label, and invented words stay invented."""
    assert "недействительными" not in said("Число бюллетеней, признанных")
    assert "бюллетеней" not in said("Чесла бюрлотонай прозванных")


def test_lines_of_one_area_are_joined_from_top_to_bottom():
    text = said("Жарамды бюллетеньдердің саны", "Число действительных бюллетеней")
    assert text.index("саны") < text.index("число")


def test_what_a_label_says_does_not_depend_on_the_labels_beside_it():
    pictures = [line.picture for label in LABELS for line in split_lines(even(tile(label)))]
    reader = PrintReader.load()
    together = reader.read(pictures)
    assert [text for text, _ in together] == [reader.read([picture])[0][0] for picture in pictures]
    assert [sure for _, sure in together] == pytest.approx(
        [reader.read([p])[0][1] for p in pictures], abs=1e-4
    )


def test_white_paper_says_nothing():
    assert read_printed({Box(0, 0, 10, 10): np.full((50, 300), 255, np.uint8)}) == {}


def test_missing_weights_are_named(tmp_path):
    with pytest.raises(MissingComponent, match="print reader"):
        PrintReader(tmp_path / "print.onnx")


def test_the_alphabet_has_every_kazakh_letter_once():
    assert set("әғқңөұүһі") <= set(ALPHABET)
    assert len(set(ALPHABET)) == len(ALPHABET)
