"""The measurements themselves: a benchmark that counts wrongly is worse than none."""

from __future__ import annotations

import dataclasses
import json
import pkgutil
import re
from pathlib import Path

import numpy as np
import pytest

import benchmarks
from benchmarks.accuracy import real_folders, severity_band
from benchmarks.bounds import percent, upper_bound
from benchmarks.bundle import PARTS, bundle_speed
from benchmarks.cellwise import score
from benchmarks.confidence import (
    SHIFTS,
    Cell,
    SheetMargin,
    calibration_error,
    cells_of,
    curve,
    reliability,
    sheet_margin,
)
from benchmarks.damage import DAMAGES, NO_PROTOCOLS
from benchmarks.machine import conditions
from benchmarks.plots import draw
from benchmarks.results import load_all, save
from benchmarks.scoring import Score, score_page, total
from benchmarks.speed import STEPS, next_halving, stopwatch
from benchmarks.table import table
from ocr import layout
from tally.checks import run_checks, spans_of
from tally.form import load_form
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
    before = layout.straighten
    with stopwatch() as spent:
        assert layout.straighten is not before
    assert layout.straighten is before
    assert spent == {}
    assert {"decode", "rules", "print reader", "networks"} <= set(STEPS)


def test_the_next_halving_names_a_step_that_would_not_help():
    assert next_halving({"networks": 40.0, "rules": 30.0, "seal": 20.0, "decode": 10.0}) == [
        "networks",
        "rules",
    ]
    assert next_halving({"networks": 60.0, "rules": 40.0}) == ["networks"]
    assert next_halving({}) == []


def test_bands_of_severity_and_percentages():
    assert [severity_band(s) for s in (0.3, 0.7, 1.2, 1.3)] == ["easy", "usual", "usual", "hard"]
    assert percent(1, 3, 2) == "33.33 %"
    assert percent(0, 0) == "-"


def test_real_sheets_are_optional(tmp_path):
    assert real_folders(tmp_path) == []


def test_every_count_of_a_score_is_written_down():
    names = {field.name for field in dataclasses.fields(Score)} - {"misread", "cpu_s"}
    assert len(Score().to_dict()) >= len(names)


def test_a_wrong_cell_is_kept_against_what_its_confidence_promised():
    cells = [Cell(0.96, True)] * 9 + [Cell(0.96, False)]
    (band,) = reliability(cells)
    assert (band["cells"], band["kept"], band["promised"]) == (10, 0.9, 0.96)
    assert calibration_error(cells) == pytest.approx(0.06)


def test_certainty_falls_into_the_last_band():
    assert reliability([Cell(1.0, True)])[0]["to"] == 1.0


def test_a_number_that_nobody_read_promises_nothing():
    unread = page(100, VOTES | {"votes.1": Mark.ILLEGIBLE})
    assert len(cells_of(unread, truth())) == len(VOTES)  # with the precinct, without votes.1


def test_the_margin_of_a_sheet_is_that_of_its_weakest_cell():
    bare = page(100, VOTES)
    form = load_form(bare.form)
    sheet = dataclasses.replace(bare, checks=run_checks(form, spans_of(form, bare.fields), 2))
    assert sheet_margin(sheet) > 0
    weak = dataclasses.replace(sheet.fields["votes.1"], confidence=0.4)
    assert sheet_margin(dataclasses.replace(sheet, fields=dict(sheet.fields) | {"votes.1": weak})) < 0


def test_no_threshold_accepts_a_sheet_with_an_unread_row():
    assert sheet_margin(page(100, VOTES | {"votes.1": Mark.ILLEGIBLE})) == float("-inf")


def test_stricter_thresholds_never_accept_more_sheets():
    sheets = [SheetMargin("usual", k / 2 - 3, k % 5 == 0) for k in range(12)]
    points = curve(sheets)
    shares = [p["share"] for p in points]
    assert [p["shift"] for p in points] == list(SHIFTS)
    assert shares == sorted(shares, reverse=True)
    assert all(p["wrong_upper_95"] >= p["wrong"] / max(1, p["accepted"]) for p in points)


def test_the_pictures_are_made_from_the_result_and_are_the_same_twice(tmp_path):
    result = {
        "cells": 40,
        "sheets": 12,
        "reliability": reliability([Cell(0.97, k > 0) for k in range(40)]),
        "curve": {"all": curve([SheetMargin("usual", k / 2 - 3, False) for k in range(12)])},
    }
    first = [path.read_bytes() for path in draw(result, tmp_path)]
    assert first == [path.read_bytes() for path in draw(result, tmp_path)]
    assert all(b"</svg>" in picture for picture in first)


def test_a_reader_that_says_nothing_is_not_silent():
    found = score([(1, 0.9), (None, 0.0), (7, 0.8), (4, 0.7)], [1, 2, 3, 4])
    assert (found["exact"], found["silent"]) == (50.0, 25.0)


@pytest.mark.parametrize("kind", DAMAGES)
def test_a_damage_changes_the_picture_and_nothing_else(kind):
    photo = np.random.default_rng(1).integers(90, 230, (240, 180, 3)).astype(np.uint8)
    kept = photo.copy()
    hurt = DAMAGES[kind](photo, np.random.default_rng(2))
    again = DAMAGES[kind](photo, np.random.default_rng(2))
    assert (photo == kept).all()
    assert hurt.dtype == np.uint8
    assert hurt.ndim == 3
    assert (hurt == again).all()
    assert hurt.shape != photo.shape or (hurt != photo).any()


@pytest.mark.parametrize("kind", NO_PROTOCOLS)
def test_pictures_of_other_things_are_drawn_the_same_every_time(kind):
    first, second = (NO_PROTOCOLS[kind](np.random.default_rng(3)) for _ in range(2))
    assert (first == second).all()
    assert first.std() > 5


def test_damaged_photos_have_a_table_of_their_own():
    line = {"sheets": 2, "cells": 20, "cells_exact": 15, "cells_wrong": 1, "accepted_wrong": 0,
            "without_advice": 0, "statuses": {"review": 2}, "cpu_ms_per_sheet": 700}  # fmt: skip
    other = {**line, "cells": 0, "statuses": {"not_a_protocol": 2}}
    text = table(
        {
            "robustness": {"what": "robustness", "kinds": {"two_levels": line, "noise": other}}
            | measured_here()
        }
    )
    assert "| two levels | 2 | 75.0 % | 1 | 0 | 2 review | 700 ms |" in text
    assert "| noise | 2 | - |" in text


def measured_here():
    from benchmarks.machine import conditions

    return conditions()


def test_the_parts_of_a_bundle_s_verification_are_taken_from_one_run():
    result = bundle_speed(2)
    steps = result["steps"]
    assert sum(steps[part]["cpu_s"] for part in PARTS) <= steps["verify"]["cpu_s"] + 0.3  # each is rounded
    assert result["pictures"] > 2 * 14
    assert "| of it crops and pages cut again |" in table({"bundle": {**conditions(), **result}})


def test_what_a_benchmark_replaces_for_a_comparison_is_still_where_it_says():
    """A name that had moved stopped the measurement of seals, and nobody saw it until the next one was due."""
    source = "".join(path.read_text("utf-8") for path in Path(benchmarks.__file__).parent.glob("*.py"))
    names = re.findall(r'patch\("([\w.]+)"', source)
    assert names
    for name in names:
        assert callable(pkgutil.resolve_name(name)), name
