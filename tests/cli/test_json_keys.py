"""The keys that scripts rely on: one may be added; one that goes breaks somebody's night."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tally.case import Case
from tests.cli.conftest import Run, jpeg
from tests.cli.fakes import fake_reader, filled

__all__ = ["fake_reader", "filled"]

TYPED = "precinct,district,altaev,qyryqbaev\n9,27,10,20\n"
OFFICIAL = "district,candidate,votes\n27,altaev,100\n"


def shape(value: Any, depth: int) -> Any:
    """Nested keys, ``depth`` levels deep; of a list its first element."""
    if isinstance(value, list):
        return [shape(value[0], depth)] if value else []
    if isinstance(value, dict) and depth:
        return {key: shape(inner, depth - 1) for key, inner in value.items()}
    return "..."


def loaded(run: Run, *args: object) -> Any:
    return json.loads(run(*args).stdout)


def keys(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, "...")


def test_scan(run: Run, fake_reader: None, tmp_path: Path) -> None:
    for name in ("p1.jpg", "u2.jpg"):
        (tmp_path / name).write_bytes(jpeg())
    lines = run("scan", tmp_path / "p1.jpg", tmp_path / "u2.jpg", "--json", "--jobs", "1").stdout.splitlines()
    page, broken = (json.loads(line) for line in lines)

    always = {
        "file", "page", "sha256", "form", "form_confidence", "status", "reasons", "header", "fields",
        "candidates", "checks", "suggestions", "arbitrated", "marks", "quality", "reader", "elapsed_ms",
    }  # fmt: skip
    assert set(page) == always
    assert set(broken) == always | {"error"}
    cell = {"mark", "value", "confidence", "alternatives", "quad_px", "anchored", "agreed", "text"}
    assert set(page["fields"]["votes.1"]) == cell
    assert set(page["header"]) == {"precinct", "district"}
    assert set(page["checks"][0]) == {"id", "outcome", "severity", "left", "right", "fields", "says"}


def test_new_add_read_status(run: Run, fake_reader: None, tmp_path: Path) -> None:
    case, photo = tmp_path / "c", tmp_path / "p1.jpg"
    photo.write_bytes(jpeg())

    made = loaded(run, "new", case, "--election", "kz-2023-majilis", "--district", 27, "--json")
    added = loaded(run, "add", case, photo, "--json")
    read = loaded(run, "read", case, "--jobs", 1, "--json")
    status = loaded(run, "status", case, "--json")

    assert shape(made, 1) == keys("case", "election", "districts") | {"districts": ["..."], "recipients": []}
    assert shape(added, 2) == {
        "case": "...",
        "counts": keys("new", "duplicate", "quarantined", "missing"),
        "files": [keys("file", "outcome", "sha256", "reason", "provenance", "hint")],
        "chats": [],
    }
    pages = keys("accepted", "review", "unreadable", "not_a_protocol")
    assert shape(read, 2) == keys("case", "pipeline", "read") | {"pages": pages, "failed": []}
    counts = keys(
        "case", "election", "photos", "quarantined", "not_read", "waiting", "typed", "ledger", "pipeline"
    )
    item = keys("file", "sha256", "receipts", "provenance", "quarantined", "hint")
    empty = (
        "quarantine",
        "coverage",
        "chats",
        "missing",
        "questions",
        "resent",
        "same_sheet",
        "captions_differ",
    )
    hints: dict[str, Any] = {key: [] for key in empty}
    assert shape(status, 2) == counts | hints | {
        "districts": ["..."],
        "pages": pages,
        "review": keys("entries", "stages", "settled_by", "single_entry"),
        "provenance": keys("original", "document", "recompressed", "unknown"),
        "items": [item | {"names": ["..."], "claims": []}],
        "deadlines": [keys("id", "last_day", "days_left", "article", "edition", "seen", "confirmed", "text")],
    }


def test_import_and_official(run: Run, case: Case, tmp_path: Path) -> None:
    (tmp_path / "typed.csv").write_text(TYPED)
    (tmp_path / "official.csv").write_text(OFFICIAL)

    typed = loaded(run, "import", case.path, tmp_path / "typed.csv", "--reader", "A", "--json")
    table = tmp_path / "official.csv"
    added = loaded(
        run, "official", "add", case.path, table, "--source", "s", "--as-of", "2023-03-21", "--json"
    )
    listed = loaded(run, "official", "list", case.path, "--json")

    entry = keys("reader", "kind", "contest", "region", "precinct", "sha256", "page", "fields", "row")
    assert shape(typed, 2) == keys("case", "reader", "kind", "table", "outcome") | {
        "columns": [keys("head", "column")],
        "empty_rows": [],
        "protocols": [entry],
    }
    snapshot = keys("name", "sha256", "source", "as_of", "figures", "notes")
    assert shape(added, 1) == snapshot | {"figures": ["..."], "notes": []}
    assert shape(listed, 2) == {"snapshots": [snapshot | {"figures": ["..."], "notes": []}]}


def test_totals(run: Run, filled: Case) -> None:
    found = loaded(run, "totals", filled.path, "--json")

    assert set(found) >= {"election", "contests", "unread"}
    contest = found["contests"][0]
    assert set(contest) >= {"contest", "district", "precincts", "sums", "sheets"}
    listed = {"missing_precincts", "unlisted_precincts"}
    assert set(contest["precincts"]) == {"with_protocol", "total", "missing"} | listed
    assert set(contest["sums"]["altaev"]) >= {"low", "high", "confirmed", "as_read"}
    assert set(contest["sheets"]) >= {"accepted", "confirmed", "review", "inconsistent"}


def test_diff(run: Run, filled: Case) -> None:
    found = loaded(run, "diff", filled.path, "--json")

    assert set(found) == {"findings", "residuals", "single_entry", "unread"}
    finding = found["findings"][0]
    wanted = {
        "code", "family", "verdict", "contest", "subject", "protocols", "official", "margin", "robust",
        "text", "sources",
    }  # fmt: skip
    assert set(finding) >= wanted
    assert set(finding["text"]) == {"kk", "ru", "en"}


@pytest.mark.parametrize(
    ("args", "wanted"),
    [
        (("forms", "list"), {"forms"}),
        (
            ("forms", "show", "kz-referendum"),
            {
                "id", "title", "source", "source_seen", "reconstruction", "header", "fields", "checks",
            },
        ),
        (("elections", "list"), {"elections"}),
        (
            ("elections", "show", "kz-2023-majilis"),
            {"id", "title", "date", "contests", "official"},
        ),
        (("doctor",), {"ok", "components"}),
    ],
)  # fmt: skip
def test_data_and_installation(run: Run, args: tuple[str, ...], wanted: set[str]) -> None:
    assert set(loaded(run, *args, "--json")) >= wanted


def test_no_table_and_no_bar_slips_into_json(run: Run, filled: Case) -> None:
    for args in (("status",), ("totals",), ("diff",), ("add",)):
        extra = ["gone.jpg"] if args == ("add",) else []
        result = run(*args, filled.path, *extra, "--json")

        json.loads(result.stdout)
        assert "\x1b" not in result.stdout


def test_log_and_register(run: Run, filled: Case, tmp_path: Path) -> None:
    (tmp_path / "register.csv").write_text("precinct,name\n1,School\n9,Library\n")
    added = loaded(run, "register", "add", filled.path, tmp_path / "register.csv", "--source", "s", "--json")
    assert set(added) == {"name", "sha256", "source", "precincts"}

    listed = loaded(run, "log", filled.path, "--json")
    event = {"seq", "time_utc", "local_offset", "actor", "kind", "body", "prev_hash", "hash"}
    assert set(listed) == {"case", "events"}
    assert set(listed["events"][0]) == event | {
        "act", "supersedes", "file", "sha256", "precinct", "contest",
    }  # fmt: skip

    checked = loaded(run, "log", filled.path, "--verify", "--json")
    assert set(checked) == {
        "case", "ok", "events", "head", "originals", "official", "bytes", "problems", "unnamed",
    }  # fmt: skip
    sealed = loaded(run, "log", filled.path, "--checkpoint", tmp_path / "cp.txt", "--json")
    assert set(sealed) == {"case", "origin", "size", "root"}
    compared = loaded(run, "log", filled.path, "--against", tmp_path / "cp.txt", "--json")
    assert set(compared) == {"case", "extends", "reason", "earlier", "now", "consistency_proof"}
    assert set(compared["now"]) == {"origin", "size", "root"}
