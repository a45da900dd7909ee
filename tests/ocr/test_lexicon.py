from __future__ import annotations

import numpy as np
import pytest

from ocr.lexicon import FLOOR, agreement
from ocr.scripts import CYRILLIC
from ocr.wordings import folded, wordings
from samples.words import in_words

NUMBERS = [
    0,
    1,
    7,
    10,
    12,
    19,
    40,
    70,
    100,
    101,
    149,
    200,
    316,
    999,
    1000,
    1100,
    1149,
    2000,
    2571,
    3000,
    9999,
]

LETTERS = CYRILLIC.letters


def columns(text: str, sure: float = 0.9, wide: int = 3) -> np.ndarray:
    """Probabilities of a network that reads ``text``, a blank between all letters."""
    rows = []
    for char in text:
        for at in (LETTERS.letters.index(char) + 1, *[0] * (wide - 1)):
            row = np.full(len(LETTERS.letters) + 1, (1 - sure) / len(LETTERS.letters))
            row[at] = sure
            rows.append(row)
    return np.array(rows)


def best(text: str, language: str) -> tuple[int, float]:
    found = agreement([columns(text)], [language], LETTERS)[0, 0]
    return int(found.argmax()), float(found.max())


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_what_is_written_in_words_is_told_from_every_other_number(language):
    for number in NUMBERS:
        value, score = best(folded(in_words(number, language)), language)
        assert value == number
        assert score > -0.1


@pytest.mark.parametrize(
    ("text", "language", "number"),
    [
        ("тысяча сто", "ru", 1100),
        ("двадцать одна", "ru", 21),
        ("сто сорокдевять", "ru", 149),
        ("--сто сорок-девять.", "ru", 149),
        ("нуль", "ru", 0),
        ("жуз он", "kk", 110),
        ("мын бір", "kk", 1001),
        ("бір мын бір", "kk", 1001),
    ],
)
def test_usual_wordings_and_what_stands_between_words(text, language, number):
    value, score = best(text, language)
    assert (value, score > -0.5) == (number, True)


@pytest.mark.parametrize("text", ["прочерк", "нет", "подпись", "сто бюллетень", "#", "149"])
def test_other_words_agree_with_no_number(text):
    assert best(text, "ru")[1] < -5
    assert best(text, "kk")[1] < -5


def test_a_doubtful_letter_lets_both_numbers_stand():
    """пят. -> пять or the beginning of no other number: шесть and пять share nothing, сорок stays out."""
    line = columns("дв.сти"[:2] + "е" + "сти")
    line[6] = 1e-4
    line[6, [LETTERS.letters.index("е") + 1, LETTERS.letters.index("а") + 1]] = 0.5
    found = agreement([line], ["ru"], LETTERS)[0, 0]
    assert int(found.argmax()) == 200


def test_it_is_the_ctc_likelihood_of_all_wordings_of_a_number():
    """Against a forward pass written for one text alone."""
    rng = np.random.default_rng(3)
    line = rng.dirichlet(np.full(len(LETTERS.letters) + 1, 0.6), 26)
    odds = np.maximum(line / line.max(1, keepdims=True), FLOOR)
    found = np.exp(agreement([line], ["kk"], LETTERS)[0, 0])
    gaps = LETTERS.gaps()
    for number, text in ((2, "екі"), (10, "он"), (12, "он екі"), (0, "нол"), (0, "ноль")):
        if number:
            assert found[number] == pytest.approx(_likelihood(odds, text, gaps), rel=1e-6)
    assert found[0] == pytest.approx(
        sum(_likelihood(odds, text, gaps) for text in wordings("kk").zeros), rel=1e-6
    )


def _likelihood(odds: np.ndarray, text: str, gaps: list[int]) -> float:
    """Sum over all paths: state 2k is what stands before letter k, state 2k + 1 the letter."""
    letters = text.replace(" ", "")
    after = [True]  # whether fillers may stand after so many letters
    for word in text.split():
        after += [False] * (len(word) - 1) + [True]
    states = np.zeros(2 * len(letters) + 1)
    states[0] = 1.0
    for row in odds:
        new = np.zeros_like(states)
        gap = row[gaps].max()
        for k in range(len(states)):
            come = states[k] + (states[k - 1] if k else 0)
            if k % 2 and k > 1 and letters[k // 2] != letters[k // 2 - 1]:
                come += states[k - 2]
            emitted = (
                row[LETTERS.letters.index(letters[k // 2]) + 1] if k % 2 else gap if after[k // 2] else row[0]
            )
            new[k] = come * emitted
        states = new
    return float(states[-1] + states[-2])


def test_lines_of_any_length_may_come_together():
    lines = [columns("сто"), columns("две тысячи пятьсот семьдесят один")]
    together = agreement(lines, ["ru", "kk"], LETTERS)
    for row, line in zip(together, lines, strict=True):
        alone = agreement([line], ["ru", "kk"], LETTERS)[0]
        assert np.array_equal(row.argmax(1), alone.argmax(1))
        assert row.max(1) == pytest.approx(alone.max(1), abs=1e-6)
