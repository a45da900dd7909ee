"""The demo without its long parts: the photos are grey squares, the reader knows what is on them."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from cli.commands.review import DEFAULT_PORT
from cli.demo.folder import MARKER
from cli.demo.story import PAIRS, Ending
from cli.demo.summary import _follows
from cli.lang import Lang
from cli.scanning import ScanTask
from samples.dispute_plans import ELECTION
from samples.disputes import official_csv
from tally.case import open_case
from tally.election import load_election
from tally.errors import ReaderStopped
from tally.model import PageReading
from tests.cli.conftest import Run, jpeg
from tests.cli.fakes import VALUES, fake_read_one, fake_reader

__all__ = ["fake_reader"]

NAMES = [*(f"p{n}.jpg" for n in range(1, 4)), "r4.jpg"]


def tiny_dispute(district: int, out: Path, progress: object, jobs: int) -> SimpleNamespace:
    """Stands in for ``samples.disputes.render_dispute``: three good photos and one that needs a person."""
    (out / "photos").mkdir(parents=True)
    for n, name in enumerate(NAMES):
        (out / "photos" / name).write_bytes(jpeg(30 * n + 30))
    (out / "official.csv").write_text(official_csv(district), encoding="utf-8")

    def typed_for(files: Iterable[str]) -> str:
        codes = ",".join(VALUES)
        rows = [f"{name},{name[1]},{','.join(map(str, VALUES.values()))}" for name in files]
        return "\n".join([f"file,precinct,{codes}", *rows])

    return SimpleNamespace(
        photos=tuple(out / "photos" / name for name in NAMES),
        official=out / "official.csv",
        official_source="a table",
        official_as_of="2023-03-27",
        typed_for=typed_for,
    )


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch, fake_reader: None) -> None:
    monkeypatch.setattr("cli.demo.story.render_dispute", tiny_dispute)
    for district in (4, 14):
        monkeypatch.delitem(PAIRS, district)


def test_the_demo_shows_commands_sums_and_what_changes_with_a_person(
    run: Run, tiny: None, tmp_path: Path
) -> None:
    out = tmp_path / "demo"

    result = run("demo", "--out", out, "--jobs", 1)

    assert result.exit_code == 0
    for command in ("new", "add", "read", "official add", "totals", "diff", "import"):
        assert f"$ hattama {command} {out / 'district-27'}" in result.stdout
    assert "900..3,930" in result.stdout  # three sheets, and one that is 0 to 3,030
    assert "1,200" in result.stdout  # with the fourth sheet typed
    assert "35,116" in result.stdout
    assert "stands in for a person" in result.stdout
    assert (out / "district-27" / "case.toml").is_file()


def test_the_typist_of_the_demo_signs_with_his_own_name(run: Run, tiny: None, tmp_path: Path) -> None:
    run("demo", "--out", tmp_path / "demo", "--jobs", 1)

    (event,) = open_case(tmp_path / "demo" / "district-27").ledger.events("typed")
    assert event.body["reader"] == "demo-typist"


def test_the_demo_can_be_run_again_but_keeps_what_is_not_its_own(
    run: Run, tiny: None, tmp_path: Path
) -> None:
    out = tmp_path / "demo"
    run("demo", "--out", out, "--jobs", 1)
    (out / "my-notes.txt").write_text("keep me")

    again = run("demo", "--out", out, "--jobs", 1)

    assert again.exit_code == 0
    assert (out / "my-notes.txt").read_text() == "keep me"
    assert (out / MARKER).is_file()


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_the_demo_speaks_three_languages(run: Run, tiny: None, tmp_path: Path, lang: str) -> None:
    result = run("demo", "--out", tmp_path / "demo", "--jobs", 1, "--lang", lang)

    assert result.exit_code == 0
    assert "{" not in result.stdout
    # Sentences write numbers as their language does; tables have one way in all languages.
    sentence = next(
        line for line in result.stdout.splitlines() if line.startswith("  ") and "3" in line and "930" in line
    )
    assert ("3,930" if lang == "en" else "3\u00a0930") in sentence


@pytest.mark.parametrize(
    ("lang", "told"),
    [("kk", "Оқылмаған фото: 2"), ("ru", "Не прочитано фото: 2"), ("en", "Photos not read: 2")],
)
def test_the_demo_never_ends_with_sums_that_lack_photos_without_saying_so(
    run: Run, tiny: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str, told: str
) -> None:
    def overloaded(task: ScanTask) -> list[PageReading]:
        if task.name in ("p2.jpg", "p3.jpg"):
            raise ReaderStopped("Reading took longer than 300 s.")
        return fake_read_one(task)

    monkeypatch.setattr("cli.scanning.read_one", overloaded)
    result = run("demo", "--out", tmp_path / "demo", "--jobs", 1, "--lang", lang)

    case = tmp_path / "demo" / "district-27"
    lines = [line for line in result.stdout.splitlines() if told in line]
    assert len(lines) == 3  # under both sums and under the last table
    assert all(line.endswith(f"hattama read {case}") for line in lines)
    assert "27" in lines[-1].partition(told)[0]
    assert "p2.jpg: Reading took longer" in result.stdout

    monkeypatch.setattr("cli.scanning.read_one", fake_read_one)
    assert run("read", case, "--jobs", 1).exit_code == 0
    assert told not in run("totals", case, "--lang", lang).stdout


def test_a_taken_address_is_said_before_anything_is_read(run, tmp_path):
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):  # somebody else has it already: just as well
            taken.bind(("127.0.0.1", DEFAULT_PORT))
            taken.listen()
        result = run("demo", "--review", "--out", str(tmp_path / "out"))
    assert result.exit_code == 2
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("low", "told"),
    [
        (7000, "no contradiction; the other precincts must hold 7,000–9,286 : 13,105"),
        (
            -18419,
            (
                "no contradiction is established; the other precincts must hold at most 9,286 : 13,105; "
                "Sanjar Boqaev: the upper end of the range exceeds the official figure by 18,419; "
                "whether both can be correct is open"
            ),
        ),
    ],
)
def test_the_last_screen_gives_no_precinct_negative_votes(low: int, told: str) -> None:
    residual = {"boqaev": {"low": low, "high": 9286}, "stambekov": {"low": 13105, "high": 13105}}
    finding = SimpleNamespace(verdict="statement", details={"residual": residual})
    contest = load_election(ELECTION).contest("smd-4")
    ending = SimpleNamespace(district=4, totals=SimpleNamespace(contest=contest), findings=(finding,))

    assert _follows(cast(Ending, ending), Lang.EN) == told
