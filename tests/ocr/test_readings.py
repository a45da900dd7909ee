from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr import readings
from ocr.digits import ALPHABET, Transcript
from ocr.readings import DOUBTED, classify, interpret, read_cells, reader_name
from tally.form import load_form
from tally.model import Mark

FIELD = load_form("kz-2023-majilis-smd").field("ballots_found")


def seen(text: str, confidence: float = 0.9, *others: tuple[str, float]) -> Transcript:
    return Transcript(text, confidence, others)


@pytest.mark.parametrize(
    ("text", "mark", "value"),
    [
        ("58", Mark.READ, 58),
        ("0", Mark.READ, 0),
        ("-58-", Mark.READ, 58),
        ("-58", Mark.READ, 58),
        ("58-", Mark.READ, 58),
        ("x58", Mark.READ, 58),
        ("058", Mark.READ, 58),
        ("000", Mark.READ, 0),
        ("00058", Mark.READ, 58),
        ("5-8", Mark.ILLEGIBLE, None),
        ("5x8", Mark.ILLEGIBLE, None),
        ("-x", Mark.ILLEGIBLE, None),
        ("~", Mark.ILLEGIBLE, None),
        ("", Mark.BLANK, None),
        ("-", Mark.DASH, None),
        ("--", Mark.DASH, None),
        ("x", Mark.CROSSED, None),
        ("xx", Mark.CROSSED, None),
        ("~58", Mark.STRUCK, None),
        ("58~61", Mark.STRUCK, None),
        ("12345", Mark.ILLEGIBLE, None),
    ],
)
def test_ink_becomes_a_mark_and_only_a_number_has_a_value(text, mark, value):
    assert classify(text, 4) == (mark, value)


@given(st.text(ALPHABET, max_size=9), st.integers(1, 7))
def test_no_ink_ever_gives_a_value_that_does_not_stand_there(text, digits):
    mark, value = classify(text, digits)
    assert (value is not None) == (mark is Mark.READ)
    if value is not None:
        assert str(value) in text
        assert len(str(value)) <= digits


def test_a_number_with_one_digit_too_many_is_never_cut_down():
    reading = interpret(seen("12345"), ("12345", "12345"), FIELD)
    assert (reading.mark, reading.value) == (Mark.ILLEGIBLE, None)
    assert reading.text == "12345"


def test_ways_to_write_one_number_are_one_reading():
    reading = interpret(seen("58", 0.6, ("-58-", 0.3), ("53", 0.08)), ("58", ""), FIELD)
    assert reading.value == 58
    assert reading.confidence == pytest.approx(0.9)
    assert reading.alternatives == ((53, 0.08),)


def test_alternatives_are_other_numbers_best_first_and_added_up():
    transcript = seen("58", 0.5, ("-53", 0.1), ("53", 0.1), ("68", 0.15))
    reading = interpret(transcript, (transcript.text, ""), FIELD)
    assert [value for value, _ in reading.alternatives] == [53, 68]
    assert reading.alternatives[0][1] == pytest.approx(0.2)


def test_an_alternative_that_does_not_fit_the_form_is_not_offered():
    assert interpret(seen("58", 0.5, ("58123", 0.4)), ("58", "58"), FIELD).alternatives == ()


@given(st.floats(0, 1), st.floats(0, 1))
def test_nothing_is_ever_certain(first, second):
    total = first + second or 1.0
    transcript = seen("58", first / total, ("058", second / total))
    assert 0.0 <= interpret(transcript, (transcript.text, transcript.text), FIELD).confidence < 1.0


def test_an_unread_mark_offers_what_was_nearly_read():
    reading = interpret(seen("~", 0.5, ("149", 0.3)), ("~", ""), FIELD)
    assert reading.mark is Mark.ILLEGIBLE
    assert reading.alternatives == ((149, 0.3),)


def test_no_cells_are_no_readings():
    assert read_cells([], []) == []


def test_a_cell_too_many_is_an_error_and_not_a_shift():
    paper = np.full((40, 100, 3), 230, np.uint8)
    with pytest.raises(ValueError, match="zip"):
        read_cells([paper, paper], [FIELD])


def test_empty_paper_is_blank_or_doubtful_but_never_a_sure_number():
    (reading,) = read_cells([np.full((60, 200, 3), 228, np.uint8)], [FIELD])
    assert reading.mark is not Mark.READ or reading.confidence < 0.9


def test_the_order_of_cells_does_not_matter():
    rng = np.random.default_rng(4)
    cells = [rng.integers(0, 255, (50, 150, 3), np.uint8).astype(np.uint8) for _ in range(3)]
    forward = read_cells(cells, [FIELD] * 3)
    backward = read_cells(cells[::-1], [FIELD] * 3)[::-1]
    assert [reading.text for reading in forward] == [reading.text for reading in backward]


def test_the_reader_names_its_version_and_all_weights():
    words = reader_name().split()
    assert words[0] == "digits"
    hashes = words[-1].removeprefix("sha256:").split("+")
    assert [len(each) for each in hashes] == [12, 12, 12]


def test_a_number_behind_one_struck_out_is_proposed_and_never_counts_by_itself():
    found = interpret(seen("~142", 0.99), ("~142", "~142"), FIELD)
    assert (found.mark, found.value) == (Mark.READ, 142)
    assert found.confidence <= DOUBTED
    assert not found.agreed


@pytest.mark.parametrize("text", ["58~61", "58~", "~"])
def test_what_stands_before_a_struck_number_is_no_correction(text):
    assert interpret(seen(text), (text, text), FIELD).value is None


def test_readers_agree_on_the_number_and_not_on_the_way_it_is_written():
    assert interpret(seen("58"), ("58", "058"), FIELD).agreed
    assert interpret(seen("58"), ("58", "53", "-58-"), FIELD).agreed
    assert not interpret(seen("58"), ("58", "53"), FIELD).agreed


def test_two_that_agree_on_a_number_that_lost_do_not_vouch_for_the_one_that_won():
    reading = interpret(seen("58", 0.5, ("53", 0.4)), ("58", "53", "53"), FIELD)
    assert (reading.value, reading.agreed, reading.rivals) == (58, False, (53,))


def test_the_third_reader_is_asked_for_the_cells_in_doubt_alone(monkeypatch):
    asked = []

    class Fake:
        def __init__(self, texts):
            self.texts = texts

        def read_prepared(self, prepared):
            return [seen(text, 0.999) for text in self.texts[: len(prepared)]]

    class Third(Fake):
        def read_prepared(self, prepared):
            asked.append(len(prepared))
            return super().read_prepared(prepared)

    monkeypatch.setattr(readings, "readers", lambda: (Fake(["12", "7"]), Fake(["12", "1"]), Third(["7"])))
    paper = np.full((40, 100, 3), 230, np.uint8)
    first, second = read_cells([paper, paper], [FIELD] * 2)
    assert asked == [1]
    assert (first.value, first.agreed, first.rivals) == (12, True, ())
    assert (second.value, second.agreed, second.rivals) == (7, True, (1,))


def test_the_last_digit_behind_a_blot_is_no_number():
    assert interpret(seen("~0", 0.37), ("~0", "~0"), FIELD).value is None
    assert interpret(seen("~2", 0.99), ("~2", "~2"), FIELD).value == 2


PADDED = load_form("ke-2022-34a").field("votes.1")


def test_a_bar_behind_a_padded_number_is_no_fourth_digit():
    reading = interpret(seen("0001", 0.94, ("71", 0.01), ("000", 0.03)), ("0001", "0001"), PADDED)
    assert (reading.mark, reading.value) == (Mark.READ, 0)
    assert reading.confidence <= DOUBTED
    assert not reading.agreed


def test_a_padded_number_with_a_digit_too_many_never_counts_by_itself():
    reading = interpret(seen("0001", 0.99), ("0001", "0001"), PADDED)
    assert reading.confidence <= DOUBTED
    assert not reading.agreed
    assert interpret(seen("0001", 0.99), ("0001", "0001"), FIELD).agreed


def test_behind_ink_before_a_padded_number_all_its_digits_are_wanted():
    assert interpret(seen("~001", 0.7), ("~001", "~001"), PADDED).value == 1
    assert interpret(seen("~001", 0.7), ("~001", "~001"), PADDED).confidence <= DOUBTED
    assert interpret(seen("~01", 0.99), ("~01", "~01"), PADDED).value is None


def fake(*by_reader: list[Transcript]):
    class Fake:
        def __init__(self, answers: list[Transcript]) -> None:
            self.answers = answers

        def read_prepared(self, cells):
            return self.answers[: len(cells)]

    return lambda: tuple(Fake(answers) for answers in by_reader)


BLANK_CELL = np.full((48, 48), 255, np.uint8)


def test_the_second_thought_of_one_reader_asks_the_third_and_stands_if_that_has_one_too(monkeypatch):
    large = [seen("237", 0.99, ("~37", 0.006))]
    small = [seen("237", 0.69, ("277", 0.24), ("27", 0.03))]
    third = [seen("237", 0.7, ("277", 0.2))]
    monkeypatch.setattr(readings, "readers", fake(large, small, third))
    (cell,) = readings.read_prepared([BLANK_CELL], [FIELD])
    assert (cell.value, cell.agreed) == (237, True)
    assert cell.second == pytest.approx(0.2)


def test_a_third_reader_without_a_second_thought_outweighs_that_of_one(monkeypatch):
    large = [seen("300", 0.99, ("30", 0.006))]
    small = [seen("300", 0.4, ("30", 0.35))]
    monkeypatch.setattr(readings, "readers", fake(large, small, [seen("300", 0.97, ("30", 0.001))]))
    (cell,) = readings.read_prepared([BLANK_CELL], [FIELD])
    assert cell.second == pytest.approx(0.006)


def test_a_reader_that_outright_reads_another_number_is_not_outvoted_by_two(monkeypatch):
    large, third = [seen("237", 0.995)], [seen("237", 0.995)]
    monkeypatch.setattr(readings, "readers", fake(large, [seen("277", 0.9)], third))
    (cell,) = readings.read_prepared([BLANK_CELL], [FIELD])
    assert cell.second == pytest.approx(0.9)


def test_the_same_number_with_fillers_or_zeros_or_no_number_is_no_second_thought(monkeypatch):
    large = [seen("58", 0.99, ("-58", 0.3), ("058", 0.2))]
    small = [seen("58", 0.9, ("5~8", 0.2))]
    monkeypatch.setattr(readings, "readers", fake(large, small, [seen("58", 0.9)]))
    (cell,) = readings.read_prepared([BLANK_CELL], [FIELD])
    assert cell.second == 0.0
