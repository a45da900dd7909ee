"""How often somebody may do something: buckets in memory, by person or, before signing in, by address."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

_MOST_KEYS = 10_000


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, refilled so fast."""

    burst: int
    per_minute: int


JOIN = Rate(10, 10)
"""Tokens have 128 bits; this only keeps guessing cheap to bear."""
WRITE = Rate(120, 240)
CHUNK = Rate(300, 1200)
READ = Rate(600, 2400)


class Limiter:
    """Token buckets; addresses stay in memory and are never written anywhere."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left: dict[tuple[str, Rate], tuple[float, float]] = {}

    def allows(self, key: str, rate: Rate) -> bool:
        """Take one from the bucket; False if it is empty."""
        now = time.monotonic()
        with self._lock:
            if len(self._left) > _MOST_KEYS:
                self._left.clear()
            left, then = self._left.get((key, rate), (float(rate.burst), now))
            left = min(float(rate.burst), left + (now - then) * rate.per_minute / 60)
            self._left[key, rate] = (max(0.0, left - 1), now)
            return left >= 1
