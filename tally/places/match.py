"""Which of a list of known names a text means; ambiguous answers are all answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

from tally.election_model import Election
from tally.places.keys import key, split_kind

NEAR = 86.0
"""Likeness (0 to 100, rapidfuzz's ratio over keys) below which a name is another name. One wrong letter in eight."""
NEAR_NAME = 75.0
"""Likeness from which a name is worth asking about. Nothing is decided by it."""
LEAD = 9.0
"""By how much the best name must lead: less is a question."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a text may mean."""

    id: str | None
    """The one that is meant; ``None`` if nothing fits or several do."""
    options: tuple[str, ...] = ()
    """Everything that fits about as well, the best first."""
    exact: bool = False
    """True if the spelling is a known one, whatever the alphabet; else it is only very near."""

    @property
    def is_ambiguous(self) -> bool:
        """True if a person has to say which."""
        return self.id is None and len(self.options) > 1


def match(text: str, known: Mapping[str, Iterable[str]]) -> Found:
    """The id in ``known`` (id -> spellings) that a text means.

    First the same key, kind included; then the same key without the kind, if that leaves one; then the nearest
    key, if it is near and no other is nearly as near.
    """
    wanted = key(text)
    if not wanted:
        return Found(None)
    keys = {name: {key(spelling) for spelling in (name, *spellings)} for name, spellings in known.items()}
    for found in (_same(wanted, keys), _same_without_kind(wanted, keys)):
        if found:
            return Found(found[0] if len(found) == 1 else None, tuple(found), exact=True)
    return _nearest(wanted, keys)


def region_in(text: str, election: Election) -> Found:
    """The region of an election that a text names."""
    regions = {
        region.id: [name for names in region.names.values() for name in names] for region in election.regions
    }
    return match(text, regions)


def name_in(text: str, known: Mapping[str, Iterable[str]]) -> Found:
    """The person or party that a text names, in any alphabet and order of words.

    Only the same key is an answer. A name that is merely near is one of the ``options`` and never the ``id``:
    two candidates of one district can differ in a letter.
    """
    wanted = _sorted(text)
    if not wanted:
        return Found(None)
    keys = {name: {_sorted(spelling) for spelling in (name, *spellings)} for name, spellings in known.items()}
    same = tuple(_same(wanted, keys))
    if same:
        return Found(same[0] if len(same) == 1 else None, same, exact=True)
    scored = (
        (max(fuzz.ratio(wanted, variant) for variant in variants), name) for name, variants in keys.items()
    )
    return Found(None, tuple(name for score, name in sorted(scored, reverse=True) if score >= NEAR_NAME))


def _sorted(text: str) -> str:
    return " ".join(sorted(key(text).split()))


def _same(wanted: str, keys: Mapping[str, set[str]]) -> list[str]:
    return [name for name, variants in keys.items() if wanted in variants]


def _same_without_kind(wanted: str, keys: Mapping[str, set[str]]) -> list[str]:
    bare, kind = split_kind(wanted)
    if not bare:
        return []
    found = []
    for name, variants in keys.items():
        parts = [split_kind(variant) for variant in variants]
        kinds = {other for _, other in parts if other}
        if any(other == bare for other, _ in parts) and (not kind or not kinds or kind in kinds):
            found.append(name)
    return found


def _nearest(wanted: str, keys: Mapping[str, set[str]]) -> Found:
    bare, kind = split_kind(wanted)
    ranked: list[tuple[float, str]] = []
    for name, variants in keys.items():
        parts = [split_kind(variant) for variant in variants]
        kinds = {other for _, other in parts if other}
        if kind and kinds and kind not in kinds:
            continue
        ranked.append(
            (
                max(
                    fuzz.ratio(bare or wanted, other or variant)
                    for (other, _), variant in zip(parts, variants, strict=True)
                ),
                name,
            )
        )
    near = sorted((pair for pair in ranked if pair[0] >= NEAR), reverse=True)
    options = tuple(name for score, name in near if score > near[0][0] - LEAD)
    return Found(options[0] if len(options) == 1 else None, options)
