"""The ratio estimator of a share of votes, with finite population correction, combined over strata.

Cochran, Sampling Techniques, 3rd edition (1977), sections 2.11 (a simple random sample) and 6.11 (the combined
ratio estimate). The unit is the precinct: votes within one are alike, so that the number of votes is no sample size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the drawn precincts of one stratum gave."""

    precincts: int
    """That there are, at least as many as drawn."""
    pairs: Sequence[tuple[int, int]]
    """(votes for the subject, valid votes) of each drawn precinct; two or more."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share between 0 and 1 (a lead: between -1 and 1), with a two-sided 95 % interval."""

    share: float
    standard_error: float
    low: float
    high: float


def ratio(strata: Sequence[Drawn], confidence: float = 0.95) -> Estimate:
    """The estimate r = Σ N ȳ / Σ N x̄, and var(r) = Σ N² (1 − m/N) s²(e)/m / (Σ N x̄)² with e = y − r x.

    The quantile is Student's with (drawn precincts − strata) degrees of freedom. Raises ``ValueError`` where
    nobody voted or a stratum has fewer than two precincts.
    """
    from scipy.stats import t

    if any(len(one.pairs) < 2 for one in strata):
        raise ValueError("a stratum needs two drawn precincts")
    whole = sum(one.precincts * sum(x for _, x in one.pairs) / len(one.pairs) for one in strata)
    if whole <= 0:
        raise ValueError("nobody voted in the drawn precincts")
    share = sum(one.precincts * sum(y for y, _ in one.pairs) / len(one.pairs) for one in strata) / whole
    error = sqrt(sum(_variance(one, share) for one in strata)) / whole
    freedom = sum(len(one.pairs) for one in strata) - len(strata)
    reach = float(t.ppf((1 + confidence) / 2, freedom)) * error
    return Estimate(share, error, share - reach, share + reach)


def _variance(one: Drawn, share: float) -> float:
    """Of the estimated total of the residuals y − r x in this stratum."""
    drawn = len(one.pairs)
    rests = [y - share * x for y, x in one.pairs]
    mean = sum(rests) / drawn
    spread = sum((rest - mean) ** 2 for rest in rests) / (drawn - 1)
    return one.precincts**2 * (1 - drawn / one.precincts) * spread / drawn
