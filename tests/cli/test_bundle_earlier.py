"""A bundle goes to court years later: what an earlier hattama wrote is told apart from what nobody of us wrote."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from tally.bundle import known
from tally.bundle.write import ALONE, PAGES
from tests.cli import bundling
from tests.cli.bundling import check, edit, repair_manifests, said
from tests.cli.conftest import Run

DAY = "2024-01-31"


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    return bundling.make_bundle(bundling.make_case(tmp_path / "case"), tmp_path / "bag")


def made_earlier(bag: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file of a bundle as another version of ours had it, which this one has in its list."""
    path = bag / "data" / name
    path.write_bytes(path.read_bytes() + b"\n# as it was then\n")
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    longer = bag.parent / "known.txt"
    longer.write_text(known.LIST.read_text("ascii") + f"{sha256}  {name}  {DAY}\n", "ascii")
    monkeypatch.setattr(known, "LIST", longer)
    known._known.cache_clear()
    monkeypatch.setattr(known, "_known", known._known.__wrapped__)
    repair_manifests(bag)


@pytest.mark.parametrize(
    "name",
    ["verify.py", "sums.py", "check/check-ru.txt", "forms/kz-2023-majilis-smd.toml", "law/kz.toml"],
)
def test_a_file_of_an_earlier_version_is_said_to_be_that_and_no_forgery(
    bag: Path, name: str, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    made_earlier(bag, name, monkeypatch)
    found = check(bag)
    assert said(found) == ""
    assert found.earlier == [(f"data/{name}", DAY)]
    done = run("verify", bag, "--lang", "en")
    assert done.exit_code == 0
    assert f"data/{name}: is of an earlier hattama, known since {DAY}" in done.output
    assert json.loads(run("verify", bag, "--json").stdout)["earlier"] == [
        {"file": f"data/{name}", "since": DAY}
    ]


def test_one_byte_beside_an_earlier_script_is_nobodys(bag: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made_earlier(bag, "verify.py", monkeypatch)
    path = bag / "data/verify.py"
    path.write_bytes(path.read_bytes() + b"#")
    repair_manifests(bag)
    assert "script data/verify.py is of no hattama that is known" in said(check(bag))


def test_an_earlier_script_under_another_name_is_nobodys(bag: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made_earlier(bag, "sums.py", monkeypatch)
    (bag / "data/verify.py").write_bytes((bag / "data/sums.py").read_bytes())
    repair_manifests(bag)
    assert "script data/verify.py is of no hattama that is known" in said(check(bag))


def test_another_version_is_named(bag: Path) -> None:
    assert "other_version" not in check(bag).notes
    edit(bag, "programs.json", lambda told: told.update(bundle_written_by="hattama 0.0.9"))
    repair_manifests(bag)
    assert "other_version" in check(bag).notes


def test_every_script_and_page_of_today_will_be_known_tomorrow() -> None:
    """If this fails: add the line that it names to tally/bundle/known.txt, and leave the others."""
    own = {path: path.name for path in (ALONE / "verify.py", ALONE / "sums.py")}
    own |= {page: f"check/{page.name}" for page in PAGES.glob("*.txt")}
    lacks = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {name}  <today>"
        for path, name in own.items()
        if known.since(name, path.read_bytes()) is None
    ]
    assert lacks == []


def test_what_was_known_stays_known() -> None:
    first = "6c7c258a69f579811a4a7864b8df06ccd2455345f10c0bc12ccb193991c4f5bb  verify.py  2026-11-24"
    lines = known.LIST.read_text("ascii").splitlines()
    assert first in lines
    assert len(lines) >= 50
