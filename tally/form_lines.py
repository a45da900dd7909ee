"""Where in a TOML text a table or key stands, so that an error can name the line.

``tomllib`` gives values without positions. This index follows table headers and ``key =`` lines only;
a key inside an inline table or a list is found at the line where that value starts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]

_HEADER = re.compile(r"^\s*(\[{1,2})\s*([A-Za-z0-9_.\-\"]+?)\s*\]{1,2}\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*([A-Za-z0-9_\-\".]+)\s*=")
_AT_LINE = re.compile(r"\(at line (\d+)")


@dataclass(frozen=True, slots=True, order=True)
class FormProblem:
    """One thing that is wrong with a form file."""

    line: int
    message: str


class LineIndex:
    """Paths such as ``("field", 3, "digits")`` -> 1-based line numbers of one TOML text."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Path, int] = {(): 1}
        self._counts: dict[Path, int] = {}
        here: Path = ()
        in_string = False
        for number, line in enumerate(text.splitlines(), start=1):
            if not in_string:
                here = self._take(line, number, here)
            if (line.count('"""') + line.count("'''")) % 2:
                in_string = not in_string

    def _take(self, line: str, number: int, here: Path) -> Path:
        if header := _HEADER.match(line):
            here = self._enter(header[2], is_array=header[1] == "[[")
            self._lines.setdefault(here, number)
        elif key := _KEY.match(line):
            self._lines.setdefault((*here, *key[1].replace('"', "").split(".")), number)
        return here

    def _enter(self, name: str, is_array: bool) -> Path:
        path: Path = ()
        parts = name.replace('"', "").split(".")
        for depth, part in enumerate(parts):
            path = (*path, part)
            if is_array and depth == len(parts) - 1:
                self._counts[path] = self._counts.get(path, -1) + 1
            if path in self._counts:
                path = (*path, self._counts[path])
        return path

    def line(self, path: Path) -> int:
        """The line of ``path``, or of the nearest enclosing table that is known; 1-based."""
        while path not in self._lines:
            path = path[:-1]
        return self._lines[path]


def syntax_line(message: str) -> int:
    """The line that ``tomllib`` names in its error message, or 1."""
    found = _AT_LINE.search(message)
    return int(found[1]) if found else 1


def texts(value: object) -> tuple[str, ...]:
    """A string or a list of strings as a tuple; anything else gives an empty tuple."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    return ()
