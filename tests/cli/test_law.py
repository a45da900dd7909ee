"""A lawyer's word: given for one case, kept in its ledger, on every paper; nobody else's passes for it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cli.crops import PhotoCutter
from tally.bundle.contents import contents_of
from tally.bundle.write import write_bundle
from tally.case import create_case
from tally.catalogue import messages
from tally.law import LAW_DIR
from tally.law_case import confirm
from tests.cli import bundling
from tests.cli.bundling import check, edit, repair_manifests, said
from tests.cli.conftest import Run

NORM = "appeal-ten-days"
GIVEN = ("--by", "A. Lawyer", "--date", "2023-03-21")


@pytest.fixture
def case(tmp_path: Path) -> Path:
    create_case(tmp_path / "case", "kz-2023-majilis", [27], actor="user:test")
    return tmp_path / "case"


def norm(run: Run, case: Path) -> dict[str, Any]:
    listed = json.loads(run("law", case, "--json").stdout)
    return next(one for one in listed["norms"] if one["id"] == NORM)


def test_a_confirmation_counts_in_this_case_only(run: Run, case: Path, tmp_path: Path) -> None:
    before = (LAW_DIR / "kz.toml").read_bytes()
    assert norm(run, case)["confirmed"] == ""
    assert run("law", case, "--confirm", NORM, *GIVEN).exit_code == 0
    assert norm(run, case)["confirmed"] == "A. Lawyer, 2023-03-21"
    status = json.loads(run("status", case, "--json").stdout)["deadlines"]
    assert [one["id"] for one in status if one["confirmed"]] == [NORM]
    create_case(tmp_path / "other", "kz-2023-majilis", [27], actor="user:test")
    assert norm(run, tmp_path / "other")["confirmed"] == ""
    assert (LAW_DIR / "kz.toml").read_bytes() == before


def test_a_corrected_term_moves_the_last_day(run: Run, case: Path) -> None:
    corrected = ("--days", 5, "--article", "20-9", "--edition", "2022-11-05")
    run("law", case, "--confirm", NORM, *GIVEN, *corrected)
    found = norm(run, case)
    assert (found["last_day"], found["article"], found["edition"]) == ("2023-03-24", "20-9", "2022-11-05")
    log = json.loads(run("log", case, "--kind", "norm_confirmed", "--json").stdout)["events"]
    assert log[0]["body"]["corrected"]["days"] == {"old": 10, "new": 5}


def test_a_confirmation_taken_back_leaves_nothing_confirmed_and_both_acts_in_the_log(
    run: Run, case: Path
) -> None:
    run("law", case, "--confirm", NORM, *GIVEN, "--days", 5)
    assert run("law", case, "--withdraw", NORM).exit_code == 2  # no reason
    assert run("law", case, "--withdraw", NORM, "--reason", "older edition").exit_code == 0
    assert (norm(run, case)["confirmed"], norm(run, case)["days"]) == ("", 10)
    assert run("law", case, "--withdraw", NORM, "--reason", "again").exit_code == 2
    log = json.loads(run("log", case, "--json").stdout)["events"]
    assert [one["kind"] for one in log][-2:] == ["norm_confirmed", "norm_withdrawn"]


TOMORROW = (datetime.now().astimezone().date() + timedelta(days=2)).isoformat()
SAYS = ("--says", "ru=в пять дней")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("--confirm", "no-such-norm", *GIVEN), "appeal-ten-days"),
        (("--confirm", NORM, "--date", "2023-03-21"), "--by"),
        (("--confirm", NORM, "--by", "A. Lawyer"), "2023-03-21"),
        (("--confirm", NORM, "--by", "A. Lawyer", "--date", TOMORROW), TOMORROW),
        (("--confirm", "court", *GIVEN, "--days", "3"), "days"),
        (("--confirm", NORM, *GIVEN, *SAYS), "en, kk"),
        (("--confirm", NORM, "--withdraw", NORM), "--withdraw"),
        (GIVEN, "--confirm ID"),
    ],
)
def test_half_a_confirmation_is_refused_and_leaves_no_event(
    run: Run, case: Path, given: tuple[str, ...], told: str
) -> None:
    result = run("law", case, *given)
    assert result.exit_code == 2
    assert told in result.output
    assert "norm_confirmed" not in run("log", case, "--json").stdout


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_what_nobody_confirmed_is_said_to_be_so_in_every_language(run: Run, case: Path, lang: str) -> None:
    words = messages()["report.law.unconfirmed"][lang]
    assert run("law", case, "--lang", lang).stdout.count(words.split()[0]) >= 9  # six norms, three addressees


def test_a_later_profile_cannot_change_what_a_lawyer_confirmed(
    run: Run, case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("law", case, "--confirm", NORM, *GIVEN)
    later = (LAW_DIR / "kz.toml").read_text("utf-8").replace("days = 10", "days = 99")
    (tmp_path / "kz.toml").write_text(later, "utf-8")
    monkeypatch.setattr("tally.law.LAW_DIR", tmp_path)
    assert (norm(run, case)["days"], norm(run, case)["confirmed"]) == (10, "A. Lawyer, 2023-03-21")
    run("law", case, "--withdraw", NORM, "--reason", "there is a newer text")
    assert (norm(run, case)["days"], norm(run, case)["confirmed"]) == (99, "")


@pytest.fixture(scope="module")
def bag(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("law")
    case = bundling.make_case(folder / "case")
    confirm(case, NORM, "A. Lawyer", "2023-03-21", {"days": 5})
    confirm(case, "court", "A. Lawyer", "2023-03-21", {})
    write_bundle(case, contents_of(case), folder / "bag", PhotoCutter(), ["kk", "ru"])
    return folder / "bag"


def test_the_papers_of_a_bundle_name_the_lawyer_and_what_stays_open(bag: Path) -> None:
    assert said(check(bag)) == ""
    for language in ("kk", "ru"):
        text = (bag / f"data/report/complaint-smd-27-{language}.txt").read_text("utf-8")
        words = {key: messages()[f"report.law.{key}"][language] for key in ("confirmed", "unconfirmed")}
        assert text.count("A. Lawyer, 2023-03-21") == 2  # the norm, and the addressee
        (court,) = (
            line
            for line in text.splitlines()
            if line.startswith("- ")
            and "____" not in line
            and "A. Lawyer" in line
            and "2023-03-24" not in line
        )
        assert court.endswith(f"[{words['confirmed']}: A. Lawyer, 2023-03-21]")
        assert f"2023-03-24 [{words['confirmed']}: A. Lawyer, 2023-03-21]" in text
        assert text.count(words["unconfirmed"]) == 7
    entries = json.loads((bag / "data/entries.json").read_bytes())
    assert [one["id"] for one in entries if one["act"] == "norm_confirmed"] == [NORM, "court"]


def test_a_lawyer_who_never_confirmed_is_found_on_paper(bag: Path) -> None:
    path = bag / "data/report/complaint-smd-27-ru.txt"
    before = path.read_text("utf-8")
    edit(bag, "entries.json", lambda rows: rows)  # only its spacing: an honest rewrite
    unconfirmed = messages()["report.law.unconfirmed"]["ru"]
    path.write_text(before.replace(f"[{unconfirmed}]", "[подтверждено юристом: A. Lawyer]", 1), "utf-8")
    repair_manifests(bag)
    assert "report data/report/complaint-smd-27-ru.txt is not the report that follows" in said(check(bag))
    edit(bag, "entries.json", lambda rows: [one for one in rows if one.get("id") != "court"])
    repair_manifests(bag)
    assert "entry data/entries.json" in said(check(bag))
