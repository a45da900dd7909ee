"""Pools of writers: which hands train, which hands only measure."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ocr.train import sources
from ocr.train.cells import Renderer, WriterPool
from ocr.train.glyphs import (
    FontHand,
    FontWriter,
    ImageCollection,
    PenWriter,
    SchoolWriter,
    Writer,
    font_writer,
)

# Share of each kind of hand in the training data.
SHARES = {
    "pen": 0.24,
    "mnist": 0.15,
    "school": 0.30,
    "font": 0.20,
    "opt": 0.05,
    "semeion": 0.03,
    "print": 0.03,
}
STRETCHED = (0.5, 0.85)  # true width over height of digits that their collection stretched to a square


def training_writers(digits: Path, cache: Path, hold_out: bool = True) -> WriterPool:
    """The pool of training hands.

    With ``hold_out`` five pen writers, three fonts and the tail of MNIST are left to calibration.
    """
    pens = [
        PenWriter(d)
        for _, d in sorted(
            sources.pen_writers(digits / "train/pendigits/pendigits_strokes.jsonl.gz", "train").items()
        )
    ]
    fonts = sources.font_files(cache, sources.TRAIN_FONTS)
    images, labels = sources.mnist(cache, "train")
    pens, fonts = (pens[5:], fonts[3:]) if hold_out else (pens[:5], fonts[:3])
    part = slice(0, 55000) if hold_out else slice(55000, None)
    scans = ImageCollection(images[part], labels[part])
    opt = ImageCollection(*_optdigits(digits, ("tra",) if hold_out else ("cv",)), aspect=STRETCHED)
    semeion = ImageCollection(
        *sources.square_digits(digits / "train/semeion/semeion_16x16.npz"), aspect=STRETCHED
    )
    printed = sources.font_files(cache, sources.PRINT_FONTS)
    shares = SHARES if hold_out else {**SHARES, "school": 0.05, "semeion": 0.0}
    names, weights = list(shares), np.array(list(shares.values())) / sum(shares.values())

    def pick(rng: np.random.Generator) -> Writer:
        kind = str(rng.choice(names, p=weights))
        if kind == "pen":
            return pens[int(rng.integers(len(pens)))]
        if kind == "school":
            return SchoolWriter(rng)
        if kind in ("font", "print"):
            files = fonts if kind == "font" else printed
            chosen = font_writer(files[int(rng.integers(len(files)))])
            return FontHand(chosen, rng) if kind == "font" else chosen
        return {"mnist": scans, "opt": opt, "semeion": semeion}[kind].writer(rng)

    return pick


def _optdigits(digits: Path, splits: tuple[str, ...]) -> tuple[sources.Images, sources.Images]:
    return sources.square_digits(digits / "train/optdigits/optdigits_orig_32x32.npz", splits)


def word_fonts(cache: Path, families: list[str]) -> list[FontWriter]:
    """Typefaces with letters, Latin and Cyrillic."""
    files = sources.font_files(cache, families) + sources.font_files(cache, families, "cyrillic") * 4
    return [w for w in map(font_writer, files) if len(w.letters) > 10]


def training_renderer(digits: Path, cache: Path, hold_out: bool = True) -> Renderer:
    """Renderer of training cells; with ``hold_out=False`` of calibration cells by hands never trained on."""
    fonts = word_fonts(cache, sources.TRAIN_FONTS + sources.PRINT_FONTS)
    prints = word_fonts(cache, sources.PRINT_FONTS)
    return Renderer(
        training_writers(digits, cache, hold_out),
        lambda rng: fonts[int(rng.integers(len(fonts)))],
        prints=lambda rng: prints[int(rng.integers(len(prints)))],
    )
