"""The measurements themselves: a benchmark that counts wrongly is worse than none."""

from __future__ import annotations

import dataclasses
import json

import pytest

from benchmarks.accuracy import real_folders, severity_band
from benchmarks.bounds import percent, upper_bound
from benchmarks.results import load_all, save
from benchmarks.scoring import Score, score_page, total
from benchmarks.speed import STEPS, stopwatch
from benchmarks.table import table
from ocr import protocol
from tally.model import Mark, Status
from tests.tally.building import full, page

VOTES = full([10, 20])


def truth(**changes):
    return {"fields": dict(VOTES), "marks": {}, "header": {"precinct": 100, "district": 27}} | changes


def test_the_rule_of_three():
    assert upper_bound(0, 1000) == pytest.approx(0.003, rel=0.01)
    assert upper_bound(0, 0) == 1.0
    assert upper_bound(5, 5) == 1.0


@pytest.mark.parametrize(("seen", "tries", "known"), [(1, 100, 0.0466), (2, 50, 0.1206), (0, 29, 0.0981)])
def test_bounds_agree_with_published_tables(seen, tries, known):
    assert upper_bound(seen, tries) == pytest.approx(known, abs=0.0002)


@pytest.mark.parametrize("bad", [(-1, 5), (6, 5)])
def test_a_bound_of_nonsense_is_refused(bad):
    with pytest.raises(ValueError, match="of"):
        upper_bound(*bad)


def test_a_perfect_sheet():
    score = score_page("x", page(100, VOTES), truth())
    assert (score.cells, score.exact, score.wrong, score.left_open) == (len(VOTES), len(VOTES), 0, 0)
    assert (score.accepted, score.accepted_wrong, score.sheets_exact) == (1, 0, 1)


def test_a_wrong_number_on_an_accepted_sheet_is_counted_against_it():
    score = score_page("x", page(100, VOTES | {"votes.1": 11}), truth())
    assert (score.wrong, score.settled_wrong, score.accepted_wrong) == (1, 1, 1)
    assert score.misread == ["x votes.1: paper 10, read 11, settled"]


def test_a_wrong_precinct_on_an_accepted_sheet_is_counted_against_it():
    assert score_page("x", page(101, VOTES), truth()).accepted_wrong == 1


def test_an_unread_cell_is_open_and_not_wrong():
    one = page(100, VOTES | {"votes.1": Mark.ILLEGIBLE}, status=Status.REVIEW)
    score = score_page("x", one, truth())
    assert (score.left_open, score.wrong, score.accepted, score.sheets_exact) == (1, 0, 0, 0)


def test_a_page_that_was_not_read_leaves_everything_open():
    score = score_page("x", None, truth())
    assert (score.left_open, score.exact, score.sheets) == (len(VOTES), 0, 1)


def test_a_dash_that_stands_for_nought():
    dashed = truth(fields={"votes.1": 0}, marks={"votes.1": "dash"})
    assert score_page("x", page(100, {"votes.1": Mark.DASH}), dashed).exact == 1
    assert score_page("x", page(100, {"votes.1": Mark.BLANK}), dashed).exact == 0


def test_a_number_read_where_there_is_none():
    blank = truth(fields={"votes.1": None, "votes.2": None}, marks={"votes.1": "blank"})
    score = score_page("x", page(100, {"votes.1": 7, "votes.2": 8}), blank)
    assert (score.marks, score.marks_as_number, score.cells) == (1, 1, 0)  # votes.2 is not known at all
    assert score.accepted_wrong == 1


def test_scores_add_up():
    scores = [score_page("x", page(100, VOTES), truth())] * 3
    assert total(scores).cells == 3 * len(VOTES)
    assert total([]) == Score()


def test_results_are_kept_with_their_conditions_and_make_a_table(tmp_path):
    score = score_page("x", page(100, VOTES), truth())
    save("generated", {"what": "generated", "all": score.to_dict()}, tmp_path)
    kept = load_all(tmp_path)["generated"]
    assert {"cpu", "cores"} <= set(kept["machine"])
    assert {"hattama", "model_large", "opencv", "onnxruntime", "tesseract"} <= set(kept["versions"])
    assert str(tmp_path) not in json.dumps(kept)
    shown = table(load_all(tmp_path))
    assert "100.00 %" in shown
    rows = [line for line in shown.splitlines() if line.startswith("|")]
    assert len({line.count("|") for line in rows}) == 1


def test_without_results_the_table_says_so():
    assert "No results" in table({})


def test_the_stopwatch_finds_every_step_and_puts_it_back():
    before = protocol.straighten
    with stopwatch() as spent:
        assert protocol.straighten is not before
    assert protocol.straighten is before
    assert spent == {}
    assert set(STEPS) == {"decode", "straighten", "rules", "print reader", "Tesseract", "networks"}


def test_bands_of_severity_and_percentages():
    assert [severity_band(s) for s in (0.3, 0.7, 1.2, 1.3)] == ["easy", "usual", "usual", "hard"]
    assert percent(1, 3, 2) == "33.33 %"
    assert percent(0, 0) == "-"


def test_real_sheets_are_optional(tmp_path):
    assert real_folders(tmp_path) == []


def test_every_count_of_a_score_is_written_down():
    names = {field.name for field in dataclasses.fields(Score)} - {"misread", "cpu_s"}
    assert len(Score().to_dict()) >= len(names)
