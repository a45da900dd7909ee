"""What the review page says of a sheet whose form is the election's own: its words are in no shipped file."""

from __future__ import annotations

from pathlib import Path

from cli.lang import Lang
from cli.reasons import check_texts
from cli.review.questions import Questions
from tally.case import create_case
from tests.tally.building import full, page
from tests.tally.test_own_form import folder  # noqa: F401  (a fixture)


def test_the_checks_of_an_own_form_have_no_words(folder: Path, tmp_path: Path) -> None:  # noqa: F811
    questions = Questions(create_case(tmp_path / "case", f"{folder}/", actor="test"))
    sheet = page(1, full([1, 2]), form="mine")

    assert check_texts(sheet, "mine", Lang.RU) == {}
    says = check_texts(sheet, questions.form_named("mine"), Lang.RU)
    assert says["K1"]
    assert says != check_texts(sheet, questions.form_named("mine"), Lang.KK)
    assert questions.about(sheet, "s.jpg", "", Lang.EN).contest.id == "council-1"
