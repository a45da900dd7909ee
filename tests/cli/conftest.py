"""The command line in this process (quick) and as a real process (exit codes, signals)."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from cli.main import app
from tally.case import Case, create_case

ROOT = Path(__file__).resolve().parents[2]
ELECTION = "kz-2023-majilis"

Run = Callable[..., Result]
Shell = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HATTAMA_LANG", "en")
    monkeypatch.delenv("HATTAMA_DEBUG", raising=False)


@pytest.fixture
def run() -> Run:
    """``run("add", case, path)`` in this process."""
    return lambda *args: CliRunner().invoke(app, [str(arg) for arg in args])


@pytest.fixture
def shell() -> Shell:
    """``shell("add", case, path)`` as a process of its own."""

    def call(*args: object, **environ: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "cli", *map(str, args)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=ROOT,
            env={**os.environ, "HATTAMA_LANG": "en", **environ},
            timeout=120,
            check=False,
        )

    return call


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """An empty case of district 27."""
    return create_case(tmp_path / "case", ELECTION, [27], actor="user:test")


def jpeg(grey: int = 200, size: tuple[int, int] = (64, 48)) -> bytes:
    """A small grey JPEG; another grey gives other bytes."""
    out = io.BytesIO()
    Image.new("L", size, grey).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def bag(clean: Path, tmp_path: Path) -> Path:
    """A copy of the module's clean bundle, to be damaged."""
    copy = tmp_path / "bag"
    shutil.copytree(clean, copy)
    return copy
