"""What starts with the command: nothing that the command at hand does not need."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest
import typer
import typer.main

from cli.commands import MODULES, Commands

HEAVY = {
    "pandas",
    "matplotlib",
    "sqlalchemy",
    "pdfplumber",
    "pypdfium2",
    "pillow_heif",
    "pytesseract",
    "openpyxl",
}


def test_reading_a_photo_waits_for_libraries_that_it_has_no_use_for() -> None:
    program = "import sys, cli.main, cli.commands.scan, ocr.pipeline\nprint(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout
    assert not HEAVY & {name.partition(".")[0] for name in loaded.split()}


@pytest.mark.parametrize("module", MODULES)
def test_a_command_is_hidden_because_the_table_of_commands_does_not_name_it(module: str) -> None:
    app = typer.Typer()
    import_module(f"cli.commands.{module}").register(app)
    assert set(typer.main.get_group(app).commands) == set(MODULES[module])


def test_an_unknown_command_looks_like_an_error_of_ours() -> None:
    assert "sacn" not in Commands()
    assert Commands().get("sacn") is None
