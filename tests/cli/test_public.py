"""What is published holds pixels and numbers, and nobody."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from PIL import Image

from cli.intake.take import add_all
from cli.reading import read_all, unread
from tally.case import Case
from tally.typed import import_protocols
from tests.cli.conftest import Run
from tests.cli.exports import SECRETS, camera_jpeg, encoded, scene, unpacked
from tests.cli.fakes import VALUES, fake_reader

__all__ = ["fake_reader"]

WHEN = ("2023:03:19", "2023-03-19T21")


def published(run: Run, case: Case, out: Path) -> Path:
    result = run("export", case.path, out, "--public", "--jobs", 1, "--json")
    assert result.exit_code == 0, result.stderr
    return out


def filled(case: Case, tmp_path: Path) -> Case:
    text = (
        "19.03.2023, 21:41 - Айгуль Ахметова: p379.jpg (файл добавлен)\nучасток 379, +7 701 234 56 78\n"
        "19.03.2023, 21:42 - +7 701 234 56 78: r380.png (файл добавлен)\n"
        "19.03.2023, 21:43 - +7 701 234 56 78: n1.jpg (файл добавлен)\n"
    )
    png = encoded(scene(2), "PNG", exif=Image.Exif(), dpi=(72, 72))
    files = {
        "_chat.txt": text.encode(),
        "p379.jpg": camera_jpeg(1),
        "r380.png": png,
        "n1.jpg": camera_jpeg(3),
    }
    list(add_all(case, [unpacked(tmp_path / "chat", files)], jobs=1))
    assert all(one.recorded for one in read_all(case, unread(case), 1))
    return case


def test_nothing_published_names_a_person_a_place_or_a_device(
    run: Run, case: Case, fake_reader: None, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr("cli.scanning.read_one", _by_own_name)
    made = filled(case, tmp_path)
    page = next(iter(made.originals.root.rglob("*/*"))).name
    (tmp_path / "typed.csv").write_text(f"sha256,page,precinct,votes.1\n{page},1,5,3\n", "utf-8")
    import_protocols(made, tmp_path / "typed.csv", "Айгуль", "person")

    out = published(run, made, tmp_path / "public")

    files = [path for path in out.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} == {".jpg", ".json", ".csv"}
    for path in files:
        held = path.read_bytes() + path.name.encode()
        for secret in (*SECRETS, *WHEN, "SM-A525F", "Samsung", "p379", "r380", "участок"):
            assert secret.encode() not in held, (path.name, secret)
            assert secret.encode("utf-16-le") not in held, (path.name, secret)
    for path in (out / "photos").iterdir():
        with Image.open(path) as picture:
            assert not dict(picture.getexif())
            assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progression"}


def _by_own_name(task: object) -> object:
    from dataclasses import replace

    from tests.cli.fakes import fake_read_one

    return fake_read_one(replace(task, name=task.name.rpartition("!")[2]))


def test_numbers_lead_back_to_a_published_picture_and_photos_of_anything_else_stay_in(
    run: Run, case: Case, fake_reader: None, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr("cli.scanning.read_one", _by_own_name)
    made = filled(case, tmp_path)

    out = published(run, made, tmp_path / "public")

    data = json.loads((out / "readings.json").read_text(encoding="utf-8"))
    assert {one["precinct"] for one in data["protocols"] if one["counts"]} == {379}
    (sheet,) = [one for one in data["protocols"] if one["precinct"] == 379]
    assert {code: cell["value"] for code, cell in sheet["fields"].items()} == VALUES
    pictures = {f"photos/{path.name}" for path in (out / "photos").iterdir()}
    assert pictures == {one["photo"] for one in data["protocols"]}
    assert len(pictures) == 2  # the photo that is no protocol is not among them
    rows = list(csv.DictReader((out / "readings.csv").read_text(encoding="utf-8").splitlines()))
    assert len(rows) == sum(len(one["fields"]) for one in data["protocols"])
    assert [event.kind for event in made.ledger.events()][-1] == "exported"


def test_a_folder_with_something_in_it_is_left_alone(run: Run, case: Case, tmp_path: Path) -> None:
    (tmp_path / "keep.txt").write_text("x")
    assert run("export", case.path, tmp_path, "--public").exit_code == 2
    assert run("export", case.path, tmp_path / "new").exit_code == 2
    assert not (tmp_path / "new").exists()
