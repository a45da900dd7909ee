"""What the reader of words is trained on; the fonts of the samples stand in for those fetched for training."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

if importlib.util.find_spec("fontTools") is None:
    pytest.skip("training environment only (make train)", allow_module_level=True)

from fontTools.ttLib import TTFont

from ocr.scripts import CYRILLIC
from ocr.train.inwords import faces
from ocr.train.inwords.cells import CellWriter, ShownAgain
from ocr.train.inwords.faces import Hand
from ocr.train.inwords.strokes import letter, thin, x_height
from ocr.train.inwords.texts import WordTexts
from ocr.wordings import folded
from samples.faces import FONTS
from samples.words import in_words


def hand(name: str, without: str = "") -> Hand:
    with TTFont(FONTS / f"{name}.ttf", lazy=True) as font:
        codes = frozenset(font.getBestCmap()) - {ord(char) for char in without}
    return Hand(name, ((codes, FONTS / f"{name}.ttf"),), italic=False)


HAND = hand("hand-1")


def test_the_hands_of_the_samples_and_those_measured_on_are_not_trained_on():
    trained = {*faces.HANDS, *faces.ITALICS}
    assert not trained & {
        "caveat",
        "marck-script",
        "neucha",
        "bad-script",
        "kalam",
        "gochi-hand",
        "caveat-brush",
    }
    assert not trained & {*faces.MEASURED, *faces.CALIBRATED, "comforter-brush"}
    assert not set(faces.MEASURED) & set(faces.CALIBRATED)


def test_thinning_leaves_middle_lines_and_parts_nothing():
    ink = np.zeros((30, 60), np.uint8)
    ink[10:17, 5:55] = 1
    ink[2:28, 28:34] = 1
    line = thin(ink)
    assert line.sum() < 0.25 * ink.sum()
    assert (line <= ink).all()
    assert line[:, 10:50].any(0).all()


def test_kazakh_letters_are_made_where_the_family_has_none():
    poor = hand("hand-1", without="қңөүұғі")
    for char in "қңөүұғі":
        made = letter(poor, char)
        assert made is not None
        assert not made.is_empty
        assert (
            -2 * x_height(poor) < made.segments[..., 1].min() < made.segments[..., 1].max() < x_height(poor)
        )
    assert letter(poor, "漢") is None


def test_the_texts_of_numbers_say_the_number():
    texts, rng = WordTexts(), np.random.default_rng(1)
    seen = [texts.number(rng) for _ in range(300)]
    usual = [(value, language) for value, language, text in seen if text == in_words(value, language)]
    assert len(usual) > 150
    assert {language for _, language, _ in seen} == {"ru", "kk"}
    assert min(v for v, _, _ in seen) < 10
    assert max(v for v, _, _ in seen) > 3000


def test_a_cell_is_the_same_for_the_same_seed_and_says_what_stands_in_it():
    writer = CellWriter([HAND])
    first, again = writer.cell((7, 3)), writer.cell((7, 3))
    assert np.array_equal(first.picture, again.picture)
    for k in range(40):
        cell = writer.cell((7, k))
        assert set(cell.text) <= set(CYRILLIC.letters.letters)
        assert cell.text == folded(cell.text)
        assert (cell.value is None) == (cell.language == "")


def test_lines_are_shown_again_a_little_changed():
    shown = ShownAgain(CellWriter([HAND]), times=2, together=3)
    drawn = [shown.sample((7, k)) for k in range(9)]
    assert [text for _, text in drawn[:3]] == [text for _, text in drawn[3:6]]
    assert any(not np.array_equal(a[0], b[0]) for a, b in zip(drawn[:3], drawn[3:6], strict=True))
    assert [text for _, text in drawn[6:]] != [text for _, text in drawn[:3]]
    assert all(line.shape[0] == 32 for line, _ in drawn)


def test_training_begins_as_the_print_reader_reads():
    torch = pytest.importorskip("torch", reason="training environment only")
    pytest.importorskip("onnx", reason="training environment only")
    from ocr.printed import ALPHABET, PrintReader, batch_of
    from ocr.train.inwords.start import begun

    writer = CellWriter([HAND])
    lines = [writer.sample((9, k))[0] for k in range(8)]
    ours = begun(ALPHABET, torch.from_numpy(batch_of(lines))).eval()
    with torch.no_grad():
        mine = ours(torch.from_numpy(batch_of(lines))).numpy()
    theirs = PrintReader.load()._session.run(None, {"x": batch_of(lines)})[0]
    assert np.corrcoef(mine.ravel(), theirs.ravel())[0, 1] > 0.99
