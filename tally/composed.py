"""Cells that say several things at once: ``75-379`` (a region and a precinct), ``001 NORTH`` (a district, words).

A person says how they are built, with the names of the columns where their values stand and ``*`` for what is not
wanted: ``region-precinct``, ``district *``. What is not built so, or can be read in two ways, is refused.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

_WORDS = {"region": "(?P<region>.+?)", "contest": "(?P<contest>.+?)", "*": ".*?"}
_NUMBERS = {name: f"(?P<{name}>[0-9]+)" for name in ("district", "precinct")}
_PARTS = _WORDS | _NUMBERS
_TOKEN = re.compile(rf"({'|'.join(map(re.escape, _PARTS))})|([^\w*]+)")
_DASHES = "-‐‑‒–—−"


@dataclass(frozen=True, slots=True)
class Composed:
    """How the cells of a column are built."""

    built: str
    """As a person wrote it."""
    names: tuple[str, ...]
    """The columns whose values stand in a cell, from left to right."""
    _shortest: re.Pattern[str]
    _longest: re.Pattern[str]
    """The same with each part as long as can be: where the two differ, a cell can be read in two ways."""

    def split(self, cell: str) -> tuple[str, ...]:
        """The values in a cell, one per name; all empty if the cell is. Raises ``ValueError`` in words."""
        if not cell.strip():
            return ("",) * len(self.names)
        one, other = (pattern.fullmatch(cell.strip()) for pattern in (self._shortest, self._longest))
        if one is None or other is None:
            raise ValueError(f"{cell!r} is not built like {self.built!r}")
        values, others = (tuple(found[name].strip() for name in self.names) for found in (one, other))
        if values != others:
            raise ValueError(f"{cell!r} can be read in two ways as {self.built!r}")
        return values


@lru_cache(maxsize=256)
def composed(built: str) -> Composed | None:
    """What the text says of the cells of a column; ``None`` if it does not say how they are built.

    It is made of the words region, contest, district, precinct (the last two are numbers) and ``*``, two of them
    at least and each once but ``*``, with signs or spaces between them; around signs any space is allowed.
    """
    tokens = _TOKEN.findall(built.strip())
    if "".join(part or sign for part, sign in tokens) != built.strip():
        return None
    parts = [part for part, _ in tokens if part]
    names = tuple(part for part in parts if part != "*")
    touching = any(one and other for (one, _), (other, _) in pairwise(tokens))
    if len(parts) < 2 or not names or len(set(names)) < len(names) or touching:
        return None
    pattern = "".join(_PARTS[part] if part else _between(sign) for part, sign in tokens)
    longest = pattern.replace("+?", "+").replace("*?", "*")
    return Composed(built.strip(), names, *(re.compile(one, re.DOTALL) for one in (pattern, longest)))


def is_composed(column: str, known: Container[str]) -> bool:
    """True if the text says how cells are built of known columns."""
    made = composed(column)
    return made is not None and all(name in known for name in made.names)


def _between(sign: str) -> str:
    if not sign.strip():
        return r"\s+"
    letters = (f"[{re.escape(_DASHES)}]" if one in _DASHES else re.escape(one) for one in sign.strip())
    return rf"\s*{''.join(letters)}\s*"
