"""One module per command group; each has ``register(app)``. Commands parse, call and print.

A module is imported when one of its commands is called or listed: together they load databases, drawing and
cryptography, more than a second of CPU for which ``hattama scan`` has no use.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

import typer
import typer.main

if TYPE_CHECKING:
    Command = Any  # Typer brings a Click of its own, whose names are private

MODULES: Mapping[str, tuple[str, ...]] = {
    "demo": ("demo",),
    "scan": ("scan",),
    "cases": ("new", "add", "status"),
    "registers": ("register",),
    "imports": ("import",),
    "read": ("read",),
    "review": ("review",),
    "totals": ("totals",),
    "official": ("official",),
    "diff": ("diff",),
    "explain": ("explain",),
    "audit": ("audit",),
    "sample": ("sample",),
    "pictures": ("pictures",),
    "export": ("export",),
    "log": ("log",),
    "law": ("law",),
    "bundle": ("bundle", "verify", "attest"),
    "forms": ("forms",),
    "elections": ("elections",),
    "doctor": ("doctor",),
}
"""Module -> the commands and groups that it registers, in the order of the help page: that of a night's work."""
HOME = {command: module for module, commands in MODULES.items() for command in commands}


class Commands(Mapping[str, "Command"]):
    """Name -> command; its module is imported when it is asked for."""

    def __init__(self) -> None:
        self._loaded: dict[str, Command] = {}

    def __getitem__(self, name: str) -> Command:
        if name not in self._loaded:
            module = import_module(f"{__name__}.{HOME[name]}")
            app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
            module.register(app)
            self._loaded |= typer.main.get_group(app).commands
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(HOME)

    def __len__(self) -> int:
        return len(HOME)
