"""On what a result was measured: without it a number means nothing. No names, no paths."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import cv2
import onnxruntime
import pytesseract

from ocr.readings import readers


def conditions() -> dict[str, Any]:
    """``machine``, ``date`` (UTC) and ``versions`` of a result file. Raises MissingComponent."""
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "machine": {"cpu": _cpu(), "cores": os.cpu_count() or 1, "system": platform.system()},
        "versions": _versions(),
    }


def _versions() -> dict[str, str]:
    loaded = readers()
    return {
        "hattama": _installed("hattama"),
        "digits": loaded[0].version,
        **{f"model_{one.name}": f"sha256:{one.sha256}" for one in loaded},
        "opencv": cv2.__version__,
        "onnxruntime": str(onnxruntime.__version__),
        "tesseract": str(pytesseract.get_tesseract_version()),
        "python": platform.python_version(),
    }


def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
