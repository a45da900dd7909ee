"""Documents that cannot rot: commands, links, decisions and the version are compared with the code."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
DECISIONS = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
LINK = re.compile(r"\[[^\]]*\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")
CODE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)


def commands() -> Iterator[str]:
    """Every visible command as it is typed, groups with their members: ``scan``, ``official add``."""
    import typer.main

    from cli.main import app

    def walk(group: object, before: str) -> Iterator[str]:
        for name, command in getattr(group, "commands", {}).items():
            if command.hidden:
                continue
            yield f"{before}{name}"
            yield from walk(command, f"{before}{name} ")

    yield from walk(typer.main.get_command(app), "")


def broken_links(page: Path) -> list[str]:
    """The relative links of a page whose target is not there, and ``#anchors`` that no heading makes."""
    text = page.read_text(encoding="utf-8")
    broken = []
    for target in LINK.findall(CODE.sub("", text)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = unquote(target).partition("#")
        there = (page.parent / path).resolve() if path else page
        if not there.exists() or (anchor and there.suffix == ".md" and anchor not in anchors(there)):
            broken.append(target)
    return broken


def anchors(page: Path) -> set[str]:
    """The anchors that the headings of a page make on the usual code hosts."""
    headings = re.findall(r"^#+ +(.+?) *$", CODE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", ["README.md", "docs/commands.md"])
def test_every_command_is_explained(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    missing = [name for name in commands() if not mentions(text, name)]

    assert missing == []


def mentions(text: str, command: str) -> bool:
    """True if the page names the command, also as one of a row: ``hattama forms list|show|check``."""
    *group, name = command.split()
    before = "".join(rf"{re.escape(word)}\s+" for word in group)
    alternatives = r"(?:[\w-]+\s*\\?\|\s*)*"
    return re.search(rf"(?<![\w-]){before}{alternatives}{re.escape(name)}(?![\w-])", text) is not None


def test_a_command_is_found_alone_and_in_a_row_but_not_inside_a_word() -> None:
    assert mentions("run `hattama scan PHOTO`", "scan")
    assert mentions(r"| `hattama forms list\|show\|check` |", "forms check")
    assert mentions("official  add CASE", "official add")
    assert not mentions("rescan it, scan-all", "scan")
    assert not mentions("forms list, then check", "forms check")


@pytest.mark.parametrize("page", DOCS, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    assert broken_links(page) == []


def test_a_planted_broken_link_is_caught(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# Two words\n[a](gone.md) [b](#two-words) [c](#three) [d](https://example.org)\n", "utf-8"
    )

    assert broken_links(page) == ["gone.md", "#three"]


def test_every_decision_is_listed_once_and_numbered_without_gaps() -> None:
    listed = re.findall(
        r"\]\((\d{4}-[\w-]+\.md)\)", (ROOT / "docs/adr/README.md").read_text(encoding="utf-8")
    )

    assert listed == [path.name for path in DECISIONS]
    assert [int(name[:4]) for name in listed] == list(range(1, len(listed) + 1))


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_says_why_and_over_what(page: Path) -> None:
    headings = re.findall(r"^## (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)

    assert headings == ["Context", "Decision", "Why", "Chosen over", "Consequences"]


def test_the_licence_is_there_and_is_the_one_we_name() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")

    assert project["license"] == "Apache-2.0"
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert all((ROOT / name).is_file() for name in project["license-files"])


def test_every_font_we_pass_on_is_named_with_its_owner() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    fonts = {path.stem.removesuffix("-bold") for path in (ROOT / "samples/fonts").glob("*.[ot]tf")}

    assert [name for name in sorted(fonts) if not re.search(rf"^  {name} +\S", notice, re.MULTILINE)] == []


def test_the_version_is_the_same_everywhere() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    released = re.findall(
        r"^## \[(\d[^\]]*)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE
    )

    assert released[0] == version
