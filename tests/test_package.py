"""The wheel that people install holds every file that the program opens."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("ocr", "tally", "cli", "samples")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of the files in a wheel built from this tree."""
    place = tmp_path_factory.mktemp("wheel")
    tree = place / "tree"
    for name in ("pyproject.toml", "LICENSE", "NOTICE", "README.md", ".gitignore"):
        tree.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tree / name)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tree / package, ignore=shutil.ignore_patterns("__pycache__"))
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", place / "dist"],
        cwd=tree,
        capture_output=True,
        check=True,
        timeout=120,
    )
    (built,) = (place / "dist").glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        return set(archive.namelist())


def test_no_form_model_font_or_template_is_forgotten(wheel: set[str]) -> None:
    ours = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    expected = {name for name in ours if not name.startswith("ocr/train/")}

    missing = expected - wheel

    assert missing == set()


def test_nothing_but_the_four_packages_is_installed(wheel: set[str]) -> None:
    roots = {name.partition("/")[0] for name in wheel if ".dist-info/" not in name}

    assert roots == set(PACKAGES)


def test_the_licences_travel_along(wheel: set[str]) -> None:
    carried = {name.rpartition("/")[2] for name in wheel if "/licenses/" in name}

    assert carried == {"LICENSE", "NOTICE"}
