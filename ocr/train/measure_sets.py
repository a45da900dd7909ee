"""Sets that are only ever measured.

Writers, fonts and collections absent from training, drawn by the training's renderer.
"""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ocr.train import content, sources
from ocr.train.cells import Renderer, WordPool
from ocr.train.glyphs import FontWriter, Glyph, ImageCollection, PenWriter, Writer, font_writer
from ocr.train.pools import STRETCHED, word_fonts

SEVERITY = (0.0, 0.8)  # clean scans to poor phone photos, without the illegible end of the training data
Sample = tuple[NDArray[np.uint8], str]


@dataclass(frozen=True)
class MeasureSet:
    """Name, what it is made of, and the cells with their transcripts."""

    name: str
    made_of: str
    samples: list[Sample]


class WholeNumber:
    """A real number with its real joins and gaps, as one glyph."""

    def __init__(self, strokes: sources.Strokes) -> None:
        self.strokes = strokes

    def glyph(self, _char: str, _rng: np.random.Generator) -> Glyph:
        """The number, whatever is asked for."""
        return Glyph(strokes=self.strokes)


def only(kind: str) -> Callable[[np.random.Generator], content.Content]:
    """Contents of one kind."""

    def plan(rng: np.random.Generator) -> content.Content:
        while (found := content.sample(rng)).kind != kind:
            pass
        return found

    return plan


def composed(
    name: str,
    made_of: str,
    pick: Callable[[np.random.Generator], Writer],
    words: WordPool,
    count: int,
    kind: str = "number",
    stream: int = 71,
) -> MeasureSet:
    """Cells of one kind by the given hands."""
    renderer = Renderer(pick, words, only(kind), SEVERITY)
    return MeasureSet(name, made_of, [renderer.sample((stream, k)) for k in range(count)])


def crohme(path: Path, words: WordPool, most: int) -> list[MeasureSet]:
    """Real numbers of two to five digits by source, each drawn once."""
    by_source: dict[str, list[tuple[str, sources.Strokes]]] = defaultdict(list)
    with gzip.open(path, "rt") as lines:
        for row in map(json.loads, lines):
            if 2 <= len(row["label"]) <= 5:
                strokes = [s for digit in row["digits"] for s in digit["strokes"]]
                by_source[row["source"]].append((row["label"], sources.unit_height(strokes)))
    sets, rest = [], []
    for source, numbers in sorted(by_source.items()):
        order = np.random.default_rng(7).permutation(len(numbers))[:most]
        drawn = [_whole(numbers[k], words, (72, int(k))) for k in order]
        if len(drawn) < 100:
            rest += drawn
        else:
            sets.append(MeasureSet(f"crohme {source}", "real numbers, real spacing", drawn))
    return [*sets, MeasureSet("crohme others", "real numbers, real spacing", rest)]


def _whole(number: tuple[str, sources.Strokes], words: WordPool, seed: tuple[int, int]) -> Sample:
    text, strokes = number
    renderer = Renderer(
        lambda _: WholeNumber(strokes),
        words,
        lambda _: content.Content("number", (text,), text),
        SEVERITY,
    )
    return renderer.sample(seed)


def usps(path: Path) -> ImageCollection:
    """United States envelopes, 16x16, grey -1..1."""
    with gzip.open(path, "rt") as lines:
        rows = np.loadtxt(lines, dtype=np.float32)
    images = ((rows[:, 1:].reshape(-1, 16, 16) + 1) * 127.5).astype(np.uint8)
    return ImageCollection(images, rows[:, 0].astype(np.uint8), aspect=(0.6, 0.95))


def ardis(path: Path) -> ImageCollection:
    """Swedish church books, 28x28."""
    with np.load(path) as data:
        return ImageCollection(data["x_test"].astype(np.uint8), data["y_test"].astype(np.uint8))


def sklearn_digits() -> ImageCollection:
    """The 1,797 digits of 13 other writers in scikit-learn, 8x8."""
    from sklearn.datasets import load_digits

    data = load_digits()
    return ImageCollection(
        (data.images * 15.9).astype(np.uint8), data.target.astype(np.uint8), aspect=STRETCHED
    )


def all_sets(digits: Path, cache: Path, count: int = 1000) -> list[MeasureSet]:
    """Every measuring set; ``count`` cells for each composed one."""
    fonts = [font_writer(f) for f in sources.font_files(cache, sources.MEASURE_FONTS)]
    names = word_fonts(cache, [*sources.MEASURE_FONTS, *sources.SAMPLE_FONTS])
    pens = [
        PenWriter(d)
        for _, d in sorted(
            sources.pen_writers(digits / "train/pendigits/pendigits_strokes.jsonl.gz", "test").items()
        )
    ]
    test = ImageCollection(*sources.mnist(cache, "t10k"))

    def words(rng: np.random.Generator) -> FontWriter:
        return names[int(rng.integers(len(names)))]

    def pen(rng: np.random.Generator) -> Writer:
        return pens[int(rng.integers(len(pens)))]

    draw = partial(composed, words=words)
    sets = [
        draw("pendigits, 14 writers", "pen strokes", pen, count=count),
        draw("pendigits, digit boxes", "pen strokes", pen, count=count // 2, kind="boxes"),
        draw("pendigits, with fillers", "pen strokes", pen, count=count // 4, kind="filled"),
        draw("measuring fonts", "6 typefaces", lambda rng: fonts[int(rng.integers(len(fonts)))], count=count),
        draw("MNIST test", "scans", test.writer, count=count),
        draw("scikit-learn digits", "8x8 scans", sklearn_digits().writer, count=count),
        draw("USPS", "16x16 scans", usps(digits / "measure/usps/zip.train.gz").writer, count=count),
        draw("ARDIS", "28x28 scans", ardis(digits / "measure/ardis/ardis_iv_28x28.npz").writer, count=count),
        *crohme(digits / "measure/crohme-numbers/numbers.jsonl.gz", words, most=count),
    ]
    marks = [
        draw(k, "not a number", pen, count=count // 5, kind=k)
        for k in ("blank", "dash", "cross", "struck", "corrected", "scribble", "word")
    ]
    return sets + marks
