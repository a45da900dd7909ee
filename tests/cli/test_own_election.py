"""An election that is not shipped: lost when its folder moves, missing in the bundle, exchanged on the way to court."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cli.lang import Lang
from cli.reasons import check_texts
from cli.review.questions import Questions
from tally.case import Case, create_case, open_case
from tally.custody import check_case
from tally.own_election import CHANGED, record_changes
from tally.state import state
from tally.totals import totals
from tally.typed import import_table
from tests.cli.bundling import check, make_bundle, repair_manifests, said
from tests.tally.building import full, page
from tests.tally.test_own_form import folder  # noqa: F401  (a fixture)


@pytest.fixture
def case(folder: Path, tmp_path: Path) -> Case:  # noqa: F811
    """Two protocols of the election; the folder that it came from is gone."""
    made = create_case(tmp_path / "case", f"{folder}/", actor="test")
    shutil.rmtree(folder)
    table = tmp_path / "t.csv"
    table.write_text("precinct;One;Two;ballots_valid\n1;100;50;150\n2;7;8;15\n", "utf-8")
    import_table(made, table, "hq")
    return made


def sums(case: Case) -> dict[str, int]:
    found = totals(state(case), case.election()).contests[0].sums
    return {who: found[who].span.low for who in ("one", "two")}


def exchange(file: Path) -> None:
    text = file.read_text("utf-8")
    file.write_text(text.replace('"one"', '"x"').replace('"two"', '"one"').replace('"x"', '"two"'), "utf-8")


def test_the_election_stays_behind_when_its_case_is_moved(case: Case, tmp_path: Path) -> None:
    shutil.move(case.path, tmp_path / "elsewhere")
    moved = open_case(tmp_path / "elsewhere")
    assert sums(moved) == {"one": 107, "two": 58}
    assert not check_case(moved).problems
    assert str(tmp_path) not in (moved.path / "case.toml").read_text("utf-8")
    assert str(tmp_path) not in str(next(moved.ledger.events("case_created")).body)


def test_a_bundle_lacks_the_election_that_it_rests_on(case: Case, tmp_path: Path) -> None:
    bag = make_bundle(case, tmp_path / "bag")
    shutil.rmtree(case.path)
    found = check(bag)
    assert said(found) == ""
    assert "own_election" in found.notes
    assert sorted(path.name for path in (bag / "data" / "election").rglob("*.toml")) == [
        "election.toml",
        "mine.toml",
    ]


def test_two_candidates_are_exchanged_on_the_way(case: Case, tmp_path: Path) -> None:
    bag = make_bundle(case, tmp_path / "bag")
    exchange(bag / "data" / "election" / "election.toml")
    repair_manifests(bag)
    assert "is not the election that the ledger names" in said(check(bag))


def test_a_form_is_exchanged_on_the_way(case: Case, tmp_path: Path) -> None:
    bag = make_bundle(case, tmp_path / "bag")
    form = bag / "data" / "election" / "forms" / "mine.toml"
    form.write_bytes(form.read_bytes() + b"# as seen\n")
    (bag / "data" / "election" / "other.toml").write_text("x", "utf-8")
    repair_manifests(bag)
    told = said(check(bag))
    assert "is not the election that the ledger names" in told
    assert "other.toml belongs to no bundle" in told


def test_a_corrected_spelling_makes_every_later_bundle_invalid(case: Case, tmp_path: Path) -> None:
    file = case.path / "election" / "election.toml"
    file.write_text(file.read_text("utf-8").replace('["Two"]', '["Two", "Twoo"]'), "utf-8")
    assert "the ledger names" in said(check(make_bundle(case, tmp_path / "silent")))

    for _ in range(2):
        record_changes(case)
    assert [event.kind for event in case.ledger.events(CHANGED)] == [CHANGED]
    assert said(check(make_bundle(case, tmp_path / "told"))) == ""


def test_the_checks_of_an_own_form_have_no_words(case: Case) -> None:
    questions = Questions(case)
    sheet = page(1, full([1, 2]), form="mine")

    assert check_texts(sheet, "mine", Lang.RU) == {}
    says = check_texts(sheet, questions.form_named("mine"), Lang.RU)
    assert says["K1"]
    assert says != check_texts(sheet, questions.form_named("mine"), Lang.KK)
    assert questions.about(sheet, "s.jpg", "", Lang.EN).contest.id == "council-1"
