"""Findings about the rows and columns of one table: T1 to T6."""

from __future__ import annotations

from fractions import Fraction

from tally.audit.context import Context
from tally.audit.context import bases as bases_named
from tally.audit.model import PERCENT, SERIES, AuditFinding, Key, Names
from tally.audit.relations import Adds, Custom, Hundred, OneBase, Relation, Share
from tally.audit.rounding import Bases, counts, percent_of
from tally.audit.wording import listed, say
from tally.model import Span
from tally.texts import Rounded, Value, joined


def adds(relation: Relation, context: Context) -> AuditFinding:
    """T1 (a column) and T2 (a row): parts and total."""
    assert isinstance(relation, Adds)
    gap = int(relation.gap(context.numbers))
    total = context.count(relation.total)
    key = "T1" if relation.code == "T1" else "T2-over" if relation.at_most else "T2"
    text = say(
        key,
        unit=context.unit(relation.total),
        column=context.column(relation.total),
        names=listed([context.column(part) for part in relation.parts]),
        parts=total + gap,
        total=total,
        margin=abs(gap),
    )
    return context.found(relation, text, abs(gap), parts=total + gap, total=total)


def share(relation: Relation, context: Context) -> AuditFinding:
    """T3: a count, its percentage and the base."""
    assert isinstance(relation, Share)
    n, places = context.numbers, context.percent(relation.percent).places
    base, count = relation.base(n), n[relation.count]
    right = percent_of(count, base, places) if base > 0 else Fraction(0)
    text = say(
        "T3",
        unit=context.unit(relation.percent),
        column=context.column(relation.percent),
        count=int(count),
        base=int(base),
        right=Rounded(right, places),
        printed=context.percent(relation.percent),
    )
    off = abs(right - n[relation.percent])
    return context.found(relation, text, off, base=int(base), computed=str(float(right)))


def turnout(relation: Relation, context: Context) -> AuditFinding:
    """T6: ballots, voters and turnout."""
    assert isinstance(relation, Share)
    n, cell = context.numbers, context.tables[relation.percent.table].cells[relation.percent]
    registered, count = relation.base(n), context.count(relation.count)
    low, high = counts(registered, cell)
    margin = max(low - count, count - high)
    values: dict[str, Value] = {
        "unit": context.unit(relation.percent),
        "count": count,
        "registered": int(registered),
        "right": Rounded(percent_of(Fraction(count), registered, cell.places), cell.places),
        "printed": context.percent(relation.percent),
        "range": Span(min(low, high), max(low, high)),  # no count at all may fit a small base
        "margin": margin,
    }
    texts = [say("T6", **values)]
    hour = _same_at(relation.percent, context)
    if hour is not None:
        texts.append(say("T6-hour", printed=values["printed"], hour=str(hour)))
    return context.found(relation, joined(*texts), margin, fits_low=low, fits_high=high, same_as_hour=hour)


def _same_at(percent: Key, context: Context) -> int | None:
    """The latest hour for which the same percentage is printed."""
    table, n = context.tables[percent.table], context.numbers
    hours = [
        int(key.column.removeprefix(SERIES).removesuffix(PERCENT))
        for key in table.cells
        if key.unit == percent.unit
        and key.column.startswith(SERIES)
        and key.column.endswith(PERCENT)
        and n[key] == n[percent]
    ]
    return max(hours, default=None)


def one_base(relation: Relation, context: Context) -> AuditFinding:
    """T4: percentages whose base is not printed, and which no base fits."""
    assert isinstance(relation, OneBase)
    n = context.numbers
    rows = list(zip(relation.pairs, relation.rows(n), strict=True))
    (a, _), (b, _) = sorted(
        (max(rows, key=lambda r: r[1].low), min(rows, key=lambda r: _top(r[1]))),
        key=lambda row: relation.pairs.index(row[0]),
    )
    by_pair = dict(rows)
    gap = max(base.low for _, base in rows) - int(min(_top(base) for _, base in rows))
    text = say(
        "T4",
        unit=context.unit(a[0]),
        a=context.column(a[0]),
        b=context.column(b[0]),
        votes_a=context.count(a[0]),
        votes_b=context.count(b[0]),
        percent_a=context.percent(a[1]),
        percent_b=context.percent(b[1]),
        base_a=bases_named(by_pair[a]),
        base_b=bases_named(by_pair[b]),
        gap=gap,
    )
    implied = {pair[0].column: [base.low, base.high] for pair, base in rows}
    return context.found(relation, joined(text, *_consequence(relation, context)), gap, implied=implied)


def _consequence(relation: OneBase, context: Context) -> list[Names]:
    """What each of two lines would mean for the region, if the region's ballots are known."""
    n, unit = context.numbers, relation.pairs[0][0].unit
    for other in context.relations:
        if not isinstance(other, Custom) or other.code != "T10" or len(relation.pairs) != 2:
            continue
        region = other.about["region"]
        if all(district.pairs[0][0].unit != unit for district in region.districts):
            continue
        rest = sum(d.widest(n).low for d in region.districts if d.pairs[0][0].unit != unit)
        low, high = (rest + base.low for base in relation.rows(n))
        name = context.unit(region.ballots)
        ballots = context.count(region.ballots)
        return [say("T4-region", region=name, low=low, high=high, ballots=ballots)]
    return []


def _top(base: Bases) -> float | int:
    return float("inf") if base.high is None else base.high


def hundred(relation: Relation, context: Context) -> AuditFinding:
    """T5: percentages that do not make up 100 %."""
    assert isinstance(relation, Hundred)
    n, total, room = context.numbers, relation.total(context.numbers), relation.room()
    places = max(context.percent(key).places for key, _ in relation.percents)
    values: dict[str, Value] = {
        "unit": context.unit(relation.cells[0]),
        "total": Rounded(total, places),
        "room": Rounded(room, places + 1 if (room * 10**places).denominator > 1 else places),
    }
    if total - room == 100:
        percent = next(
            p
            for p, h in relation.percents
            if p in relation.counts and (100 * n[relation.counts[p]] / (n[p] - h)).denominator > 1
        )
        values |= {"count": context.count(relation.counts[percent]), "percent": context.percent(percent)}
    text = say("T5-edge" if "count" in values else "T5", **values)
    cells = tuple(key for key, _ in relation.percents)
    if "count" in values:
        cells = (*cells, relation.counts[percent])
    off = abs(total - 100)
    return context.found(relation, text, off, cells=cells, total=str(float(total)), rounding=str(float(room)))
