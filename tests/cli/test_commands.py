"""Every command with good and bad input: the exit code, and a message that says what to do."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

import pytest

from cli.lang import Lang, default_lang
from cli.waiting import queue
from tally.case import Case
from tally.state import state
from tests.cli.conftest import ELECTION, Run, jpeg
from tests.cli.fakes import fake_reader, filled

__all__ = ["fake_reader", "filled"]

COMMANDS = ["demo", "scan", "new", "add", "status", "import", "read", "review", "totals", "official", "diff"]
COMMANDS += [
    "explain",
    "audit",
    "pictures",
    "export",
    "law",
    "log",
    "register",
    "sample",
    "bundle",
    "verify",
    "attest",
]
COMMANDS += ["forms", "elections", "doctor"]


def photos(folder: Path, *names: str) -> list[Path]:
    for n, name in enumerate(names):
        (folder / name).write_bytes(jpeg(10 + 10 * n))
    return [folder / name for name in names]


def test_help_lists_what_exists_and_nothing_else(run: Run) -> None:
    shown = run("--help").stdout

    listed = re.findall(r"^  ([a-z]+) ", shown.partition("Commands:")[2], re.MULTILINE)
    assert set(listed) == set(COMMANDS)


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["p1.jpg", "p2.jpg"], 0),
        (["p1.jpg", "r2.jpg"], 3),
        (["p1.jpg", "n2.jpg"], 3),
        (["p1.jpg", "r2.jpg", "u3.jpg"], 4),
        (["u1.jpg"], 4),
        (["bug1.jpg", "p2.jpg"], 4),
    ],
)
def test_the_worst_page_decides_the_exit_code_of_a_scan(
    run: Run, fake_reader: None, tmp_path: Path, names: list[str], code: int
) -> None:
    result = run("scan", *photos(tmp_path, *names), "--json", "--jobs", 1)

    assert result.exit_code == code
    assert [Path(json.loads(line)["file"]).name for line in result.stdout.splitlines()] == names


def test_an_unknown_form_is_one_mistake_and_no_photo_is_opened(run: Run, tmp_path: Path) -> None:
    result = run("scan", tmp_path / "gone.jpg", "--form", "kz-1999")

    assert result.exit_code == 5
    assert "kz-2023-majilis-smd" in result.stderr  # the forms that there are
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("args", "code", "says"),
    [
        (("status", "gone"), 15, "hattama new"),
        (("totals", "gone"), 15, "hattama new"),
        (("diff", "gone"), 15, "hattama new"),
        (("read", "gone"), 15, "hattama new"),
        (("add", "gone", "a.jpg"), 15, "hattama new"),
        (("review", "gone", "--reader", "A"), 15, "hattama new"),
        (("new", "c", "--election", "xx"), 5, "kz-2023-majilis"),
        (("new", "c", "--election", ELECTION, "--district", "77"), 2, "district 77"),
        (("elections", "show", "xx"), 5, "kz-2023-majilis"),
        (("elections", "show", ELECTION, "--district", "77"), 2, "77"),
        (("forms", "show", "xx"), 5, "kz-2023-majilis-smd"),
        (("forms", "check", "gone.toml"), 5, "gone.toml"),
        (("scan",), 2, ""),
        (("new", "c"), 2, ""),
        (("totals",), 2, ""),
        (("nonsense",), 2, ""),
    ],
)
def test_bad_arguments_have_an_exit_code_and_advice(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    args: tuple[str, ...],
    code: int,
    says: str,
) -> None:
    monkeypatch.chdir(tmp_path)

    result = run(*args)

    assert result.exit_code == code
    assert says in result.stderr
    assert "Traceback" not in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_case_is_not_made_twice(run: Run, case: Case) -> None:
    result = run("new", case.path, "--election", ELECTION)

    assert result.exit_code == 15
    assert "already" in result.stderr


def test_a_second_writer_is_told_to_wait(
    run: Run, case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tally.ledger.WAIT_SECONDS", 0.1)
    other = sqlite3.connect(case.path / "ledger.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        result = run("add", case.path, *photos(tmp_path, "p1.jpg"))
    finally:
        other.close()

    assert result.exit_code == 15
    assert "another hattama is writing" in result.stderr


def test_reading_again_reads_nothing(run: Run, fake_reader: None, case: Case, tmp_path: Path) -> None:
    run("add", case.path, *photos(tmp_path, "p1.jpg", "r2.jpg"))

    first = run("read", case.path, "--jobs", 1, "--json")
    again = run("read", case.path, "--jobs", 1, "--json")

    assert (first.exit_code, json.loads(first.stdout)["read"]) == (3, 2)
    assert (again.exit_code, json.loads(again.stdout)["read"]) == (0, 0)


def test_a_photo_that_nobody_can_read_is_a_result_and_is_not_tried_for_ever(
    run: Run, fake_reader: None, case: Case, tmp_path: Path
) -> None:
    run("add", case.path, *photos(tmp_path, "u1.jpg", "p2.jpg"))

    first = run("read", case.path, "--jobs", 1, "--json")

    assert first.exit_code == 4
    assert json.loads(first.stdout)["failed"][0]["file"] == "u1.jpg"
    assert json.loads(run("status", case.path, "--json").stdout)["not_read"] == 0


def test_an_error_of_ours_is_not_kept_and_is_tried_again(
    run: Run, fake_reader: None, case: Case, tmp_path: Path
) -> None:
    run("add", case.path, *photos(tmp_path, "bug1.jpg", "p2.jpg"))

    first = run("read", case.path, "--jobs", 1, "--json")

    assert first.exit_code == 15
    assert json.loads(run("status", case.path, "--json").stdout)["not_read"] == 1


def test_ctrl_c_during_reading_keeps_what_was_read(
    run: Run, fake_reader: None, case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.cli.fakes import fake_read_one

    def interrupted(task: object) -> object:
        if task.name == "p3.jpg":  # type: ignore[attr-defined]
            raise KeyboardInterrupt
        return fake_read_one(task)  # type: ignore[arg-type]

    run("add", case.path, *photos(tmp_path, "p1.jpg", "p2.jpg", "p3.jpg"))
    monkeypatch.setattr("cli.scanning.read_one", interrupted)
    stopped = run("read", case.path, "--jobs", 1)
    monkeypatch.setattr("cli.scanning.read_one", fake_read_one)
    resumed = run("read", case.path, "--jobs", 1, "--json")

    assert stopped.exit_code == 130
    assert "2 of 3" in stopped.stderr
    assert json.loads(resumed.stdout)["read"] == 1


def test_a_total_row_is_refused_because_it_would_count_everything_twice(
    run: Run, case: Case, tmp_path: Path
) -> None:
    table = tmp_path / "official.csv"
    table.write_text("district,candidate,votes\n27,altaev,100\nTOTAL,,100\n")

    result = run("official", "add", case.path, table, "--source", "s", "--as-of", "2023-03-21")

    assert result.exit_code == 2
    assert "official.csv" in result.stderr
    assert "3" in result.stderr
    assert json.loads(run("official", "list", case.path, "--json").stdout) == {"snapshots": []}


def test_a_typed_table_with_one_bad_row_is_refused_whole(run: Run, case: Case, tmp_path: Path) -> None:
    table = tmp_path / "typed.csv"
    table.write_text("precinct,altaev\n1,10\n2,many\n")

    result = run("import", case.path, table, "--reader", "A")

    assert result.exit_code == 2
    assert json.loads(run("status", case.path, "--json").stdout)["typed"] == 0


def test_nobody_is_told_that_registered_was_taken_as_the_list_of_voters(
    run: Run, case: Case, tmp_path: Path
) -> None:
    table = tmp_path / "typed.csv"
    table.write_text("precinct,altaev,registered\n1,10,900\n")

    told = run("import", case.path, table, "--reader", "A").stderr
    assert "'registered' as voters_listed" in told
    assert "--map" in told
    asked = run("import", case.path, table, "--reader", "A", "--map", "registered=", "--json")

    assert json.loads(asked.stdout)["columns"][2] == {"head": "registered", "column": ""}
    sums = json.loads(run("totals", case.path, "--json").stdout)["contests"][0]["sums"]
    assert sums["voters_listed"]["cells_unread"] == 1
    table.write_text("district,candidate,votes\n27,altaev,5\n27,registered,900\n")
    told = run("official", "add", case.path, table, "--source", "s", "--as-of", "2023-03-21").stderr
    assert "'registered' as voters_listed" in told


def test_only_a_person_confirms(run: Run, case: Case, tmp_path: Path) -> None:
    table = tmp_path / "typed.csv"
    table.write_text("precinct,altaev,qyryqbaev\n1,10,20\n")
    run("import", case.path, table, "--reader", "list of the party")
    as_file = json.loads(run("totals", case.path, "--json").stdout)["contests"][0]["sums"]["altaev"]
    run("import", case.path, table, "--reader", "Aigul", "--kind", "person")
    as_person = json.loads(run("totals", case.path, "--json").stdout)["contests"][0]["sums"]["altaev"]

    assert (as_file["low"], as_file["confirmed"]) == (10, 0)
    assert as_person["confirmed"] == 10


def test_diff_ends_with_1_only_if_something_differs(run: Run, case: Case, tmp_path: Path) -> None:
    quiet, loud = tmp_path / "quiet.csv", tmp_path / "loud.csv"
    quiet.write_text("precinct,altaev,qyryqbaev\n1,100,200\n")
    loud.write_text(
        "precinct,altaev,qyryqbaev\n" + "".join(f"{n},{2900 + n},{20 + n}\n" for n in range(2, 20))
    )

    assert run("diff", case.path).exit_code == 0
    run("import", case.path, quiet, "--reader", "A", "--kind", "person")
    assert run("diff", case.path).exit_code == 0
    run("import", case.path, loud, "--reader", "A", "--kind", "person")
    result = run("diff", case.path)

    assert result.exit_code == 1
    assert "Both cannot be correct" in result.stdout


def test_the_language_is_chosen_by_option_then_by_locale_then_russian(run: Run, filled: Case) -> None:
    assert default_lang({"LANG": "kk_KZ.UTF-8"}) is Lang.KK
    assert default_lang({"LC_ALL": "en_GB.UTF-8", "LANG": "kk_KZ.UTF-8"}) is Lang.EN
    assert [default_lang({"LANG": text}) for text in ("C.UTF-8", "", "de_DE", "POSIX")] == [Lang.RU] * 4
    assert default_lang({}) is Lang.RU
    assert "кандидат" not in run("totals", filled.path, "--lang", "en").stdout.lower()
    assert "не меньше" not in run("status", filled.path, "--lang", "kk").stdout
    assert "фото" in run("status", filled.path, "--lang", "ru").stdout


def test_status_counts_who_waits_for_a_person(run: Run, filled: Case) -> None:
    status = json.loads(run("status", filled.path, "--json").stdout)

    assert (status["photos"], status["waiting"]) == (4, 2)
    assert len(queue(filled, state(filled))) == 2


@pytest.mark.parametrize("line", ["\n[[field]\n", "id = 3\n"])
def test_a_broken_form_is_explained_by_line(run: Run, tmp_path: Path, line: str) -> None:
    form = tmp_path / "mine.toml"
    form.write_text(line)

    result = run("forms", "check", form)

    assert result.exit_code == 5
    assert f"{form}:" in result.stdout


def test_a_missing_model_is_named_with_what_to_do(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.health.shutil.which", lambda _: None)

    result = run("doctor")

    assert result.exit_code == 7
    assert "apt install" in result.stdout


def test_a_changed_model_is_noticed(tmp_path: Path) -> None:
    from cli.health import examine

    (tmp_path / "a.onnx").write_bytes(b"other weights")
    (tmp_path / "digits.json").write_text(json.dumps({"large": {"file": "a.onnx", "sha256": "0" * 64}}))

    assert [part.ok for part in examine(tmp_path) if part.name == "model a.onnx"] == [False]


def test_the_demo_never_touches_a_folder_of_somebody_else(run: Run, tmp_path: Path) -> None:
    (tmp_path / "district-4").mkdir()
    (tmp_path / "district-4" / "evidence.jpg").write_bytes(b"x")

    result = run("demo", "--out", tmp_path)

    assert result.exit_code == 2
    assert "nothing was touched" in result.stderr
    assert (tmp_path / "district-4" / "evidence.jpg").exists()


def test_two_photos_with_one_name_do_not_share_an_overlay_folder_that_is_a_file(
    run: Run, fake_reader: None, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("x")

    result = run("scan", *photos(tmp_path, "p1.jpg"), "--overlay", tmp_path / "file")

    assert result.exit_code == 2
    assert "folder cannot be made" in result.stderr


def test_a_missing_library_is_7_and_not_a_traceback(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_onnx(task: object) -> object:
        raise ModuleNotFoundError("No module named 'onnxruntime'", name="onnxruntime")

    monkeypatch.setattr("cli.scanning.read_one", without_onnx)

    result = run("scan", *photos(tmp_path, "p1.jpg"))

    assert result.exit_code == 7
    assert "onnxruntime" in result.stderr
    assert "hattama doctor" in result.stderr


def test_a_file_that_never_ends_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from cli.scanning import ScanTask, read_bytes, unreadable
    from tally.errors import PhotoError

    monkeypatch.setattr("cli.scanning.MAX_STORED_BYTES", 1000)

    with pytest.raises(PhotoError, match="more than") as refused:
        read_bytes(Path("/dev/zero"))

    assert unreadable(ScanTask(Path("/dev/zero"), "zero", "auto"), refused.value).page.sha256 == ""
