"""``hattama audit`` as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

CLEAN = "region,A,B,total\nR1,10,20,30\nR2,30,41,71\nTotal,40,61,101\n"


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "broken.csv"
    path.write_text(CLEAN.replace("30,41,71", "30,47,71"), encoding="utf-8")
    return path


def test_the_tables_of_2023(run: Run) -> None:
    result = run("audit", "--election", "kz-2023-majilis", "--grids")

    assert result.exit_code == 1
    for text in ("240,297", "151,085", "132,459", "43.24 %", "124 of 140", "not a contradiction", "1/9973"):
        assert text in result.stdout
    assert "(3)" in result.stdout.splitlines()[0]


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_every_language_speaks(run: Run, broken: Path, lang: str) -> None:
    result = run("audit", broken, "--lang", lang)

    assert result.exit_code == 1
    assert "41" in result.stdout  # the repair
    assert "broken.csv" in result.stdout
    assert "audit_" not in result.stdout
    assert "slip_" not in result.stdout


def test_a_consistent_table_ends_with_0(run: Run, tmp_path: Path) -> None:
    (tmp_path / "clean.csv").write_text(CLEAN, encoding="utf-8")
    result = run("audit", tmp_path / "clean.csv")

    assert result.exit_code == 0
    assert "Nothing was found." in result.stdout


def test_neither_and_both_are_refused(run: Run, broken: Path) -> None:
    assert run("audit").exit_code == 2
    assert run("audit", broken, "--election", "kz-2023-majilis").exit_code == 2
    assert run("audit", "--election", "xx-1900").exit_code == 5


def test_a_table_with_nothing_to_check_is_no_clean_bill(run: Run, tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_text("region,A\nR1,10\n", encoding="utf-8")
    result = run("audit", tmp_path / "one.csv")

    assert result.exit_code == 2
    assert "nothing to check" in result.stderr


def test_the_keys_of_the_json(run: Run, broken: Path) -> None:
    made = json.loads(run("audit", broken, "--json").stdout)

    assert set(made) == {"tables", "findings", "checked", "grids"}
    assert set(made["tables"][0]) == {"id", "names", "rows", "cells", "unread", "remarks"}
    assert set(made["checked"][0]) == {"code", "table", "relations", "hold"}
    finding = made["findings"][0]
    assert set(finding) == {
        "code", "family", "verdict", "table", "unit", "subject", "margin", "operands", "repairs",
        "repairs_left_out", "text", "details",
    }  # fmt: skip
    place = {"names", "printed", "file", "row", "column", "line"}
    assert set(finding["operands"][0]) == place
    assert set(finding["repairs"][0]) == place | {"suggested", "kind", "resolves", "breaks"}
    assert set(finding["text"]) == {"kk", "ru", "en"}
    assert finding["operands"][0]["line"] is not None
