"""Numbers in words beside the figures, on generated sheets whose hands no reader was trained on."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks.accuracy import FORM
from benchmarks.bounds import upper_bound
from benchmarks.results import progress
from benchmarks.usage import cpu_seconds
from ocr import crops
from ocr.inwords import WEIGHTS, InWords, WordReader, read_in_words
from ocr.layout import complete, find_layout
from ocr.photo import open_photos
from ocr.pipeline import read_file
from ocr.segments import Pixels
from tally.acceptance import CELL_THRESHOLD
from tally.errors import PhotoError
from tally.form import load_form
from tally.model import Mark, Reading

FIRST_SEED = 985_000
"""The reader was looked at on seeds 970000 to 970024; none of them is measured here."""
LANGUAGES = ("kk", "ru")
CEILING = 3100
LEVELS = (0.95, 0.98, 0.99)


@dataclass(frozen=True)
class Place:
    """A row's words, what the readers of digits saw beside them, and what is written."""

    picture: Pixels
    digits: Reading
    value: int | None
    language: str


def in_words(count: int, first_seed: int | None = None) -> dict[str, Any]:
    """Read the words of ``count`` sheets, and set them beside what the readers of digits made of the figures."""
    first = FIRST_SEED if first_seed is None else first_seed
    tallies: dict[str, Counter[str]] = defaultdict(Counter)
    cells, spent = 0, 0.0
    for seed in progress(range(first, first + count), count, "numbers in words"):
        places = _places(seed)
        before = cpu_seconds()
        said = read_in_words([place.picture for place in places], LANGUAGES, [CEILING] * len(places))
        spent, cells = spent + cpu_seconds() - before, cells + len(places)
        for place, words in zip(places, said, strict=True):
            for name in _groups(place):
                _count(tallies[name], place.value, words)
    return {
        "what": "inwords",
        "form": FORM,
        "first_seed": first,
        "sheets": count,
        "weights": f"sha256:{WordReader.load().sha256}",
        "bytes": WEIGHTS.stat().st_size,
        "cpu_ms_per_cell": round(1000 * spent / max(1, cells), 1),
        "by": {name: _summary(counted) for name, counted in sorted(tallies.items())},
    }


def _places(seed: int) -> list[Place]:
    """Every row of a sheet beside whose figures a place for words was found."""
    from samples.generic import some_sample

    sample = some_sample(seed, layout="words")
    try:
        (page,) = read_file(sample.jpeg, f"{seed}.jpg", FORM)
    except PhotoError:
        return []
    (photo,) = open_photos(sample.jpeg, f"{seed}.jpg")
    layout = complete(find_layout(photo, [load_form(FORM)]))
    size = (photo.pixels.shape[1], photo.pixels.shape[0])
    return [
        Place(
            crops.cut(photo.pixels, crops.quad_of(layout.sheet, anchor.row.beside, size)),
            page.fields[code],
            sample.truth["cells"][code]["value"],
            _language(seed),
        )
        for code, anchor in layout.match.fields.items()
        if anchor.row.beside is not None and code in page.fields and code in sample.truth["cells"]
    ]


def _language(seed: int) -> str:
    """Drawn for the sheet as the samples draw it."""
    import numpy as np

    from samples.hand import some_writer
    from samples.style import some_style

    rng = np.random.default_rng([seed, 1])
    some_writer(rng)
    return some_style(rng, "words").words_language


def _groups(place: Place) -> Iterator[str]:
    """What a place counts for: its language, and how the readers of digits did."""
    if place.value is None:
        yield "no number (a dash, or empty)"
        return
    yield f"numbers in {place.language}"
    digits = place.digits
    sure = digits.mark is Mark.READ and digits.confidence >= CELL_THRESHOLD
    right = digits.mark is Mark.READ and digits.value == place.value
    yield f"figures read {'surely' if sure else 'in doubt'}, {'right' if right else 'not right'}"


def _count(tally: Counter[str], value: int | None, words: InWords) -> None:
    outcome = "open" if words.value is None else "right" if words.value == value else "wrong"
    tally[outcome] += 1
    for level in LEVELS:
        if words.value is not None and words.confidence >= level:
            tally[f"{outcome} from {level}"] += 1


def _summary(counted: Counter[str]) -> dict[str, Any]:
    cells = counted["right"] + counted["wrong"] + counted["open"]
    sure = {
        f"from_{level}": {
            "right": counted[f"right from {level}"],
            "wrong": counted[f"wrong from {level}"],
            "wrong_upper_95": _bound(counted[f"right from {level}"], counted[f"wrong from {level}"]),
        }
        for level in LEVELS
    }
    return {"cells": cells, **{name: counted[name] for name in ("right", "wrong", "open")}, **sure}


def _bound(right: int, wrong: int) -> float | None:
    return round(upper_bound(wrong, right + wrong), 4) if right + wrong else None
