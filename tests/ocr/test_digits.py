from __future__ import annotations

import hashlib
import itertools
import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ocr import digits
from ocr.digits import MODELS, DigitReader, Transcript
from ocr.pooling import combine, in_doubt, rules
from tally.acceptance import SECOND_THOUGHT
from tally.errors import MissingComponent
from tests.conftest import REPOSITORY

Cell = NDArray[np.uint8]


@pytest.fixture(scope="module")
def large() -> DigitReader:
    return DigitReader.load_large()


@pytest.fixture(scope="module")
def small() -> DigitReader:
    return DigitReader.load_small()


@pytest.fixture(scope="module")
def third() -> DigitReader:
    return DigitReader.load_third()


def paper(height: int = 52, width: int = 170) -> Cell:
    return np.full((height, width), 236, np.uint8)


def written(text: str, thick: int = 2, height: int = 52, width: int = 170) -> Cell:
    cell = paper(height, width)
    at = (14, height - 12)
    cv2.putText(cell, text, at, cv2.FONT_HERSHEY_SIMPLEX, 1.15, 40, thick, cv2.LINE_AA)
    return np.asarray(cv2.GaussianBlur(cell, (0, 0), 0.6), np.uint8)


def crossed_seven() -> Cell:
    cell = paper()
    for start, end in (((60, 12), (84, 11)), ((84, 11), (68, 42)), ((64, 27), (84, 25))):
        cv2.line(cell, start, end, 50, 2, cv2.LINE_AA)
    return cell


def dashed() -> Cell:
    cell = paper()
    cv2.line(cell, (60, 27), (108, 25), 45, 2, cv2.LINE_AA)
    return cell


def crossed() -> Cell:
    cell = paper()
    cv2.line(cell, (62, 12), (96, 42), 45, 2, cv2.LINE_AA)
    cv2.line(cell, (94, 11), (63, 43), 45, 2, cv2.LINE_AA)
    return cell


def texts(read: list[Transcript]) -> list[str]:
    return [r.text for r in read]


NUMBERS = ["0", "8", "47", "149", "208", "1023", "366", "25", "9", "54"]


def test_the_readers_load_with_identity(large: DigitReader, small: DigitReader, third: DigitReader) -> None:
    readers = (large, small, third)
    assert [one.name for one in readers] == ["large", "small", "third"]
    assert len({one.version for one in readers}) == 1
    assert len({one.sha256 for one in readers}) == 3


@pytest.mark.parametrize("name", ["large", "small", "third"])
def test_the_weights_are_the_ones_that_were_calibrated_and_measured(name: str) -> None:
    kept = json.loads((MODELS / "digits.json").read_text(encoding="utf-8"))
    figures = json.loads((REPOSITORY / "benchmarks/results/digits.json").read_text(encoding="utf-8"))
    digest = hashlib.sha256((MODELS / kept[name]["file"]).read_bytes()).hexdigest()
    assert digest == kept[name]["sha256"] == figures["readers"][name]["sha256"]
    assert digest in (MODELS / "MODEL_CARD.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("which", ["large", "small", "third"])
def test_clean_numbers_are_read(which: str, request: pytest.FixtureRequest) -> None:
    reader: DigitReader = request.getfixturevalue(which)
    read = texts(reader.read([written(n) for n in NUMBERS]))
    assert sum(r == n for r, n in zip(read, NUMBERS, strict=True)) >= len(NUMBERS) - (which != "large")


def test_both_together_read_all_clean_numbers(large: DigitReader, small: DigitReader) -> None:
    cells = [written(n) for n in NUMBERS]
    both = [combine(a, b) for a, b in zip(large.read(cells), small.read(cells), strict=True)]
    assert texts(both) == NUMBERS
    assert all(b.confidence > 0.6 for b in both)


def test_blank_cell_is_empty_text(large: DigitReader, small: DigitReader) -> None:
    bordered = paper()
    cv2.rectangle(bordered, (1, 1), (168, 50), 60, 2)
    for reader in (large, small):
        assert texts(reader.read([paper(), bordered])) == ["", ""]


def test_dash_cross_and_crossed_seven(large: DigitReader) -> None:
    assert texts(large.read([dashed(), crossed(), crossed_seven()])) == ["-", "x", "7"]


def test_a_struck_out_number_is_never_sure(large: DigitReader) -> None:
    cell = written("149", width=150)
    for y in (20, 26, 32):
        cv2.line(cell, (6, y), (96, y - 3), 40, 2, cv2.LINE_AA)
    read = large.read([cell])[0]
    assert read.text != "149" or read.confidence < 0.9


def test_any_size_from_one_pixel(large: DigitReader, small: DigitReader) -> None:
    sizes = [(1, 1), (1, 500), (500, 1), (7, 7), (11, 300), (3000, 40), (40, 6000), (2000, 2400)]
    cells = [np.full(s, 200, np.uint8) for s in sizes]
    cells.append(np.asarray(cv2.resize(written("208"), (3400, 1040)), np.uint8))
    for reader in (large, small):
        read = reader.read(cells)
        assert len(read) == len(cells)
        assert all(0 <= r.confidence <= 1 for r in read)
    assert large.read(cells[-1:])[0].text == "208"


def test_noise_of_any_kind_does_not_crash(small: DigitReader) -> None:
    rng = np.random.default_rng(1)
    cells = [rng.integers(0, 256, rng.integers(1, 90, 2), dtype=np.uint8) for _ in range(60)]
    assert len(small.read([*cells, np.zeros((30, 80), np.uint8), np.full((30, 80), 255, np.uint8)])) == 62


def test_colour_and_grey_read_the_same(large: DigitReader) -> None:
    grey = [written(n) for n in NUMBERS[:4]]
    colour = [np.asarray(cv2.cvtColor(g, cv2.COLOR_GRAY2BGR), np.uint8) for g in grey]
    assert texts(large.read(colour)) == texts(large.read(grey))


def test_order_and_company_of_cells_do_not_matter(large: DigitReader, small: DigitReader) -> None:
    cells = [written(n, width=90 + 30 * k) for k, n in enumerate(NUMBERS)] + [paper(), dashed()]
    for reader in (large, small):
        forward, backward = reader.read(cells), reader.read(cells[::-1])[::-1]
        alone = [reader.read([c])[0] for c in cells]
        assert texts(forward) == texts(backward) == texts(alone)
        for a, b, c in zip(forward, backward, alone, strict=True):
            assert a.confidence == pytest.approx(b.confidence, abs=1e-3)
            assert a.confidence == pytest.approx(c.confidence, abs=1e-3)


def test_reading_changes_no_cell(small: DigitReader) -> None:
    cell = written("47")
    before = cell.copy()
    small.read([cell])
    assert np.array_equal(cell, before)


def test_probabilities_never_exceed_one(large: DigitReader, small: DigitReader) -> None:
    cells = [written(n, thick=k % 4 + 1) for k, n in enumerate(NUMBERS)]
    first, second = large.read(cells), small.read(cells)
    for read in (*first, *second, *(combine(a, b) for a, b in zip(first, second, strict=True))):
        assert len(read.alternatives) <= 3
        assert read.confidence + sum(p for _, p in read.alternatives) <= 1 + 1e-9
        assert read.text not in dict(read.alternatives)


def test_no_cells_no_transcripts(small: DigitReader) -> None:
    assert small.read([]) == []


def test_combining_keeps_the_reading_that_lost() -> None:
    one = Transcript("149", 0.9, (("49", 0.05),))
    other = Transcript("49", 0.6, (("149", 0.2),))
    both = combine(one, other)
    assert both.agreed is False
    assert {both.text, *dict(both.alternatives)} >= {"149", "49"}
    assert combine(one, one).agreed is True
    assert combine(one, one).text == "149"


def test_a_disagreement_is_less_sure_than_an_agreement() -> None:
    one, same = Transcript("149", 0.95, ()), Transcript("149", 0.95, ())
    assert combine(one, Transcript("749", 0.9, ())).confidence < combine(one, same).confidence


def test_two_of_three_outvote_one_and_the_loser_stays_on_the_list() -> None:
    one, other = Transcript("149", 0.9, (("749", 0.05),)), Transcript("749", 0.6, (("149", 0.3),))
    seen = combine(one, other, one)
    assert (seen.text, seen.agreed) == ("149", True)
    assert "749" in dict(seen.alternatives)


def test_three_that_differ_agree_on_nothing() -> None:
    seen = combine(Transcript("149", 0.7, ()), Transcript("749", 0.6, ()), Transcript("49", 0.7, ()))
    assert seen.agreed is False
    assert {seen.text, *dict(seen.alternatives)} == {"149", "749", "49"}


def test_a_vote_never_makes_a_reading_less_sure() -> None:
    for name in ("combine", "combine_third"):
        votes = rules()[name]["votes"]
        assert votes == sorted(votes)


def test_the_third_is_asked_when_two_differ_or_are_unsure_and_only_then() -> None:
    sure, unsure = Transcript("149", 0.999, ()), Transcript("149", 0.3, ())
    other = Transcript("749", 0.999, ())
    assert not in_doubt(sure, sure, sure)
    assert in_doubt(sure, other, sure)
    assert in_doubt(unsure, unsure, unsure)
    of_two_minds = Transcript(sure.text, 0.8, ((other.text, SECOND_THOUGHT),))
    assert in_doubt(sure, of_two_minds, sure)


def test_missing_weights_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digits, "MODELS", tmp_path)
    with pytest.raises(MissingComponent, match=r"digits\.json"):
        DigitReader.load_large()
    settings = Path(digits.__file__).parent / "models" / "digits.json"
    (tmp_path / "digits.json").write_bytes(settings.read_bytes())
    with pytest.raises(MissingComponent, match=r"large\.onnx"):
        DigitReader.load_large()
    (tmp_path / "small.onnx").write_bytes(b"damaged")
    with pytest.raises(MissingComponent, match="small"):
        DigitReader.load_small()


@pytest.mark.parametrize(
    "cell", [np.zeros((0, 5), np.uint8), np.zeros((5, 5, 4), np.uint8), np.zeros((4,), np.uint8)]
)
def test_what_is_no_image_is_refused(cell: Cell, small: DigitReader) -> None:
    with pytest.raises(ValueError, match="cell"):
        small.read([cell])


def test_the_beam_counts_every_way_to_write_a_string() -> None:
    rng = np.random.default_rng(7_400_000)
    logits = np.full((4, 14), -40.0)
    logits[:, [0, 1, 2, 11]] = rng.normal(size=(4, 4))
    log_probs = logits - np.log(np.exp(logits).sum(1, keepdims=True))
    ways: dict[str, float] = {}
    for path in itertools.product((0, 1, 2, 11), repeat=4):
        text = "".join(digits.ALPHABET[c - 1] for c, _ in itertools.groupby(path) if c)
        ways[text] = ways.get(text, 0.0) + float(np.exp(sum(log_probs[t, c] for t, c in enumerate(path))))
    found = digits.beam(log_probs.astype(np.float32), width=1000)
    assert dict(found) == pytest.approx(ways, rel=1e-5)
    assert [text for text, _ in found] == sorted(ways, key=lambda text: -ways[text])
