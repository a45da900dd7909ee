"""Fonts of print: open families, fetched with npm, each in several files by alphabet.

PT Serif and PT Sans, which the samples are printed in, are only ever measured on.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fontTools.ttLib import TTFont
from PIL import ImageFont

FAMILIES = (
    "tinos arimo cousine roboto open-sans noto-sans noto-serif ibm-plex-sans ibm-plex-mono inter fira-sans "
    "source-sans-3 source-serif-4 merriweather lora ubuntu montserrat manrope rubik literata playfair-display "
    "alegreya vollkorn old-standard-tt spectral eb-garamond commissioner nunito raleway oswald roboto-slab "
    "roboto-condensed jetbrains-mono fira-sans-condensed golos-text cuprum play alegreya-sans"
).split()
MEASURED = ("pt-serif", "pt-sans")
SUBSETS = ("latin", "cyrillic", "cyrillic-ext", "latin-ext")
WEIGHTS = (400, 700)


@dataclass(frozen=True)
class Face:
    """One family in one weight: files by alphabet, asked in order."""

    name: str
    files: tuple[tuple[frozenset[int], Path], ...]

    def file_of(self, char: str) -> Path | None:
        """The file that has the character."""
        return next((path for codes, path in self.files if ord(char) in codes), None)

    def covers(self, text: str) -> bool:
        """True if every character can be drawn."""
        return all(self.file_of(char) for char in text)

    def runs(self, text: str, size: int) -> list[tuple[str, ImageFont.FreeTypeFont]]:
        """Pieces of text, each with the font that draws it. Characters without a file are left out."""
        pieces: list[tuple[str, Path]] = []
        for char in text:
            path = self.file_of(char)
            if path is None:
                continue
            if pieces and pieces[-1][1] == path:
                pieces[-1] = (pieces[-1][0] + char, path)
            else:
                pieces.append((char, path))
        return [(piece, _open(path, size)) for piece, path in pieces]


_OPENED: dict[tuple[Path, int], ImageFont.FreeTypeFont] = {}


def _open(path: Path, size: int) -> ImageFont.FreeTypeFont:
    key = (path, size)
    if key not in _OPENED:
        _OPENED[key] = ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)
    return _OPENED[key]


def fetch(cache: Path) -> None:
    """Fetch the families that ``cache`` lacks. Needs npm."""
    fetch_families(cache / "print-fonts", (*FAMILIES, *MEASURED))


def fetch_families(root: Path, families: Sequence[str]) -> None:
    """Fetch the ``@fontsource`` families that ``root`` lacks. Needs npm."""
    root.mkdir(parents=True, exist_ok=True)
    wanted = [f for f in families if not (root / "node_modules/@fontsource" / f).is_dir()]
    if not wanted:
        return
    package = root / "package.json"
    if not package.exists():  # npm removes what a package that it begins anew does not name
        package.write_text('{"private": true}')
    names = [f"@fontsource/{family}" for family in wanted]
    options = ["--ignore-scripts", "--silent", "--no-audit", "--no-fund"]
    subprocess.run(["npm", "i", *options, *names], cwd=root, check=True)


def faces(cache: Path, families: Sequence[str]) -> list[Face]:
    """Every weight of the families that has Russian letters."""
    root = cache / "print-fonts/node_modules/@fontsource"
    found = []
    for family in families:
        for weight in WEIGHTS:
            paths = [
                root / family / "files" / f"{family}-{subset}-{weight}-normal.woff" for subset in SUBSETS
            ]
            files = tuple((_codes(path), path) for path in paths if path.exists())
            face = Face(f"{family} {weight}", files)
            if face.file_of("ж") and face.file_of("a"):
                found.append(face)
    return found


def _codes(path: Path) -> frozenset[int]:
    return frozenset(TTFont(path, lazy=True).getBestCmap())
