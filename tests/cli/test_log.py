"""``hattama log`` as a person uses it: what happened, is it still so, and can it be shown to others."""

from __future__ import annotations

import json
import re
from pathlib import Path

from cli.lang import Lang
from cli.words_custody import problem_in
from tally.case import Case, open_case
from tally.custody import check_case
from tests.cli.conftest import Run, jpeg
from tests.cli.fakes import fake_reader, filled
from tests.tally.test_custody import flip, rewrite

__all__ = ["fake_reader", "filled"]


def kinds(run: Run, *args: object) -> list[str]:
    return [event["act"] for event in json.loads(run("log", *args, "--json").stdout)["events"]]


def test_acts_are_listed_and_filtered(run: Run, filled: Case, tmp_path: Path) -> None:
    (tmp_path / "typed.csv").write_text("file,votes.1,votes.2\nr3.jpg,5,6\n")
    (tmp_path / "again.csv").write_text("file,votes.1,votes.2\nr3.jpg,5,7\n")
    for name in ("typed.csv", "again.csv"):
        assert (
            run("import", filled.path, tmp_path / name, "--reader", "aida", "--kind", "person").exit_code == 0
        )

    everything = kinds(run, filled.path)
    assert everything[:5] == ["case_created", "received", "received", "received", "received"]
    assert everything[5:9] == ["read"] * 4
    assert everything[9:] == ["imported", "typed", "imported", "corrected"]
    assert kinds(run, filled.path, "--kind", "corrected") == ["corrected"]
    assert kinds(run, filled.path, "--precinct", 2) == ["read"]
    assert kinds(run, filled.path, "--last", 2) == ["imported", "corrected"]
    sha256 = next(filled.ledger.events("received")).body["sha256"]
    assert kinds(run, filled.path, "--sha256", sha256[:9].upper()) == ["received", "read"]
    assert kinds(run, filled.path, "--actor", "nobody") == []

    (last,) = json.loads(run("log", filled.path, "--last", 1, "--json").stdout)["events"]
    assert last["supersedes"] == 11
    assert last["body"]["program"].startswith("hattama")
    shown = run("log", filled.path, "--lang", "en").stdout
    assert "in place of 11" in shown
    assert "r3.jpg" in shown


def test_damage_is_found_and_named(run: Run, filled: Case) -> None:
    assert run("log", filled.path, "--verify").exit_code == 0
    path = next(path for path in filled.path.glob("originals/*/*"))
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    found = run("log", filled.path, "--verify")

    assert found.exit_code == 1
    assert path.name in found.stdout


def test_a_checkpoint_travels_and_comes_back(run: Run, filled: Case, tmp_path: Path) -> None:
    kept = tmp_path / "checkpoint.txt"
    assert run("log", filled.path, "--checkpoint", kept).exit_code == 0
    assert kept.read_text().count("\n") == 3
    assert run("log", filled.path, "--checkpoint", kept).exit_code == 2  # never replaced
    filled.add_bytes(jpeg(250), "later.jpg")

    assert run("log", filled.path, "--against", kept).exit_code == 0
    printed = run("log", filled.path, "--checkpoint", "-").stdout
    assert printed.startswith("hattama/ledger/")
    later = kept.read_text().splitlines()
    later[1] = "9999"
    kept.write_text("\n".join(later))
    assert run("log", filled.path, "--against", kept).exit_code == 1
    kept.write_text("hello")
    assert run("log", filled.path, "--against", kept).exit_code == 2
    assert run("log", filled.path, "--against", kept, "--verify").exit_code == 2


def test_missing_precincts_have_names(run: Run, filled: Case, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("УИК,где\n1,a\n2,b\n3,c\n8,Школа\n", "utf-8")
    maps = ("--map", "УИК=precinct", "--map", "где=name")
    added = run("register", "add", filled.path, tmp_path / "list.csv", "--source", "ЦИК", *maps)
    assert added.exit_code == 0

    shown = run("totals", filled.path, "--lang", "en").stdout
    assert "8 (Школа)" in shown
    status = json.loads(run("status", filled.path, "--json").stdout)
    assert status["coverage"] == [
        {"contest": "smd-27", "total": 4, "with_protocol": 2, "missing": 2, "unlisted": 0}
    ]


EVENT = "UPDATE event SET {} WHERE seq = {}"


def test_every_kind_of_damage_is_told_in_the_person_s_language(filled: Case) -> None:
    rewrite(
        filled,
        EVENT.format("body = '{'", 2),
        EVENT.format("body = '[]'", 3),
        EVENT.format("actor = 'someone'", 4),
        EVENT.format("kind = x'ff'", 5),
        "DELETE FROM event WHERE seq = 6",
    )
    first, second, *_ = sorted(path for path in filled.originals.root.rglob("*") if path.is_file())
    flip(first, 0, 1)
    second.rename(second.parent.parent / second.name)
    toml = filled.path / "case.toml"
    toml.write_text(toml.read_text("utf-8").replace("27", "4"), "utf-8")

    problems = check_case(open_case(filled.path)).problems

    assert {one.what for one in problems} >= {"event", "order", "original", "settings"}
    assert len({one.message for one in problems}) >= 8
    for one in problems:
        for lang in (Lang.KK, Lang.RU):
            told = problem_in(one.message, lang)
            assert told != one.message, one
            assert re.search("[а-яәғқңөұүһі]", told), told
            numbers = set(re.findall(r"\d+", told))
            assert numbers <= set(re.findall(r"\d+", one.message)) | {"256"}
