"""What ``scan`` and the error messages tell a person: names, folders, languages, full stops, closed pipes."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cli.console import in_words
from cli.lang import Lang
from cli.reasons import _REASONS, in_language
from cli.scanning import ScanTask
from tally.case import Case
from tally.errors import HattamaError
from tally.model import Mark, PageReading, Status
from tests.cli.conftest import ELECTION, ROOT, Run, jpeg
from tests.cli.fakes import cell, fake_read_one, fake_reader, filled

__all__ = ["fake_reader", "filled"]


def into_closed_pipe(*args: object, unbuffered: str) -> subprocess.CompletedProcess[str]:
    read_end, write_end = os.pipe()
    os.close(read_end)  # nobody reads, from the first byte on
    try:
        return subprocess.run(
            [sys.executable, "-m", "cli", *map(str, args)],
            stdout=write_end,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
            check=False,
        )
    finally:
        os.close(write_end)


@pytest.mark.parametrize(
    "args",
    [("forms", "list"), ("elections", "show", ELECTION), ("elections", "list", "--json"), ("--help",)],
)
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_closed_pipe_is_0_and_quiet(args: tuple[str, ...], unbuffered: str) -> None:
    done = into_closed_pipe(*args, unbuffered=unbuffered)

    assert (done.returncode, done.stderr) == (0, "")


def test_the_totals_of_a_case_in_a_closed_pipe_are_no_difference(filled: Case) -> None:
    done = into_closed_pipe("totals", filled.path, unbuffered="")

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(("unbuffered", "code"), [("", 5), ("1", 0)])
def test_a_command_that_was_through_keeps_its_code(tmp_path: Path, unbuffered: str, code: int) -> None:
    (tmp_path / "mine.toml").write_text("id = 3\n")

    done = into_closed_pipe("forms", "check", tmp_path / "mine.toml", unbuffered=unbuffered)

    assert (done.returncode, done.stderr) == (code, "")


def test_a_page_is_called_by_its_name_without_folder(run: Run, fake_reader: None, tmp_path: Path) -> None:
    for name in ("p1.jpg", "u2.jpg"):
        (tmp_path / name).write_bytes(jpeg())
    names = ["p1.jpg", "u2.jpg", "u-gone.jpg"]

    result = run("scan", *(tmp_path / name for name in names), "--json", "--jobs", 1)

    assert [json.loads(line)["file"] for line in result.stdout.splitlines()] == names


def test_a_folder_is_its_photos_by_content_sorted(run: Run, fake_reader: None, tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    for name in ("p2", "p1.jpg", "below/p3.jpg"):
        (tmp_path / name).write_bytes(jpeg())
    (tmp_path / "u3.pdf").write_bytes(b"%PDF-1.7\n")
    (tmp_path / "notes.jpg").write_text("no picture")

    result = run("scan", tmp_path, "--json", "--jobs", 1)

    files = [json.loads(line)["file"] for line in result.stdout.splitlines()]
    assert files == ["p1.jpg", "p2", "u3.pdf"]
    assert "passed by 1 files" in result.stderr


def test_a_folder_without_photos_is_a_usage_error(run: Run, tmp_path: Path) -> None:
    result = run("scan", tmp_path)

    assert result.exit_code == 2
    assert "no photo or PDF in this folder" in result.stderr
    assert "hattama add" in result.stderr


def test_a_missing_table_is_4(run: Run, case: Case, tmp_path: Path) -> None:
    gone = tmp_path / "gone.csv"

    typed = run("import", case.path, gone, "--reader", "A")
    official = run("official", "add", case.path, gone, "--source", "s", "--as-of", "2023-03-21")

    for result in (typed, official):
        assert result.exit_code == 4
        assert f"{gone}: there is no such file. Check the name." in result.stderr


def doubtful(task: ScanTask) -> list[PageReading]:
    (sure,) = fake_read_one(task)
    dark = "dark: switch on a light or go nearer to one"
    reasons = ("votes.1: illegible", "K1 could not be checked", dark)
    fields = {**sure.fields, "votes.1": dataclasses.replace(cell(1, 0.1), mark=Mark.ILLEGIBLE, value=None)}
    return [
        dataclasses.replace(
            sure,
            form_confidence=0.5,
            status=Status.REVIEW,
            reasons=reasons,
            fields=fields,
            quality={"sharpness": 0.5, "warnings": [dark]},
        )
    ]


def test_an_unsure_form_has_a_question_mark_and_advice_first(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("cli.scanning.read_one", doubtful)
    (tmp_path / "p1.jpg").write_bytes(jpeg())

    lines = run("scan", tmp_path / "p1.jpg", "--jobs", 1).stdout.splitlines()

    assert lines[0] == "p1.jpg #1: review, kz-2023-majilis-smd?"
    assert lines[1] == "  - dark: switch on a light or go nearer to one"
    assert sum("dark" in line for line in lines) == 1


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "ru",
            ("на проверку", "темно: ", "votes.1: неразборчиво", "K1: проверить не удалось", " сходится: "),
        ),
        (
            "kk",
            ("тексеру керек", "қараңғы: ", "votes.1: оқылмайды", "K1: тексеру мүмкін болмады", " сәйкес: "),
        ),
    ],
)
def test_scan_speaks_the_language_of_the_person(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lang: str, words: tuple[str, ...]
) -> None:
    monkeypatch.setattr("cli.scanning.read_one", doubtful)
    (tmp_path / "p1.jpg").write_bytes(jpeg())

    shown = run("scan", tmp_path / "p1.jpg", "--jobs", 1, "--lang", lang).stdout

    for text in words:
        assert text in shown
    for english in ("holds", "broken", "unknown", "review", "illegible", "dark", "checked"):
        assert english not in shown


def test_the_check_of_a_reason_is_said_in_the_language() -> None:
    text = "K1 does not hold: two parts make the whole"

    assert in_language(text, Lang.RU, {"K1": "сумма"}) == "K1 не сходится: сумма"
    assert in_language(text, Lang.EN) == text
    assert in_language("something new", Lang.KK) == "something new"


def test_numbers_and_codes_stay_in_every_language() -> None:
    sure = "votes.3: read as 149, but not sure enough (0.71)"
    change = "149 instead of 49 in votes.3 would satisfy K2 and K3"

    for lang in (Lang.RU, Lang.KK):
        assert all(part in in_language(sure, lang) for part in ("votes.3", "149", "0.71"))
        assert all(part in in_language(change, lang) for part in ("votes.3", "149", "49", "K2", "K3"))


def test_the_patterns_repeat_texts_that_the_readers_still_have() -> None:
    files = ("tally/acceptance.py", "tally/checks.py", "ocr/quality.py", "ocr/protocol.py")
    source = "".join((ROOT / name).read_text(encoding="utf-8") for name in files)

    for pattern, _, _ in _REASONS:
        tail = pattern.rpartition(")")[2].strip(": ") or "does not hold"
        piece = {".*": "does not hold", "": "would satisfy"}.get(tail, tail)
        assert piece in source, pattern


def test_totals_in_english_have_no_russian_labels(run: Run, filled: Case) -> None:
    assert "ballots_issued" in run("totals", filled.path, "--lang", "en").stdout
    assert "бюллетен" in run("totals", filled.path, "--lang", "ru").stdout


def test_a_full_stop_stands_before_the_advice(run: Run) -> None:
    assert "there is no form 'nope'. Known forms" in run("forms", "show", "nope").stderr
    assert in_words(HattamaError("broken.", advice="Mend it.", file="a")) == "a: broken. Mend it."
    assert in_words(HattamaError("broken", file="a", line=2)) == "a:2: broken"


def test_an_unknown_district_is_answered_with_those_that_there_are(run: Run) -> None:
    shown = run("elections", "show", ELECTION, "--district", 77).stderr

    assert "Its districts: 1, 2, 3" in shown
