"""The three disputes of 19 March 2023, typed by two people, as anybody would set them against the official figures."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

from samples.dispute_plans import DISPUTES, FORM, Dispute, candidates_of, plans
from samples.disputes import official_csv
from tally.form import load_form
from tests.cli.conftest import Run


def _typed(dispute: Dispute, path: Path, named: bool = True) -> Path:
    """The sheets of the sample generator as a table; candidates known to the election by their ids."""
    sheets = plans(dispute)
    codes = load_form(FORM).codes_for(len(sheets[0].candidates))
    ids = {f"votes.{n}": key for n, (key, _) in enumerate(candidates_of(dispute), 1) if key and named}
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(("precinct", "district", *(ids.get(code, code) for code in codes)))
        for sheet in sheets:
            cells = (sheet.marks.get(code, sheet.values.get(code)) for code in codes)
            table.writerow((sheet.precinct, dispute.district, *cells))
    return path


def _case(run: Run, folder: Path, district: int, *readers: str, named: bool = True) -> Path:
    case, official = folder / "case", folder / "official.csv"
    official.write_text(official_csv(district), encoding="utf-8")
    typed = _typed(DISPUTES[district], folder / "typed.csv", named)
    told = ("--source", "https://example.org/table", "--as-of", "2023-03-21T18:00+06:00")
    for args in (
        ("new", case, "--election", "kz-2023-majilis", "--district", district),
        *(("import", case, typed, "--reader", reader, "--kind", "person") for reader in readers),
        ("official", "add", case, official, *told),
    ):
        result = run(*args)
        assert result.exit_code == 0, result.output
    return case


def _diff(run: Run, case: Path) -> dict[str, Any]:
    result = run("diff", case, "--json")
    assert result.exit_code == 1, result.output
    told: dict[str, Any] = json.loads(result.stdout)
    for one in told["findings"]:
        numbers = {lang: _numbers(text, lang) for lang, text in one["text"].items()}
        assert numbers["kk"] == numbers["ru"] == numbers["en"], one["text"]
    return told


def _numbers(text: str, lang: str) -> list[str]:
    """Every number of a text, written alike, in order of size: no language may say another one."""
    text = text.replace("\u00a0", "")
    plain = re.sub(r"(?<=\d),(?=\d)", "" if lang == "en" else ".", text)
    return sorted(re.findall(r"[−-]?\d+(?:\.\d+)?", plain))


def _coded(told: dict[str, Any], code: str) -> list[dict[str, Any]]:
    return [one for one in told["findings"] if one["code"] == code]


def test_district_27_cannot_both_be_correct_by_62(run: Run, tmp_path: Path) -> None:
    case = _case(run, tmp_path, 27, "aida", "berik")
    told = _diff(run, case)

    (one,) = _coded(told, "D1")
    assert told["findings"][0] == one
    assert (one["verdict"], one["robust"], one["confirmed"], one["margin"]) == (
        "contradiction",
        True,
        True,
        62,
    )
    assert (one["protocols"], one["official"]) == ({"low": 35178, "high": 35178}, 35116)
    assert (one["details"]["cells_twice"], one["details"]["fewest_cells"]) == (60, 1)
    assert "Both cannot be correct, by 62." in one["text"]["en"]
    assert "typed alike by two people: 60" in one["text"]["en"]
    assert not _coded(told, "R1")
    rows = {row["subject"]: row for row in told["residuals"][0]["rows"]}
    assert [rows[name]["unseen"]["low"] for name in ("altaev", "qyryqbaev")] == [-62, 85333]
    assert (rows["altaev"]["gamma"], rows["altaev"]["gamma_of_a_tie"]) == (None, "1.168")
    assert not told["residuals"][0]["only_some_rows"]


@pytest.mark.parametrize(
    ("district", "names", "residual", "gamma", "tie"),
    [
        (4, ("boqaev", "stambekov"), (7201, 13105), "2.87", "1.855"),
        (14, ("ahmediarov", "quspan"), (31356, 117862), "6.24", "1.797"),
    ],
)
def test_districts_4_and_14_say_what_the_rest_must_hold(
    run: Run,
    tmp_path: Path,
    district: int,
    names: tuple[str, str],
    residual: tuple[int, int],
    gamma: str,
    tie: str,
) -> None:
    told = _diff(run, _case(run, tmp_path, district, "aida", "berik"))

    assert not [one for one in told["findings"] if one["verdict"] in ("contradiction", "difference")]
    (one,) = _coded(told, "R1")
    details = one["details"]
    assert [details["residual"][name] for name in names] == [{"low": n, "high": n} for n in residual]
    assert [details[key] for key in ("gamma", "gamma_low", "gamma_high")] == [gamma] * 3
    assert details["gamma_of_a_tie"] == tie
    assert "Rows of only some candidates" not in one["text"]["en"]


def test_the_same_person_twice_is_one_person(run: Run, tmp_path: Path) -> None:
    (one,) = _coded(_diff(run, _case(run, tmp_path, 27, "aida", "aida")), "D1")

    assert one["details"]["cells_twice"] == 0
    assert "typed alike by two people: 0" in one["text"]["en"]


def test_silence_is_not_taken_for_agreement(run: Run, tmp_path: Path) -> None:
    """Typed by the numbers of the lines, nobody knows whose votes they are, and the contradiction stays unseen."""
    told = _diff(run, _case(run, tmp_path, 27, "aida", named=False))

    assert not _coded(told, "D1")
    (one,) = _coded(told, "P3")
    assert one["details"]["candidates"] == ["qyryqbaev", "altaev"]
    assert "could not be set beside the protocols" in one["text"]["en"]
