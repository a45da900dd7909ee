"""Is everything there that reading needs? Looks, never repairs, never asks the network."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import json
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tally.errors import MissingComponent

_LIBRARIES = (
    # (distribution, module)
    ("opencv-python", "cv2"),
    ("numpy", "numpy"),
    ("onnxruntime", "onnxruntime"),
    ("pytesseract", "pytesseract"),
    ("pillow", "PIL"),
    ("pypdfium2", "pypdfium2"),
    ("pdfplumber", "pdfplumber"),
    ("pandas", "pandas"),
    ("rapidfuzz", "rapidfuzz"),
    ("SQLAlchemy", "sqlalchemy"),
    ("typer", "typer"),
    ("rich", "rich"),
    ("starlette", "starlette"),
    ("jinja2", "jinja2"),
    ("uvicorn", "uvicorn"),
)
_LANGUAGES = ("rus", "kaz", "eng")
_PYTHON = (3, 11)
_REINSTALL = "Install hattama again: the model files come with it."


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that must be installed."""

    name: str
    ok: bool
    detail: str
    """Version and place, or what is wrong."""
    advice: str = ""
    """How to install it; empty when it is there."""

    def to_dict(self) -> dict[str, Any]:
        """Stable keys of ``doctor --json``."""
        return {"name": self.name, "ok": self.ok, "detail": self.detail, "advice": self.advice}


def missing_library(error: ImportError) -> MissingComponent:
    """What to tell a person when a library cannot be imported."""
    return MissingComponent(
        f"the library {error.name or error} is not installed.",
        advice="Install hattama again with its dependencies; `hattama doctor` lists what is missing.",
    )


def version_of_hattama() -> str:
    """The installed version; ``not installed`` when run from a folder of the source."""
    try:
        return importlib.metadata.version("hattama")
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def examine(models: Path | None = None) -> list[Part]:
    """Every component, present or missing. ``models``: folder of the networks, default the shipped one."""
    folder = models or Path(__file__).resolve().parent.parent / "ocr" / "models"
    return [
        Part("hattama", True, version_of_hattama()),
        _python(),
        *_tesseract(),
        *(_library(d, m) for d, m in _LIBRARIES),
        *_models(folder),
    ]


def _python() -> Part:
    ok = sys.version_info >= _PYTHON
    return Part("python", ok, platform.python_version(), "" if ok else "Install Python 3.11 or newer.")


def _tesseract() -> Iterator[Part]:
    program = shutil.which("tesseract")
    if program is None:
        yield Part(
            "tesseract",
            False,
            "not found",
            "Debian, Ubuntu: apt install tesseract-ocr tesseract-ocr-rus tesseract-ocr-kaz. "
            "macOS: brew install tesseract tesseract-lang. "
            "Windows: the UB Mannheim installer, with Russian and Kazakh ticked.",
        )
        return
    yield Part("tesseract", True, f"{_first_line(program, '--version')} ({program})")
    installed = set(_output(program, "--list-langs").split())
    for code in _LANGUAGES:
        ok = code in installed
        advice = (
            ""
            if ok
            else f"Debian, Ubuntu: apt install tesseract-ocr-{code}. macOS: brew install tesseract-lang."
        )
        yield Part(f"tesseract {code}", ok, "language data" if ok else "language data not found", advice)


def _output(program: str, argument: str) -> str:
    try:
        done = subprocess.run([program, argument], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"cannot be run: {error}"
    return done.stdout or done.stderr


def _first_line(program: str, argument: str) -> str:
    return next(iter(_output(program, argument).splitlines()), "version unknown")


def _library(distribution: str, module: str) -> Part:
    if importlib.util.find_spec(module) is None:
        return Part(distribution, False, "not installed", f"pip install {distribution}")
    try:
        return Part(distribution, True, importlib.metadata.version(distribution))
    except importlib.metadata.PackageNotFoundError:
        return Part(distribution, True, "version unknown")


def _models(folder: Path) -> Iterator[Part]:
    promised = _promised(folder)
    names = sorted({file.name for file in folder.glob("*.onnx")} | promised.keys())
    if not names:
        yield Part("models", False, "no network for handwritten digits found", _REINSTALL)
    for name in names:
        yield _model(folder / name, promised.get(name, ""))


def _model(file: Path, promised: str) -> Part:
    if not file.is_file():
        return Part(f"model {file.name}", False, "not found", _REINSTALL)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    if promised not in ("", digest):
        return Part(f"model {file.name}", False, f"sha256 {digest}, but {promised} was shipped", _REINSTALL)
    return Part(f"model {file.name}", True, f"sha256 {digest}")


def _promised(folder: Path) -> dict[str, str]:
    """File name -> sha256 as the shipped JSON beside the models says it; empty where nothing is said."""
    found: dict[str, str] = {}
    for card in sorted(folder.glob("*.json")):
        try:
            _collect(json.loads(card.read_text(encoding="utf-8")), found)
        except (OSError, ValueError):
            continue
    return found


def _collect(value: Any, found: dict[str, str]) -> None:
    if isinstance(value, dict):
        if isinstance(value.get("file"), str) and isinstance(value.get("sha256"), str):
            found[value["file"]] = value["sha256"]
        for inner in value.values():
            _collect(inner, found)
    elif isinstance(value, list):
        for inner in value:
            _collect(inner, found)
