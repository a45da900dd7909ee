"""``hattama sample``: an estimate for a drawn sample, none for half of one, and a refusal for volunteers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

DESIGN = """
contest = "smd-27"
a = "altaev"
b = "qyryqbaev"
selection = "random"
procedure = "urn before witnesses"
drawn_on = 2023-03-17

[[stratum]]
precincts = 40
drawn = [3, 1, 2]
"""


def typed(run: Run, tmp_path: Path, *precincts: int) -> Path:
    case = tmp_path / "case"
    assert run("new", case, "--election", "kz-2023-majilis", "--district", "27").exit_code == 0
    rows = [f"{n},{100 + n},50,{150 + n}" for n in precincts]
    table = tmp_path / "t.csv"
    table.write_text("\n".join(["precinct,altaev,qyryqbaev,ballots_valid", *rows]), "utf-8")
    assert run("import", case, table, "--reader", "A", "--kind", "person").exit_code == 0
    (tmp_path / "design.toml").write_text(DESIGN, "utf-8")
    return case


def test_a_drawn_sample(run: Run, tmp_path: Path) -> None:
    case = typed(run, tmp_path, 1, 2, 3, 7)
    done = run("sample", case, "--design", tmp_path / "design.toml", "--json")
    found = json.loads(done.stdout)
    assert done.exit_code == 0
    assert (found["drawn"], found["in_hand"], found["not_drawn"], found["e_draws"]) == (3, 3, 1, 3)
    assert found["shares"]["a"]["share"] == pytest.approx(306 / 456, abs=1e-6)
    for lang in ("kk", "ru", "en"):
        shown = run("sample", case, "--design", tmp_path / "design.toml", "--lang", lang).stdout
        assert "67,11" in shown or "67.11" in shown


def test_half_a_sample_and_volunteers(run: Run, tmp_path: Path) -> None:
    case = typed(run, tmp_path, 1, 3)
    done = run("sample", case, "--design", tmp_path / "design.toml", "--json")
    assert (done.exit_code, json.loads(done.stdout)["shares"]) == (3, {})
    assert json.loads(done.stdout)["missing"] == [2]

    (tmp_path / "design.toml").write_text(DESIGN.replace('"random"', '"volunteers"'), "utf-8")
    refused = run("sample", case, "--design", tmp_path / "design.toml")
    assert refused.exit_code == 2
    assert "not a random sample" in refused.stderr
