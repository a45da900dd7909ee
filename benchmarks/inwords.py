"""Numbers in words beside the figures, on generated sheets whose hands no reader was trained on.

Every sheet is read twice: as it is, and with another number in the words of one row, the figures and sums untouched.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from benchmarks.accuracy import FORM
from benchmarks.bounds import upper_bound
from benchmarks.results import progress
from benchmarks.usage import cpu_seconds
from ocr import crops
from ocr.inwords import InWords, read_in_words
from ocr.layout import complete, find_layout
from ocr.photo import open_photos
from ocr.pipeline import read_file
from ocr.scripts import CURSIVE, CYRILLIC
from ocr.segments import Pixels
from tally.errors import PhotoError
from tally.form import load_form
from tally.model import PageReading, Status

FIRST_SEED = 985_000
"""The reader was looked at on seeds 970000 to 970024; none of them is measured here."""
LANGUAGES = ("kk", "ru")
CEILING = 3100
LEVELS = (0.95, 0.98, 0.99)


@dataclass(frozen=True)
class Place:
    """A row's words, what the readers of digits saw beside them, and what is written."""

    picture: Pixels
    figures: int | None
    value: int | None
    language: str


def in_words(count: int, first_seed: int | None = None) -> dict[str, Any]:
    """Read the words of ``count`` sheets, and set them beside what the readers of digits made of the figures."""
    first = FIRST_SEED if first_seed is None else first_seed
    tallies: dict[str, Counter[str]] = defaultdict(Counter)
    planted: Counter[str] = Counter()
    cells, spent = 0, 0.0
    for seed in progress(range(first, first + count), count, "numbers in words"):
        places = _places(seed)
        before = cpu_seconds()
        figures = [place.figures for place in places]
        pictures, ceilings = [place.picture for place in places], [CEILING] * len(places)
        said = read_in_words(pictures, LANGUAGES, ceilings, figures)
        spent, cells = spent + cpu_seconds() - before, cells + len(places)
        for place, words in zip(places, said, strict=True):
            for name in _groups(place):
                _count(tallies[name], place.value, words)
        planted[_other_words(seed)] += 1
    return {
        "what": "inwords",
        "form": FORM,
        "first_seed": first,
        "sheets": count,
        "weights": [f"sha256:{one.sha256}" for one in (CYRILLIC, CURSIVE)],
        "bytes": sum(one.weights.stat().st_size for one in (CYRILLIC, CURSIVE)),
        "cpu_ms_per_cell": round(1000 * spent / max(1, cells), 1),
        "by": {name: _summary(counted) for name, counted in sorted(tallies.items())},
        "other_words": dict(sorted(planted.items())),
    }


def _places(seed: int) -> list[Place]:
    """Every row of a sheet beside whose figures a place for words was found."""
    from samples.generic import some_sample

    sample = some_sample(seed, layout="words")
    page = _read(sample.jpeg, seed)
    if page is None:
        return []
    (photo,) = open_photos(sample.jpeg, f"{seed}.jpg")
    layout = complete(find_layout(photo, [load_form(FORM)]))
    size = (photo.pixels.shape[1], photo.pixels.shape[0])
    return [
        Place(
            crops.cut(photo.pixels, crops.quad_of(layout.sheet, anchor.row.beside, size)),
            page.fields[code].value,
            sample.truth["cells"][code]["value"],
            _language(seed),
        )
        for code, anchor in layout.match.fields.items()
        if anchor.row.beside is not None and code in page.fields and code in sample.truth["cells"]
    ]


def _other_words(seed: int) -> str:
    """What becomes of the sheet if one row's words say another number: one digit of it is another one."""
    from samples.generic import some_plan
    from samples.plan import plant
    from samples.sample import render

    rng = np.random.default_rng([seed, 11])
    severity = round(float(rng.uniform(0.3, 1.7)), 2)
    plan = some_plan(rng)
    draw = np.random.default_rng([seed, 12])
    code = str(draw.choice([code for code in plan.values if code not in plan.marks]))
    words = plant(plan, draw, code).values[code]
    sample = render(replace(plan, words={code: words}), seed, layout="words", severity=severity)
    page = _read(sample.jpeg, seed)
    if page is None or page.status is not Status.REVIEW:
        return page.status.value if page is not None else "unreadable"
    named = any(reason.startswith(f"{code}: ") and f"{words} in words" in reason for reason in page.reasons)
    return "review, with both numbers" if named else "review, for something else"


def _read(jpeg: bytes, seed: int) -> PageReading | None:
    try:
        return read_file(jpeg, f"{seed}.jpg", FORM)[0]
    except PhotoError:
        return None


def _language(seed: int) -> str:
    """Drawn for the sheet as the samples draw it."""
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
    yield f"figures {'right' if place.figures == place.value else 'not right'}"


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
