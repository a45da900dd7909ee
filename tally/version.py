"""Which program writes: named in every event, so that a reader of the ledger knows what did what."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def _program() -> str:
    try:
        return f"hattama {version('hattama')}"
    except PackageNotFoundError:  # run from a folder that was never installed
        return "hattama"


PROGRAM = _program()
"""``hattama 0.1.0``."""
