"""The rules of reconciliation: functions from a view of one contest to findings. See docs/rules.md."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from tally.findings import Finding
from tally.rules.copies import differing_copies, look_alikes
from tally.rules.district import (
    complete_but_different,
    exceeds_official,
    part_exceeds_whole,
    residual_exceeds_room,
)
from tally.rules.marks import early_time, no_seal, other_in_words
from tally.rules.outcome import who_can_be_first
from tally.rules.published import changed_figures
from tally.rules.residual import unseen_must_hold
from tally.rules.room import more_votes_than_precincts_hold, more_votes_than_voters
from tally.rules.seats import who_gets_seats
from tally.rules.sheets import broken_relations, other_ballot_order, other_district
from tally.rules.unnamed import beside_nothing
from tally.rules.view import View

Rule: TypeAlias = Callable[[View], Iterator[Finding]]

AGAINST_TOTALS: tuple[Rule, ...] = (
    exceeds_official,
    part_exceeds_whole,
    residual_exceeds_room,
    more_votes_than_voters,
    more_votes_than_precincts_hold,
    complete_but_different,
    unseen_must_hold,
)
"""Rules that set sums beside official totals: of a whole contest, or of its part in one region."""

RULES: tuple[Rule, ...] = (
    *AGAINST_TOTALS,
    who_can_be_first,
    who_gets_seats,
    broken_relations,
    differing_copies,
    look_alikes,
    other_ballot_order,
    other_district,
    beside_nothing,
    no_seal,
    early_time,
    other_in_words,
)
"""In the order in which their findings are reported."""

__all__ = ["AGAINST_TOTALS", "RULES", "Rule", "View", "changed_figures"]
