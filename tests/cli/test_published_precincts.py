"""A published table of precincts against published totals, by the commands that docs/commands.md prints."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run

DOCS = Path(__file__).resolve().parents[2] / "docs" / "commands.md"
PRECINCT = "500"
"""Of the territory TIK 11."""


@pytest.fixture
def tables(shared: Path) -> Path:
    """The folder of the two tables; they are no part of this project."""
    folder = shared / "official" / "st-petersburg-2021"
    if not folder.is_dir():
        pytest.skip("the tables of St Petersburg are not beside the repository")
    return folder


def _documented(text: str, folder: Path, tables: Path) -> list[list[str]]:
    """The commands of the chapter, without ``hattama`` and comments, with the paths of this test."""
    block = next(one for one in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) if "spb-2021-duma" in one)
    lines = [line.partition("#")[0].split() for line in block.replace("\\\n", " ").splitlines()]
    paths = {"spb": folder / "spb", "spb.toml": folder / "spb.toml"}
    paths |= {one.name: one for one in tables.iterdir()}
    return [[str(paths.get(word, word)) for word in line[1:]] for line in lines]


def _compared(run: Run, case: Path) -> list[dict[str, Any]]:
    result = run("official", "compare", case, "--all", "--json")
    figures: list[dict[str, Any]] = json.loads(result.stdout)["figures"]
    return figures


def _with_ten_votes_more(table: Path, copy: Path) -> None:
    """One precinct with ten votes more for the fourth party."""
    with table.open(encoding="utf-8", newline="") as stream:
        head, *rows = csv.reader(stream)
    row = next(row for row in rows if row[0] == PRECINCT)
    fourth = next(n for n, name in enumerate(head) if name.startswith("P04"))
    row[fourth] = str(int(row[fourth]) + 10)
    with copy.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([head, row])


@pytest.mark.shared
@pytest.mark.slow
def test_precincts_of_a_city_add_up_to_its_territories_until_one_is_changed(
    run: Run, tables: Path, tmp_path: Path
) -> None:
    text = DOCS.read_text(encoding="utf-8")
    columns = next(one for one in re.findall(r"```toml\n(.*?)```", text, re.DOTALL) if "# spb.toml" in one)
    (tmp_path / "spb.toml").write_text(columns, encoding="utf-8")
    for command in _documented(text, tmp_path, tables):
        result = run(*command)
        assert result.exit_code == 0, result.output
    case = tmp_path / "spb"
    told = _compared(run, case)
    (contest,) = json.loads(run("totals", case, "--json").stdout)["contests"]

    assert Counter(one["unit"] for one in told) == {f"tik-{n:02}": 27 for n in range(1, 65)}
    assert {one["outcome"] for one in told} == {"equal"}
    assert contest["precincts"]["with_protocol"] == 2043
    assert json.loads(run("diff", case, "--json").stdout)["findings"] == []

    _with_ten_votes_more(tables / "uik_duma_party_list.csv", tmp_path / "changed.csv")
    run("import", case, tmp_path / "changed.csv", "--reader", "spbik")
    found = json.loads(run("diff", case, "--json").stdout)["findings"]
    differing = [one for one in _compared(run, case) if one["outcome"] != "equal"]

    assert [(one["unit"], one["subject"]) for one in differing] == [("tik-11", "new-people")]
    assert {(one["code"], one["subject"], one["margin"]) for one in found} == {
        ("D1", "new-people", 10),
        ("D2", "ballots_valid", 10),
        ("S1", "RU1", 10),
    }
    (sheet,) = [one for one in found if one["code"] == "S1"]
    assert (sheet["details"]["region"], sheet["details"]["precinct"]) == ("tik-11", int(PRECINCT))
