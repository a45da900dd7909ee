"""A photo that was not read is in no sum: nothing may hide that."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tally.case import Case
from tests.cli.conftest import Run, jpeg
from tests.cli.fakes import fake_reader, filled
from tests.cli.reviewing import local

__all__ = ["fake_reader", "filled", "local"]


@pytest.fixture
def late(filled: Case) -> Case:
    """A case that was read, and one photo that came later."""
    filled.add_bytes(jpeg(250), "p9.jpg")
    return filled


@pytest.mark.parametrize("command", ["totals", "diff"])
def test_a_photo_that_was_not_read_is_never_silently_absent_from_a_sum(
    run: Run, late: Case, command: str
) -> None:
    (unread,) = json.loads(run(command, late.path, "--json").stdout)["unread"]

    assert unread["file"] == "p9.jpg"
    for lang, told in (
        ("kk", "Оқылмаған фото: 1"),
        ("ru", "Не прочитано фото: 1"),
        ("en", "Photos not read: 1"),
    ):
        (line,) = (x for x in run(command, late.path, "--lang", lang).stdout.splitlines() if told in x)
        assert line.endswith(f"hattama read {late.path}")


@pytest.mark.parametrize("command", ["totals", "diff"])
def test_a_case_that_was_read_has_no_such_line(run: Run, filled: Case, command: str) -> None:
    assert json.loads(run(command, filled.path, "--json").stdout)["unread"] == []
    assert "Photos not read" not in run(command, filled.path, "--lang", "en").stdout


def test_a_photo_that_a_person_typed_is_in_the_sums_and_not_called_absent(
    run: Run, late: Case, tmp_path: Path
) -> None:
    table = tmp_path / "typed.csv"
    table.write_text("file,precinct,altaev,qyryqbaev\np9.jpg,9,10,20\n")
    result = run("import", late.path, table, "--reader", "A", "--kind", "person")

    assert result.exit_code == 0
    assert json.loads(run("totals", late.path, "--json").stdout)["unread"] == []


def test_a_photo_that_cannot_be_read_at_all_stands_under_the_sums(run: Run, late: Case) -> None:
    late.add_bytes(jpeg(5), "u7.jpg")
    assert run("read", late.path, "--jobs", 1).exit_code == 4
    found = json.loads(run("totals", late.path, "--json").stdout)

    assert found["unread"] == []
    assert "u7.jpg" in [page["file"] for page in found["unassigned"]]
    assert "u7.jpg" in run("totals", late.path).stdout


def test_the_pages_with_sums_say_which_are_missing(local: TestClient, filled: Case) -> None:
    told = "Photos not read yet, which the sums lack: 1"
    pages = ("/district/smd-27", "/findings")
    assert not any(told in local.get(path).text for path in pages)

    filled.add_bytes(jpeg(250), "p9.jpg")

    assert all(told in local.get(path).text for path in pages)
    for name in ("totals", "findings"):
        assert [one["file"] for one in local.get(f"/export/{name}.json").json()["unread"]] == ["p9.jpg"]
