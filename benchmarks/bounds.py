"""How large a rate may be that was seen k times in n tries."""

from __future__ import annotations

from math import exp, lgamma, log


def upper_bound(seen: int, tries: int, confidence: float = 0.95) -> float:
    """One-sided upper bound of a rate (Clopper and Pearson, Biometrika 26, 1934).

    With ``seen == 0`` it is near 3 / ``tries``, the rule of three. Without tries nothing is known: 1.0.
    Raises ``ValueError`` unless ``0 <= seen <= tries`` and ``0 < confidence < 1``.
    """
    if not 0 <= seen <= tries or not 0 < confidence < 1:
        raise ValueError(f"{seen} of {tries} at confidence {confidence}")
    if seen == tries:
        return 1.0
    low, high = seen / tries, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if _at_most(seen, tries, middle) > 1 - confidence:
            low = middle
        else:
            high = middle
    return high


def _at_most(seen: int, tries: int, rate: float) -> float:
    """Probability of at most ``seen`` successes in ``tries`` at ``rate``; 0 <= rate < 1."""
    if rate <= 0.0:
        return 1.0
    ways = (lgamma(tries + 1) - lgamma(k + 1) - lgamma(tries - k + 1) for k in range(seen + 1))
    return sum(exp(w + k * log(rate) + (tries - k) * log(1 - rate)) for k, w in enumerate(ways))


def percent(part: int, whole: int, places: int = 1) -> str:
    """``part`` of ``whole`` in per cent; a dash if there is no whole."""
    return f"{100 * part / whole:.{places}f} %" if whole else "-"
