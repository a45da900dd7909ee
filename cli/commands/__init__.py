"""One module per command group; each has ``register(app)``. Commands parse, call and print."""

from __future__ import annotations

import typer

from cli.commands import (
    audit,
    cases,
    demo,
    diff,
    doctor,
    elections,
    explain,
    export,
    forms,
    imports,
    log,
    official,
    pictures,
    read,
    registers,
    review,
    scan,
    totals,
)

_GROUPS = (
    *(demo, scan, cases, registers, imports, read, review, totals, official, diff, explain),
    *(audit, pictures, export, log),
    *(forms, elections, doctor),
)


def register(app: typer.Typer) -> None:
    """Add every command to the app, in the order of the help page: the order of a night's work."""
    for group in _GROUPS:
        group.register(app)
