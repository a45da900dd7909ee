"""Names of places in Kazakh Cyrillic, Russian and Latin spellings: which one is meant.

A name is the second way: a protocol is known by region, number and ballot position first. What is ambiguous is
handed back as a question with all readings; nothing is chosen.
"""

from __future__ import annotations

from tally.places.keys import key
from tally.places.match import Found, match, name_in, region_in

__all__ = ["Found", "key", "match", "name_in", "region_in"]
