"""Photos that look like one shot sent twice: a hint for a person. Nothing is merged or dropped because of it.

The perceptual hash is taken of the whole photo as it was shot. Of straightened sheets it would say that different
precincts are the same: the form is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations

MOST_BITS = 12
"""Of 256. Measured on 38 photos of real and sample sheets (5 forms): re-compressed copies of one shot differed in at
most 8 bits, photos of different sheets in 24 and more (703 pairs)."""
_BITS = 256


def resent(hashes: Mapping[str, str], most: int = MOST_BITS) -> Iterator[tuple[str, str, int]]:
    """Pairs of keys whose hashes (64 hex digits, or empty) differ in at most ``most`` bits, with that number.

    Two hashes that differ in at most ``most`` bits agree in one of ``most + 1`` slices, so only those are compared: for
    ordinary photos the work grows with their number, not with its square.
    """
    numbers = {key: int(text, 16) for key, text in hashes.items() if text}
    order = {key: place for place, key in enumerate(numbers)}
    width = -(-_BITS // (most + 1))
    pairs: dict[tuple[str, str], int] = {}
    for shift in range(0, _BITS, width):
        slices: dict[int, list[str]] = defaultdict(list)
        for key, number in numbers.items():
            slices[(number >> shift) & ((1 << width) - 1)].append(key)
        for group in slices.values():
            for one, other in combinations(group, 2):
                if (one, other) not in pairs:
                    pairs[one, other] = (numbers[one] ^ numbers[other]).bit_count()
    found = [(one, other, bits) for (one, other), bits in pairs.items() if bits <= most]
    yield from sorted(found, key=lambda pair: (order[pair[0]], order[pair[1]]))
