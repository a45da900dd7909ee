"""The results that are kept: whatever their age, they make a table and the rates of the report."""

from __future__ import annotations

import argparse
import copy
import json
from pathlib import Path

import pytest

from benchmarks import __main__ as command
from benchmarks import measured, results
from benchmarks.results import FOLDER, load_all
from benchmarks.table import table

STORED = load_all()


@pytest.mark.parametrize("name", STORED)
def test_every_kept_result_makes_its_table(name: str) -> None:
    shown = table({name: STORED[name]})

    assert shown.startswith("|")
    assert f"Measured ({name})" in shown


def test_the_kept_results_together_make_the_tables() -> None:
    shown = table(STORED)

    assert all(name in shown.partition("Measured (")[2] for name in STORED)


def test_no_kept_result_is_without_a_name_that_the_table_knows() -> None:
    others = {path.stem for path in FOLDER.glob("*.json")} - set(STORED)
    assert others == {
        "digits",
        "print",
        "words",
        "words-cursive",
        "words-latin",
    }  # the training's own figures


def test_a_bundle_measured_before_a_step_had_its_name_still_makes_a_table() -> None:
    older = copy.deepcopy(STORED["bundle"])
    older["steps"]["added up of old"] = older["steps"].pop("sums added up")
    shown = table({"bundle": older})

    assert "| added up of old | " in shown
    assert "added up by the script inside" not in shown
    assert "| verify | " in shown


def test_a_new_measurement_never_leaves_the_rates_of_the_report_behind(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    target = tmp_path / "measured.toml"
    monkeypatch.setattr(results, "FOLDER", tmp_path)
    monkeypatch.setattr(measured.write_measured, "__defaults__", (target,))
    score = STORED["generated"]["all"] | {"accepted": 77, "accepted_wrong": 1}

    command._keep("generated", {"what": "generated", "all": score}, argparse.Namespace(dry=False))

    kept = json.loads((tmp_path / "generated.json").read_text("utf-8"))
    assert target.read_text("utf-8") == measured.measured_text(kept)
    assert "[accepted]\nwrong = 1\nof = 77\n" in target.read_text("utf-8")


def test_the_rates_of_the_report_are_those_of_the_kept_result() -> None:
    assert measured.TARGET.read_text("utf-8") == measured.measured_text(STORED["generated"])
