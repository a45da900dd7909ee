"""``python -m cli``: the same as the command ``hattama``."""

from __future__ import annotations

from cli.main import run

if __name__ == "__main__":
    run()
