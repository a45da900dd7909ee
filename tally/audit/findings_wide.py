"""Findings across cells, hours and tables: T7 to T11."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from tally.audit.context import Context, bases
from tally.audit.model import PERCENT, VALID, AuditFinding, Names
from tally.audit.relations import AtMost, Custom, Relation
from tally.audit.series import Stage
from tally.audit.wording import listed, say
from tally.model import Span
from tally.texts import Rounded, joined


def at_most(relation: Relation, context: Context) -> AuditFinding:
    """T7: more ballots than voters, or a turnout above 100 %. Voters are added on the day: an indicator."""
    n, key = context.numbers, relation.cells[0]
    if isinstance(relation, Custom):
        text = say("T7-percent", unit=context.unit(key), printed=context.percent(key))
        return context.found(relation, text, n[key] - 100, verdict="indicator")
    assert isinstance(relation, AtMost)
    margin = context.count(relation.small) - context.count(relation.great)
    text = say(
        "T7",
        unit=context.unit(key),
        small_name=context.column(relation.small),
        great_name=context.column(relation.great),
        small=context.count(relation.small),
        great=context.count(relation.great),
        margin=margin,
    )
    return context.found(relation, text, margin, verdict="indicator")


def falls(relation: Relation, context: Context) -> AuditFinding:
    """T8: a turnout that falls."""
    earlier, later = relation.cells
    percents = earlier.column.endswith(PERCENT)
    before, after = (
        say("percent", value=context.percent(key)) if percents else context.count(key)
        for key in (earlier, later)
    )
    text = say(
        "T8",
        unit=context.unit(earlier),
        earlier=context.column(earlier),
        later=context.column(later),
        before=before,
        after=after,
    )
    off = context.numbers[earlier] - context.numbers[later]
    return context.found(relation, text, off if percents else int(off))


def hour(relation: Relation, context: Context) -> AuditFinding:
    """T9: the hours of the whole, and the regions at one hour."""
    assert isinstance(relation, Custom)
    found, at = relation.about["hours"], relation.about["hour"]
    n = context.numbers
    if at is None:
        stages = found.stages(n)
        text = say("T9-national", stages=stages_named(stages))
        return context.found(relation, text, None, stages=stages_data(stages))
    low, high = found.weighted(at, n)
    count = context.count(found.count(at))
    text = say("T9-hour", hour=str(at), range=Span(low, high), count=count)
    margin = low - count if count < low else count - high
    return context.found(relation, text, margin, hour=at, fits_low=low, fits_high=high)


def stages_named(stages: Sequence[Stage]) -> Names:
    """Stages of a register as a list of hours with their ranges."""
    return listed(
        [
            say("T9-stage", first=str(s.hours[0]), last=str(s.hours[-1]), range=bases(s.register))
            for s in stages
        ]
    )


def stages_data(stages: Sequence[Stage]) -> list[dict[str, Any]]:
    """The same as JSON data."""
    return [{"hours": list(s.hours), "low": s.register.low, "high": s.register.high} for s in stages]


def across(relation: Relation, context: Context) -> AuditFinding:
    """T10 and T11: the districts of a region against its party list."""
    assert isinstance(relation, Custom)
    region, n = relation.about["region"], context.numbers
    votes = region.votes(n)
    names = listed([context.unit(district.pairs[0][0]) for district in region.districts])
    unit = context.unit(region.ballots)
    if relation.code == "T10":
        ballots = context.count(region.ballots)
        margin = votes.low - ballots
        texts = [say("T10", region=unit, districts=names, low=votes.low, ballots=ballots, margin=margin)]
        if region.registered is not None:
            registered = context.count(region.registered)
            part = Rounded(Fraction(100 * votes.low, registered), 1)
            texts.append(say("T10-voters", low=votes.low, registered=registered, percent=part))
        cells = (*relation.cells, *((region.registered,) if region.registered is not None else ()))
        about = {"votes_low": votes.low, "votes_high": votes.high, "ballots": ballots}
        return context.found(relation, joined(*texts), margin, cells=cells, **about)
    valid, high = int(region.party_votes(n)), votes.high or 0
    text = say(
        "T11",
        region=unit,
        districts=names,
        votes=bases(votes),
        valid=valid,
        margin=valid - high,
        percent=Rounded(Fraction(100 * (valid - high), valid), 1),
    )
    details = {"votes_low": votes.low, "votes_high": high, "valid": valid}
    return context.found(relation, text, valid - high, verdict="indicator", subject=VALID, **details)
