"""An e-value against "a does not beat b", valid whenever one stops: betting on draws without replacement.

x = 1/2 + (a − b) / (2·largest) lies in 0..1, and its mean over all precincts is at most 1/2 if a does not lead.
Given the draws so far, the next one then has a mean of at most m = (N/2 − Σ x) / (N − t + 1), so the wealth
Π (1 + λ (x − m)) with 0 ≤ λ < 1/m, fixed before each draw, is a nonnegative supermartingale; it reaches 20 with a
probability of at most 1/20 (Ville). Waudby-Smith and Ramdas, JRSS B 86 (2024), section 5; the bets are their
truncated aGRAPA.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf

_DUST = 1e-9
"""What sums of floats may miss."""
_CAUTION = 0.75
"""Part of the largest allowed bet: a single bad draw never takes all."""


def wealth(leads: Iterable[tuple[int, int]], precincts: int, largest: int) -> tuple[float, ...]:
    """The e-value after each draw, 1 meaning no evidence; ``inf`` once a surely leads whatever is left.

    ``leads``: (votes for a, votes for b) in the order of the draw; ``precincts`` there are; none gives more
    than ``largest`` votes, else ``ValueError``.
    """
    out: list[float] = []
    seen: list[float] = []
    now = 1.0
    for a, b in leads:
        if a + b > largest or min(a, b) < 0:
            raise ValueError(f"{a} and {b} votes do not fit into a precinct of at most {largest}")
        mean = (precincts / 2 - sum(seen)) / (precincts - len(seen))
        x = 0.5 + (a - b) / (2 * largest)
        if mean < -_DUST:  # more than half of all there can be is seen
            now = inf
        elif mean > _DUST:
            now *= 1 + _bet(seen, mean) * (x - mean)
        seen.append(x)
        out.append(now)
    return tuple(out)


def _bet(seen: Sequence[float], mean: float) -> float:
    """From earlier draws alone; two imagined draws of 1/2 and a small spread stand at the start."""
    count = len(seen) + 2
    centre = (sum(seen) + 1.0) / count
    spread = (sum((x - centre) ** 2 for x in seen) + 0.001) / count
    edge = centre - mean
    return min(max(edge / (spread + edge * edge), 0.0), _CAUTION / mean)
