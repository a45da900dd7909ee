"""Files of earlier versions: what a hattama once put into bundles is no forgery because a later one has another."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

LIST: Final = Path(__file__).parent / "known.txt"


def since(name: str, content: bytes) -> str | None:
    """The day from which hattama put exactly this file into bundles under ``name`` (below ``data/``).

    ``None`` if no version that is listed ever did.
    """
    return _known().get((hashlib.sha256(content).hexdigest(), name))


@cache
def _known() -> dict[tuple[str, str], str]:
    rows = [line.split() for line in LIST.read_text("ascii").splitlines() if not line.startswith("#")]
    return {(sha256, name): day for sha256, name, day in rows}
