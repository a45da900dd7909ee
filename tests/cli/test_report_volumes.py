"""A report of many protocols is bound in volumes: every sheet is in one of them, and no volume can be exchanged."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest

from cli.crops import PhotoCutter
from tally.bundle.contents import contents_of
from tally.bundle.write import write_bundle
from tally.report import volumes
from tests.cli import bundling
from tests.cli.bundling import check, repair_manifests, said

NAMES = ("report-{}.pdf", "report-{}-2.pdf", "report-{}-3.pdf")
LANGUAGES = ("kk", "ru", "en")


@pytest.fixture(scope="module")
def bag(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Five sheets, of which at most three are bound into one file."""
    folder = tmp_path_factory.mktemp("volumes")
    case = bundling.reviewed_case(folder / "case")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(volumes, "MOST", 3)
        write_bundle(case, contents_of(case), folder / "bag", PhotoCutter(), LANGUAGES)
        yield folder / "bag"


@pytest.fixture
def copy(bag: Path, tmp_path: Path) -> Path:
    shutil.copytree(bag, tmp_path / "bag")
    return tmp_path / "bag"


def pages(path: Path) -> list[str]:
    with pypdfium2.PdfDocument(path) as document:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


def test_a_bundle_of_volumes_is_whole_and_typeset_again_byte_for_byte(bag: Path) -> None:
    assert said(check(bag)) == ""
    found = {path.name for path in (bag / "data/report").glob("*.pdf")}
    assert found == {name.format(language) for name in NAMES for language in LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_main_volume_names_each_volume_with_its_pages_and_hash(bag: Path, language: str) -> None:
    main, *rest = (bag / "data/report" / name.format(language) for name in NAMES)
    text = re.sub(r"\s+", "", "".join(pages(main)))
    for path in rest:
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        assert f"{path.name}{sha256}" in text
        assert path.name in text[: text.index(sha256)]
        foot = pages(path)[-1]
        numbers = re.findall(r"\d+", foot[foot.index(check(bag).bundle) + 16 :])
        assert sorted(numbers) == sorted(["3", path.stem[-1], str(len(pages(path))), str(len(pages(path)))])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sheet_is_in_one_volume_on_the_page_that_the_list_of_exhibits_names(
    bag: Path, language: str
) -> None:
    main, *rest = (pages(bag / "data/report" / name.format(language)) for name in NAMES)
    exhibits = " ".join(main)
    found = []
    for photo in json.loads((bag / "data/photos.json").read_bytes()):
        begins = photo["sha256"][:32]
        holds = [
            f"{v}: {p}" for v, volume in enumerate(rest, 2) for p, t in enumerate(volume, 1) if begins in t
        ]
        row = re.search(rf"{begins[:16]} {photo['size']} .*?(\d: \d+|–)", exhibits)
        assert row is not None
        assert row[1] == (holds[0] if holds else "–")
        found += holds
    assert len(set(found)) == 4  # all photos but the one that does not open; the fifth sheet is a typed one


@pytest.mark.parametrize("name", [NAMES[1], NAMES[2]])
def test_a_volume_exchanged_or_taken_away_is_named(copy: Path, name: str) -> None:
    path = copy / "data/report" / name.format("ru")
    path.write_bytes((copy / "data/report" / name.format("kk")).read_bytes())
    repair_manifests(copy)
    assert f"report data/report/{path.name} is not the report that follows" in said(check(copy))
    path.unlink()
    repair_manifests(copy)
    assert f"report data/report/{path.name}" in said(check(copy))


def test_a_volume_that_nobody_bound_is_named(copy: Path) -> None:
    (copy / "data/report/report-ru-9.pdf").write_bytes((copy / "data/report/report-ru-2.pdf").read_bytes())
    repair_manifests(copy)
    assert "report data/report/report-ru-9.pdf is no report of hattama" in said(check(copy))


def test_few_sheets_are_one_file_and_many_are_shared_out_evenly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(volumes, "MOST", 120)

    def content(*sheets: int) -> volumes.Content:
        contests = [
            {"title": str(n), "sheets": [{"name": f"{n}/{i}"} for i in range(many)]}
            for n, many in enumerate(sheets)
        ]
        return {"language": "ru", "bundle": "", "date": "", "words": {}, "contests": contests}

    assert [part["volumes"] for part in volumes.bind(content(100, 20))] == [1]
    main, *parts = volumes.bind(content(100, 21, 180))
    assert (main["volume"], main["volumes"]) == (1, 4)
    assert [sum(len(one["sheets"]) for one in part["contests"]) for part in parts] == [100, 100, 101]
    kept = [sheet["name"] for part in parts for one in part["contests"] for sheet in one["sheets"]]
    assert kept == [f"{n}/{i}" for n, many in enumerate((100, 21, 180)) for i in range(many)]
    assert [volumes.file_name(part) for part in (main, *parts)][:2] == ["report-ru.pdf", "report-ru-2.pdf"]
