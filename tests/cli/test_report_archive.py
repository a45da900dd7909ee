"""The paper keeps what PDF/A promises, as a validator says that shares nothing with Typst (Apache PDFBox Preflight).

Preflight knows PDF/A-1b, the report is PDF/A-2b. So both are asked: the same content set as 1b has to be without any
fault, and the report itself may differ from 1b only in what 2b allows.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path

import pytest
import typst

from cli.crops import PhotoCutter
from tally.bundle.contents import contents_of
from tally.bundle.verified import contents_of_bundle
from tally.bundle.write import write_bundle
from tally.catalogue import LANGUAGES
from tally.report.data import report_data
from tally.report.evidence import Evidence
from tally.report.volumes import bind
from tests.cli import bundling

# Debian: libpdfbox2-java libcommons-logging-java libactivation-java libjaxb-api-java and a Java.
JARS = Path(os.environ.get("PREFLIGHT_JARS", "/usr/share/java"))
NEEDED = ("preflight", "pdfbox2", "xmpbox", "fontbox2", "commons-logging", "javax.activation", "jaxb-api")
VALIDATOR = "org.apache.pdfbox.preflight.Validator_A1b"
# ISO 19005-2 takes profiles of ICC version 4 (6.2.4.2) and says that its part is 2.
ALLOWED = {
    "2.1.6 : Invalid graphics object, Invalid version of the ICCProfile",
    "7.11.2 : Error on MetaData, part must be 1",
}
# Preflight 2.0 does not follow an indirect reference to a destination, which ISO 32000 allows (12.3.2).
BOOKMARK = re.compile(r"1\.2\.3 : Body Syntax error, Error: can't convert to Destination COSObject\{\d+, 0\}")


@pytest.fixture(scope="module")
def bag(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("java") is None or not all((JARS / f"{name}.jar").is_file() for name in NEEDED):
        pytest.skip("Java or PDFBox Preflight is not installed")
    folder = tmp_path_factory.mktemp("archive")
    case = bundling.reviewed_case(folder / "case")
    write_bundle(case, contents_of(case), folder / "bag", PhotoCutter(), LANGUAGES)
    return folder / "bag"


def faults(path: Path) -> set[str]:
    """What the validator says against a file, without the page; empty if it calls it valid."""
    jars = os.pathsep.join(str(JARS / f"{name}.jar") for name in NEEDED)
    done = subprocess.run(
        ["java", "-cp", jars, VALIDATOR, str(path)], capture_output=True, text=True, check=False
    )
    if re.search(r"is a valid PDF/A-1b file", done.stdout):
        return set()
    lines = [line.strip() for line in done.stdout.splitlines()]
    assert any("is not a valid PDF/A-1b file" in line for line in lines), done.stderr
    return {re.sub(r" on page.*", "", line) for line in lines if re.match(r"\d+(\.\d+)+ :", line)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_breaks_nothing_but_what_the_later_standard_allows(bag: Path, language: str) -> None:
    found = faults(bag / f"data/report/report-{language}.pdf")
    assert {fault for fault in found if not BOOKMARK.fullmatch(fault)} == ALLOWED


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_content_as_the_earlier_standard_has_no_fault(
    bag: Path, tmp_path: Path, language: str
) -> None:
    (content,) = bind(report_data(contents_of_bundle(bag), Evidence.of(bag / "data"), "0" * 16, language))
    package = files("tally") / "report"
    source = (
        (package / "report.typ")
        .read_text("utf-8")
        .replace('#set heading(numbering: "1.1")', '#set heading(numbering: "1.1", bookmarked: false)')
    )
    made = typst.compile(
        source.encode("utf-8"),
        root=str(bag / "data"),
        format="pdf",
        font_paths=[str(package / "fonts")],
        ignore_system_fonts=True,
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
        pdf_standards="a-1b",
    )
    (tmp_path / "report.pdf").write_bytes(made)
    assert faults(tmp_path / "report.pdf") == set()


def test_the_validator_finds_a_fault(bag: Path, tmp_path: Path) -> None:
    """Else the tests above would show nothing."""
    made = typst.compile(b"= A title", format="pdf")
    (tmp_path / "plain.pdf").write_bytes(made)
    assert len(faults(tmp_path / "plain.pdf") - ALLOWED) > 0
