"""The readers of numbers in words, by hand: held to the wordings that numbers have. One network a writing system.

They are witnesses beside the readers of digits. What they say is a proposal with a confidence; blank paper, a dash, a
signature and words that are no number have no value: they are read best as they are, not as any number's wording.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ocr.lexicon import Alphabet, agreement
from ocr.printed import LineNet, padded
from ocr.scripts import NETWORKS, READER, SCRIPTS, Script
from ocr.segments import Floats, Pixels
from ocr.wordline import line_of
from tally.acceptance import WORDS_CONFIRM

BATCH = 16
"""Lines that are held against the lexicon together."""
LEAST = -500.0
"""Log likelihoods below it are as good as none."""
LIKELIER = 0.5
"""A number is told from this probability on: likelier than all else together."""
OTHERS, WORTH = 3, 0.001
"""Alternatives that are told, and their least probability."""


@dataclass(frozen=True, slots=True)
class InWords:
    """What the words in one place say."""

    value: int | None
    """The number; None if the place is blank, or says no number, or it is not clear which."""
    confidence: float
    """Probability (0..1) that the words say ``value``; without one, that they say no number that is asked for."""
    alternatives: tuple[tuple[int, float], ...] = ()
    """Other numbers and their probabilities, likeliest first."""
    language: str | None = None
    """Language of the words, such as ``ru``; None without a value."""


NOTHING, UNREAD = InWords(None, 1.0), InWords(None, 0.0)
"""Of a place without ink; of one on a form in other languages."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Fitted by ``ocr.train.inwords`` on hands used for nothing else."""

    ahead: float
    behind: float
    bias: float
    """Of the logistic regression from :func:`features` to the probability that the best number is right."""
    heat: float
    """Log likelihoods are divided by it: what a column says, its neighbours mostly repeat."""
    other: float
    """Log likelihood of being no number."""

    def confidence(self, ahead: float, behind: float) -> float:
        """Probability that the best number is what the words say."""
        return 1.0 / (1.0 + math.exp(-(self.ahead * ahead + self.behind * behind + self.bias)))

    def shares(self, every: Floats, best: int) -> Floats:
        """(10000) how the rest of the probability falls to the other numbers; what is missing to 1 is no number's."""
        rest = np.delete(every, best)
        top = max(float(rest.max()), self.other)
        odds = np.exp((every - top) / self.heat)
        odds[best] = 0.0
        return np.asarray(odds / (odds.sum() + np.exp((self.other - top) / self.heat)), np.float64)


class WordReader(LineNet):
    """The network of one writing system. Keeps no state between calls."""

    name = READER

    def __init__(self, script: Script) -> None:
        super().__init__(script.weights)
        self.script = script
        self.settings = Settings(**json.loads(script.settings.read_text("utf-8")))

    @classmethod
    @lru_cache(maxsize=len(NETWORKS))
    def load(cls, script: Script) -> WordReader:
        """The installed reader, one per process. Raises MissingComponent if its weights are missing."""
        return cls(script)

    def columns(self, lines: Sequence[Pixels]) -> list[Floats]:
        """(T, classes) probabilities of each line, from left to right; (height, W) grey uint8, paper 255."""
        return [
            _softmax(row[: math.ceil(line.shape[1] / padded(line.shape[1]) * len(row)) + 2])
            for row, line in zip(self.logits(lines), lines, strict=True)
        ]


def read_in_words(
    pictures: Sequence[Pixels],
    languages: Sequence[str],
    ceilings: Sequence[int],
    figures: Sequence[int | None] | None = None,
) -> list[InWords]:
    """Read numbers in words.

    Args:
        pictures: the places of the words as :func:`ocr.crops.cut` gives them, (H, W, 3) uint8 BGR; may be empty.
        languages: what the form is printed in; in those without known wordings nothing is read.
        ceilings: the highest number that each place may say, one per picture; at most 9999 is read.
        figures: the number beside each place, if one was read there: the slower network is asked where the faster one
            does not say just this. It changes who reads, never what is read.

    Raises:
        MissingComponent: the weights are missing.
        ValueError: not one ceiling per picture, or not one number.
    """
    beside = [None] * len(pictures) if figures is None else list(figures)
    if not len(pictures) == len(ceilings) == len(beside):
        raise ValueError(f"{len(pictures)} pictures, {len(ceilings)} ceilings, {len(beside)} numbers")
    found = [UNREAD] * len(pictures)
    for script in SCRIPTS:
        tried = [language for language in script.languages if language in languages]
        if tried:
            said = _read(script, pictures, tried, ceilings, beside)
            found = [max(pair, key=_worth) for pair in zip(said, found, strict=True)]
    return found


def _worth(said: InWords) -> tuple[bool, float]:
    return said.value is not None, said.confidence


def _read(
    script: Script,
    pictures: Sequence[Pixels],
    languages: Sequence[str],
    ceilings: Sequence[int],
    figures: Sequence[int | None],
) -> list[InWords]:
    """What the places say in one writing system."""
    lines = [line_of(picture, script.height) for picture in pictures]
    at = [k for k, line in enumerate(lines) if line is not None]
    found = [NOTHING] * len(pictures)
    if not at:
        return found
    reader = WordReader.load(script)
    columns = reader.columns([line for line in lines if line is not None])
    for k, scores in zip(at, scores_of(columns, languages, script.letters), strict=True):
        found[k] = told(scores, languages, ceilings[k], reader.settings)
    if script.second is not None:
        left = [k for k in at if not _confirms(found[k], figures[k])]
        again = _read(
            script.second,
            [pictures[k] for k in left],
            languages,
            [ceilings[k] for k in left],
            [figures[k] for k in left],
        )
        for k, said in zip(left, again, strict=True):
            found[k] = said
    return found


def _confirms(said: InWords, figures: int | None) -> bool:
    return said.value is not None and said.value == figures and said.confidence >= WORDS_CONFIRM


def scores_of(columns: Sequence[Floats], languages: Sequence[str], letters: Alphabet) -> list[Floats]:
    """(languages, 10000) log likelihoods of each line's numbers, as :func:`ocr.lexicon.agreement` gives them."""
    order = sorted(range(len(columns)), key=lambda k: len(columns[k]))
    found: list[Floats] = [np.zeros((0, 0))] * len(columns)
    for start in range(0, len(order), BATCH):
        part = order[start : start + BATCH]
        scores = agreement([columns[k] for k in part], languages, letters)
        for k, row in zip(part, scores, strict=True):
            found[k] = row
    return found


def told(scores: Floats, languages: Sequence[str], ceiling: int, settings: Settings) -> InWords:
    """What one line says, from its log likelihoods (languages, 10000)."""
    every = np.maximum(scores.max(0), LEAST)
    best = int(every.argmax())
    sure = settings.confidence(*features(every))
    # None of the others is likelier than the best: of two as likely, neither is told.
    odds = np.minimum(settings.shares(every, best) * (1 - sure), sure)
    odds[best] = sure
    asked = odds[: max(0, ceiling) + 1]
    ranked = [(int(n), float(asked[n])) for n in np.argsort(-asked)[: OTHERS + 1] if asked[n] >= WORTH]
    if not ranked or ranked[0][1] < LIKELIER:
        return InWords(None, max(0.0, 1.0 - float(asked.sum())), tuple(ranked[:OTHERS]))
    value, confidence = ranked[0]
    return InWords(value, confidence, tuple(ranked[1:]), languages[int(scores[:, value].argmax())])


def features(every: Floats) -> tuple[float, float]:
    """How far the best number is ahead of the next, and how far behind the reading without a lexicon; both damped."""
    second, top = np.partition(every, -2)[-2:]
    ahead, behind = min(float(top - second), 25.0), min(max(-float(top), 0.0), 30.0)
    return math.log1p(max(ahead, 0.0)), math.sqrt(behind)


def _softmax(logits: NDArray[np.float32]) -> Floats:
    odds = np.exp((logits - logits.max(1, keepdims=True)).astype(np.float64))
    return np.asarray(odds / odds.sum(1, keepdims=True), np.float64)
