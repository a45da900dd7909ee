"""How well a line agrees with every number's wording: CTC likelihoods of 0 to 9999 at once.

A wording is a head (thousands and hundreds) and a tail (the rest). Paths through all heads are summed from the left,
through all tails from the right, each along a trie; where they meet, one product of matrices gives all ten thousand
(Graves et al., ICML 2006, section 4.1; forward and backward variables of a trie instead of one word).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ocr.segments import Floats
from ocr.wordings import wordings

Indices = NDArray[np.intp]
FLOOR = 1e-6
"""Against the likeliest class of a column, none is less likely: one column cannot rule a word out."""


@dataclass(frozen=True, slots=True)
class Alphabet:
    """Classes of the network: 0 is the blank, i + 1 is ``letters[i]``."""

    letters: str
    fillers: str
    """May stand between, before and behind words: spaces, dashes, brackets."""

    def gaps(self) -> list[int]:
        """Blank and fillers."""
        return [0, *(self.letters.index(char) + 1 for char in self.fillers)]


@dataclass(frozen=True, slots=True)
class Trie:
    """Words without their spaces, sharing their beginnings. Node 0 is the root; parents come before children."""

    classes: Indices
    parents: Indices
    repeats: NDArray[np.bool_]
    """Whether a node has its parent's letter: only a blank can part them."""
    ends_word: NDArray[np.bool_]
    leaves: Indices
    """The last node of each wording, in the order given."""


def trie_of(texts: Iterable[str], alphabet: Alphabet) -> Trie:
    """The trie of some wordings; spaces are marked where they may be."""
    known: dict[tuple[int, int], int] = {}
    classes, parents, ends, leaves = [0], [0], [True], []
    for text in texts:
        at = 0
        for char in text:
            if char == " ":
                ends[at] = True
                continue
            step = (at, alphabet.letters.index(char) + 1)
            if step not in known:
                known[step] = len(classes)
                classes.append(step[1])
                parents.append(at)
                ends.append(False)
            at = known[step]
        ends[at] = True
        leaves.append(at)
    kinds, above = np.array(classes), np.array(parents)
    return Trie(kinds, above, kinds == kinds[above], np.array(ends), np.array(leaves, np.intp))


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All wordings of one language."""

    heads: Trie
    tails: Trie
    """From the last letter to the first."""
    head_of: Indices
    """Hundreds of each wording of a head."""
    alone: NDArray[np.bool_]
    """Whether a head may be all of a number."""
    tail_of: Indices
    """Rest of each wording of a tail; 100 is zero, which has no head."""


@lru_cache(maxsize=4)
def lexicon(language: str, alphabet: Alphabet) -> Lexicon:
    """The wordings of one language as tries. Raises ValueError if they are not known."""
    said = wordings(language)
    heads = [(number // 100, text) for number, text in (*said.heads, *said.joints) if text]
    whole = sum(bool(text) for _, text in said.heads)
    tails = [(number, text) for number, text in said.tails if text] + [(100, text) for text in said.zeros]
    return Lexicon(
        trie_of((text for _, text in heads), alphabet),
        trie_of((text[::-1] for _, text in tails), alphabet),
        np.array([number for number, _ in heads]),
        np.arange(len(heads)) < whole,
        np.array([number for number, _ in tails]),
    )


def agreement(columns: Sequence[Floats], languages: Sequence[str], alphabet: Alphabet) -> NDArray[np.float64]:
    """Log likelihood of each number's wordings, against the likeliest reading without any lexicon.

    Args:
        columns: per line (T, classes) probabilities.
        languages: of the wordings that are tried.
        alphabet: what the classes are.

    Returns:
        (lines, languages, 10000); about 0 where the line says just this number, -inf where it cannot.
    """
    longest = max(len(line) for line in columns)
    odds = np.zeros((len(columns), longest, len(alphabet.letters) + 1))
    odds[:, :, 0] = 1.0  # a line is filled up with blanks
    for row, line in zip(odds, columns, strict=True):
        row[: len(line)] = np.maximum(line / line.max(1, keepdims=True), FLOOR)
    gap = odds[:, :, alphabet.gaps()].max(2)
    out = [_numbers(odds, gap, lexicon(language, alphabet)) for language in languages]
    with np.errstate(divide="ignore"):
        return np.log(np.stack(out, 1))


def _numbers(odds: Floats, gap: Floats, words: Lexicon) -> NDArray[np.float64]:
    """(lines, 10000) likelihoods."""
    lines, length = gap.shape
    left = np.zeros((lines, 100, length + 1))  # [hundreds, columns passed]
    # Nothing before the tail: any fillers.
    left[:, 0, 0] = 1.0
    left[:, 0, 1:] = np.cumprod(gap, 1)
    _, ended = _along(odds, gap, words.heads)
    whole, cut_off = np.zeros((lines, 100)), np.zeros(lines)
    for k, hundreds in enumerate(words.head_of):
        left[:, hundreds, 1:] += ended[:, k]
        if words.alone[k]:
            whole[:, hundreds] += ended[:, k, -1]
        else:
            cut_off += ended[:, k, -1]
    right = np.zeros((lines, 101, length))  # [rest, column of its first letter]
    begun, _ = _along(odds[:, ::-1], gap[:, ::-1], words.tails)
    for k, rest in enumerate(words.tail_of):
        right[:, rest] += begun[:, k, ::-1]
    found = left[:, :, :length] @ right[:, :100].transpose(0, 2, 1)
    found[:, 1:, 0] += whole[:, 1:]
    found[:, 0, 0] = (left[:, 0, :length] * right[:, 100]).sum(1)
    numbers = found.reshape(lines, 10000)
    numbers[cut_off > numbers.max(1)] = 0.0  # the rest of the number is not in the line
    return numbers


def _along(odds: Floats, gap: Floats, trie: Trie) -> tuple[Floats, Floats]:
    """Likelihood of each wording up to each column: in its last letter, and in it or the gap after it."""
    lines, length = gap.shape
    above, fresh = trie.parents, ~trie.repeats
    letter = np.zeros((lines, len(trie.classes)))
    rest = np.zeros_like(letter)
    rest[:, 0] = 1.0
    inside = np.empty((length, lines, len(trie.leaves)))
    ended = np.empty_like(inside)
    for t in range(length):
        come = letter[:, above]
        come *= fresh
        come += rest[:, above]
        rest += letter
        rest *= np.where(trie.ends_word, gap[:, t, None], odds[:, t, :1])
        letter += come
        letter *= odds[:, t][:, trie.classes]
        letter[:, 0] = 0.0
        inside[t] = letter[:, trie.leaves]
        ended[t] = inside[t] + rest[:, trie.leaves]
    return inside.transpose(1, 2, 0), ended.transpose(1, 2, 0)
