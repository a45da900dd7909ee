"""The rules that hold over the whole tree: import direction, words, paths and the size of modules."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

MAY_IMPORT = {
    "tally": {"tally"},
    "ocr": {"tally", "ocr"},
    "samples": {"tally", "samples"},
    "cli": {"tally", "ocr", "samples", "cli"},
}
OURS = MAY_IMPORT.keys() | {"benchmarks", "tests"}
PIXELS = {"numpy", "cv2", "PIL", "onnxruntime", "pytesseract"}
LONGEST_MODULE = 300  # lines

FORBIDDEN_WORDS = re.compile(
    r"\bfraud|\bfak(e|es|ed|ing|ery)\b|\bimpossible\s+results?\b|фальсиф|фальшив|подложн|мошеннич",
    re.IGNORECASE,
)
# Written so that this file does not trip over itself.
PRIVATE_PATHS = re.compile(r"(?<![\w.\-])/(?:w[o]rk|r[o]ot)/")
TEXT_KINDS = {"", ".css", ".csv", ".html", ".js", ".json", ".lock", ".md", ".py", ".sh", ".toml", ".txt"}
PASSED_BY = {"__pycache__", "build", "dist", "node_modules", "demo-out"}
WORDS_MATTER_IN = (
    "ocr",
    "tally",
    "cli",
    "samples",
    "docs",
    "benchmarks",
    "README.md",
    "CHANGELOG.md",
    "NOTICE",
)


def imports_of(source: str) -> Iterator[str]:
    """Every top-level package that the source imports, in functions and by ``import_module("x")`` too."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from (alias.name.partition(".")[0] for alias in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module.partition(".")[0]
            case ast.Call(
                func=ast.Attribute(attr=name) | ast.Name(id=name), args=[ast.Constant(value=str(target)), *_]
            ):
                if name in {"import_module", "__import__"}:
                    yield target.partition(".")[0]


def import_violations(root: Path) -> list[str]:
    """``path imports package`` for every import against the arrow below ``root``."""
    found = []
    for package, allowed in MAY_IMPORT.items():
        for path in sorted((root / package).rglob("*.py")):
            imported = set(imports_of(path.read_text(encoding="utf-8")))
            strays = (imported & OURS) - allowed
            if package == "tally":
                strays |= imported & PIXELS
            found += [f"{path.relative_to(root)} imports {stray}" for stray in sorted(strays)]
    return found


def text_files(root: Path, *under: str) -> Iterator[Path]:
    """The text files of the project below the named folders or files; without names, all of them."""
    for start in [root / name for name in under] if under else [root]:
        for path in [start] if start.is_file() else sorted(start.rglob("*")):
            inside = path.relative_to(root).parts
            hidden = inside[-1:] == (".git",) or any(
                part in PASSED_BY or (part.startswith(".") and part != ".ci") for part in inside[:-1]
            )
            if path.is_file() and not hidden and path.suffix in TEXT_KINDS:
                yield path


def lines_with(pattern: re.Pattern[str], root: Path, *under: str) -> list[str]:
    """``path:line: text`` for every line of the project that holds the pattern."""
    return [
        f"{path.relative_to(root)}:{number}: {line.strip()[:80]}"
        for path in text_files(root, *under)
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]


def test_imports_flow_one_way() -> None:
    assert import_violations(ROOT) == []


@pytest.mark.parametrize(
    ("path", "source", "stray"),
    [
        ("tally/totals.py", "import ocr.page\n", "ocr"),
        ("tally/totals.py", "def f():\n    from numpy import array\n", "numpy"),
        ("tally/deep/er.py", "import cv2 as eye\n", "cv2"),
        ("tally/totals.py", "import importlib\nimportlib.import_module('PIL.Image')\n", "PIL"),
        ("ocr/page.py", "from cli import main\n", "cli"),
        ("ocr/page.py", "import samples\n", "samples"),
        ("samples/draw.py", "from ocr.page import Page\n", "ocr"),
        ("samples/draw.py", "import tests.conftest\n", "tests"),
        ("cli/main.py", "import benchmarks\n", "benchmarks"),
    ],
)
def test_a_planted_import_is_caught(tmp_path: Path, path: str, source: str, stray: str) -> None:
    planted = tmp_path / path
    planted.parent.mkdir(parents=True)
    planted.write_text(source, encoding="utf-8")

    assert import_violations(tmp_path) == [f"{path} imports {stray}"]


def test_allowed_imports_are_left_alone(tmp_path: Path) -> None:
    for path, source in {
        "cli/main.py": "import ocr, tally, samples, cli.render\n",
        "ocr/page.py": "import cv2\nfrom tally.model import Reading\nfrom . import cells\n",
        "samples/draw.py": "import PIL\nimport tally\n",
        "tally/totals.py": "import pandas\nfrom tally import model\n",
    }.items():
        (tmp_path / path).parent.mkdir()
        (tmp_path / path).write_text(source, encoding="utf-8")

    assert import_violations(tmp_path) == []


def test_no_text_passes_a_verdict_that_is_for_a_court() -> None:
    assert lines_with(FORBIDDEN_WORDS, ROOT, *WORDS_MATTER_IN) == []


def test_a_planted_word_is_caught(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text("the sum is\nan impossible result\n", encoding="utf-8")
    (tmp_path / "docs" / "b.md").write_text("defraying faking-free\nFraud\n", encoding="utf-8")

    found = lines_with(FORBIDDEN_WORDS, tmp_path, "docs")

    assert [line.split(" ")[0] for line in found] == ["docs/a.md:2:", "docs/b.md:1:", "docs/b.md:2:"]


def test_no_path_of_one_machine() -> None:
    assert lines_with(PRIVATE_PATHS, ROOT) == []


def test_a_planted_path_is_caught_and_an_address_is_not(tmp_path: Path) -> None:
    outside, inside = "see /{}/main", "https://example.org/{}/x"
    lines = [outside.format("work"), inside.format("work"), outside.format("root")]
    (tmp_path / "notes.md").write_text("\n".join(lines), encoding="utf-8")

    found = lines_with(PRIVATE_PATHS, tmp_path)

    assert found == [f"notes.md:1: {lines[0]}", f"notes.md:3: {lines[2]}"]


def test_the_lock_names_no_registry_and_hashes_everything() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = re.findall(r"^[a-z0-9][^\n]*== ?[^\n]*\\\n {4}--hash=sha256:", lock, re.MULTILINE)

    assert "://" not in lock
    assert "index-url" not in lock
    assert len(pins) == len(re.findall(r"^[a-z0-9]", lock, re.MULTILINE)) > 0


def test_modules_stay_small_enough_to_read() -> None:
    long = {
        str(path.relative_to(ROOT)): length
        for path in text_files(ROOT, *MAY_IMPORT, "benchmarks")
        if path.suffix == ".py"
        and (length := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_MODULE
    }

    assert long == {}
