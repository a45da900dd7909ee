"""How many other precincts would carry the same votes by chance: whether equal votes are worth a word.

Votes that scatter like Poisson counts around expectations of each precinct's own, whatever these are, hit a given
vector *v* with a probability of at most Π e^(−v) v^v / v!, which is reached where the expectations are *v* itself.
Only precincts that lie near enough to have such expectations can hit it. Mostly-zero vectors are hit often.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from math import exp, isqrt, lgamma, log, sqrt

WORTH_A_WORD = 0.05
"""Equal votes are reported up to this many expected coincidences. In Uganda's 34,684 stations of 2021 the groups
of equal votes have 0.004 (two halves of one school's voters, 371 votes) or from 0.49 on; nothing lies between."""
_NEAR = 3
"""Standard deviations of a difference of two Poisson counts."""


class Coincidences:
    """Expected coincidences among the vectors of one contest. All have votes of the same lines in one order."""

    def __init__(self, vectors: Iterable[Sequence[int]]) -> None:
        self._vectors = sorted((sum(vector), tuple(vector)) for vector in vectors)
        self._totals = [total for total, _ in self._vectors]

    def expected(self, vector: Sequence[int]) -> float:
        """At most so many other precincts are expected to carry ``vector``, which is one of those given."""
        return (sum(1 for _ in self._near(vector)) - 1) * highest_probability(vector)

    def unlikely(self, vector: Sequence[int]) -> bool:
        """True if fewer are expected than :data:`WORTH_A_WORD`; counts no more neighbours than that takes."""
        probability = highest_probability(vector)
        start, end = self._window(vector)
        if (end - start - 1) * probability <= WORTH_A_WORD:
            return True  # even if all of them were near
        enough = int(WORTH_A_WORD / probability) + 2
        return (sum(1 for _ in islice(self._near(vector), enough)) - 1) * probability <= WORTH_A_WORD

    def _near(self, vector: Sequence[int]) -> Iterator[tuple[int, ...]]:
        # The largest lines come first: they tell most apart.
        order = sorted(range(len(vector)), key=lambda line: -vector[line])
        bounds = [(line, *_near(vector[line])) for line in order]
        for place in range(*self._window(vector)):
            other = self._vectors[place][1]
            if len(other) == len(vector):
                for line, low, high in bounds:
                    if not low <= other[line] <= high:
                        break
                else:
                    yield other

    def _window(self, vector: Sequence[int]) -> tuple[int, int]:
        """First and last but one of the vectors whose totals are near enough."""
        total = sum(vector)
        # No line is farther than its own bound allows, so the total is not farther than this.
        reach = sum(_NEAR * sqrt(2 * v) + _NEAR**2 for v in vector)
        return bisect_left(self._totals, total - reach), bisect_right(self._totals, total + reach)


def highest_probability(vector: Iterable[int]) -> float:
    """The greatest probability that independent Poisson counts, of whatever expectations, are ``vector``."""
    return exp(sum(v * log(v) - v - lgamma(v + 1) for v in vector if v))


@lru_cache(maxsize=4096)
def _near(votes: int) -> tuple[int, int]:
    """The least and the greatest count *o* with (o - votes)² <= _NEAR² (o + votes), solved in whole numbers."""
    square = _NEAR**2
    root = isqrt(8 * square * votes + square**2)
    return (2 * votes + square - root + 1) // 2, (2 * votes + square + root) // 2
