"""The precincts of a contest against its register: which protocols are missing, by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tally.state import Listed
from tally.versions import Protocol


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a register says about the protocols of one contest."""

    listed: tuple[Listed, ...]
    missing: tuple[Listed, ...]
    """Listed, and no protocol of the case is certain to be theirs."""
    unlisted: tuple[Listed, ...]
    """A protocol names them and the register does not: a misread number, or a precinct of another district."""

    def within(self, region: str) -> Coverage:
        """The part that lies in one region."""
        parts = (self.listed, self.missing, self.unlisted)
        return Coverage(*(tuple(one for one in part if one.region == region) for part in parts))


def coverage(protocols: Iterable[Protocol], listed: Sequence[Listed] | None) -> Coverage | None:
    """Compare protocols with a register; ``None`` without one."""
    if listed is None:
        return None
    wanted = {(one.region, one.precinct): one for one in listed}
    regions = {one.region for one in listed}
    # In a contest of one region the sheets, or the register, may leave it out.
    only = regions.pop() if len(regions) == 1 else None
    there = {
        (protocol.key.region if only is None else only, protocol.key.precinct)
        for protocol in protocols
        if protocol.countable and protocol.key.precinct is not None
    }
    return Coverage(
        tuple(listed),
        tuple(one for place, one in wanted.items() if place not in there),
        tuple(Listed(precinct, region) for region, precinct in sorted(there - wanted.keys())),
    )
