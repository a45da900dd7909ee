"""An election with a form of its own, in folders of a person's own: nothing of it is shipped."""

from __future__ import annotations

import dataclasses
import os
import shutil
from pathlib import Path

import pytest

from tally.case import create_case
from tally.election import form_of, load_election
from tally.errors import FormError
from tally.form import FORMS_DIR
from tally.state import state
from tally.totals import totals
from tally.typed import import_table
from tests.tally.building import FORM, full, page, put

ELECTION = """
id = "council"
date = "2026-05-01"
levels = ["country", "district", "precinct"]
source = "made up for a test"
[title]
kk = "Кеңес"
ru = "Совет"
en = "Council"
[[contest]]
id = "council-1"
form = "forms/mine.toml"
level = "district"
candidates_complete = true
[contest.names]
kk = "Кеңес"
ru = "Совет"
en = "Council"
[[contest.candidate]]
id = "one"
position = 1
latin = ["One"]
[[contest.candidate]]
id = "two"
position = 2
latin = ["Two"]
"""
LINE = 1 + ELECTION[: ELECTION.index("form =")].count("\n")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An election with a form beside it that is the shipped one under another id."""
    made = tmp_path / "mine"
    (made / "forms").mkdir(parents=True)
    (made / "election.toml").write_text(ELECTION, "utf-8")
    shipped = (FORMS_DIR / f"{FORM}.toml").read_text("utf-8")
    (made / "forms" / "mine.toml").write_text(shipped.replace(f'id = "{FORM}"', 'id = "mine"', 1), "utf-8")
    return made


def test_an_election_of_ones_own_cannot_name_a_form_of_ones_own(folder: Path, tmp_path: Path) -> None:
    contest = load_election(folder).contests[0]
    assert contest.form == form_of(contest).id == "mine"

    case = create_case(tmp_path / "case", f"{folder}/", actor="test")
    numbers = page(1, full([100, 50]), form="mine", district=None, candidates={})
    put(case, dataclasses.replace(numbers, header={"precinct": numbers.header["precinct"]}))
    (tmp_path / "t.csv").write_text("precinct;votes.1;Two;ballots_valid\n2;7;8;15\n", "utf-8")
    import_table(case, tmp_path / "t.csv", "hq")
    found = totals(state(case), case.election())

    assert found.unassigned == ()
    assert {who: found.contests[0].sums[who].span.low for who in ("one", "two")} == {"one": 107, "two": 58}


def test_the_form_is_looked_for_where_the_program_was_started(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.parent)
    assert form_of(load_election("./mine").contests[0]).id == "mine"


def test_a_form_that_was_corrected_goes_on_as_it_was(folder: Path) -> None:
    contest = load_election(folder).contests[0]
    assert form_of(contest).title["en"] != "Corrected"
    file = folder / "forms" / "mine.toml"
    text = file.read_text("utf-8")
    title = next(line for line in text.splitlines() if line.startswith('en = "Precinct protocol'))
    file.write_text(text.replace(title, 'en = "Corrected"', 1), "utf-8")
    os.utime(file, ns=(1, 1))
    assert form_of(contest).title["en"] == "Corrected"


def missing(folder: Path) -> None:
    (folder / "forms" / "mine.toml").unlink()


def broken(folder: Path) -> None:
    (folder / "forms" / "mine.toml").write_text('id = "mine"\n', "utf-8")


def taken(folder: Path) -> None:
    shutil.copy(FORMS_DIR / f"{FORM}.toml", folder / "forms" / "mine.toml")


def no_toml(folder: Path) -> None:
    file = folder / "election.toml"
    file.write_text(file.read_text("utf-8").replace("mine.toml", "mine.json"), "utf-8")


def elsewhere(folder: Path) -> None:
    shutil.copy(folder / "forms" / "mine.toml", folder.parent / "mine.toml")
    file = folder / "election.toml"
    file.write_text(file.read_text("utf-8").replace("forms/mine", "../mine"), "utf-8")


def twice(folder: Path) -> None:
    shutil.copy(folder / "forms" / "mine.toml", folder / "other.toml")
    text = ELECTION[ELECTION.index("[[contest]]") : ELECTION.index("[[contest.candidate]]")]
    second = text.replace("council-1", "council-2").replace("forms/mine", "other")
    (folder / "election.toml").write_text(ELECTION + second, "utf-8")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (missing, "form 'forms/mine.toml': the form file cannot be opened"),
        (broken, "its file has mistakes; see `hattama forms check"),
        (taken, f"has the id of a shipped form, {FORM}"),
        (no_toml, "or the path of a form file (my-form.toml)"),
        (elsewhere, "form '../mine.toml' must lie in the folder of the election"),
        (twice, "form 'other.toml' has the id of another one, mine"),
    ],
)
def test_what_is_wrong_with_the_form_is_not_said_of_the_election(folder: Path, change, words: str) -> None:
    change(folder)
    with pytest.raises(FormError) as caught:
        load_election(folder)
    assert words in str(caught.value)
    assert caught.value.file == str(folder / "election.toml")
    assert caught.value.line == LINE or change is twice
