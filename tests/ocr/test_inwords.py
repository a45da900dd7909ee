from __future__ import annotations

import json
from dataclasses import replace

import cv2
import numpy as np
import pytest

from ocr.inwords import NOTHING, UNREAD, Settings, WordReader, read_in_words, told
from ocr.scripts import CYRILLIC, SCRIPTS, Script
from ocr.segments import Pixels
from samples.hand import Writer, some_writer, write_dash, write_words
from samples.words import in_words
from tally.errors import MissingComponent

PAPER = np.full((60, 360, 3), 235, np.uint8)
SETTINGS = Settings(ahead=2.3, behind=-0.6, bias=-2.3, heat=5.0, other=-10.0)


def writer(font: str = "hand-1") -> Writer:
    return replace(
        some_writer(np.random.default_rng(4)), words_font={"kk": font, "ru": font}, height=36.0, weight=0.36
    )


def on_paper(ink: np.ndarray, height: int = 60) -> Pixels:
    """Ink in a cell with borders."""
    cell = np.full((height, 380), 235, np.float32)
    top, left = (height - ink.shape[0]) // 2, 20
    cell[top : top + ink.shape[0], left : left + ink.shape[1]] -= 180 * ink
    cv2.rectangle(cell, (1, 1), (378, height - 2), 70, 2)
    return cv2.cvtColor(cell.astype(np.uint8), cv2.COLOR_GRAY2BGR)


def place(text: str, language: str = "ru", font: str = "hand-1") -> Pixels:
    return on_paper(write_words(writer(font), text, language, np.random.default_rng(2), 340))


def test_without_places_nothing_is_read():
    assert read_in_words([], ["kk", "ru"], []) == []


def test_a_form_in_other_languages_has_no_words_to_read(monkeypatch):
    monkeypatch.setattr(WordReader, "load", lambda script: pytest.fail("the network was loaded"))
    assert read_in_words([place("сто")], ["fi", "ka"], [3000]) == [UNREAD]


def test_an_empty_place_says_nothing_and_costs_no_network(monkeypatch):
    monkeypatch.setattr(WordReader, "load", lambda script: pytest.fail("the network was loaded"))
    assert read_in_words([PAPER, on_paper(np.zeros((4, 4)))], ["ru"], [9, 9]) == [NOTHING, NOTHING]


def test_every_place_needs_its_ceiling():
    with pytest.raises(ValueError, match="1 pictures, 2 ceilings"):
        read_in_words([PAPER], ["ru"], [10, 20])


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_a_neat_hand_is_read(language):
    numbers = [7, 16, 48, 149, 316, 970]
    said = read_in_words([place(in_words(n, language), language) for n in numbers], ["kk", "ru"], [3100] * 6)
    told_ones = [(n, words) for n, words in zip(numbers, said, strict=True) if words.value is not None]
    assert len(told_ones) >= 5
    assert all(words.value == n and words.language == language for n, words in told_ones)


def test_two_lines_are_one_number():
    ink = [
        write_words(writer(), text, "ru", np.random.default_rng(2), 340) for text in ("семьсот", "сорок два")
    ]
    wide = max(part.shape[1] for part in ink)
    ink = [np.pad(part[:34], ((0, 34 - min(34, len(part))), (0, wide - part.shape[1]))) for part in ink]
    (said,) = read_in_words([on_paper(np.vstack([ink[0], np.zeros((6, wide)), ink[1]]), 90)], ["ru"], [3100])
    ranked = [said.value, *(number for number, _ in said.alternatives)]
    assert 742 in ranked


@pytest.mark.parametrize("text", ["нет", "прочерк", "подпись", "бюллетень"])
def test_other_words_are_no_number(text):
    (said,) = read_in_words([place(text)], ["kk", "ru"], [3100])
    assert said.value is None or said.confidence < 0.9


def test_a_dash_is_no_number():
    (said,) = read_in_words([on_paper(write_dash(writer(), np.random.default_rng(1)))], ["kk", "ru"], [3100])
    assert said.value is None
    assert said.language is None


def test_a_number_above_the_ceiling_is_not_told_and_no_other_in_its_place():
    picture = place(in_words(970, "ru"))
    assert read_in_words([picture], ["ru"], [3100])[0].value == 970
    said = read_in_words([picture], ["ru"], [900])[0]
    assert said.value is None
    assert said.confidence > 0.5
    assert all(number <= 900 for number, _ in said.alternatives)


def test_what_a_place_says_does_not_depend_on_the_places_beside_it():
    pictures = [place(in_words(n, "kk"), "kk") for n in (3, 25, 812)]
    together = read_in_words(pictures, ["kk", "ru"], [3100] * 3)
    alone = [read_in_words([picture], ["kk", "ru"], [3100])[0] for picture in pictures]
    assert [said.value for said in together] == [said.value for said in alone]
    assert [said.confidence for said in together] == pytest.approx([s.confidence for s in alone], abs=1e-3)


def test_the_probabilities_of_one_place_are_at_most_one():
    for picture in [place("сто одиннадцать"), place("жетпіс", "kk", "script-1"), place("исправлено")]:
        (said,) = read_in_words([picture], ["kk", "ru"], [3100])
        assert 0 <= said.confidence + sum(p for _, p in said.alternatives) <= 1 + 1e-6
        assert len({number for number, _ in said.alternatives} - {said.value}) == len(said.alternatives)


def scores(**best: float) -> np.ndarray:
    """Log likelihoods in Russian and Kazakh, very low but for some numbers in Russian."""
    out = np.full((2, 10000), -60.0)
    for name, value in best.items():
        out[0, int(name[1:])] = value
    return out


def test_two_numbers_as_likely_are_left_open_and_both_are_told():
    said = told(scores(n12=-0.5, n19=-0.5), CYRILLIC.languages, 3000, SETTINGS)
    assert said.value is None
    assert {number for number, _ in said.alternatives} == {12, 19}


def test_the_further_ahead_the_surer_and_the_worse_read_the_less_sure():
    near, far = (told(scores(n12=-0.5, n19=gap), CYRILLIC.languages, 3000, SETTINGS) for gap in (-6.0, -12.0))
    assert near.value == far.value == 12
    assert near.confidence < far.confidence
    assert told(scores(n12=-14.0, n19=-25.5), CYRILLIC.languages, 3000, SETTINGS).confidence < far.confidence


def test_a_line_that_no_number_agrees_with_says_none():
    assert told(np.full((2, 10000), -np.inf), CYRILLIC.languages, 3000, SETTINGS).value is None


def test_missing_weights_are_named():
    with pytest.raises(MissingComponent, match="reader of words"):
        WordReader(Script("gone", CYRILLIC.letters, ("ru",), 32))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_the_settings_are_those_that_the_reader_knows(script):
    Settings(**json.loads(script.settings.read_text("utf-8")))
    assert script.weights.stat().st_size < (1_500_000 if script is CYRILLIC else 7_000_000)


@pytest.mark.parametrize(
    ("text", "language", "number"),
    [
        ("One hundred and thirty four", "en", 134),
        ("NINETY FIVE", "en", 95),
        ("- NIL -", "en", 0),
        ("two hundred & one only", "en", 201),
        ("Seratus tujuh puluh dua", "id", 172),
        ("yirmi sekiz", "tr", 28),
    ],
)
def test_words_on_foreign_forms_are_read(text, language, number):
    (said,) = read_in_words([latin(text)], [language], [9999])
    assert (said.value, said.language) == (number, language)


@pytest.mark.parametrize("text", ["one hundred and", "two hundred &"])
def test_a_number_that_is_cut_off_after_and_is_no_number(text):
    (said,) = read_in_words([latin(text)], ["en"], [9999])
    assert said.value is None or said.confidence < 0.5


@pytest.mark.parametrize(
    ("text", "number"), [("two hundred only", 200), ("nil votes", 0), ("one hundred and five only", 105)]
)
def test_what_is_written_behind_a_number_is_no_part_of_it(text, number):
    (said,) = read_in_words([latin(text)], ["en"], [9999])
    assert said.value == number


def test_words_of_one_alphabet_are_no_number_of_the_other():
    (said,) = read_in_words([latin("seventy")], ["ru", "kk"], [9999])
    assert said.value is None or said.confidence < 0.9


def latin(text: str) -> Pixels:
    """A cell with a round hand of Latin letters, as the drawing library has one."""
    cell = np.full((60, 640, 3), 235, np.uint8)
    cv2.putText(cell, text, (20, 40), cv2.FONT_HERSHEY_DUPLEX, 1.0, (70, 40, 40), 2, cv2.LINE_AA)
    cv2.rectangle(cell, (1, 1), (638, 58), (70, 70, 70), 2)
    return cell
