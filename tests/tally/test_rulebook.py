"""A code that nobody can look up, or three languages that say three different things."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tally import rulebook
from tally.catalogue import LANGUAGES, messages
from tally.errors import UsageError

ROOT = Path(__file__).parents[2]


def given_codes():
    sources = [path for part in ("rules", "audit") for path in (ROOT / "tally" / part).glob("*.py")]
    return {code for path in sources for code in re.findall(r'"([A-Z]\d+)"', path.read_text())}


def test_every_code_that_can_be_printed_is_explained_and_no_other():
    assert len(given_codes()) > 30
    assert given_codes() == set(rulebook.codes())


def test_every_code_has_its_chapter_in_the_rules():
    text = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    heads = [line.partition(":")[0] for line in text.splitlines() if re.match(r"## [A-Z]\d+[,:]", line)]
    assert sorted(code for head in heads for code in re.findall(r"[A-Z]\d+", head)) == sorted(
        rulebook.codes()
    )


def test_every_explanation_is_whole_in_three_languages():
    for code in rulebook.codes():
        for part in rulebook.PARTS:
            texts = messages()[f"{code}.{part}"]
            assert all(texts[language] for language in LANGUAGES), (code, part)
            numbers = [
                sorted(re.findall(r"\d+", re.sub(r"(\d),(\d{3})", r"\1\2", texts[x]))) for x in LANGUAGES
            ]
            assert numbers[0] == numbers[1] == numbers[2], (code, part)


def test_the_docs_say_what_the_command_says():
    made = (ROOT / "docs" / "findings.md").read_text(encoding="utf-8")
    assert made == rulebook.as_markdown(), "run: python -m tally.rulebook > docs/findings.md"


def test_an_unknown_code_names_the_known_ones():
    with pytest.raises(UsageError, match="D1") as raised:
        rulebook.explain("D99")
    assert "R1" in (raised.value.advice or "")
    assert rulebook.explain("d1").code == "D1"
