"""What strangers hand in: every file is taken in or named with a reason; nothing leaves the case."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from cli.intake import Handed, handed, handed_in, zips
from tally.case import Case
from tests.cli.conftest import Run, jpeg


def outcomes(run: Run, case: Case, *paths: Path) -> dict[str, tuple[str, str]]:
    """File -> (outcome, reason)."""
    files = json.loads(run("add", case.path, *paths, "--json").stdout)["files"]
    return {one["file"]: (one["outcome"], one["reason"]) for one in files}


def packed(path: Path, files: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", how) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def test_the_same_photo_twice_changes_nothing(run: Run, case: Case, tmp_path: Path) -> None:
    photo = tmp_path / "a.jpg"
    photo.write_bytes(jpeg())

    first, again = outcomes(run, case, photo), outcomes(run, case, photo)

    assert (first["a.jpg"][0], again["a.jpg"][0]) == ("new", "duplicate")
    assert run("add", case.path, photo).exit_code == 0


def test_an_empty_file_is_kept_and_named(run: Run, case: Case, tmp_path: Path) -> None:
    (tmp_path / "empty.jpg").write_bytes(b"")

    result = run("add", case.path, tmp_path / "empty.jpg", "--json")

    assert result.exit_code == 4
    assert json.loads(result.stdout)["counts"] == {"new": 0, "duplicate": 0, "quarantined": 1, "missing": 0}
    assert "empty" in json.loads(result.stdout)["files"][0]["reason"]


def test_text_renamed_to_jpg_is_kept_and_named(run: Run, case: Case, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_text("votes: 12\n" * 40)

    outcome, reason = outcomes(run, case, tmp_path / "a.jpg")["a.jpg"]

    assert outcome == "quarantined"
    assert "text" in reason
    assert len(list(case.originals.root.rglob("*"))) == 2  # the folder of its hash and the bytes


def test_a_path_that_is_not_there_is_missing_and_the_others_go_on(
    run: Run, case: Case, tmp_path: Path
) -> None:
    (tmp_path / "a.jpg").write_bytes(jpeg())

    found = outcomes(run, case, tmp_path / "gone.jpg", tmp_path / "a.jpg")

    assert found[str(tmp_path / "gone.jpg")][0] == "missing"
    assert found["a.jpg"][0] == "new"


def test_a_folder_is_walked_without_the_litter_of_the_system(run: Run, case: Case, tmp_path: Path) -> None:
    deep = tmp_path / "photos" / "night" / "2"
    deep.mkdir(parents=True)
    (deep / "b.jpg").write_bytes(jpeg(10))
    (tmp_path / "photos" / "a.jpg").write_bytes(jpeg(20))
    (tmp_path / "photos" / ".DS_Store").write_bytes(b"x")
    (tmp_path / "photos" / "Thumbs.db").write_bytes(b"x")

    assert {name: what for name, (what, _) in outcomes(run, case, tmp_path / "photos").items()} == {
        "a.jpg": "new",
        "b.jpg": "new",
    }


def test_a_zip_is_opened(run: Run, case: Case, tmp_path: Path) -> None:
    archive = packed(
        tmp_path / "chat.zip", {"one/a.jpg": jpeg(1), "b.jpg": jpeg(2), "__MACOSX/._a.jpg": b"x"}
    )

    assert {name: what for name, (what, _) in outcomes(run, case, archive).items()} == {
        "chat.zip!a.jpg": "new",
        "chat.zip!b.jpg": "new",
    }


def test_half_a_zip_is_kept_whole(run: Run, case: Case, tmp_path: Path) -> None:
    archive = packed(tmp_path / "chat.zip", {"a.jpg": jpeg(1), "b.jpg": jpeg(2)})
    archive.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])

    outcome, reason = outcomes(run, case, archive)["chat.zip"]

    assert outcome == "quarantined"
    assert "half" in reason


def test_a_zip_bomb_is_refused_before_it_is_unpacked(
    run: Run, case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = packed(tmp_path / "bomb.zip", {"a.jpg": b"\0" * 20_000_000})
    monkeypatch.setattr(zips, "_unpack", lambda *_: pytest.fail("it was unpacked"))

    outcome, reason = outcomes(run, case, archive)["bomb.zip"]

    assert outcome == "quarantined"
    assert "bomb" in reason


def test_a_zip_with_too_many_files_is_refused(
    run: Run, case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zips, "MAX_MEMBERS", 3)
    archive = packed(tmp_path / "many.zip", {f"{n}.jpg": jpeg(n) for n in range(4)})

    assert "4 files" in outcomes(run, case, archive)["many.zip"][1]


def test_a_header_that_lies_about_the_size_is_caught(tmp_path: Path) -> None:
    archive = packed(tmp_path / "a.zip", {"a.jpg": b"1234567890" * 100}, zipfile.ZIP_STORED)
    lying = archive.read_bytes().replace((1000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    archive.write_bytes(lying)

    found = [one for one in handed_in([archive]) if isinstance(one, Handed)]

    assert all(one.data is None or len(one.data) <= len(lying) for one in found)
    assert found[-1].name == "a.zip"
    assert found[-1].trouble


def test_a_name_that_climbs_out_of_the_zip_is_only_a_label(run: Run, case: Case, tmp_path: Path) -> None:
    outside = tmp_path / "evil.jpg"
    names = ["../evil.jpg", "../../../../evil.jpg", "/evil.jpg", "..\\..\\evil.jpg"]
    archive = packed(tmp_path / "a.zip", {name: jpeg(n) for n, name in enumerate(names)})

    before = {path for path in tmp_path.rglob("*") if case.path not in path.parents}
    found = json.loads(run("add", case.path, archive, "--json").stdout)["files"]
    after = {path for path in tmp_path.rglob("*") if case.path not in path.parents}

    assert {one["file"] for one in found} == {"a.zip!evil.jpg"}
    assert [one["outcome"] for one in found] == ["new"] * 4
    assert before == after
    assert not outside.exists()


def test_a_zip_inside_a_zip_is_kept_unopened(run: Run, case: Case, tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.jpg", jpeg())
    outer = packed(tmp_path / "outer.zip", {"inner.zip": inner.getvalue()})

    assert outcomes(run, case, outer)["outer.zip!inner.zip"][0] == "quarantined"


def test_a_name_of_russian_windows_is_shown_as_it_was(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("x.jpg")
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(info, jpeg())
    path.write_bytes(path.read_bytes().replace(b"x.jpg", "я.jpg".encode("cp866")))

    assert [one.name for one in handed_in([path])] == ["a.zip!я.jpg"]


def test_a_video_is_not_taken_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handed, "MAX_STORED_BYTES", 100)
    (tmp_path / "a.mp4").write_bytes(b"\0" * 101)

    (found,) = handed_in([tmp_path / "a.mp4"])

    assert found.data is None
    assert "larger" in found.trouble
